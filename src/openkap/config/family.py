"""A tree of processes that falls as one, and a data folder that one tree uses at a time."""

from __future__ import annotations

import ctypes
import errno
import fcntl
import os
import signal
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

_PR_SET_PDEATHSIG = 1  # linux/prctl.h
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


class CannotServe(Exception):
    """Something stands in the way of serving, in a sentence for whoever typed the command."""


def fall_with_parent(number: int) -> Callable[[], None] | None:
    """What a child does first: ask the kernel for this signal when its parent ends, whatever ends it.

    A parent that is killed outright tells nobody, and its children would go on without escalations, and stand
    in the way of the next start. Linux alone knows this; elsewhere the parent must end in order.
    """
    if _libc is None:
        return None
    libc, parent = _libc, os.getpid()

    def before_it_begins() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, number, 0, 0, 0)
        if os.getppid() != parent:  # it ended before the kernel was asked
            os.kill(os.getpid(), signal.SIGKILL)

    return before_it_begins


class Lock:
    """One tree a data folder. The kernel lets it go with the process that holds it."""

    def __init__(self, data_dir: Path) -> None:
        self._path = data_dir / "serving"
        self._handle: int | None = None

    def take(self) -> None:
        """Take it, or say who has it."""
        handle = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = os.pread(handle, 20, 0).decode(errors="replace").strip() or "unknown"
            os.close(handle)
            raise CannotServe(
                f"OpenKAP is running on {self._path.parent} already (process {holder}). Stop that one first, "
                "or set OPENKAP_DATA_DIR to another folder."
            ) from error
        os.ftruncate(handle, 0)
        os.pwrite(handle, str(os.getpid()).encode(), 0)
        self._handle = handle

    def is_held(self) -> bool:
        """Whether a tree runs on this folder, this process's own included."""
        if self._handle is not None:
            return True
        try:
            self.take()
        except CannotServe:
            return True
        self.let_go()
        return False

    def let_go(self) -> None:
        """Let the next one start."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None


def bound(host: str, port: int, *, names: tuple[str, str]) -> list[socket.socket]:
    """A socket on each address of the host, bound and not yet listening.

    Raises `CannotServe` with a sentence that names the settings.
    """
    try:
        addresses = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except OSError as error:
        raise CannotServe(f"{names[0]} is “{host}”, and no address is known by that name.") from error
    sockets: list[socket.socket] = []
    for family, kind, protocol, _, address in addresses:
        try:
            sockets.append(_bound(socket.socket(family, kind, protocol), address))
        except OSError as error:
            if family == socket.AF_INET6 and len(addresses) > 1 and error.errno != errno.EADDRINUSE:
                continue  # a host name with an address this machine does not have
            close(sockets)
            raise CannotServe(_why_not(error, host, port=port, names=names)) from error
    return sockets


def _bound(fresh: socket.socket, address: Any) -> socket.socket:
    try:
        fresh.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if fresh.family == socket.AF_INET6:
            fresh.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)  # the other family has its own
        fresh.bind(address)
    except OSError:
        fresh.close()
        raise
    return fresh


def _why_not(error: OSError, host: str, *, port: int, names: tuple[str, str]) -> str:
    if isinstance(error, PermissionError):
        return f"{names[1]} is {port}, and this user may not listen there; take one above 1023."
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} on {host} is in use by another program. Stop it, or set {names[1]}."
    return f"{names[0]} is “{host}”, and this machine cannot listen there: {error.strerror}."


def close(sockets: list[socket.socket]) -> None:
    """Let the addresses go."""
    for one in sockets:
        one.close()


def cannot_listen(host: str, port: int, *, names: tuple[str, str]) -> str:
    """Why nobody could listen there, in a sentence that names the settings; "" when one could."""
    try:
        close(bound(host, port, names=names))
    except CannotServe as why:
        return str(why)
    return ""
