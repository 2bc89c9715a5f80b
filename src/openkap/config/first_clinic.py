"""`openkap init`: a real first clinic, from answers typed at the terminal or from a YAML file.

It ends with an invitation link for the administrator; no password is ever typed here.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import yaml
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone

from openkap.accounts import actions as accounts_actions
from openkap.accounts.actor import Actor
from openkap.accounts.queries import entry_path
from openkap.dispensary import actions as dispensary_actions
from openkap.dispensary.models import Product
from openkap.kernel.ids import uuid7
from openkap.kernel.parsing import NotANumber, parse_decimal, parse_phone
from openkap.kernel.quantity import MilligramsPerMillilitre
from openkap.kernel.refusal import Refused
from openkap.people import actions as people_actions
from openkap.tenancy.clinics import clinic_ids, clinic_of_facility
from openkap.tenancy.context import inside
from openkap.tenancy.models import Clinic


class BadAnswer(Exception):
    """An answer cannot be used. The message names the answer and what is allowed."""


@dataclass(frozen=True)
class Answers:
    """What a first clinic needs to be told."""

    name: str
    zone: str
    profile: str
    phone: str
    administrator_name: str
    administrator_email: str
    sites: list[dict[str, Any]] = field(default_factory=list)
    monitors: list[dict[str, Any]] = field(default_factory=list)
    formulary: list[dict[str, Any]] = field(default_factory=list)


_KEYS = set(Answers.__dataclass_fields__)


Check = Callable[[str], str]


def _needed(name: str) -> Check:
    def check(text: str) -> str:
        if not text.strip():
            raise BadAnswer(f"{name} is missing.")
        return text.strip()

    return check


def _zone(text: str) -> str:
    try:
        ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise BadAnswer(
            f"zone is “{text}”; give a name such as America/New_York or Europe/Berlin."
        ) from error
    return text


def _profile(text: str) -> str:
    if text.upper() not in Clinic.Profile.values:
        raise BadAnswer(f"profile is “{text}”; it must be US or EU.")
    return text.upper()


def _phone(text: str) -> str:
    try:
        return parse_phone(text) if text else ""
    except NotANumber as error:
        raise BadAnswer(f"phone: {error}") from error


def _email(text: str) -> str:
    address = _needed("administrator_email")(text)
    try:
        validate_email(address)
    except ValidationError as error:
        raise BadAnswer(
            f"administrator_email is “{address}”; give one such as ada@harbour.example."
        ) from error
    return address


def _amount(name: str) -> Check:
    def check(text: str) -> str:
        if text and _number(text) <= 0:
            raise BadAnswer(f"{name} is {text}; it must be more than 0.")
        return text

    return check


def _any(text: str) -> str:
    return text.strip()


def _checked(raw: dict[str, Any]) -> Answers:
    unknown = set(raw) - _KEYS
    if unknown:
        raise BadAnswer(f"Unknown: {', '.join(sorted(unknown))}. Known are: {', '.join(sorted(_KEYS))}.")
    said = {key: str(raw.get(key) or "") for key in ("name", "administrator_name", "administrator_email")}
    formulary = list(raw.get("formulary") or [])
    for product in formulary:
        if product.get("product") not in Product.values:
            raise BadAnswer(f"formulary: product must be one of {', '.join(Product.values)}.")
    name = _needed("name")(said["name"])
    return Answers(
        name=name,
        administrator_name=_needed("administrator_name")(said["administrator_name"]),
        administrator_email=_email(said["administrator_email"]),
        zone=_zone(str(raw.get("zone") or "UTC")),
        profile=_profile(str(raw.get("profile") or "US")),
        phone=_phone(str(raw.get("phone") or "")),
        sites=list(raw.get("sites") or [{"name": name, "rooms": ["Room 1"]}]),
        monitors=list(raw.get("monitors") or []),
        formulary=formulary,
    )


def _ask(question: str, default: str = "", *, check: Check = _any) -> str:
    """One answer. One that cannot be used is asked for again, and nothing typed before it is lost."""
    while True:
        sys.stdout.write(f"{question}{f' [{default}]' if default else ''}: ")
        sys.stdout.flush()
        typed = sys.stdin.readline()
        try:
            return check(typed.strip() or default)
        except BadAnswer as error:
            if not typed:
                raise  # the answers have ended
            sys.stdout.write(f"  {error}\n")


def _asked() -> dict[str, Any]:
    """The answers, typed one by one; lists are typed with commas."""
    raw: dict[str, Any] = {
        "name": _ask("The clinic's name", check=_needed("name")),
        "zone": _ask("Its time zone", "America/New_York", check=_zone),
        "profile": _ask("Rules of which region, US or EU", "US", check=_profile),
        "phone": _ask("A phone number patients can reach (none yet: leave empty)", check=_phone),
        "administrator_name": _ask("The administrator's name", check=_needed("administrator_name")),
        "administrator_email": _ask("The administrator's e-mail", check=_email),
    }
    rooms = _ask("Dosing rooms, with commas between", "Room 1")
    raw["sites"] = [
        {"name": raw["name"], "rooms": [room.strip() for room in rooms.split(",") if room.strip()]}
    ]
    monitors = _ask("Monitors, as their device identifiers with commas between (none: leave empty)")
    raw["monitors"] = [{"identifier": one.strip()} for one in monitors.split(",") if one.strip()]
    strength = _ask(
        "Strength of your ketamine vials for IV use in mg/mL (none: leave empty)",
        check=_amount("The strength"),
    )
    if strength:
        vial_ml = _ask("Volume of a vial in mL", "20", check=_amount("The volume"))
        vial = {"product": "racemic_iv", "name": f"Ketamine {strength} mg/mL"}
        raw["formulary"] = [{**vial, "strength_mg_per_ml": strength, "vial_ml": vial_ml}]
    return raw


def _facility(name: str) -> str:
    """What the clinic's monitors call it as receiving facility: from its name, and no other clinic's."""
    short = "".join(sign for sign in name.upper() if sign.isascii() and sign.isalnum())[:12] or "CLINIC"
    free = (code for code in (short, *(f"{short}{number}" for number in range(2, 10_000))))
    return next(code for code in free if clinic_of_facility(code) is None)


def found_clinic(answers: Answers, *, at: datetime) -> tuple[Clinic, str]:
    """Make the clinic with its sites, rooms, monitors and formulary; returns the invitation's path."""
    key = uuid7()
    with inside(key, role="system"):
        clinic = Clinic.objects.create(
            id=key, name=answers.name, zone=answers.zone, profile=answers.profile, phone=answers.phone,
            facility=_facility(answers.name), created_at=at,
        )  # fmt: skip
        by = Actor.system(key, "openkap init")
        for site in answers.sites:
            opened = people_actions.open_site(
                name=str(site["name"]), address=str(site.get("address", "")), by=by, at=at
            )
            for room in site.get("rooms") or []:
                people_actions.open_room(opened.id, name=str(room), by=by, at=at)
        _add_monitors(answers, by=by, at=at)
        for item in answers.formulary:
            dispensary_actions.stock(
                product=item["product"],
                name=str(item["name"]),
                strength=MilligramsPerMillilitre(_number(item["strength_mg_per_ml"])),
                vial_ml=_number(item["vial_ml"]),
                ndc=str(item.get("ndc", "")),
                confirmed=True,
                by=by,
                at=at,
            )
        invitation = accounts_actions.invite(
            email=answers.administrator_email,
            name=answers.administrator_name,
            role="administrator",
            by=by,
            at=at,
        )
        return clinic, entry_path(invitation)


def _number(value: object) -> Decimal:
    try:
        return parse_decimal(str(value))
    except NotANumber as error:
        raise BadAnswer(str(error)) from error


def _add_monitors(answers: Answers, *, by: Actor, at: datetime) -> None:
    from openkap.watch import actions as watch_actions

    for monitor in answers.monitors:
        identifier = str(monitor["identifier"])
        watch_actions.add_monitor(
            identifier=identifier, name=str(monitor.get("name", identifier)), by=by, at=at
        )


def _may_found(file: str | None, *, another: bool) -> bool:
    """Whether to go on where a clinic stands already: a second `init` is more often a mistake than a wish."""
    names = []
    for clinic_id in clinic_ids():
        with inside(clinic_id):
            names.append(Clinic.objects.get(id=clinic_id).name)
    if not names or another:
        return True
    here = ", ".join(names)
    if file is None:
        return _ask(f"{here} is set up here already. Found another beside it, yes or no", "no") == "yes"
    sys.stderr.write(
        f"openkap init: {here} is set up here already. To found another clinic beside it, say --another.\n"
    )
    return False


def run(file: str | None, *, another: bool = False) -> int:
    """Ask or read the answers, found the clinic, and say what to do next."""
    if not _may_found(file, another=another):
        sys.stderr.write("Nothing was made.\n")
        return 2
    try:
        raw = yaml.safe_load(Path(file).read_text(encoding="utf-8")) if file else _asked()
        clinic, path = found_clinic(_checked(raw or {}), at=timezone.now())
    except (BadAnswer, Refused, OSError, yaml.YAMLError) as error:
        sys.stderr.write(f"openkap init: {error}\nNothing was made.\n")
        return 2
    scheme = "https" if settings.ENV.tls else "http"
    sys.stdout.write(
        f"\n{clinic.name} is set up.\n\n"
        f"Start it with:  openkap serve\n"
        f"Then open, as the administrator (the link works once, for seven days):\n"
        f"  {scheme}://{settings.ENV.host}:{settings.ENV.port}{path}\n"
    )
    return 0
