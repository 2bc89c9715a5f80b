"""Deciding: signed by a prescriber, on what was known, and twice where the rule says so."""

from __future__ import annotations

import pytest

from openkap.alerts.models import Alert
from openkap.audit.models import Event
from openkap.chart import actions as chart_actions
from openkap.kernel.answer import Answer
from openkap.kernel.code import Code
from openkap.kernel.refusal import Refused
from openkap.protocols import actions as protocols_actions
from openkap.protocols import queries as packs
from openkap.screening import actions, queries, rules
from openkap.screening.facts import from_dict
from openkap.screening.models import Decision, SecondSignature
from tests.cast import NOW, Cast
from tests.packs import BUNDLED


@pytest.fixture
def version(cast: Cast):
    return protocols_actions.adopt(BUNDLED, by=cast.okafor, at=NOW)


def _ask(cast: Cast, version, **other: Answer) -> None:
    """Everything is asked; what is not named is as in a person against whom nothing stands."""
    pack = packs.pack_of(version)
    usual = {"capacity": Answer.YES, "escort": Answer.YES, "trials_two": Answer.YES}
    answers = {q.name: (other.get(q.name, usual.get(q.name, Answer.NO)), "") for q in pack.questions}
    chart_actions.answer_facts(cast.amara.id, answers=answers, by=cast.sam, at=NOW)
    chart_actions.add_entry(
        cast.amara.id,
        kind="problem",
        text="Depression",
        code=Code("icd10cm", "F33.1"),
        known_code=True,
        by=cast.sam,
        at=NOW,
    )
    for kind in ("medicine", "allergy"):
        chart_actions.answer_list(cast.amara.id, kind=kind, answer=Answer.NO, by=cast.sam, at=NOW)


def _decide(cast: Cast, version, **more) -> Decision:
    typed = {"outcome": "eligible", "reason": "", "typed_name": cast.okafor.name, "by": cast.okafor, **more}
    return actions.decide(cast.amara.id, pack_version_id=version.id, at=NOW, **typed)


def test_a_decision_keeps_what_it_rested_on_and_can_be_replayed(cast: Cast, version) -> None:
    _ask(cast, version, airway=Answer.YES)
    decision = _decide(cast, version, outcome="conditional")
    found = rules.assess(from_dict(decision.facts), pack=packs.pack_of(version))
    assert actions.as_data(found.findings) == decision.findings
    assert decision.signature.covers(decision.content.encode())
    assert queries.last(cast.amara.id) == decision


def test_nobody_signs_before_everything_was_asked(cast: Cast, version) -> None:
    """H16, H17: what was not asked is not “no”."""
    events = Event.objects.count()
    with pytest.raises(Refused) as caught:
        _decide(cast, version, reason="I know her")
    assert "NOT_ASKED_MORE" in {it.code for it in caught.value.objections}
    assert (Decision.objects.count(), Event.objects.count()) == (0, events)


def test_only_a_prescriber_decides(cast: Cast, version) -> None:
    _ask(cast, version)
    with pytest.raises(Refused) as caught:
        _decide(cast, version, by=cast.sam, typed_name=cast.sam.name)
    assert [it.code for it in caught.value.objections] == ["PRESCRIBERS_ONLY"]


def test_against_an_exclusion_two_prescribers_sign(cast: Cast, version) -> None:
    _ask(cast, version, liver_severe=Answer.YES)
    with pytest.raises(Refused):
        _decide(cast, version)
    decision = _decide(cast, version, reason="transplanted in spring, liver well now")
    assert queries.waits_for_second(decision)
    with pytest.raises(Refused) as caught:
        actions.second(decision.id, typed_name=cast.okafor.name, by=cast.okafor, at=NOW)
    assert [it.code for it in caught.value.objections] == ["SECOND_BY_SAME"]
    actions.second(decision.id, typed_name=cast.bello.name, by=cast.bello, at=NOW)
    assert not queries.waits_for_second(queries.one(decision.id))
    with pytest.raises(Refused):
        actions.second(decision.id, typed_name=cast.bello.name, by=cast.bello, at=NOW)
    assert SecondSignature.objects.count() == 1


def test_when_the_record_fails_nothing_is_decided(cast: Cast, version, monkeypatch) -> None:
    _ask(cast, version)
    monkeypatch.setattr(actions, "record", lambda *a, **k: (_ for _ in ()).throw(RuntimeError("broken")))
    with pytest.raises(RuntimeError):
        _decide(cast, version)
    assert Decision.objects.count() == 0


def test_the_page_asks_finds_and_signs(cast: Cast, version, client_as, once) -> None:
    address = f"/patients/{cast.amara.id}/screening/"
    nurse = client_as(cast.sam)
    first = nurse.get(address).content.decode()
    assert "What is missing is unknown, not normal" in first
    assert 'name="outcome"' not in first
    assert "not known yet" in first
    assert 'class="tag ok"' not in first
    pack = packs.pack_of(version)
    typed = {q.name: "no" for q in pack.questions} | {"capacity": "yes", "escort": "yes", "trials_two": "yes"}
    sent = nurse.post(address, {**typed, "form": "answers", "once": once()})
    assert sent.status_code == 302
    _ask(cast, version)
    prescriber = client_as(cast.okafor)
    wrong = prescriber.post(
        address, {"form": "decide", "outcome": "eligible", "typed_name": "Somebody", "once": once()}
    )
    assert wrong.status_code == 422
    assert b"Type your name as it stands here" in wrong.content
    done = prescriber.post(
        address, {"form": "decide", "outcome": "eligible", "typed_name": cast.okafor.name, "once": once()}
    )
    assert done.status_code == 302
    assert queries.last(cast.amara.id).outcome == "eligible"
    assert client_as(cast.eve).get(address).status_code == 404


def test_the_second_prescriber_reads_what_was_found_and_signs_alone(
    cast: Cast, version, client_as, once
) -> None:
    """H17: in the words that were asked, with rule, source and who may decide otherwise."""
    _ask(cast, version, liver_severe=Answer.YES)
    decision = _decide(cast, version, reason="transplanted in spring, liver well now")
    address = f"/screenings/{decision.id}/second/"
    own = client_as(cast.okafor).post(address, {"typed_name": cast.okafor.name, "once": once()})
    assert own.status_code == 422
    bello = client_as(cast.bello)
    shown = bello.get(address).content.decode()
    for words in (
        "Severe liver disease: avoid.",
        "Severe liver disease (Child-Pugh C)? Yes",
        "RC_HEPATIC_C_RAC",
        "deciding otherwise needs a second prescriber",
        "verified in its source",
        "transplanted in spring",
    ):
        assert words in shown
    assert bello.post(address, {"typed_name": cast.bello.name, "once": once()}).status_code == 302
    assert not queries.waits_for_second(queries.last(cast.amara.id))
    assert client_as(cast.sam).get(address).status_code == 404


def test_a_yes_to_acute_thoughts_of_suicide_has_an_owner_at_once(
    cast: Cast, version, client_as, once
) -> None:
    """H12"""
    pack = packs.pack_of(version)
    typed = {q.name: "no" for q in rules.asked_of(pack, queries.facts_of(cast.amara, at=NOW))}
    address = f"/patients/{cast.amara.id}/screening/"
    sent = client_as(cast.sam).post(
        address, {**typed, "suicide_acute": "yes", "form": "answers", "once": once()}
    )
    assert sent.status_code == 302
    alert = Alert.objects.get()
    assert (alert.kind, alert.severity, alert.owner_id) == ("suicidality", "urgent", cast.sam.membership_id)
    again = {**typed, "suicide_acute": "yes", "form": "answers", "once": once()}
    client_as(cast.sam).post(address, again)
    assert Alert.objects.count() == 1


def test_the_letter_of_the_evidence_is_named_as_this_softwares_own_reading(
    cast: Cast, version, client_as
) -> None:
    _ask(cast, version)
    shown = client_as(cast.okafor).get(f"/patients/{cast.amara.id}/screening/").content.decode()
    assert "Our own reading of these sources" in shown
    assert "None of them gives this letter." in shown
    assert "Grade A" not in shown
