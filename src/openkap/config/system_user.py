"""The system user PostgreSQL runs as when OpenKAP is started by root: PostgreSQL refuses to run as root."""

from __future__ import annotations

import pwd
import shutil
import subprocess

SYSTEM_USER = "openkap-db"


class ServerFailed(Exception):
    """The embedded PostgreSQL could not be set up or started; the message says what it said."""


def make_system_user() -> None:
    """Make the user, if it is not there."""
    try:
        pwd.getpwnam(SYSTEM_USER)
        return
    except KeyError:
        pass
    maker = shutil.which("useradd") or shutil.which("adduser")
    if maker is None:
        raise ServerFailed(
            f"PostgreSQL will not run as root, and there is no useradd to make the user {SYSTEM_USER}. "
            "Run OpenKAP as an ordinary user, or set OPENKAP_DATABASE_URL."
        )
    arguments = (
        ["--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin", SYSTEM_USER]
        if maker.endswith("useradd")
        else ["-S", "-D", "-H", SYSTEM_USER]
    )
    subprocess.run([maker, *arguments], check=True, capture_output=True, timeout=60)  # noqa: S603 - fixed arguments
