"""Taking a protocol over, and signing what no source has verified."""

from __future__ import annotations

import pytest

from openkap.accounts import actions as accounts_actions
from openkap.accounts import duties
from openkap.audit.models import Event
from openkap.kernel.evidence import Status
from openkap.kernel.refusal import Refused
from openkap.protocols import actions, loading, queries
from openkap.protocols.models import PackVersion, SignedRow
from tests.cast import NOW, Cast
from tests.packs import BUNDLED

NAME = BUNDLED


def _unverified() -> str:
    pack = loading.load_bundled(NAME)
    rows = [row for _, rows in pack.rows() for row in rows]
    return next(row.id for row in rows if row.status is not Status.VERIFIED)


def _verified() -> str:
    pack = loading.load_bundled(NAME)
    rows = [row for _, rows in pack.rows() for row in rows]
    return next(row.id for row in rows if row.status is Status.VERIFIED)


def test_a_pack_is_taken_over_whole_and_once(cast: Cast) -> None:
    """H44: what a course is bound to never changes under it."""
    row = actions.adopt(NAME, by=cast.okafor, at=NOW)
    assert actions.adopt(NAME, by=cast.okafor, at=NOW).id == row.id
    assert queries.pack_of(row) == loading.load_bundled(NAME)
    assert queries.is_unchanged(row)
    assert queries.newest() == [row]
    assert NAME not in [pack.name for pack in queries.not_adopted("US")]


def test_a_clinic_is_shown_the_newest_protocols_of_its_part_of_the_world(cast: Cast) -> None:
    american, european = ({it.name for it in queries.not_adopted(where)} for where in ("US", "EU"))
    assert {"esketamine-us-1", "esketamine-acute-1", "iv-depression-2"} <= american
    assert {"esketamine-eu-1", "esketamine-eu-65-1", "iv-depression-2"} <= european
    assert not american & {"esketamine-eu-1", "iv-depression-1"}
    assert not european & {"esketamine-us-1", "lozenge-home-1"}


@pytest.mark.parametrize("name", ["lozenge-home-1", "nasal-compounded-1"])
def test_a_protocol_with_a_release_is_not_in_use_before_the_director_has_signed_it(
    cast: Cast, name: str
) -> None:
    version = actions.adopt(name, by=cast.okafor, at=NOW)
    assert queries.in_use() == []
    release = queries.pack_of(version).release
    assert release is not None
    actions.sign_rows(version.id, row_ids=[release.id], typed_name="dr ife okafor", by=cast.okafor, at=NOW)
    assert queries.in_use() == [version]


def test_a_pack_nobody_knows_is_refused_without_a_trace(cast: Cast) -> None:
    events = Event.objects.count()
    with pytest.raises(Refused):
        actions.adopt("iv-anything-9", by=cast.okafor, at=NOW)
    assert (PackVersion.objects.count(), Event.objects.count()) == (0, events)


def test_a_row_acts_as_a_stop_only_when_it_is_verified_or_signed(cast: Cast) -> None:
    """H45: an unconfirmed number is never a silent hard stop."""
    version, row_id = actions.adopt(NAME, by=cast.okafor, at=NOW), _unverified()
    row = queries.pack_of(version).row(row_id)
    assert not row.acts_fully(queries.signed_rows(version))
    actions.sign_rows(version.id, row_ids=[row_id], typed_name="dr ife okafor", by=cast.okafor, at=NOW)
    assert row.acts_fully(queries.signed_rows(version))
    assert queries.signatures(version)[row_id].signature.typed_name == "dr ife okafor"


@pytest.mark.parametrize(
    ("rows", "code"), [([], "NO_ROWS"), (["NO_SUCH_ROW"], "ROW_UNKNOWN"), ([_verified()], "ROW_VERIFIED")]
)
def test_what_cannot_be_signed_is_refused(cast: Cast, rows: list[str], code: str) -> None:
    version = actions.adopt(NAME, by=cast.okafor, at=NOW)
    with pytest.raises(Refused) as caught:
        actions.sign_rows(version.id, row_ids=rows, typed_name=cast.okafor.name, by=cast.okafor, at=NOW)
    assert [it.code for it in caught.value.objections] == [code]
    assert SignedRow.objects.count() == 0


@pytest.mark.parametrize("who", ["bello", "sam", "ada"])
def test_only_the_named_medical_director_signs_rows(cast: Cast, who: str) -> None:
    """H45: any prescriber could; being one is not being named."""
    version, by = actions.adopt(NAME, by=cast.okafor, at=NOW), getattr(cast, who)
    with pytest.raises(Refused) as caught:
        actions.sign_rows(version.id, row_ids=[_unverified()], typed_name=by.name, by=by, at=NOW)
    assert [it.code for it in caught.value.objections] == ["NOT_THE_DIRECTOR"]
    assert SignedRow.objects.count() == 0


def test_without_a_medical_director_nobody_signs(cast: Cast) -> None:
    """H45."""
    version = actions.adopt(NAME, by=cast.okafor, at=NOW)
    [duty] = duties.held("medical_director")
    accounts_actions.end_duty(duty.id, why="left", by=cast.ada, at=NOW)
    with pytest.raises(Refused) as caught:
        actions.sign_rows(
            version.id, row_ids=[_unverified()], typed_name=cast.okafor.name, by=cast.okafor, at=NOW
        )
    assert [it.code for it in caught.value.objections] == ["NO_DIRECTOR"]


def test_a_signature_in_another_name_signs_nothing(cast: Cast) -> None:
    version = actions.adopt(NAME, by=cast.okafor, at=NOW)
    with pytest.raises(Refused):
        actions.sign_rows(version.id, row_ids=[_unverified()], typed_name="Dr Bello", by=cast.okafor, at=NOW)
    assert SignedRow.objects.count() == 0


def test_when_the_record_fails_nothing_is_taken_over(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "record", lambda *a, **k: (_ for _ in ()).throw(RuntimeError("broken")))
    with pytest.raises(RuntimeError):
        actions.adopt(NAME, by=cast.okafor, at=NOW)
    assert PackVersion.objects.count() == 0
