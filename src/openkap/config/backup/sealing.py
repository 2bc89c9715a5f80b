"""Backups are encrypted for whoever holds the recovery key, in the age format (age-encryption.org/v1).

The machine knows the public half alone: who takes the machine, or the place outside, cannot read a backup.
Any tool that reads age opens them too.
"""

from __future__ import annotations

import gzip
import io
import os
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any, Protocol

import pyrage

from openkap.config.environment import BadSetting

_Error = (pyrage.DecryptError, OSError)


class BadBackup(Exception):
    """What was asked of a backup cannot be done. The message says why, for whoever typed the command."""


class Reads(Protocol):
    """What bytes are read from."""

    def read(self, size: int = -1, /) -> bytes:
        """The next bytes; none at the end."""


def recipients(text: str) -> list[pyrage.x25519.Recipient]:
    """Who can open a backup: one or more public keys, `age1…`, separated by commas."""
    try:
        return [pyrage.x25519.Recipient.from_str(it.strip()) for it in text.split(",") if it.strip()]
    except pyrage.RecipientError as error:
        raise BadSetting(
            "OPENKAP_BACKUP_KEY is no public key of age. It begins with age1; `openkap backup key` makes one."
        ) from error


def identities(text: str) -> list[pyrage.x25519.Identity]:
    """The recovery keys in a text: its lines that are not comments."""
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]
    try:
        keys = [pyrage.x25519.Identity.from_str(line) for line in lines]
    except pyrage.IdentityError as error:
        raise BadBackup("That is no recovery key. It begins with AGE-SECRET-KEY-1.") from error
    if not keys:
        raise BadBackup("No recovery key was given.")
    return keys


def new_pair() -> tuple[str, str]:
    """A new recovery key and its public half."""
    identity = pyrage.x25519.Identity.generate()
    return str(identity), str(identity.to_public())


def seal(source: Reads, target: Path, *, to: Sequence[pyrage.x25519.Recipient]) -> int:
    """Encrypt what is read into a file, forced to the disk; returns its size in bytes."""
    part = target.with_name(target.name + ".part")
    try:
        with part.open("wb") as file:
            pyrage.encrypt_io(source, file, to)
            file.flush()
            os.fsync(file.fileno())
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    return target.stat().st_size


def sealed(content: bytes, to: Sequence[pyrage.x25519.Recipient]) -> bytes:
    """Compressed and encrypted bytes."""
    return bytes(pyrage.encrypt(gzip.compress(content, 1), to))


def opened(content: bytes, keys: Sequence[pyrage.x25519.Identity], *, name: str) -> bytes:
    """The bytes that were sealed; else `BadBackup` says what is the matter."""
    try:
        return gzip.decompress(pyrage.decrypt(content, keys))
    except (*_Error, EOFError, gzip.BadGzipFile) as error:
        raise _unreadable(name, content[:4096], keys=keys, error=error) from error


def _unreadable(name: str, head: bytes, *, keys: Sequence[Any], error: Exception) -> BadBackup:
    if not head.startswith(b"age-encryption.org/"):
        return BadBackup(f"{name} is no encrypted backup, or its beginning is damaged.")
    if "no matching keys" in str(error).lower():
        return BadBackup(f"The recovery key does not open {name}: it was encrypted for another key.")
    return BadBackup(f"{name} is damaged or cut short. Use another copy, or an earlier base backup.")


class Unsealing:
    """A reader of a sealed file, decrypted as it is read. Close it to learn whether all was whole."""

    def __init__(self, path: Path, keys: Sequence[pyrage.x25519.Identity]) -> None:
        self._path, self._keys = path, keys
        self._error: Exception | None = None
        out, into = os.pipe()
        self._out: IO[bytes] = os.fdopen(out, "rb")
        self._thread = threading.Thread(target=self._run, args=(os.fdopen(into, "wb"),), daemon=True)
        self._thread.start()

    def _run(self, into: IO[bytes]) -> None:
        try:
            with into, self._path.open("rb") as source:
                pyrage.decrypt_io(source, into, self._keys)
        except (*_Error, ValueError) as error:
            self._error = error

    def read(self, size: int = -1, /) -> bytes:
        """The next bytes."""
        return self._out.read(size)

    def close(self) -> None:
        """Read to the end; `BadBackup` when the file did not hold what was sealed."""
        while self._error is None and self._out.read(1 << 20):
            pass
        self._thread.join(timeout=60)
        self._out.close()
        if self._error is not None:
            with self._path.open("rb") as source:
                head = source.read(4096)
            raise _unreadable(self._path.name, head, keys=self._keys, error=self._error)


def compressed(content: bytes) -> io.BytesIO:
    """A reader of compressed bytes."""
    return io.BytesIO(gzip.compress(content, 1))
