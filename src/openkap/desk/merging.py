"""Where two records that may be one person agree and differ, read before they are merged (H28)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils import translation
from django.utils.translation import gettext as _

from openkap.chart import queries as chart
from openkap.chart.models import ListKind
from openkap.chart.rules import WEIGHT
from openkap.courses import queries as courses
from openkap.kernel.answer import Answer
from openkap.measures import queries as measures
from openkap.people.models import Patient, Sex
from openkap.ui.days import in_order, write_day
from openkap.watch import queries as watch_queries

_LISTS = (ListKind.ALLERGY, ListKind.MEDICINE, ListKind.PROBLEM)


@dataclass(frozen=True, slots=True)
class MergeLine:
    """One thing both records say something of. `grave`: a dose can go wrong by it."""

    label: str
    kept: tuple[str, ...]
    gone: tuple[str, ...]
    grave: bool = False

    @property
    def differs(self) -> bool:
        """Whether both say something, and not the same."""
        return bool(self.kept and self.gone) and sorted(self.kept) != sorted(self.gone)

    @property
    def one_sided(self) -> bool:
        """Whether only one of them says anything."""
        return bool(self.kept) != bool(self.gone)

    @property
    def weight(self) -> int:
        """What is read first: where a dose depends on a difference, then other differences, then the rest."""
        return 0 if self.differs and self.grave else 1 if self.differs else 2 if self.one_sided else 3


@dataclass(frozen=True, slots=True)
class Difference:
    """Both records beside each other."""

    lines: tuple[MergeLine, ...]
    mark: str  # another one when anything on it changes: who agrees has seen what the proposer saw

    @property
    def grave(self) -> list[str]:
        """The labels of what must be talked over before anybody doses."""
        return [line.label for line in self.lines if line.grave and line.differs]


def difference(kept: Patient, gone: Patient) -> Difference:
    """Read both, line by line; what differs comes first. The mark is the same in every reader's language."""
    with translation.override("en"), in_order(month_first=False):
        mark = _mark(_lines(kept, gone))
    return Difference(tuple(sorted(_lines(kept, gone), key=lambda line: line.weight)), mark)


def _lines(kept: Patient, gone: Patient) -> list[MergeLine]:
    pairs = zip(_told(kept), _told(gone), strict=True)
    return [MergeLine(label, mine, theirs, grave) for (label, mine, grave), (_, theirs, _) in pairs]


def _mark(lines: list[MergeLine]) -> str:
    told = [[line.label, sorted(line.kept), sorted(line.gone)] for line in lines]
    return hashlib.sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()


def _told(person: Patient) -> Iterator[tuple[str, tuple[str, ...], bool]]:
    """What one record says: the label, the words, and whether a dose depends on it."""
    yield _("Name"), (person.name,), False
    yield _("Born"), (write_day(person.birth_date, "j M Y"),), True
    known = person.sex != Sex.UNKNOWN
    yield _("Sex, for clinical use"), (str(person.get_sex_display()),) if known else (), True
    yield _("Phone"), (person.phone,) if person.phone else (), False
    yield _("E-mail"), (person.email,) if person.email else (), False
    yield _("Own sign-in"), (_("yes"),) if person.user_id else (), False
    for kind in _LISTS:
        yield str(kind.label), _list(person, kind), kind in (ListKind.ALLERGY, ListKind.MEDICINE)
    yield _("Weight"), _weight(person), True
    course = courses.of_patient(person.id)
    yield _("Open course"), (courses.pack(course).title,) if course else (), False
    yield _("Dosing sessions"), _count(watch_queries.count_of(person.id)), True
    yield _("Answered questionnaires"), _count(measures.count_of(person.id)), False


def _count(number: int) -> tuple[str, ...]:
    return (str(number),) if number else ()


def _list(person: Patient, kind: str) -> tuple[str, ...]:
    entries = tuple(
        f"{it.text}{f', {it.dose_text}' if it.dose_text else ''}"
        for it in chart.entries(person.id, kind=kind)
        if it.active
    )
    none = chart.list_answer(person.id, kind=kind) is Answer.NO
    return entries or ((_("asked: none"),) if none else ())


def _weight(person: Patient) -> tuple[str, ...]:
    last = chart.last_result(person.id, WEIGHT)
    if last is None or last.value is None:
        return ()
    return (f"{last.value.normalize():f} {last.unit}, {write_day(last.measured_at, 'D j M Y')}",)
