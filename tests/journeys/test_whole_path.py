"""One person from the referral to the follow-up, through every room, in a real browser."""

from __future__ import annotations

import json
import re
from decimal import Decimal

import pytest
from playwright.sync_api import expect

from openkap.alerts.models import Alert
from openkap.audit.delivery import delivery_of
from openkap.audit.models import Event
from openkap.audit.queries import verify
from openkap.consent import documents
from openkap.courses import queries as courses
from openkap.dispensary import actions as dispensary_actions
from openkap.dosing import facts
from openkap.dosing.events import SessionDischarged
from openkap.followup import actions as followup_actions
from openkap.followup import handlers
from openkap.followup.models import CheckIn, CheckInAnswer
from openkap.interop.fhir.tests import samples
from openkap.interop.hl7v2 import sending
from openkap.kernel.quantity import MilligramsPerMillilitre, plain
from openkap.measures import queries as measures
from openkap.notices.models import Notice
from openkap.watch import actions as watch_actions
from openkap.watch.models import Mark, Session, Vital
from openkap.watch.readings import BREATHING, HEART_RATE, OXIMETER_PULSE, SPO2

pytestmark = [
    pytest.mark.journey,
    # Static files are read in the server's own thread; the browser leaves some of them half-read.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore:StreamingHttpResponse must consume"),
]
DAY = {
    "alcohol_today": "no", "drugs_since_yesterday": "no", "fasting_followed": "yes",
    "pregnancy_possible": "no", "bladder_today": "no", "mood_worse": "no", "suicide_today": "no",
    "equipment_ready": "yes",
}  # fmt: skip
GRAVE = {HEART_RATE: 0, OXIMETER_PULSE: 0, SPO2: 0, BREATHING: 0}


def _recording() -> list[dict[str, Decimal]]:
    """A made-up monitor with the usual faults, and a moment that could be a loose probe or a dying person."""
    return [*sending.made_up(1), {code: Decimal(value) for code, value in GRAVE.items()}]


def test_one_person_walks_the_whole_path(committed, visitor, site_clock, monitors_port, tmp_path):
    """H01, H05, H08, H11 to H15, H19, H33: with zeros of every signal, a stop by mistake, and its rest."""
    cast, at = committed.cast, site_clock.now()
    with committed.inside():
        dispensary_actions.stock(
            product="racemic_iv", name="Ketamine 10 mg/mL", strength=MilligramsPerMillilitre.of("10"),
            vial_ml=Decimal(20), by=cast.ada, at=at,
        )  # fmt: skip
        monitor = watch_actions.add_monitor(identifier="BED-2", name="Monitor 2", by=cast.ada, at=at)
    kit, okafor, noor, june = (visitor(who) for who in (cast.kit, cast.okafor, cast.noor, cast.june))
    sam, amara = visitor(cast.sam, width=1024, height=768), visitor(cast.amara_herself, width=390, height=844)

    # The clinic takes its protocol over; a referral comes in from another system.
    okafor.open("/protocols/")
    okafor.press("Take over Intravenous ketamine for depression, six sessions")
    bundle = tmp_path / "referral.json"
    bundle.write_text(json.dumps(samples.bundle(samples.DEPRESSION, samples.SERTRALINE, samples.WEIGHT)))
    kit.open("/referrals/new/")
    kit.page.set_input_files("input[type=file]", str(bundle))
    kit.page.get_by_label("From whom").or_(kit.page.locator("[name=sender]")).first.fill("Dr Weiss")
    kit.press("Read the referral")
    expect(kit.page.get_by_text("not asked: the referral has no such list").first).to_be_visible()
    kit.page.locator(f"input[value='{cast.amara.id}']").check()
    kit.press("Take into the chart")
    chart = kit.page.url.removeprefix(kit.site)
    kit.open(f"{chart}escort/")
    kit.page.fill("[name=name]", "Kofi Osei")
    kit.page.fill("[name=phone]", "+1 212 555 0143")
    kit.press("Save the escort")

    # A questionnaire on the phone; item nine finds its owner at the tap.
    sam.open(f"{chart}measures/")
    sam.page.select_option("[name=measure]", "phq_9")
    sam.page.select_option("[name=owner]", str(cast.okafor.membership_id))
    sam.page.locator("main form:has([name=measure]) button[type=submit]").first.click()
    sam.look()
    with committed.inside():
        [asked] = measures.due(cast.amara.id)
        link = measures.link_path(asked)
    amara.open(link)
    for value in (2, 2, 2, 2, 1, 2, 1, 1, 1):
        amara.page.locator(f"button[name=value][value='{value}']").click()
        amara.look()
    expect(amara.page.get_by_text("988").first).to_be_visible()
    with committed.inside():
        alert = Alert.objects.get()
        assert alert.owner_id == cast.okafor.membership_id
    while "/end/" not in amara.page.url:
        amara.page.locator("button[name=value]").first.click()
        amara.look()
    amara.page.locator("main form button[type=submit]").first.click()
    amara.look()
    okafor.open(f"/alerts/{alert.id}/")
    okafor.press("I have seen it")
    okafor.page.check("input[name=outcome][value=plan]")
    okafor.page.fill("[name=note]", "Called her; plan renewed.")
    okafor.press("Close with this answer")

    # Screening: asked by the nurse, decided and signed by the prescriber.
    with committed.inside():
        from openkap.protocols import queries as protocols

        pack = protocols.pack_of(protocols.newest()[0])
    sam.open(f"{chart}screening/")
    for question in pack.questions:
        if question.day_only:
            continue
        answer = "yes" if question.name in ("capacity", "escort", "trials_two") else "no"
        sam.page.check(f"input[name={question.name}][value={answer}]")
    sam.press("Save the answers")
    sam.open(f"{chart}lists/")
    sam.page.locator("form[action*='allergy/none'] button, form:has([value=allergy]) button").first.click()
    sam.look()
    okafor.open(f"{chart}screening/")
    okafor.page.check("input[name=outcome][value=eligible]")
    okafor.page.fill("[name=typed_name]", cast.okafor.name)
    okafor.press("Decide and sign")
    expect(okafor.page.locator("#decided")).to_contain_text("Eligible")

    # Consent, read part by part by the person herself; her choices.
    amara.open("/me/")
    amara.press("Read the consent")
    for element in documents.current().elements:
        amara.page.fill(f"[name=answer_{element.id}]", f"In my words: {element.title.lower()}.")
    amara.page.get_by_role("button", name=re.compile("This is clear")).first.click()
    amara.page.wait_for_load_state()
    okafor.open(f"{chart}consent/talk/")
    for box in okafor.page.locator("[name=abilities]").all():
        box.check()
    okafor.page.check("[name=could_decide][value=yes]")
    okafor.page.fill("[name=typed_name]", cast.okafor.name)
    okafor.page.locator("main form button[type=submit]").click()
    expect(okafor.page.get_by_text("could decide").first).to_be_visible()
    okafor.look()
    amara.open(f"{chart}consent/")
    amara.page.fill("[name=typed_name]", "Amara Osei")
    amara.press("Sign")
    expect(amara.page.get_by_text("Take the consent back")).to_be_visible()
    amara.open(f"/patients/{cast.amara.id}/choices/")
    amara.page.check("input[name=touch][value=hand]")
    amara.page.check("input[name=music][value=soft]")
    amara.page.check("input[name=recording][value=none]")
    amara.page.fill("[name=stop_word]", "harbour")
    amara.page.fill("[name=what_helps]", "Count my breaths with me")
    amara.press("Save my choices")

    # The course, its preparation, its first order.
    okafor.open(f"{chart}courses/new/")
    okafor.page.fill("[name=first_day]", site_clock.now().date().isoformat())
    okafor.press("Open the course")
    course = okafor.page.url.removeprefix(okafor.site)
    expect(okafor.page.get_by_text("Preparation has not taken place").first).to_be_visible()
    noor.open(f"{course}preparation/")
    noor.page.fill("[name=hopes]", "To sit at the table again")
    noor.page.fill("[name=concerns]", "Losing control")
    noor.page.locator("form:has([name=hopes]) button[type=submit]").click()
    noor.look()
    noor.page.locator("form:has(input[name=form][value=goal]) [name=text]").fill(
        "Breakfast with the children"
    )
    noor.page.locator("form:has(input[name=form][value=goal]) button[type=submit]").click()
    noor.look()
    visit = noor.page.locator("form:has(input[name=form][value=visit])")
    visit.locator("[name=note]").fill("Saw the room; practised breathing.")
    visit.locator("[name=minutes]").fill("60")
    visit.locator("button[type=submit]").click()
    noor.look()
    noor.press("Preparation is done")
    sam.open(f"{chart}measurements/")
    sam.page.check("[name=weight_unit][value=kg]")
    for name, typed in {"weight": "62", "height": "5'6"}.items():
        sam.page.fill(f"[name={name}]", typed)
    sam.press("Save what was measured")
    okafor.open(f"{course}orders/1/")
    okafor.press("Work it out")
    expect(okafor.page.get_by_text("46.5")).to_be_visible()
    okafor.page.fill("[name=confirmed_mg]", "31")
    okafor.page.fill("[name=typed_name]", cast.okafor.name)
    okafor.press("Sign the order")

    # The dosing room: time-out by two people, a monitor paired, the dose.
    sam.open(f"{course}sessions/1/open/")
    sam.page.select_option("[name=room]", str(cast.room.id))
    sam.press("Open the session")
    before = sam.page.url.removeprefix(sam.site)
    sam.page.select_option("[name=monitor]", str(monitor.id))
    sam.press("This monitor is at this person")
    amara.open("/me/")
    amara.press("Read and promise")
    amara.page.fill("[name=signed_name]", "Amara Osei")
    amara.press("I promise")
    amara.look()
    sam.open(before)
    for name, answer in DAY.items():
        sam.page.check(f"input[name={name}][value={answer}]")
    sam.press("Write down what was said")
    sam.press("Gone through with the person")
    june.open(before)
    june.page.fill("[name=strength]", "50")
    june.page.fill("[name=rate]", "46.5")
    june.press("I have checked it")
    expect(june.page.get_by_text("The vial says 50 mg/mL").first).to_be_visible()
    june.page.fill("[name=strength]", "10")
    june.press("I have checked it")
    expect(june.page.get_by_text("vial 10 mg/mL, pump 46.5 mg/h")).to_be_visible()
    june.look()
    room = before.replace("before/", "")
    _vitals(sam, room, pressure="124/78", heart_rate="72", spo2="98")
    expect(sam.page.get_by_text("124").first).to_be_visible()
    _alert(sam, room)
    sam.open(before)
    sam.page.fill("[name=initials]", "AO")
    sam.page.fill("[name=birth_year]", "1958")
    sam.press("Start the dose")
    expect(sam.page.get_by_text("not those of this record").first).to_be_visible()
    sam.page.fill("[name=initials]", "AO")
    sam.page.fill("[name=birth_year]", "1985")
    sam.press("Start the dose")

    # The pump, as it is written down: paused and on again, seen on another screen without a reload.
    sam.open(room)
    okafor.open(room)
    _is_live(okafor)
    sam.press("Pause")
    expect(okafor.page.get_by_text("Infusion paused")).to_be_visible()
    sam.press("Go on")
    expect(okafor.page.get_by_text("Infusion running")).to_be_visible()

    # The monitor speaks; what it says moves the open page, and what cannot be true is not charted.
    expect(okafor.page.locator("[data-tile=rate]")).to_contain_text("hand")
    answers = list(
        sending.send(_recording(), monitor="BED-2", address=("127.0.0.1", monitors_port), speed=6000)
    )
    assert {code for _, code in answers} == {"AA"}
    expect(okafor.page.locator("[data-tile=rate]")).to_contain_text("monitor")
    expect(okafor.page.locator("#live-state")).to_contain_text("monitor heard")
    _is_live(okafor)
    with committed.inside():
        kept = Vital.objects.filter(source="monitor")
        assert kept.filter(standing="absent", value=0).exists()
        assert kept.filter(standing="implausible").exists()
        assert kept.filter(standing="unconfirmed").exists()
        assert not kept.filter(standing="plausible", value=0).exists()
        assert not kept.filter(standing="plausible", value__gt=250).exists()
        assert not kept.filter(standing="plausible", code="8480-6", value__lte=40).exists()
        assert Mark.objects.filter(cause="look_now").exists()
    sam.page.locator("[data-dialog=adverse_event], a[href*='open=adverse_event']").first.click()
    sam.page.fill("dialog[open] [name=term]", "Nausea")
    sam.page.select_option("dialog[open] [name=grade]", "1")
    sam.page.locator("dialog[open] button[type=submit]").click()

    # While marks ask for a stop nobody goes on; each is answered, and ended by measuring or by a word.
    sam.open(room)
    sam.press("Pause")
    sam.press("Go on")
    expect(sam.page.get_by_text("it bars all the same").first).to_be_visible()
    site_clock.move_on(minutes=6)
    _answer_marks(sam, room)
    _measure_well(sam, room)
    sam.open(room)
    sam.press("Go on")
    expect(sam.page.get_by_text("Infusion running")).to_be_visible()

    # Stop is pressed for Pause: the rest by a new order, checked by two people again, and given to its end.
    sam.page.locator(".pump button[value=stop]").click()
    expect(sam.page.get_by_text("Infusion stopped")).to_be_visible()
    okafor.open(f"{room}rest/")
    with committed.inside():
        session = Session.objects.get()
        left = plain(facts.left_of(session, at=site_clock.now()))
    okafor.page.fill("[name=dose_mg]", left)
    okafor.page.fill("[name=why]", "Stop was pressed for Pause")
    okafor.page.fill("[name=typed_name]", cast.okafor.name)
    okafor.press("Sign the order")
    june.open(before)
    june.page.fill("[name=strength]", "10")
    june.page.fill("[name=rate]", "46.5")
    june.press("I have checked it")
    sam.open(before)
    sam.page.fill("[name=initials]", "AO")
    sam.page.fill("[name=birth_year]", "1985")
    sam.press("Start the dose")
    sam.open(room)
    expect(sam.page.get_by_text("Infusion running")).to_be_visible()

    # A page signs nothing now; leaving is refused as long as anything is missing.
    amara.open(f"/patients/{cast.amara.id}/consent/")
    expect(amara.page.get_by_text("nothing is signed now")).to_be_visible()
    site_clock.move_on(minutes=45)
    sam = visitor(cast.sam, width=1024, height=768)
    sam.open(room)
    sam.press("It is through: end")
    expect(sam.page.get_by_text("Infusion ended")).to_be_visible()
    sam.open(f"{room}discharge/")
    expect(sam.page.get_by_text("Observation is 60 min")).to_be_visible()
    expect(sam.page.get_by_role("button", name="Discharge now")).to_have_count(0)

    # An hour later everything is measured again, every mark answered; she goes home with Kofi.
    site_clock.move_on(minutes=75)
    sam, noor, okafor = visitor(cast.sam, width=1024, height=768), visitor(cast.noor), visitor(cast.okafor)
    kit, amara = visitor(cast.kit), visitor(cast.amara_herself, width=390, height=844)
    _answer_marks(sam, room)
    _measure_well(sam, room)
    sam.open(f"{room}discharge/")
    _say_all_is_well(sam)
    sam.press("Discharge now")
    expect(sam.page.get_by_text("by Sam Rivera")).to_be_visible()
    summary = sam.page.request.get(f"{sam.site}{room}summary.pdf")
    assert summary.body().startswith(b"%PDF")

    # Integration opens the way to the next dose; the check-ins follow; silence has an owner.
    noor.open(f"{course}integration/")
    visit = noor.page.locator("form:has(input[name=form][value=visit])")
    visit.locator("[name=note]").fill("A house with open windows.")
    visit.locator("[name=minutes]").fill("50")
    visit.locator("button[type=submit]").click()
    noor.look()
    with committed.inside():
        event = Event.objects.get(verb="dosing.discharged")
        handlers.on_discharged(delivery_of(event, SessionDischarged))
        assert CheckIn.objects.count() == 4
    site_clock.move_on(hours=2, minutes=5)
    amara = visitor(cast.amara_herself, width=390, height=844)
    with committed.inside():
        followup_actions.sweep(by=cast.kit, at=site_clock.now())
        notice = Notice.objects.get(kind="check_in_link")
    amara.open(notice.link_path)
    for name in ("feeling", "home", "body", "safe"):
        best = {"feeling": "well", "home": "yes"}.get(name, "no")
        amara.page.check(f"input[name={name}][value={best}]")
    amara.press("Send")
    site_clock.move_on(hours=30)
    okafor = visitor(cast.okafor)
    with committed.inside():
        assert CheckInAnswer.objects.count() == 1
        followup_actions.sweep(by=cast.kit, at=site_clock.now())
        assert Alert.objects.filter(kind="silence").count() == 1
    okafor.open(chart)
    expect(okafor.page.get_by_text("No answer to the check-in").first).to_be_visible()
    okafor.open("/")
    with committed.inside():
        assert verify(cast.clinic.id) == []
        step = courses.next_step(courses.of_patient(cast.amara.id), today=site_clock.now().date())
        assert (step.key, step.session_number) == ("dosing", 2)


def _say_all_is_well(nurse) -> None:
    for name in ("gait_steady", "oriented", "escort_seen"):
        nurse.page.check(f"input[name={name}][value=yes]")
    nurse.page.fill("[name=escort_name]", "Kofi Osei")


def _vitals(nurse, room: str, **values: str) -> None:
    nurse.open(f"{room}?open=vitals")
    for name, value in values.items():
        nurse.page.fill(f"dialog[open] [name={name}]", value)
    nurse.page.locator("dialog[open] button[type=submit]").click()
    expect(nurse.page.locator("dialog#d-vitals[open]")).to_have_count(0)


def _alert(nurse, room: str) -> None:
    nurse.open(f"{room}?open=alertness")
    nurse.page.check("dialog[open] input[name=moaas][value='5']")
    nurse.page.locator("dialog[open] button[type=submit]").click()
    expect(nurse.page.locator("dialog#d-alertness[open]")).to_have_count(0)


def _measure_well(nurse, room: str) -> None:
    _vitals(nurse, room, pressure="126/80", heart_rate="74", spo2="98", breathing="14")
    _alert(nurse, room)


def _is_live(visitor) -> None:
    """The screen says that it is live, by its own clock, and not by a word that always stands there."""
    expect(visitor.page.locator("#live-state.live")).to_contain_text("Screen live")


def _answer_marks(nurse, room: str) -> None:
    """Every mark is answered by its own form, with words; what only a person can end, a person ends."""
    for _ in range(30):
        nurse.open(room)
        waiting = nurse.page.locator("article.mark form.mark-answer:has([name=action])")
        if waiting.count() == 0:
            return
        form = waiting.first
        assert form.locator("[name=action]").input_value() == ""
        form.get_by_text("Looked at the person: awake, breathing well").click()
        by_word = form.locator("button[value=no], button:has-text('It has passed')")
        (by_word if by_word.count() else form.locator("button")).first.click()
        nurse.page.wait_for_load_state()
    raise AssertionError("The marks do not end.")
