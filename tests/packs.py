"""Packs for tests: the bundled one, given in another way. The numbers are there to be told apart."""

from __future__ import annotations

import copy
from typing import Any

from openkap.protocols import loading
from openkap.protocols.models import PackVersion
from openkap.protocols.pack import Pack
from tests.cast import NOW, Cast

BUNDLED = loading.newest_of("iv-depression")
AMOUNTS: dict[str, dict[str, Any]] = {
    "per_kg": {"per_kg": {"usual": "0.5", "least": "0.25", "most": "1.0"}},
    "fixed": {"fixed": {"usual": "100", "least": "10", "most": "300"}},
    "steps": {"steps": {"unit": "mg", "amounts": ["28", "56", "84"], "first": "56"}},
}
GIVING: dict[str, tuple[str, str, dict[str, Any]]] = {
    "im": ("racemic_im", "per_kg", {"injections": {"route": "im", "most": 2, "apart_minutes": 20}}),
    "sc": ("racemic_sc", "per_kg", {"injections": {"route": "sc", "most": 1, "apart_minutes": 0}}),
    "devices": ("esketamine_in", "steps", {"device_sprays": {"device_mg": "28", "apart_minutes": 5}}),
    "sublingual": ("racemic_sl_oral", "fixed", {"sublingual": {"hold_minutes": 10}}),
    "oral": ("racemic_sl_oral", "fixed", {"oral": {}}),
}
ANCHORS = {"im": "end"}
LIMITS = {
    "per_kg": ("mg_per_kg", "0.75", "1.0", "2.0"),
    "fixed": ("mg", "150", "300", "600"),
    "steps": ("mg", "57", "83", "84"),
}


def body_of(way: str = "", **changed: Any) -> dict[str, Any]:
    """The plain content of a pack that is given in this way; without one, the bundled pack's."""
    body = copy.deepcopy(loading.bundled_body(BUNDLED))
    if way:
        product, counted, giving = GIVING[way]
        kept = {name: body["dose"][name] for name in ("id", "text", "status", "src")}
        of, reason, second, most = LIMITS[counted]
        band = {"id": "G_BANDS", "text": "Bands.", "status": "design_default"}
        limits = [
            {"of": of, "over": reason, "asks": "reason"},
            {"of": of, "over": second, "asks": "second_prescriber"},
        ]
        body |= {
            "key": way,
            "product": product,
            "dose": {**kept, **AMOUNTS[counted], **giving},
            "bands": [{**band, "limits": limits}],
            "ceiling": {**body["ceiling"], "limits": [{"of": of, "over": most}]},
            "monitoring": {
                **{name: body["monitoring"][name] for name in ("id", "text", "status", "src", "before")},
                "measures": ["bp", "hr", "spo2", "sedation"],
                "at_minutes": [15, 30, 60, 120],
                "counts_from": ANCHORS.get(way, "start"),
            },
            "discharge": {
                **body["discharge"],
                "observe_minutes": 120,
                "counts_from": ANCHORS.get(way, "start"),
            },
        }
        body.pop("dilution")
    return copy.deepcopy({**body, **changed})


def pack_of(way: str = "", **changed: Any) -> Pack:
    """The pack of that content."""
    return loading.load(body_of(way, **changed))


def adopted(cast: Cast, way: str) -> PackVersion:
    """The pack as the clinic has taken it over."""
    body = body_of(way)
    pack = loading.load(body)
    told = {"key": pack.key, "version": pack.version, "title": pack.title, "product": pack.product}
    return PackVersion.objects.create(**told, body=body, hash=pack.hash, **cast.okafor.stamp(NOW))
