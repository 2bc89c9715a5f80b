"""H45: a number is changed only where the pack leaves it to the clinic; one proposes, another signs."""

from __future__ import annotations

import pytest

from openkap.audit.models import Event
from openkap.defaults.rules import objections_to_signing
from openkap.kernel.refusal import Refused
from openkap.protocols import actions, loading, queries
from openkap.protocols.models import PackVersion, ProposedNumber, SignedNumber
from openkap.protocols.rules import objections_to_number, with_numbers
from tests.cast import NOW, Cast
from tests.packs import BUNDLED

NAME = BUNDLED
PACK = loading.load_bundled(NAME)


@pytest.mark.parametrize(
    ("row", "field", "value", "why", "expected"),
    [
        ("MON_IV", "during_minutes", 15, "quiet patients", []),
        ("MON_IV", "during_minutes", 10, "the same", ["NOTHING_CHANGED"]),
        ("MON_IV", "during_minutes", 9, "sooner", ["OUTSIDE_RANGE"]),
        ("MON_IV", "during_minutes", 16, "later", ["OUTSIDE_RANGE"]),
        ("MON_IV", "during_minutes", 15, " ", ["WHY_MISSING"]),
        ("D_RAC", "observe_minutes", 30, "sooner home", ["NOT_THE_CLINICS"]),
        ("MON_IV", "at_minutes", 5, "more", ["NOT_THE_CLINICS"]),
        ("G_INTERVAL", "during_minutes", 12, "another row", ["NOT_THE_CLINICS"]),
        ("NO_SUCH_ROW", "during_minutes", 12, "no row", ["NOT_THE_CLINICS"]),
    ],
)
def test_only_what_the_pack_leaves_to_the_clinic_within_its_range(row, field, value, why, expected) -> None:
    found = objections_to_number(PACK, row, field=field, value=value, now=10, why=why)
    assert [one.code for one in found] == expected


def test_who_proposed_does_not_sign() -> None:
    assert objections_to_signing(proposed_by=1, signer=2, signed=False) == []
    own = objections_to_signing(proposed_by=1, signer=1, signed=False)
    assert [one.code for one in own] == ["OWN_PROPOSAL"]
    again = objections_to_signing(proposed_by=1, signer=2, signed=True)
    assert [one.code for one in again] == ["SIGNED_ALREADY"]


def test_nothing_but_the_chosen_number_changes() -> None:
    body = loading.bundled_body(NAME)
    chosen = {("MON_IV", "during_minutes"): 12, ("D_RAC", "observe_minutes"): 1, ("D_RAC", "moaas"): 1}
    changed = with_numbers(body, chosen)
    assert changed["monitoring"] == {**body["monitoring"], "during_minutes": 12}
    assert {**changed, "monitoring": None} == {**body, "monitoring": None}
    assert with_numbers(body, {}) == body


def _version(cast: Cast) -> PackVersion:
    return actions.adopt(NAME, by=cast.okafor, at=NOW)


def _proposed(cast: Cast, *, by=None) -> ProposedNumber:
    told = {
        "row_id": "MON_IV",
        "field": "during_minutes",
        "value": 15,
        "why": "quiet",
        "by": by or cast.sam,
        "at": NOW,
    }
    return actions.propose_number(_version(cast).id, **told)


def test_a_number_acts_once_the_director_has_signed_what_another_proposed(cast: Cast) -> None:
    proposal, version = _proposed(cast), _version(cast)
    assert queries.effective_pack(version).monitoring.during_minutes == 10
    for by in (cast.bello, cast.sam):
        with pytest.raises(Refused):
            actions.sign_number(proposal.id, typed_name=by.name, by=by, at=NOW)
    actions.sign_number(proposal.id, typed_name=cast.okafor.name, by=cast.okafor, at=NOW)
    assert queries.effective_pack(version).monitoring.during_minutes == 15
    assert queries.pack_of(version).monitoring.during_minutes == 10


def test_the_director_signs_no_proposal_of_their_own(cast: Cast) -> None:
    proposal = _proposed(cast, by=cast.okafor)
    before = (SignedNumber.objects.count(), Event.objects.count())
    with pytest.raises(Refused) as caught:
        actions.sign_number(proposal.id, typed_name=cast.okafor.name, by=cast.okafor, at=NOW)
    assert [one.code for one in caught.value.objections] == ["OWN_PROPOSAL"]
    assert (SignedNumber.objects.count(), Event.objects.count()) == before


def test_when_the_record_fails_no_number_is_proposed(cast: Cast, monkeypatch) -> None:
    _version(cast)
    monkeypatch.setattr(actions, "record", lambda *a, **k: (_ for _ in ()).throw(RuntimeError("broken")))
    with pytest.raises(RuntimeError):
        _proposed(cast)
    assert not ProposedNumber.objects.exists()


def test_the_page_proposes_and_shows_what_waits(cast: Cast, client_as, once) -> None:
    version = _version(cast)
    sam = client_as(cast.sam)
    typed = {"number": "MON_IV:during_minutes", "value": "30", "why": "later", "once": once()}
    wrong = sam.post(f"/protocols/{version.id}/numbers/", typed)
    assert wrong.status_code == 422
    assert "outside the 10 to 15 min" in wrong.content.decode()
    right = {**typed, "value": "15", "once": once()}
    assert sam.post(f"/protocols/{version.id}/numbers/", right).status_code == 302
    assert "waits for the medical director" in sam.get(f"/protocols/{version.id}/").content.decode()
