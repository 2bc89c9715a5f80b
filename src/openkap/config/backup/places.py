"""Where backups go: a folder, an S3-compatible bucket, or a command that knows how to reach the place.

A command is called as `COMMAND put NAME` with the content on its input, `COMMAND get NAME`, `COMMAND list`
and `COMMAND remove NAME`. It ends with 0 when it has done so, and says why on its error output when not.
"""

from __future__ import annotations

import io
import shutil
import subprocess
from contextlib import suppress
from pathlib import Path
from typing import IO
from urllib.parse import unquote, urlsplit

from openkap.audit.offsite import PIECE, Bucket, FilePlace, Folder, NotReached

COMMAND_SECONDS = 3600


class Command:
    """A program of the clinic's choosing that knows how to reach the place."""

    def __init__(self, program: str) -> None:
        self._program = program

    def put(self, name: str, content: bytes) -> None:
        """The content goes to its input."""
        self._run("put", name, source=io.BytesIO(content))

    def get(self, name: str) -> bytes:
        """What it writes to its output."""
        return self._run("get", name)

    def put_file(self, name: str, path: Path) -> None:
        """The file goes to its input."""
        with path.open("rb") as source:
            self._run("put", name, source=source)

    def get_file(self, name: str, path: Path) -> None:
        """Its output goes into the file."""
        with path.open("wb") as target:
            self._run("get", name, target=target)

    def remove(self, name: str) -> None:
        """Ask it to remove it."""
        self._run("remove", name)

    def names(self, prefix: str) -> list[str]:
        """The lines it writes."""
        lines = self._run("list").decode(errors="replace").splitlines()
        return sorted(line for line in lines if line.startswith(prefix))

    def _run(self, *words: str, source: IO[bytes] | None = None, target: IO[bytes] | None = None) -> bytes:
        line = [self._program, *words]
        try:
            with subprocess.Popen(  # noqa: S603 - the program the settings name, no shell
                line,
                stdin=subprocess.PIPE,
                stdout=target or subprocess.PIPE,
                stderr=subprocess.PIPE,
            ) as it:
                return self._spoken(it, source)
        except OSError as error:
            raise NotReached(f"{self._program} cannot be run: {error.strerror}.") from error
        except subprocess.TimeoutExpired as error:
            raise NotReached(f"{' '.join(line)} did not end within {COMMAND_SECONDS} s.") from error

    def _spoken(self, it: subprocess.Popen[bytes], source: IO[bytes] | None) -> bytes:
        """Feed it, then hear what it says; it says little while it is fed."""
        assert it.stdin is not None
        with suppress(BrokenPipeError):
            if source is not None:
                shutil.copyfileobj(source, it.stdin, PIECE)
            it.stdin.flush()
        try:
            said, wrong = it.communicate(timeout=COMMAND_SECONDS)
        except subprocess.TimeoutExpired:
            it.kill()
            raise
        if it.returncode:
            why = wrong.decode(errors="replace").strip().splitlines()[-1:] or ["it said nothing"]
            raise NotReached(f"{self._program} ended with {it.returncode}: {why[0][:300]}.")
        return said or b""


class Within:
    """One installation's part of a place: every name gets its prefix."""

    def __init__(self, place: FilePlace, prefix: str) -> None:
        self._place, self.prefix = place, prefix

    def put(self, name: str, content: bytes) -> None:
        """Put it there."""
        self._place.put(self.prefix + name, content)

    def get(self, name: str) -> bytes:
        """What is there."""
        return self._place.get(self.prefix + name)

    def put_file(self, name: str, path: Path) -> None:
        """Put a file there."""
        self._place.put_file(self.prefix + name, path)

    def get_file(self, name: str, path: Path) -> None:
        """Fetch a file."""
        self._place.get_file(self.prefix + name, path)

    def remove(self, name: str) -> None:
        """Remove it."""
        self._place.remove(self.prefix + name)

    def names(self, prefix: str = "") -> list[str]:
        """The names in this part."""
        inside = self._place.names(self.prefix + prefix)
        return [name[len(self.prefix) :] for name in inside]


def files_at(url: str) -> FilePlace:
    """The place for files an address names; `environment` has seen to its scheme."""
    parts = urlsplit(url)
    if parts.scheme == "command":
        return Command(unquote(parts.netloc + parts.path))
    if parts.scheme == "folder":
        return Folder(Path(unquote(parts.netloc + parts.path)))
    return Bucket(url)
