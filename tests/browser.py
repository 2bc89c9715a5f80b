"""Finding a Chromium for the browser tests, and getting one when we may."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
FLAGS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-domain-reliability",
)


def find() -> str | None:
    """The path of a Chromium on this machine."""
    named = os.environ.get("OPENKAP_CHROMIUM")
    if named:
        return named
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def flags() -> list[str]:
    """How Chromium is started: quiet on the network, and without its sandbox only as root."""
    return [*FLAGS, *(["--no-sandbox"] if os.geteuid() == 0 else [])]


def _install() -> None:
    if shutil.which("apt-get"):
        subprocess.run(["apt-get", "update", "-qq"], check=True)
        subprocess.run(["apt-get", "install", "-y", "-qq", "chromium"], check=True)
    elif shutil.which("dnf"):
        subprocess.run(["dnf", "install", "-y", "-q", "chromium"], check=True)
    elif shutil.which("apk"):
        subprocess.run(["apk", "add", "--quiet", "chromium"], check=True)


def main() -> int:
    """Make sure there is a Chromium, or say what to install."""
    if find():
        return 0
    if os.geteuid() == 0:
        print("Installing Chromium for the browser tests …", flush=True)
        _install()
    if find():
        return 0
    print("The browser tests need Chromium. Install it with: sudo apt install chromium", file=sys.stderr)
    return 1


if __name__ == "__main__":
    raise SystemExit(main())
