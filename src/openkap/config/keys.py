"""The installation's own secrets: made once, kept in the data folder, readable by its owner alone."""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path

from openkap.config.environment import BadSetting

FILE = "keys.json"


@dataclass(frozen=True, slots=True)
class Keys:
    """Random values, in hex or URL-safe text. Losing `field` makes sealed fields unreadable."""

    django: str
    context: str
    field: str
    superuser: str
    owner: str
    app: str
    backup: str


def made() -> Keys:
    """A new set of keys."""
    return Keys(
        django=secrets.token_urlsafe(48),
        context=secrets.token_hex(32),
        field=secrets.token_hex(32),
        superuser=secrets.token_hex(24),
        owner=secrets.token_hex(24),
        app=secrets.token_hex(24),
        backup=secrets.token_hex(24),
    )


def load(data_dir: Path) -> Keys | None:
    """The keys of this data folder, or None before the first start."""
    path = data_dir / FILE
    try:
        if not path.is_file():
            return None
        return Keys(**json.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise BadSetting(f"{path} cannot be read: {error.strerror}.") from error
    except (ValueError, TypeError) as error:
        raise BadSetting(f"{path} is not what OpenKAP wrote there; put it back from your copy.") from error


def load_or_make(data_dir: Path) -> Keys:
    """The keys of this data folder; made on the first call, in a file only its owner may read."""
    known = load(data_dir)
    if known is not None:
        return known
    keys = made()
    part = data_dir / f"{FILE}.{os.getpid()}"
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise BadSetting(
            f"OPENKAP_DATA_DIR is {data_dir}, and nothing can be kept there: {error.strerror}."
        ) from error
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(asdict(keys), file)
    try:
        os.link(part, data_dir / FILE)
    except FileExistsError:
        pass
    finally:
        part.unlink()
    loaded = load(data_dir)
    assert loaded is not None
    return loaded
