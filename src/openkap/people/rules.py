"""Pure: ages, and who may be the same person as somebody already here."""

from __future__ import annotations

import re
import unicodedata
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from anyascii import anyascii

from openkap.kernel.refusal import Objection, Refused
from openkap.kernel.wording import sentence as _
from openkap.people.reasons import PeopleReason

OLDEST_YEARS = 120
_NO_LETTERS = re.compile(r"[^a-z0-9]")


def age_on(birth_date: date, day: date) -> int:
    """Whole years from birth to a day; someone born on 29 February turns a year older on 1 March."""
    had_birthday = (day.month, day.day) >= (birth_date.month, birth_date.day)
    return day.year - birth_date.year - (0 if had_birthday else 1)


@dataclass(frozen=True, slots=True)
class Likeness:
    """What is compared to see whether two records are one person."""

    id: uuid.UUID | None
    given_name: str
    family_name: str
    birth_date: date | None
    phone: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class PossibleDuplicate:
    """Somebody here who may be the same person, and why we think so."""

    id: uuid.UUID
    score: int
    reasons: tuple[str, ...]


@lru_cache(maxsize=65_536)
def folded(text: str) -> str:
    """A name without accents, case, spaces and marks, in Latin letters, for comparing only.

    Letters that Latin has none for (the Hebrew alef) are compared as they are where a word has no others.
    """
    whole = unicodedata.normalize("NFC", text)
    latin = _NO_LETTERS.sub("", anyascii(whole).casefold())
    return latin or "".join(sign for sign in whole.casefold() if sign.isalnum())


def _words(*names: str) -> list[str]:
    """The words of a whole name, each folded, in an order of their own."""
    return sorted(word for name in names for part in name.split() if (word := folded(part)))


def _swapped(one: date, other: date) -> bool:
    return one.year == other.year and one.month == other.day and one.day == other.month


def _digits(phone: str) -> str:
    return re.sub(r"\D", "", phone)[-9:]


def likeness_reasons(new: Likeness, known: Likeness) -> list[tuple[int, str]]:
    """Every reason to think the two are one person, each with its weight."""
    reasons = [*_birth_reasons(new.birth_date, known.birth_date), *_name_reasons(new, known)]
    if _digits(new.phone) and _digits(new.phone) == _digits(known.phone):
        reasons.append((30, _("same phone number")))
    if new.email and new.email.casefold() == known.email.casefold():
        reasons.append((35, _("same e-mail address")))
    return reasons


def _birth_reasons(new: date | None, known: date | None) -> list[tuple[int, str]]:
    if not new or not known:
        return []
    if new == known:
        return [(40, _("same birth date"))]
    return [(25, _("birth date with day and month exchanged"))] if _swapped(new, known) else []


def _name_reasons(new: Likeness, known: Likeness) -> list[tuple[int, str]]:
    """What speaks for one person in the names: part by part, exchanged, or in one piece (H29)."""
    given = (folded(new.given_name), folded(known.given_name))
    family = (folded(new.family_name), folded(known.family_name))
    reasons = []
    if family[0] and family[0] == family[1]:
        reasons.append((30, _("same family name")))
    if given[0] and given[0] == given[1]:
        reasons.append((20, _("same given name")))
    elif given[0] and given[0].startswith(given[1][:3]) and len(given[1]) >= 3:
        reasons.append((10, _("similar given name")))
    if given[0] and given[0] == family[1] and family[0] == given[1]:
        reasons.append((45, _("given and family name exchanged")))
    elif len(reasons) < 2 and _same_words(new, known):
        reasons.append((45, _("the same names in another order or in one piece")))
    return reasons


def _same_words(new: Likeness, known: Likeness) -> bool:
    told = _words(new.given_name, new.family_name)
    given, family = folded(known.given_name), folded(known.family_name)
    in_one_piece = folded(f"{new.given_name}{new.family_name}") in (f"{given}{family}", f"{family}{given}")
    return bool(told and given and family) and (
        told == _words(known.given_name, known.family_name) or in_one_piece
    )


def possible_duplicates(
    new: Likeness, known: Iterable[Likeness], *, least: int = 50
) -> list[PossibleDuplicate]:
    """The people here who may be the same person, likeliest first (hazard H29)."""
    duplicates = []
    for person in known:
        reasons = likeness_reasons(new, person)
        score = sum(weight for weight, _ in reasons)
        if score >= least and person.id is not None:
            duplicates.append(PossibleDuplicate(person.id, score, tuple(text for _, text in reasons)))
    return sorted(duplicates, key=lambda duplicate: -duplicate.score)


def objections_to_patient(
    *, given_name: str, family_name: str, birth_date: date, today: date
) -> list[Objection]:
    """What stands against taking a person in with these particulars."""
    objections = []
    if not given_name.strip() and not family_name.strip():
        objections.append(PeopleReason.NAME_MISSING("given_name"))
    if birth_date > today:
        objections.append(PeopleReason.BORN_IN_FUTURE("birth_date"))
    elif age_on(birth_date, today) > OLDEST_YEARS:
        objections.append(PeopleReason.TOO_OLD("birth_date", years=OLDEST_YEARS))
    return objections


SHORTEST_PHONE = 5


@dataclass(frozen=True, slots=True)
class MergeStanding:
    """What stands against merging: sentences of what runs, and other merges of the two records."""

    held: tuple[str, ...] = ()
    gone_has_part: bool = False
    kept_is_gone: bool = False


def objections_to_merge(standing: MergeStanding, *, why: str) -> list[Objection]:
    """What stands against proposing that two records are one person (hazard H28)."""
    objections = [PeopleReason.HELD(text=text) for text in standing.held]
    if not why.strip():
        objections.append(PeopleReason.WHY_ONE_PERSON("why"))
    if standing.gone_has_part or standing.kept_is_gone:
        objections.append(PeopleReason.OTHER_MERGE("other"))
    return objections


def objections_to_confirming(
    *, is_open: bool, same_person: bool, same_difference: bool, held: tuple[str, ...]
) -> list[Objection]:
    """What stands against the second person's yes."""
    objections = [PeopleReason.HELD(text=text) for text in held]
    if not is_open:
        objections.append(PeopleReason.DECIDED_ALREADY())
    if same_person:
        objections.append(PeopleReason.AGREED_BY_SAME())
    if not same_difference:
        objections.append(PeopleReason.RECORDS_CHANGED())
    return objections


def objections_to_undoing(*, stands: bool, held: tuple[str, ...], why: str) -> list[Objection]:
    """What stands against taking a merge back."""
    objections = [PeopleReason.HELD(text=text) for text in held]
    if not stands:
        objections.append(PeopleReason.NOT_MERGED())
    if not why.strip():
        objections.append(PeopleReason.WHY_TWO_PEOPLE("why"))
    return objections


def two_records() -> Refused:
    """A merge is of two records that are both here."""
    return Refused(PeopleReason.TWO_RECORDS("other"))


def open_in_both(what: str) -> Refused:
    """A thing of which a person has one at a time is open in both records."""
    return Refused(PeopleReason.OPEN_IN_BOTH(what=what))


def objections_to_withdrawing_merge(*, is_open: bool) -> list[Objection]:
    """What stands against saying that they are two people."""
    return [] if is_open else [PeopleReason.DECIDED_ALREADY()]


def objections_to_duplicates(*, any_found: bool, not_the_same: bool) -> list[Objection]:
    """Whoever may be here already is looked at before a second record is made (hazard H29)."""
    return [PeopleReason.MAY_BE_HERE()] if any_found and not not_the_same else []


def objections_to_sign_in(*, taken: bool) -> list[Objection]:
    """A record has one sign-in."""
    return [PeopleReason.SIGN_IN_TAKEN()] if taken else []


def not_a_member() -> Refused:
    """Who joins a care team works here."""
    return Refused(PeopleReason.NOT_A_MEMBER("membership"))


def objections_to_joining(*, name: str, may_join: bool, has_left: bool) -> list[Objection]:
    """What stands against somebody joining a care team."""
    objections = [] if may_join else [PeopleReason.NOT_CLINICAL("membership")]
    if has_left:
        objections.append(PeopleReason.LEFT_THE_CLINIC("membership", name=name))
    return objections


def objections_to_leaving(*, was_there: bool) -> list[Objection]:
    """What stands against taking somebody out of a care team."""
    return [] if was_there else [PeopleReason.NOT_IN_TEAM()]


def objections_to_escort(*, name: str, phone: str) -> list[Objection]:
    """An escort can be named and reached."""
    objections = [] if name.strip() else [PeopleReason.ESCORT_NAME("name")]
    if sum(letter.isdigit() for letter in phone) < SHORTEST_PHONE:
        objections.append(PeopleReason.ESCORT_PHONE("phone"))
    return objections


def objections_to_closing_room(
    *, name: str, closed: bool, running: int = 0, planned: int = 0
) -> list[Objection]:
    """A room is closed once, and not while a session runs in it or is planned there."""
    if closed:
        return [PeopleReason.ROOM_CLOSED(room=name)]
    objections = [PeopleReason.ROOM_RUNNING(room=name)] if running else []
    if planned:
        objections.append(PeopleReason.ROOM_PLANNED(room=name, count=str(planned)))
    return objections


def objections_to_room(*, name: str, exists: bool) -> list[Objection]:
    """A room of a site has a name of its own."""
    return [PeopleReason.ROOM_EXISTS("name", room=name)] if exists else []
