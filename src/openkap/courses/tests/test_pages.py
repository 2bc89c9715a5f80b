"""The pages of a course, as the clinic uses them."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest

from openkap.chart import rules as charted
from openkap.consent import actions as consent_actions
from openkap.courses import queries
from openkap.courses.models import Course, Order
from openkap.courses.tests.scene import opened, ordered, stocked, weighed
from openkap.kernel.ids import uuid7
from openkap.kernel.refusal import Refused
from openkap.protocols import actions as protocols_actions
from tests.cast import NOW, Cast
from tests.packs import BUNDLED

DOSE = {"dose": "0,5", "infusion_minutes": "40", "weight_basis": "actual"}
BIG = {"dose": Decimal("1.1"), "confirmed_mg": Decimal("68.2"), "reason": "no effect"}


def _shown(response) -> str:
    """What was worked out, as the page sends it back with the signature."""
    found = re.search(r'name="shown" value="([0-9a-f]*)"', response.content.decode())
    assert found
    return found[1]


def test_a_coordinator_opens_a_course_and_sees_its_days(cast: Cast, client_as, once) -> None:
    version = protocols_actions.adopt(BUNDLED, by=cast.okafor, at=NOW)
    path, browser = f"/patients/{cast.amara.id}/courses/new/", client_as(cast.kit)
    typed = {"pack_version": version.id, "first_day": "2026-11-25", "per_week": "9", "goal": "to sleep"}
    assert browser.get(path).status_code == 200
    assert browser.post(path, {**typed, "once": once()}).status_code == 422
    assert Course.objects.count() == 0
    done = browser.post(path, {**typed, "per_week": "2", "once": once()})
    assert done.status_code == 302
    shown = browser.get(done["Location"]).content.decode()
    assert "to sleep" in shown
    assert "Wednesday, November 25" in shown
    assert f'href="/protocols/{Course.objects.get().pack_version_id}/"' in shown
    for actor in (cast.noor, cast.sam, cast.eve, cast.amara_herself):
        assert client_as(actor).get(path).status_code == 404


def test_the_prescriber_works_it_out_confirms_and_signs_on_the_page(cast: Cast, client_as, once) -> None:
    """H02: the amounts in every unit first, then mg beside mg/kg, then the name."""
    course, vial, browser = opened(cast), stocked(cast), client_as(cast.okafor)
    weighed(cast)
    path = f"/courses/{course.id}/orders/1/"
    assert b"136.7" in browser.get(path).content  # pounds, beside 62 kg
    typed = {**DOSE, "formulary_item": str(vial.id)}
    worked = browser.post(path, {**typed, "step": "work", "once": once()})
    assert worked.status_code == 200
    assert b"46.5" in worked.content
    sign = {**typed, "step": "sign", "shown": _shown(worked), "typed_name": cast.okafor.name}
    wrong = browser.post(path, {**sign, "confirmed_mg": "13", "once": once()})
    assert wrong.status_code == 422
    assert b"Which one is meant?" in wrong.content
    assert browser.post(path, {**sign, "confirmed_mg": "31", "once": once()}).status_code == 302
    assert b"31 mg" in browser.get(f"/courses/{course.id}/").content


@pytest.mark.parametrize("changed", [{"infusion_minutes": "45"}, {"shown": ""}])
def test_nobody_signs_amounts_they_have_not_seen(cast: Cast, client_as, once, changed) -> None:
    """H02, H03: 45 min for 40 changes the rate but not the mg; the page shows it again first."""
    course, vial, browser = opened(cast), stocked(cast), client_as(cast.okafor)
    weighed(cast)
    path, typed = f"/courses/{course.id}/orders/1/", {**DOSE, "formulary_item": str(vial.id)}
    shown = _shown(browser.post(path, {**typed, "step": "work", "once": once()}))
    sign = {**typed, "step": "sign", "shown": shown, "confirmed_mg": "31", "typed_name": cast.okafor.name}
    again = browser.post(path, {**sign, **changed, "once": once()})
    assert again.status_code == 422
    assert b"after it was worked out" in again.content
    assert Order.objects.count() == 0
    read = {**sign, **changed, "shown": _shown(again)}
    assert browser.post(path, {**read, "once": once()}).status_code == 302


def test_no_digit_is_signed_that_the_record_would_drop(cast: Cast, client_as, once) -> None:
    """H02: 0.12345 mg/kg would be stored as 0.123."""
    course, vial, browser = opened(cast), stocked(cast), client_as(cast.okafor)
    weighed(cast)
    typed = {**DOSE, "formulary_item": str(vial.id), "dose": "0.12345", "step": "work"}
    assert browser.post(f"/courses/{course.id}/orders/1/", {**typed, "once": once()}).status_code == 422


def test_from_bmi_30_both_weights_stand_side_by_side(cast: Cast, client_as, once) -> None:
    """H04: 100 kg at 165 cm; the ideal weight is 56.9 kg, and the prescriber chooses."""
    course, vial, browser = opened(cast), stocked(cast), client_as(cast.okafor)
    weighed(cast, "165", code=charted.HEIGHT, unit="cm")
    weighed(cast, "100")
    path, typed = f"/courses/{course.id}/orders/1/", {**DOSE, "formulary_item": str(vial.id), "step": "work"}
    shown = browser.post(path, {**typed, "once": once()}).content.decode()
    assert "actual weight" in shown
    assert "ideal weight" in shown
    assert "56.9 kg" in shown


def test_beyond_the_cap_the_page_names_rule_source_and_status_and_asks_a_second(
    cast: Cast, client_as, once
) -> None:
    """H06."""
    course, vial, browser = opened(cast), stocked(cast), client_as(cast.okafor)
    weighed(cast)
    typed = {**DOSE, "dose": "1.1", "formulary_item": str(vial.id), "step": "work"}
    shown = browser.post(f"/courses/{course.id}/orders/1/", {**typed, "once": once()}).content.decode()
    for words in ("G_CAP_IV", "a default of this software", "Another prescriber has to sign too"):
        assert words in shown
    order = ordered(cast, course, vial, **BIG)
    path = f"/orders/{order.id}/second/"
    assert path.encode() not in browser.get(f"/courses/{course.id}/").content
    own = browser.post(path, {"typed_name": cast.okafor.name, "once": once()})
    assert own.status_code == 422
    other = client_as(cast.bello)
    assert path.encode() in other.get(f"/courses/{course.id}/").content
    assert order.content.splitlines()[-1] in other.get(path).content.decode()
    assert other.post(path, {"typed_name": cast.bello.name, "once": once()}).status_code == 302
    assert queries.current_order(order.planned_session_id) == order


@pytest.mark.parametrize(
    ("dose", "minutes", "confirmed", "words"),
    [("5", "2", "310", "over the ceiling of 2 mg/kg"), ("0.5", "4", "31", "under the least of 10 min")],
)
def test_over_the_ceiling_nobody_signs_and_the_page_says_by_which_rule(
    cast: Cast, client_as, once, dose, minutes, confirmed, words
) -> None:
    """H06: the two orders of the trial. A reason and two prescribers do not help."""
    course, vial, browser = opened(cast), stocked(cast), client_as(cast.okafor)
    weighed(cast)
    typed = {
        **DOSE,
        "formulary_item": str(vial.id),
        "dose": dose,
        "infusion_minutes": minutes,
        "confirmed_mg": confirmed,
        "reason": "test",
    }
    path = f"/courses/{course.id}/orders/1/"
    shown = browser.post(path, {**typed, "step": "work", "once": once()}).content.decode()
    for part in (words, "G_CEILING_IV", "Nobody can sign over it", "Differs from the protocol"):
        assert part in shown
    with pytest.raises(Refused):
        ordered(
            cast,
            course,
            vial,
            dose=Decimal(dose),
            infusion_minutes=Decimal(minutes),
            confirmed_mg=Decimal(confirmed),
            reason="test",
        )
    assert Order.objects.count() == 0


def test_the_limits_and_the_protocols_own_row_are_on_the_order_page(cast: Cast, client_as) -> None:
    """H06, H45: with their status; the range of the studies is called what it is."""
    course, browser = opened(cast), client_as(cast.okafor)
    shown = browser.get(f"/courses/{course.id}/orders/1/").content.decode()
    for part in ("G_BANDS_IV", "G_CEILING_IV", "IV_DEP_STD", "a range of studies, not what is usual"):
        assert part in shown


def test_an_order_is_taken_back_with_a_reason_but_not_during_a_dose(cast: Cast, client_as, once) -> None:
    """H05."""
    course, browser = opened(cast), client_as(cast.okafor)
    weighed(cast)
    order = ordered(cast, course, stocked(cast))
    path, cause = f"/orders/{order.id}/withdraw/", ("dose", uuid7())
    consent_actions.begin_impairment(cast.amara.id, cause=cause, by=cast.sam, at=NOW)
    refused = browser.post(path, {"why": "new weight", "once": once()})
    assert refused.status_code == 422
    assert b"until the person has left" in refused.content
    assert b"no order can be signed now" in browser.get(f"/courses/{course.id}/orders/2/").content
    consent_actions.end_impairment(cast.amara.id, cause=cause, by=cast.sam, at=NOW)
    assert browser.post(path, {"why": "new weight", "once": once()}).status_code == 302
    assert b"new weight" in browser.get(f"/courses/{course.id}/").content


def test_a_course_is_ended_with_a_reason(cast: Cast, client_as, once) -> None:
    course, browser = opened(cast), client_as(cast.kit)
    path = f"/courses/{course.id}/end/"
    assert browser.post(path, {"why": "", "once": once()}).status_code == 422
    assert browser.post(path, {"why": "moved away", "once": once()}).status_code == 302
    assert b"not held" in browser.get(f"/courses/{course.id}/").content
    assert browser.post(path, {"why": "again", "once": once()}).status_code == 422


@pytest.mark.parametrize("name", ["okafor", "sam", "noor", "kit"])
def test_no_link_of_the_course_leads_to_a_shut_door(cast: Cast, client_as, name) -> None:
    course, browser = opened(cast), client_as(getattr(cast, name))
    weighed(cast)
    ordered(cast, course, stocked(cast))
    main = browser.get(f"/courses/{course.id}/").content.decode().split("<main", 1)[1]
    links = set(re.findall(r'href="(/[^"#]*)"', main))
    assert f"/patients/{cast.amara.id}/screening/" in links
    assert {link for link in links if browser.get(link).status_code != 200} == set()


def test_nobody_else_comes_near_a_course_or_its_orders(cast: Cast, client_as) -> None:
    """H40: not a stranger of the clinic, and orders are the prescribers' alone."""
    course = opened(cast)
    weighed(cast)
    order = ordered(cast, course, stocked(cast))
    of_course, of_orders = (
        [f"/courses/{course.id}/"],
        [f"/courses/{course.id}/orders/2/", f"/orders/{order.id}/second/", f"/orders/{order.id}/withdraw/"],
    )
    for actor, paths in (
        (cast.eve, of_course + of_orders),
        (cast.amara_herself, of_course + of_orders),
        (cast.robin, of_course + of_orders),
        (cast.sam, of_orders),
        (cast.kit, of_orders),
    ):
        browser = client_as(actor)
        assert {path for path in paths if browser.get(path).status_code != 404} == set()
