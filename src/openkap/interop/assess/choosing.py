"""Which protocol a question is answered by: the one it names, or the first of its product. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from openkap.interop.assess.case import AssessCase, BadCase
from openkap.protocols import loading
from openkap.protocols.pack import Pack
from openkap.protocols.rows import Row

OLDER_FROM = 65  # the age from which the European schedule of the spray is another one (its label)
FIRST = {
    "racemic_iv": "iv-depression",
    "racemic_im": "im-kap",
    "racemic_sc": "sc-titrated",
    "racemic_sl_oral": "lozenge-clinic",
    "racemic_in_compounded": "nasal-compounded",
}


def pack_for(case: AssessCase) -> Pack:
    """The protocol; BadCase when the one that is named is not for this product and part of the world."""
    named = case.get("protocol")
    if named is None:
        return loading.load_bundled(loading.newest_of(_first(case)))
    offered = [pack for pack in _of_product(case) if named in _names(pack)]
    if not offered:
        known = sorted({name for pack in _of_product(case) for name in _names(pack)})
        raise BadCase(
            [f"protocol: there is no “{named}” for {case.get('product')}. Known are {', '.join(known)}."]
        )
    own = [pack for pack in offered if named in (pack.key, pack.name, pack.dose.id, pack.schedule.id)]
    fitting = [pack for pack in own or offered if pack.name == _fitting(case)]
    return (fitting or own or offered)[0]


def _first(case: AssessCase) -> str:
    product, is_home = case.get("product"), case.get("location") == "home"
    if product == "esketamine_in":
        older = case.get("age", 0) >= OLDER_FROM
        return "esketamine-us" if _profile(case) == "US" else f"esketamine-eu{'-65' if older else ''}"
    return "lozenge-home" if product == "racemic_sl_oral" and is_home else FIRST[product]


def _fitting(case: AssessCase) -> str:
    return loading.newest_of(_first(case))


def _profile(case: AssessCase) -> str:
    return str(case.get("profile", "US"))


def _of_product(case: AssessCase) -> Iterator[Pack]:
    for name in loading.newest_names():
        pack = loading.load_bundled(name)
        if pack.product == case.get("product") and _profile(case) in pack.profile:
            yield pack


def _names(pack: Pack) -> set[str]:
    """What a protocol may be called by: its key, its name, and the rows that speak of its doses."""
    rows: tuple[Row, ...] = (pack.dose, pack.schedule, *pack.other_doses)
    return {pack.key, pack.name, *(row.id for row in rows)}
