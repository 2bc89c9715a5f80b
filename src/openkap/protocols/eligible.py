"""The rows that say who may be treated: reasons not to, other medicines, indications. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from openkap.protocols.rows import Row


@dataclass(frozen=True, slots=True)
class Trigger:
    """When a contraindication holds: any one of these is enough.

    `words` are names of the problem as people write it. With `asks` the problem alone does not say what the
    row says (epilepsy is not “not controlled”): the answer to that question decides.
    """

    yes_to: tuple[str, ...] = ()
    no_to: tuple[str, ...] = ()
    icd10cm: tuple[str, ...] = ()
    icd10cm_past: tuple[str, ...] = ()
    icd10cm_ever: tuple[str, ...] = ()
    snomed: tuple[str, ...] = ()
    snomed_ever: tuple[str, ...] = ()
    allergy: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    asks: str = ""
    unless_medicine: tuple[str, ...] = ()
    age_under: int = 0
    age_from: int = 0
    child_pugh: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contraindication(Row):
    """A reason not to treat, not now, or only with care."""

    flag: str
    outcome: str
    when: Trigger
    override: str = ""


@dataclass(frozen=True, slots=True)
class Drug:
    """A medicine a row speaks of, by name and by codes."""

    name: str
    rxnorm: str = ""
    atc: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Interaction(Row):
    """What another medicine does together with this product."""

    flag: str
    severity: str
    drugs: tuple[Drug, ...]
    yes_to: tuple[str, ...] = ()
    override: str = ""


@dataclass(frozen=True, slots=True)
class Substance:
    """Other names and the codes of a substance a row names."""

    names: tuple[str, ...] = ()
    rxnorm: tuple[str, ...] = ()
    atc: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Substances(Row):
    """The table of brand names and other names, by the name the rows use."""

    table: dict[str, Substance]


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownMedicines(Row):
    """Medicines that are known and have no row of their own, so that “unknown” means something."""

    drugs: tuple[Drug, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Remission(Row):
    """The codes that say a problem is in remission: a history, and not active."""

    icd10cm: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicationRule(Row):
    """What is found when the protocol is not for this person: nothing recorded, another diagnosis, a trigger.

    With `in_condition` it holds only for people with one of these conditions.
    """

    flag: str
    kind: str
    outcome: str
    when: Trigger = Trigger()
    in_condition: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition(Row):
    """What is known of the treatment in one condition. Grade A to C, or N for none."""

    icd10cm: tuple[str, ...]
    snomed: tuple[str, ...]
    grade: str
