"""A place outside this machine: a folder (a mounted share), an S3-compatible bucket, or a log server.

What is put there is whole or not there at all. A bucket is reached with the names every S3 tool knows:
AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION, and AWS_ENDPOINT for one that is not Amazon's.
"""

from __future__ import annotations

import io
import os
import shutil
import socket
from contextlib import suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, Protocol
from urllib.parse import unquote, urlsplit

import obstore
from django.utils import timezone
from obstore import delete as remove_object
from obstore.exceptions import BaseError
from obstore.store import ObjectStore, from_url

if TYPE_CHECKING:
    from obstore.store import ClientConfig

ANSWER_WITHIN = "30s"
PIECE = 8 * 1024 * 1024
SYSLOG_SECONDS = 10


class NotReached(Exception):
    """The place cannot be used just now. The message says which and why."""


class CopyPlace(Protocol):
    """Where texts and files are put, by name."""

    def put(self, name: str, content: bytes) -> None:
        """Put this there for good, or raise `NotReached`."""

    def get(self, name: str) -> bytes:
        """What was put there under this name."""

    def names(self, prefix: str) -> list[str]:
        """The names that begin so, in order."""


class FilePlace(CopyPlace, Protocol):
    """A place that takes files of any size too, and lets go of them."""

    def put_file(self, name: str, path: Path) -> None:
        """Put a file there for good, or raise `NotReached`."""

    def get_file(self, name: str, path: Path) -> None:
        """Fetch what was put there into a file."""

    def remove(self, name: str) -> None:
        """Remove it; nothing happens when it is not there."""


class Folder:
    """A folder, on this machine or on a share."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def put(self, name: str, content: bytes) -> None:
        """Written beside, forced to the disk, and put in place in one step."""
        self._put(name, io.BytesIO(content))

    def put_file(self, name: str, path: Path) -> None:
        """A copy, put in place in one step."""
        with path.open("rb") as source:
            self._put(name, source)

    def _put(self, name: str, source: IO[bytes]) -> None:
        path = self._path / name
        part = path.with_name(f".{path.name}.{os.getpid()}")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with part.open("wb") as file:
                shutil.copyfileobj(source, file, PIECE)
                file.flush()
                os.fsync(file.fileno())
            part.replace(path)
            handle = os.open(path.parent, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)
        except OSError as error:
            with suppress(OSError):
                part.unlink(missing_ok=True)
            raise NotReached(f"Nothing can be kept in {self._path}: {error.strerror}.") from error

    def get(self, name: str) -> bytes:
        """The file's bytes."""
        try:
            return (self._path / name).read_bytes()
        except OSError as error:
            raise NotReached(f"{self._path / name} cannot be read: {error.strerror}.") from error

    def get_file(self, name: str, path: Path) -> None:
        """A copy of the file."""
        try:
            shutil.copyfile(self._path / name, path)
        except OSError as error:
            raise NotReached(f"{self._path / name} cannot be copied: {error.strerror}.") from error

    def remove(self, name: str) -> None:
        """Remove the file, and its folder when that is empty then."""
        try:
            (self._path / name).unlink(missing_ok=True)
        except OSError as error:
            raise NotReached(f"{self._path / name} cannot be removed: {error.strerror}.") from error
        with suppress(OSError):
            (self._path / name).parent.rmdir()

    def names(self, prefix: str) -> list[str]:
        """The files below, by their path from here."""
        start = self._path / prefix.rpartition("/")[0]
        try:
            files = [path for path in start.rglob("*") if path.is_file()]
        except OSError as error:
            raise NotReached(f"{self._path} cannot be read: {error.strerror}.") from error
        told = (str(path.relative_to(self._path)) for path in files if not path.name.startswith("."))
        return sorted(name for name in told if name.startswith(prefix))


class Bucket:
    """A bucket of an S3-compatible store."""

    def __init__(self, url: str) -> None:
        self._url = url
        plain = os.environ.get("AWS_ALLOW_HTTP", "").lower() in ("1", "true")
        options: ClientConfig = {"timeout": ANSWER_WITHIN, "allow_http": plain}
        self._store: ObjectStore = from_url(url, client_options=options, retry_config={"max_retries": 2})

    def put(self, name: str, content: bytes) -> None:
        """One object; a large one goes in parts."""
        try:
            obstore.put(self._store, name, content)
        except (BaseError, OSError) as error:
            raise self._not_reached(error) from error

    def get(self, name: str) -> bytes:
        """The object's bytes."""
        try:
            return bytes(obstore.get(self._store, name).bytes())
        except (BaseError, OSError) as error:
            raise self._not_reached(error) from error

    def put_file(self, name: str, path: Path) -> None:
        """One object, sent in parts."""
        try:
            obstore.put(self._store, name, path)
        except (BaseError, OSError) as error:
            raise self._not_reached(error) from error

    def get_file(self, name: str, path: Path) -> None:
        """Fetched in pieces, each with its own patience: a whole file may take an hour."""
        try:
            whole = obstore.head(self._store, name)["size"]
            with path.open("wb") as file:
                for start in range(0, whole, PIECE):
                    length = min(PIECE, whole - start)
                    file.write(obstore.get_range(self._store, name, start=start, length=length))
        except (BaseError, OSError) as error:
            raise self._not_reached(error) from error

    def remove(self, name: str) -> None:
        """Remove the object."""
        try:
            remove_object(self._store, name)
        except FileNotFoundError:
            return
        except (BaseError, OSError) as error:
            raise self._not_reached(error) from error

    def names(self, prefix: str) -> list[str]:
        """The objects' names; a bucket lists by whole folders."""
        folder = prefix.rsplit("/", 1)[0] + "/" if "/" in prefix else None
        try:
            pages = list(obstore.list(self._store, folder))
        except (BaseError, OSError) as error:
            raise self._not_reached(error) from error
        return sorted(it["path"] for page in pages for it in page if it["path"].startswith(prefix))

    def _not_reached(self, error: Exception) -> NotReached:
        why = str(error).split("\n", 1)[0][:300]
        return NotReached(f"{self._url} cannot be used: {why}")


class LogServer:
    """A log server: syslog (RFC 5424) over TCP, a line a message. It takes, and gives nothing back."""

    NOTICE_OF_SECURITY = 10 * 8 + 5  # facility authpriv, severity notice

    def __init__(self, host: str, port: int) -> None:
        self._host, self._port = host, port

    def put(self, name: str, content: bytes) -> None:
        """One message with the whole text."""
        now = timezone.now().isoformat(timespec="milliseconds")
        head = (
            f"<{self.NOTICE_OF_SECURITY}>1 {now} {socket.gethostname()} openkap - {name.replace('/', '-')} - "
        )
        try:
            with socket.create_connection((self._host, self._port), timeout=SYSLOG_SECONDS) as link:
                link.sendall(head.encode() + content.replace(b"\n", b" ") + b"\n")
        except OSError as error:
            text = f"The log server {self._host}:{self._port} does not take it: {error}."
            raise NotReached(text) from error

    def get(self, name: str) -> bytes:
        """Not possible: what it keeps is read there."""
        raise NotReached(f"The log server {self._host} gives nothing back; read {name} there.")

    def names(self, prefix: str) -> list[str]:
        """Nothing is known of what it keeps."""
        return []


def place_at(url: str) -> CopyPlace:
    """The place an address names; `environment` has seen to its scheme."""
    parts = urlsplit(url)
    if parts.scheme == "syslog":
        return LogServer(parts.hostname or "localhost", parts.port or 601)
    if parts.scheme == "folder":
        return Folder(Path(unquote(parts.netloc + parts.path)))
    return Bucket(url)
