"""Each hour the ends of all chains are compared with the last checkpoint, signed, and sent off this machine.

Copies stay in the data folder too. A chain that does not hold what the last checkpoint holds is not signed:
every clinic has an alert of it, and of a checkpoint that could not be sent.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings

from openkap.audit import queries
from openkap.audit.chain import INSTALLATION
from openkap.audit.checkpoints import FIRST, Checkpoint, CheckpointSeries, End, read_series, signed, text_hash
from openkap.audit.offsite import CopyPlace, Folder, NotReached, place_at
from openkap.config.environment import BadSetting
from openkap.config.reporting import report_to_clinics
from openkap.config.statements import InstallationAlert
from openkap.tenancy.context import inside
from openkap.tenancy.locks import lock_numbers

PREFIX = "checkpoint-"
OLD_AFTER = timedelta(hours=3)
AT_ONCE = 16


def key_file() -> Path:
    """Where the signing key is."""
    return settings.ENV.checkpoint_key or settings.ENV.data_dir / "checkpoint.key"


def signing_key() -> Ed25519PrivateKey:
    """The key checkpoints are signed with; made the first time, in a file only its owner may read."""
    path = key_file()
    try:
        if not path.exists():
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "w", encoding="ascii") as file:
                file.write(Ed25519PrivateKey.generate().private_bytes_raw().hex())
        return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(path.read_text(encoding="ascii").strip()))
    except OSError as error:
        raise BadSetting(f"The checkpoints' key {path} cannot be used: {error.strerror}.") from error
    except ValueError as error:
        raise BadSetting(f"{path} is no key of checkpoints; put it back from your copy.") from error


def new_key(*, at: datetime) -> int:
    """Begin anew with another key, when the old one is lost; returns how many checkpoints the old one signed.

    They stay, in a folder beside and outside: the public key that was written down still verifies them.
    """
    path, here = key_file(), own_place()
    names = here.names(PREFIX)
    if path.exists():
        path.rename(path.with_name(f"{path.name}.before-{at:%Y%m%dT%H%M%SZ}"))
    if names:
        aside = settings.ENV.data_dir / "checkpoints" / f"before-{at:%Y%m%dT%H%M%SZ}"
        aside.mkdir()
        for name in names:
            (settings.ENV.data_dir / "checkpoints" / name).rename(aside / name)
        here.put(".begins", str(_number(names[-1])).encode())
    signing_key()
    return len(names)


def _begins() -> int:
    """The number of the last checkpoint that was signed with an earlier key."""
    path = settings.ENV.data_dir / "checkpoints" / ".begins"
    return int(path.read_text()) if path.exists() else 0


def own_place() -> Folder:
    """The copies in the data folder."""
    return Folder(settings.ENV.data_dir / "checkpoints")


def outside() -> CopyPlace | None:
    """Where they go outside this machine, when that is set up."""
    return place_at(settings.ENV.checkpoint_to) if settings.ENV.checkpoint_to else None


def _name(number: int) -> str:
    return f"{PREFIX}{number:010d}.json"


def _number(name: str) -> int:
    return int(name.rsplit("-", 1)[1].removesuffix(".json"))


def texts(place: CopyPlace) -> Iterator[tuple[str, str]]:
    """The checkpoints a place has, in order."""
    names = place.names(PREFIX)
    with ThreadPoolExecutor(AT_ONCE) as several:
        for name, content in zip(names, several.map(place.get, names), strict=True):
            yield name, content.decode(errors="replace")


def _last() -> tuple[CheckpointSeries, str]:
    """The last checkpoint made here, and its text."""
    place = own_place()
    names = place.names(PREFIX)[-1:]
    told = [(name, place.get(name).decode(errors="replace")) for name in names]
    return read_series(told, public=signing_key().public_key()), told[0][1] if told else ""


def _changed(last: Checkpoint | None, *, restored: bool) -> list[str]:
    """The chains that no longer hold what the last checkpoint holds of them; a restore may shorten them."""
    changed = []
    for end in last.ends if last else ():
        with inside(end.chain):
            if restored and queries.end(end.chain, end.kind)[0] < end.seq:
                continue
            if queries.hash_at(end.chain, end.kind, seq=end.seq) != end.hash:
                changed.append(
                    f"The {end.kind} of {end.chain} no longer have number {end.seq} that was signed."
                )
    return changed


def make(*, at: datetime, restored: datetime | None = None) -> list[str]:
    """Compare, sign, keep and send; what stands in the way comes back, and is an alert in every clinic.

    `restored` is given once, by a restore: the moment the record was put back to.
    """
    with inside(INSTALLATION):
        lock_numbers("audit:checkpoint")
        series, text = _last()
        problems = [*series.problems, *_changed(series.last, restored=restored is not None)]
        number = _number(own_place().names(PREFIX)[-1]) if text else _begins()
        if problems:
            said = InstallationAlert.RECORD_CHANGED(number=number)
            report_to_clinics("record_changed", said, cause=("checkpoint", str(number)), at=at)
            return problems
        ends = []
        for chain, kind in queries.chains():
            with inside(chain):
                ends.append(End(chain, kind, *queries.end(chain, kind)))
        checkpoint = Checkpoint(number + 1, at, text_hash(text) if text else FIRST, tuple(ends), restored)
        own_place().put(_name(checkpoint.number), signed(checkpoint, signing_key()).encode())
    return _send(at)


def lost() -> list[str]:
    """After a restore, before it is signed: what the last checkpoint holds and the record has not."""
    last = _last()[0].last
    missing = []
    for end in last.ends if last else ():
        with inside(end.chain):
            here = queries.end(end.chain, end.kind)[0]
        if last is not None and here < end.seq:
            missing.append(
                f"The {end.kind} of {end.chain} end at {here}; {end.seq} were signed at {last.at:%H:%M} UTC."
            )
    return missing


def fetch() -> int:
    """After a restore: fetch the checkpoints that had arrived outside and are not here; returns how many."""
    place = outside()
    here = set(own_place().names(PREFIX))
    sent = place.names(PREFIX) if place else []
    missing = [name for name in sent if name not in here and _number(name) > _begins()]
    for name in missing:
        assert place is not None
        own_place().put(name, place.get(name))
    if missing:
        own_place().put(".sent", str(_number(missing[-1])).encode())
    return len(missing)


def _sent() -> int:
    """The number of the last checkpoint that has arrived outside."""
    path = settings.ENV.data_dir / "checkpoints" / ".sent"
    return int(path.read_text()) if path.exists() else 0


def _send(at: datetime) -> list[str]:
    """Send what has not arrived yet, oldest first."""
    place = outside()
    if place is None:
        return []
    sent = _sent()
    try:
        for name in own_place().names(PREFIX):
            if _number(name) > sent:
                place.put(name, own_place().get(name))
                sent = _number(name)
    except NotReached as error:
        said = InstallationAlert.CHECKPOINT_NOT_SENT(number=sent, error=str(error))
        report_to_clinics("checkpoint_not_sent", said, cause=("checkpoint_sent", str(sent)), at=at)
        return [str(error)]
    finally:
        Folder(settings.ENV.data_dir / "checkpoints").put(".sent", str(sent).encode())
    return []


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the verification of one part found."""

    part: str
    said: str
    problems: tuple[str, ...]


def verify(*, at: datetime, copies: Path | None, public: str) -> Iterator[Verdict]:
    """Every chain in itself and against the signed checkpoints, from here and from outside."""
    key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public)) if public else signing_key().public_key()
    place = Folder(copies) if copies else outside()
    here = dict(texts(own_place()))
    try:
        there = dict(texts(place)) if place else {}
        unread: tuple[str, ...] = ()
    except NotReached as error:
        there, unread = {}, (str(error),)
    earlier = 0 if public or copies else len([name for name in there if _number(name) <= _begins()])
    if earlier:
        there = {name: text for name, text in there.items() if _number(name) > _begins()}
    series = read_series(sorted({**here, **there}.items()), public=key)
    verdict = _of_checkpoints(series, here, there=there, unread=unread, at=at)
    older = f" {_begins()} older ones were signed with an earlier key: verify them with that one."
    yield replace(verdict, said=verdict.said + older) if _begins() else verdict
    held = series.held()
    for chain, kind in sorted({*queries.chains(), *held}):
        with inside(chain):
            chain_state = queries.verify(chain, kind, held=held.get((chain, kind)))
            seq, _ = queries.end(chain, kind)
        title = "the installation's own" if chain == INSTALLATION else f"clinic {chain}"
        yield Verdict(f"{title}, {kind}", f"the chain holds: {seq} {kind}.", tuple(chain_state))


def _of_checkpoints(
    series: CheckpointSeries,
    here: dict[str, str],
    *,
    there: dict[str, str],
    unread: tuple[str, ...],
    at: datetime,
) -> Verdict:
    problems = [*unread, *series.problems]
    for name in sorted(here.keys() & there.keys()):
        if here[name] != there[name]:
            problems.append(f"{name} here is not the one that was sent.")
    if there:
        problems += [f"{name} was sent, and is here no more." for name in sorted(there) if name not in here]
        missing = [name for name in sorted(here) if name not in there and _number(name) <= _sent()]
        problems += [f"{name} was sent, and is outside no more." for name in missing]
    last = series.last
    if last is None:
        said = "there is none yet; `openkap serve` makes one each hour."
    elif not there:
        said = (
            f"{len(here)} in this data folder, none outside: whoever owns this machine could make them anew."
        )
    else:
        said = f"{len(there)} outside, the last of {last.at:%Y-%m-%d %H:%M} UTC."
    said = " The record was ".join([said, *(f"{text}." for text in series.restores())])
    if last is not None and there and at - last.at > OLD_AFTER:
        problems.append(f"The last is of {last.at:%Y-%m-%d %H:%M} UTC: newer ones were not made, or removed.")
    return Verdict("signed checkpoints", said, tuple(problems))


def overdue(*, at: datetime) -> list[str]:
    """For the self-check while the clinic serves: whether checkpoints are still made."""
    last = _last()[0].last
    if last is None or at - last.at <= OLD_AFTER:
        return []
    return [f"The last checkpoint of the record is of {last.at:%Y-%m-%d %H:%M} UTC."]
