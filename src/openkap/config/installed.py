"""The apps of OpenKAP, lowest layer first. Adding an app touches its folder and this list."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from openkap.kernel.manifest import Manifest

APPS = (
    "ui",
    "tenancy",
    "audit",
    "accounts",
    "defaults",
    "people",
    "notices",
    "chart",
    "alerts",
    "protocols",
    "measures",
    "screening",
    "consent",
    "dispensary",
    "courses",
    "watch",
    "dosing",
    "therapy",
    "followup",
    "interop",
    "desk",
)


def manifests() -> dict[str, Manifest]:
    """Every app's manifest, lowest layer first."""
    return {app: import_module(f"openkap.{app}.manifest").MANIFEST for app in APPS}


def url_modules() -> list[str]:
    """The URLs of every app that has pages."""
    modules = [f"openkap.{app}.urls" for app in APPS]
    return [module for module in modules if find_spec(module) is not None]
