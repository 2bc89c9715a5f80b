"""A pack either loads whole, with every row's status and source, or says what is wrong with it."""

from __future__ import annotations

import copy
from decimal import Decimal
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from openkap.kernel.evidence import Status
from openkap.kernel.quantity import Minutes
from openkap.protocols import loading, rules
from openkap.protocols.administration import Infusion
from openkap.protocols.loading import PackError, load, load_bundled, read
from openkap.protocols.pack import Test
from openkap.protocols.reasons import ProtocolsReason
from tests.packs import BUNDLED

NAME = BUNDLED


@pytest.fixture
def body() -> dict:
    return copy.deepcopy(loading.bundled_body(NAME))


def _errors(body: dict) -> str:
    with pytest.raises(PackError) as caught:
        load(body)
    return "\n".join(caught.value.errors)


def test_the_bundled_pack_loads_with_its_dose_schedule_and_leaving_rule():
    pack = load_bundled(NAME)
    assert str(pack.dose.amount.usual) == "0.5 mg/kg"
    assert pack.dose.administration == Infusion(Minutes.of(40), Minutes.of(2), Minutes.of(100))
    assert (pack.schedule.sessions, pack.schedule.weeks) == (6, (2, 3))
    assert (pack.discharge.observe_minutes, pack.discharge.counts_from) == (60, "end")
    assert pack.interval.hours == 48
    assert len(pack.consent_elements) == 16


def test_eight_sessions_differ_from_six_in_what_they_are_for_and_when_they_are_and_in_nothing_else():
    six, eight = load_bundled(NAME), load_bundled(loading.newest_of("iv-eight-sessions"))
    assert (eight.indications, eight.schedule.sessions) == (("BPD_DEP", "PTSD"), 8)
    assert (eight.schedule.per_week, eight.schedule.weeks) == ((2, 2), (4, 4))
    own = {row.id for _, rows in eight.rows() for row in rows} ^ {
        row.id for _, rows in six.rows() for row in rows
    }
    assert own == {"IV_SCHEDULE_8", "IV_SCHEDULE_TRD"}
    same = [row for _, rows in six.rows() for row in rows if row.id not in own]
    assert same == [row for _, rows in eight.rows() for row in rows if row.id not in own]


@pytest.mark.parametrize("name", loading.bundled_names())
def test_every_row_has_words_and_a_status_and_every_verified_row_a_source(name):
    for _, rows in load_bundled(name).rows():
        for row in rows:
            assert row.text
            assert row.status in Status
            assert row.sources or row.status is not Status.VERIFIED


def test_a_verified_row_without_a_source_does_not_load(body):
    body["contraindications"][2]["src"] = []
    assert "row RC_ICP_RACEMIC › src: a verified row needs a source" in _errors(body)


def test_every_fault_is_named_at_once_by_row_and_field(body):
    body["contraindications"][0]["outcome"] = "perhaps"
    body["interactions"][1]["severity"] = "big"
    del body["monitoring"]["measures"]
    told = _errors(body)
    assert "row CI_RACEMIC_VASC › outcome" in told
    assert "row DDI_BZD_EFF › severity" in told
    assert "row MON_IV" in told
    assert "measures" in told


@pytest.mark.parametrize(
    ("row", "of", "side", "value", "fault"),
    [
        ("G_BANDS_IV", "mg_per_kg", "over", "1.2", "the doses must rise"),
        ("G_BANDS_IV", "mg_per_kg", "over", "0.4", "the doses must rise"),
        ("G_CEILING_IV", "mg_per_kg", "over", "0.9", "the doses must rise"),
        ("G_BANDS_IV", "minutes", "under", "45", "the times must rise"),
        ("G_CEILING_IV", "mg_per_kg_per_h", "over", "1.2", "the rates must rise"),
        ("G_CAP_IV", "mg_per_kg", "over", "2.1", "the doses must rise"),
    ],
)
def test_bands_that_do_not_lie_inside_one_another_do_not_load(body, row, of, side, value, fault):
    """H06, H45: a ceiling under a band is a slip of hand, and so is a usual dose beyond one."""
    limits = next(it for it in (*body["bands"], body["ceiling"]) if it["id"] == row)["limits"]
    next(it for it in limits if it["of"] == of and side in it)[side] = value
    assert fault in _errors(body)


def test_a_row_that_points_to_no_source_or_to_a_fact_nobody_asks_does_not_load(body):
    body["dilution"]["src"] = ["NOWHERE"]
    body["contraindications"][3]["when"]["yes_to"] = ["shoe_size"]
    told = _errors(body)
    assert "no source “NOWHERE”" in told
    assert "nobody asks for “shoe_size”" in told


def test_an_id_used_twice_does_not_load(body):
    body["workup"][1]["id"] = body["workup"][0]["id"]
    assert "used twice" in _errors(body)


def test_a_chosen_interval_outside_its_own_range_does_not_load(body):
    body["monitoring"]["during_minutes"] = 40
    body["dose"]["per_kg"]["usual"] = "5"
    told = _errors(body)
    assert "during_minutes: outside 10 to 15" in told
    assert "usual: outside 0.1 to 0.75" in told


@pytest.mark.parametrize("text", ["", "- a list", "a: [", "no: 1"])
def test_what_is_no_pack_is_refused_in_words(text):
    with pytest.raises(PackError) as caught:
        load(read(text))
    assert caught.value.errors


def test_there_is_no_way_to_a_file_beside_the_packs():
    with pytest.raises(PackError):
        loading.bundled_body("../../../../etc/passwd")


def test_the_hash_speaks_of_content_and_not_of_layout(body):
    turned = yaml.safe_load(yaml.safe_dump(body, sort_keys=True))
    assert loading.content_hash(turned) == load_bundled(NAME).hash
    body["discharge"]["moaas"] = 4
    assert loading.content_hash(body) != load_bundled(NAME).hash


def test_a_row_acts_fully_when_verified_or_signed_and_not_before():
    pack = load_bundled(NAME)
    verified, default = pack.row("RC_ICP_RACEMIC"), pack.row("RC_CV_RECENT")
    assert verified.acts_fully(frozenset())
    assert not default.acts_fully(frozenset())
    assert default.acts_fully(frozenset({"RC_CV_RECENT"}))
    assert pack.row("NO_SUCH_ROW") is None


@given(st.decimals(0, 300, places=1), st.decimals(1, 299, places=1))
def test_a_comparison_is_true_on_exactly_one_side(measured: Decimal, limit: Decimal):
    def holds(op: str) -> bool:
        return Test("sbp", op, limit).holds(measured)

    assert holds("lt") != holds("ge")
    assert holds("gt") != holds("le")


def test_a_fall_is_measured_from_the_first_value_and_from_nothing_else():
    fall = Test("spo2", "below_baseline", Decimal(4))
    assert fall.holds(Decimal(94), baseline=Decimal(98))
    assert not fall.holds(Decimal(95), baseline=Decimal(98))
    assert not fall.holds(Decimal(80))


def _row_line(row) -> str:
    """What a row does, in one line: flag and outcome of a contraindication, status, codes, sources."""
    words = [row.id]
    if hasattr(row, "outcome"):
        words += [row.flag, row.outcome]
    words.append(row.status.value)
    if hasattr(row, "when"):
        words.append(",".join(sorted({*row.when.icd10cm, *row.when.icd10cm_ever})) or "-")
    return " ".join([*words, ",".join(source.key for source in row.sources) or "-"])


def test_no_row_changes_what_it_does_unseen():
    """`rows.txt` was held against the facts row by row: a change here is a change there, with its source."""
    pack = load_bundled(NAME)
    stated = Path(__file__).with_name("rows.txt").read_text("utf-8").splitlines()
    assert [_row_line(row) for row in (*pack.contraindications, *pack.interactions)] == stated


def test_a_row_that_was_signed_is_not_signed_again():
    pack = load_bundled(NAME)
    told = rules.objections_to_rows(pack, ["RC_CV_RECENT"], signed=frozenset({"RC_CV_RECENT"}))
    assert [it.reason for it in told] == [ProtocolsReason.ROW_SIGNED]
