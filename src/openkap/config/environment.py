"""What the surroundings say: every OPENKAP_* setting, read and checked in one place.

A bad value stops the program with a sentence that names the setting; nothing falls back
to a default in silence.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit, urlunsplit

import platformdirs

from openkap.config import machine
from openkap.tenancy.roles import Roles

KNOWN = frozenset(
    f"OPENKAP_{name}"
    for name in (
        "DATA_DIR", "DATABASE_URL", "OWNER_DATABASE_URL", "HOST", "PORT", "HOSTS", "PUBLIC_URL", "TLS_CERT",
        "TLS_KEY", "TLS_PROXY", "MLLP_HOST", "MLLP_PORT", "MLLP_CONNECTIONS", "EMAIL_URL", "EMAIL_FROM",
        "IDLE_MINUTES", "CAP_HOURS", "DEMO", "DEBUG", "PROCESS", "TEST_DIR", "TEST_WHOLE", "CHROMIUM",
        "CHECKPOINT_TO", "CHECKPOINT_KEY", "BACKUP_TO", "BACKUP_KEY", "BACKUP_HOUR", "BACKUP_KEEP_DAYS",
        "BACKUP_DATABASE_URL", "TEST_OWN", "WEB_WORKERS",
    )
)  # fmt: skip


class BadSetting(Exception):
    """A setting cannot be used as it is. The message names it and says what is allowed."""


@dataclass(frozen=True, slots=True)
class Environment:
    """The settings as typed values. Documented in docs/reference/settings.md."""

    data_dir: Path
    database_url: str
    owner_database_url: str
    host: str
    port: int
    mllp_host: str
    mllp_port: int
    mllp_connections: int
    tls_cert: Path | None
    tls_key: Path | None
    tls_proxy: str
    hosts: tuple[str, ...]
    demo: bool
    debug: bool
    email_url: str
    email_from: str
    idle_minutes: int
    cap_hours: int
    public_url: str = ""
    checkpoint_to: str = ""
    checkpoint_key: Path | None = None
    backup_to: str = ""
    backup_key: str = ""
    backup_hour: int = 9
    backup_keep_days: int = 35
    backup_database_url: str = ""
    web_workers: int = 1

    @property
    def site_url(self) -> str:
        """How people outside reach the site; links in e-mails begin with it."""
        if self.public_url:
            return self.public_url.rstrip("/")
        name = self.hosts[0] if self.hosts else self.host
        port = "" if self.port == (443 if self.tls else 80) else f":{self.port}"
        return f"{'https' if self.tls else 'http'}://{name}{port}"

    @property
    def embedded(self) -> bool:
        """Whether OpenKAP runs its own PostgreSQL."""
        return not self.database_url

    @property
    def tls(self) -> bool:
        """Whether people reach the site by TLS: it speaks it itself, or a declared proxy does."""
        return self.tls_cert is not None or bool(self.tls_proxy)


def _whole(values: Mapping[str, str], name: str, *, default: int, low: int, high: int) -> int:
    text = values.get(name, "").strip()
    if not text:
        return default
    if not text.isdecimal() or not low <= int(text) <= high:
        raise BadSetting(f"{name} is “{text}”. It must be a whole number from {low} to {high}.")
    return int(text)


def _proxy(values: Mapping[str, str], cert: Path | None) -> str:
    """The addresses of the proxy that speaks TLS before the site; nobody else's headers are believed."""
    text = values.get("OPENKAP_TLS_PROXY", "").strip()
    try:
        addresses = [str(ip_address(one.strip())) for one in text.split(",")] if text else []
    except ValueError as error:
        raise BadSetting(f"OPENKAP_TLS_PROXY is “{text}”. Give the proxy's IP address.") from error
    if addresses and cert is not None:
        raise BadSetting("OPENKAP_TLS_PROXY and OPENKAP_TLS_CERT exclude each other: who speaks TLS?")
    return ",".join(addresses)


def _switch(values: Mapping[str, str], name: str) -> bool:
    text = values.get(name, "").strip().lower()
    if text in ("", "0", "no", "false"):
        return False
    if text in ("1", "yes", "true"):
        return True
    raise BadSetting(f"{name} is “{text}”. It must be 1 or 0.")


def _file(values: Mapping[str, str], name: str) -> Path | None:
    text = values.get(name, "").strip()
    if not text:
        return None
    path = Path(text).expanduser()
    if not path.is_file():
        raise BadSetting(f"{name} names {path}, and there is no such file.")
    return path


def _path(values: Mapping[str, str], name: str) -> Path | None:
    """A file that need not be there yet; its folder must be."""
    text = values.get(name, "").strip()
    if not text:
        return None
    path = Path(text).expanduser().absolute()
    if not path.parent.is_dir():
        raise BadSetting(f"{name} names {path}, and there is no folder {path.parent}.")
    return path


def _url(values: Mapping[str, str], name: str, *, schemes: tuple[str, ...]) -> str:
    text = values.get(name, "").strip()
    if text and urlsplit(text).scheme not in schemes:
        raise BadSetting(f"{name} must begin with {' or '.join(s + '://' for s in schemes)}.")
    return text


def _refuse_unknown(values: Mapping[str, str]) -> None:
    """A name that is mistyped would be passed over in silence, and what it was meant to set with it."""
    unknown = sorted(name for name in values if name.startswith("OPENKAP_") and name not in KNOWN)
    if unknown:
        close = get_close_matches(unknown[0], sorted(KNOWN), n=1)
        hint = f" Is {close[0]} meant?" if close else ""
        raise BadSetting(f"{unknown[0]} is no setting of OpenKAP.{hint}")


def _backup(values: Mapping[str, str]) -> dict[str, Any]:
    place = _url(values, "OPENKAP_BACKUP_TO", schemes=("folder", "s3", "command"))
    key = values.get("OPENKAP_BACKUP_KEY", "").strip()
    if place and not key:
        raise BadSetting(
            "OPENKAP_BACKUP_TO is set without OPENKAP_BACKUP_KEY; `openkap backup key` makes one."
        )
    return {
        "backup_to": place,
        "backup_key": key,
        "backup_hour": _whole(values, "OPENKAP_BACKUP_HOUR", default=9, low=0, high=23),
        "backup_keep_days": _whole(values, "OPENKAP_BACKUP_KEEP_DAYS", default=35, low=2, high=3650),
        "backup_database_url": _url(
            values, "OPENKAP_BACKUP_DATABASE_URL", schemes=("postgresql", "postgres")
        ),
    }


def read(values: Mapping[str, str] | None = None) -> Environment:
    """Read all settings, or stop at the first that cannot be used."""
    values = os.environ if values is None else values
    _refuse_unknown(values)
    cert, key = _file(values, "OPENKAP_TLS_CERT"), _file(values, "OPENKAP_TLS_KEY")
    if (cert is None) != (key is None):
        raise BadSetting("OPENKAP_TLS_CERT and OPENKAP_TLS_KEY go together; only one of them is set.")
    database = _url(values, "OPENKAP_DATABASE_URL", schemes=("postgresql", "postgres"))
    owner = _url(values, "OPENKAP_OWNER_DATABASE_URL", schemes=("postgresql", "postgres"))
    if owner and not database:
        raise BadSetting("OPENKAP_OWNER_DATABASE_URL is set without OPENKAP_DATABASE_URL.")
    data = values.get("OPENKAP_DATA_DIR", "").strip()
    return Environment(
        data_dir=(
            Path(data).expanduser() if data else Path(platformdirs.user_data_dir("openkap"))
        ).absolute(),
        database_url=database,
        owner_database_url=owner,
        host=values.get("OPENKAP_HOST", "").strip() or "localhost",
        port=_whole(values, "OPENKAP_PORT", default=8000, low=1, high=65535),
        mllp_host=values.get("OPENKAP_MLLP_HOST", "").strip() or "127.0.0.1",
        mllp_port=_whole(values, "OPENKAP_MLLP_PORT", default=2575, low=1, high=65535),
        mllp_connections=_whole(values, "OPENKAP_MLLP_CONNECTIONS", default=256, low=1, high=5000),
        tls_cert=cert,
        tls_key=key,
        tls_proxy=_proxy(values, cert),
        hosts=tuple(h.strip() for h in values.get("OPENKAP_HOSTS", "").split(",") if h.strip()),
        demo=_switch(values, "OPENKAP_DEMO"),
        debug=_switch(values, "OPENKAP_DEBUG"),
        email_url=_url(values, "OPENKAP_EMAIL_URL", schemes=("smtp", "smtps", "folder")),
        email_from=values.get("OPENKAP_EMAIL_FROM", "").strip() or "openkap@localhost",
        idle_minutes=_whole(values, "OPENKAP_IDLE_MINUTES", default=30, low=1, high=480),
        cap_hours=_whole(values, "OPENKAP_CAP_HOURS", default=12, low=1, high=24),
        public_url=_url(values, "OPENKAP_PUBLIC_URL", schemes=("https", "http")),
        web_workers=_whole(
            values, "OPENKAP_WEB_WORKERS", default=machine.web_workers(), low=1, high=machine.WORKERS_AT_MOST
        ),
        checkpoint_to=_url(values, "OPENKAP_CHECKPOINT_TO", schemes=("folder", "s3", "syslog")),
        checkpoint_key=_path(values, "OPENKAP_CHECKPOINT_KEY"),
        **_backup(values),
    )


ROLES_IN_AN_ADDRESS = ("unscoped_role", "backup_role")


def roles_in(app_url: str, owner_url: str) -> Roles:
    """The names of the four roles, from the two addresses; else as in the embedded database."""
    if not app_url:
        return Roles()
    app, owner = urlsplit(app_url), urlsplit(owner_url or app_url)
    told = dict(parse_qsl(owner.query))
    return Roles(
        owner=unquote(owner.username or "") or Roles().owner,
        app=unquote(app.username or "") or Roles().app,
        backup=told.get("backup_role", Roles().backup),
        unscoped=told.get("unscoped_role", Roles().unscoped),
    )


def without_roles(url: str) -> str:
    """The address as PostgreSQL's own programs take it."""
    parts = urlsplit(url)
    query = [(name, text) for name, text in parse_qsl(parts.query) if name not in ROLES_IN_AN_ADDRESS]
    return urlunsplit(parts._replace(query=urlencode(query)))


def without_password(url: str) -> tuple[str, dict[str, str]]:
    """The address for a program's command line, which everybody on the machine can read; and its password."""
    parts = urlsplit(url)
    user, at, place = parts.netloc.rpartition("@")
    password = unquote(parts.password or "")
    plain = urlunsplit(parts._replace(netloc=f"{user.split(':', 1)[0]}{at}{place}"))
    return plain, {"PGPASSWORD": password} if password else {}


def database_from_url(url: str, *, name: str) -> dict[str, object]:
    """A Django database entry from a postgresql:// address."""
    parts = urlsplit(url)
    if not parts.path.strip("/"):
        raise BadSetting(f"{name} names no database: it must end in /NAME.")
    query = {name: text for name, text in parse_qsl(parts.query) if name not in ROLES_IN_AN_ADDRESS}
    return {
        "ENGINE": "openkap.tenancy.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(query.pop("host", "") or parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "OPTIONS": query,
    }
