"""A refusal loses nothing and leads nowhere wrong: forms name their address, refusals have a page (H35).

A page that is shown again after a refusal stands under the refused address. A form on it without an address
of its own would be sent there: the words of one form were lost in another's refusal.
"""

from __future__ import annotations

import re
import uuid

import pytest
from django.urls import resolve, reverse

from openkap.accounts import actions as accounts_actions
from openkap.accounts import registry
from openkap.accounts.models import Invitation
from openkap.chart import actions as chart_actions
from openkap.consent import actions as consent_actions
from openkap.kernel.refusal import Refused
from openkap.notices import actions as notices_actions
from openkap.notices.channels import email_to
from openkap.people import actions as people_actions
from openkap.tenancy.context import inside
from tests.architecture.reading import SOURCE
from tests.architecture.test_urls import SOURCES, _keys
from tests.cast import NOW, Cast
from tests.refusals import said

TEMPLATES = sorted(SOURCE.glob("*/templates/**/*.html"))


def _forms(text: str) -> list[str]:
    """The opening tags of a template's forms. Django's tags may hold a sign that ends no HTML tag."""
    return [tag for tag in re.findall(r"<form\b.*?(?<![%}-])>", text, re.DOTALL) if 'method="post"' in tag]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_every_form_that_posts_names_its_address(path):
    without = [tag for tag in _forms(path.read_text(encoding="utf-8")) if "action=" not in tag]
    assert without == []


def _posted_only() -> list[tuple[str, str]]:
    """The addresses of a clinic's rooms that take a form and show no page of their own."""
    return [
        (route, name)
        for route, name, callback in registry.patterns()
        if set(registry.grants_of(callback)) == {"POST"}
        and not any(grant.outside_clinic or grant.link for grant in registry.grants_of(callback).values())
    ]


def test_there_are_such_addresses():
    assert len(_posted_only()) > 15


@pytest.mark.django_db
def test_from_every_refused_address_every_form_leads_to_where_it_belongs(client_as, monkeypatch, harbour):
    """Every address that only takes forms is refused; each form on the page that comes back is posted.

    It goes where it says, and that takes a form: nothing typed on that page is sent where it does not belong.
    """
    with inside(harbour, role="system"):
        actors = _everyone()
        tried, posted = 0, set()
        for route, name in _posted_only():
            values = _values(route, name)
            if values is None:
                continue
            address = reverse(name, kwargs=values)
            for actor in actors:
                page = client_as(actor).post(address, {"why": "", "note": "", "hopes": "", "concerns": ""})
                if page.status_code != 422:
                    continue
                tried += 1
                shown = page.content.decode()
                assert any(it in shown for it in ("Not done", 'role="alert"', 'class="errors"')), route
                for target in re.findall(r'<form\b[^>]*\baction="([^"]*)"', shown):
                    found = resolve(target.split("?")[0])
                    assert "POST" in registry.grants_of(found.func), f"{route}: {target}"
                    if target not in posted and found.view_name != "account_logout":
                        sent = client_as(actor).post(target, {})
                        assert sent.status_code < 500, f"{route}: {target}"
                        assert sent.status_code != 405, f"{route}: {target}"
                        posted.add(target)
                assert not re.findall(r'<form(?![^>]*action=)[^>]*method="post"', shown), route
    assert tried > 8
    assert len(posted) > 8


def _everyone():
    from openkap.accounts.actor import Actor
    from openkap.accounts.models import Membership

    rows = Membership.objects.exclude(role="patient").select_related("user").order_by("user__name")
    return [
        Actor(it.clinic_id, it.role, it.user.name, user_id=it.user_id, membership_id=it.id) for it in rows
    ]


def _values(route: str, name: str) -> dict[str, object] | None:
    """Keys for an address, from the demo's own rows."""
    values: dict[str, object] = {}
    for key, kind in _keys(route).items():
        if key in SOURCES:
            row = SOURCES[key].objects.order_by("id").first()
            if row is None:
                return None
            values[key] = row.id
        else:
            values[key] = {"int": 1, "uuid": uuid.uuid4(), "str": "allergy"}[kind]
    return values


def _refusals(cast: Cast) -> dict[str, tuple[object, str, dict[str, str], str]]:
    """Acts that are refused at addresses without a page of their own: who, where, what, and the words."""
    chart_actions.add_entry(cast.amara.id, kind="allergy", text="latex", by=cast.sam, at=NOW)
    people_actions.leave_care_team(cast.amara.id, membership_id=cast.june.membership_id, by=cast.kit, at=NOW)
    invitation = accounts_actions.invite(email="n@example.org", name="New", role="nurse", by=cast.ada, at=NOW)
    Invitation.objects.filter(id=invitation.id).update(accepted_at=NOW)
    return {
        "people": (
            cast.kit,
            f"/patients/{cast.amara.id}/care-team/{cast.june.membership_id}/leave/",
            {},
            "They are not in this care team.",
        ),
        "chart": (
            cast.sam,
            f"/patients/{cast.amara.id}/lists/allergy/none/",
            {},
            "The list has entries; void them first if they are wrong.",
        ),
        "accounts": (
            cast.ada,
            f"/team/invitations/{invitation.id}/withdraw/",
            {},
            "The invitation has been accepted",
        ),
    }


@pytest.mark.parametrize("room", ["people", "chart", "accounts"])
def test_a_refused_act_comes_back_with_its_page_and_the_reason(
    cast: Cast, client_as, once, room: str
) -> None:
    """The trial: five views answered 500 or an empty page after a refusal."""
    who, address, typed, words = _refusals(cast)[room]
    page = client_as(who).post(address, {**typed, "once": once()})
    assert page.status_code == 422
    assert words in page.content.decode()
    assert "<nav" in page.content.decode()


def test_a_product_is_withdrawn_once_and_a_goal_closed_once(cast: Cast, client_as, once) -> None:
    from openkap.dispensary import actions as dispensary_actions
    from openkap.dosing.tests.scene import course_of
    from openkap.kernel.quantity import MilligramsPerMillilitre
    from openkap.therapy import actions as therapy_actions

    item = dispensary_actions.stock(
        product="racemic_iv",
        name="Ketamine",
        strength=MilligramsPerMillilitre.of(10),
        vial_ml=20,
        by=cast.okafor,
        at=NOW,
    )
    goal = therapy_actions.set_goal(course_of(cast).id, text="Call my sister", by=cast.noor, at=NOW)
    for who, address, words in (
        (cast.ada, f"/formulary/{item.id}/withdraw/", "already been withdrawn"),
        (cast.noor, f"/goals/{goal.id}/close/", "goal"),
    ):
        browser = client_as(who)
        assert browser.post(address, {"why": "old", "met": "yes", "once": once()}).status_code == 302
        again = browser.post(address, {"why": "old", "met": "yes", "once": once()})
        assert again.status_code == 422
        assert words in again.content.decode()


def test_what_stands_in_no_field_of_the_page_that_comes_back_is_listed_on_it(
    cast: Cast, client_as, once, monkeypatch
) -> None:
    """The mechanism: whatever a page forgets, the person reads why, and their words are not gone."""
    notice = notices_actions.queue(
        kind="measure", to=email_to("a@example.org"), link_path="/m/x/",
        owner_membership_id=cast.kit.membership_id, by=cast.kit, at=NOW,
    )  # fmt: skip

    def refuses(*args: object, **kwargs: object) -> None:
        raise Refused(said("The clinic says no."))

    monkeypatch.setattr(notices_actions, "withdraw", refuses)
    typed = {"why": "Two long sentences that somebody wrote.", "once": once()}
    page = client_as(cast.kit).post(f"/notices/{notice.id}/withdraw/", typed)
    assert page.status_code == 422
    shown = page.content.decode()
    assert "The clinic says no." in shown
    assert "Two long sentences that somebody wrote." in shown
    assert shown.count(typed["once"]) == 0


def test_the_words_of_preparation_are_never_lost_on_a_refusal(cast: Cast, client_as, once) -> None:
    """The trial: “what you typed is still here” stood over empty fields, and saving was refused again."""
    from openkap.dosing.tests.scene import course_of
    from openkap.therapy import queries as therapy_queries

    course = course_of(cast, with_preparation=False)
    noor, done = client_as(cast.noor), f"/courses/{course.id}/preparation/done/"
    typed = {"hopes": "To feel again.", "concerns": "Losing control.", "earlier_states": ""}
    refused = noor.post(done, {**typed, "form": "words", "once": once()})
    assert refused.status_code == 422
    shown = refused.content.decode()
    assert "To feel again." in shown
    assert "Losing control." in shown
    assert therapy_queries.preparation(course.id) is None
    [target] = re.findall(r'<form method="post" action="([^"]*)" id="words"', shown)
    assert noor.post(target, {**typed, "form": "words", "once": once()}).status_code == 302
    assert therapy_queries.preparation(course.id).hopes == "To feel again."


def test_preparation_that_is_done_saves_the_words_that_stand_on_the_page(cast: Cast, client_as, once) -> None:
    from openkap.dosing.tests.scene import course_of
    from openkap.therapy import actions as therapy_actions
    from openkap.therapy import queries
    from openkap.therapy.models import Preparation

    course = course_of(cast, with_preparation=False)
    therapy_actions.set_goal(course.id, text="Call my sister", by=cast.noor, at=NOW)
    note = "We spoke about the room, the music and what to do when it gets hard."
    therapy_actions.write_visit(
        course.id, kind="preparation", note=note, minutes=60, held_at=NOW, by=cast.noor, at=NOW
    )
    consent_actions.choose(cast.amara.id, values={"touch": "hand"}, by=cast.amara_herself, at=NOW)
    noor, done = client_as(cast.noor), f"/courses/{course.id}/preparation/done/"
    typed = {"hopes": "To feel again.", "concerns": "Losing control.", "earlier_states": ""}
    assert noor.post(done, {**typed, "form": "words", "once": once()}).status_code == 302
    assert queries.preparation(course.id).concerns == "Losing control."
    therapy_actions.finish_preparation(course.id, words=typed, by=cast.noor, at=NOW)
    assert Preparation.objects.count() == 1


@pytest.mark.parametrize("address", ["/patients/?q=%00", "/find/?q=a%00b", "/?%00=1"])
def test_a_null_character_is_a_clear_answer_and_no_fault_of_ours(cast: Cast, client_as, address: str) -> None:
    answer = client_as(cast.kit).get(address)
    assert answer.status_code == 400
    assert "That could not be read" in answer.content.decode()


def test_a_null_character_in_a_form_is_a_clear_answer(cast: Cast, client_as, once) -> None:
    from openkap.dosing.tests.scene import scene
    from openkap.watch.models import Mark

    it = scene(cast)
    it.take({"59408-5": 86})
    mark = Mark.objects.filter(session=it.session).first()
    assert mark is not None
    typed = {"action": "oxygen\x00", "once": once()}
    answer = client_as(cast.sam).post(f"/marks/{mark.id}/acknowledge/", typed)
    assert answer.status_code == 400
    mark.refresh_from_db()
    assert mark.acknowledged_at is None


UNKNOWN = {
    "notices withdraw": ("kit", "/notices/{}/withdraw/"),
    "notices again": ("kit", "/notices/{}/again/"),
    "invitations withdraw": ("ada", "/team/invitations/{}/withdraw/"),
    "formulary withdraw": ("ada", "/formulary/{}/withdraw/"),
    "duties end": ("ada", "/duties/{}/end/"),
    "membership end": ("ada", "/team/{}/end/"),
    "monitors retire": ("ada", "/dosing/monitors/{}/retire/"),
    "inbox settle": ("kit", "/devices/inbox/{}/"),
    "alert": ("kit", "/alerts/{}/"),
    "referral": ("kit", "/referrals/{}/"),
    "protocol": ("okafor", "/protocols/{}/"),
}


@pytest.mark.parametrize("case", UNKNOWN)
def test_a_key_that_leads_to_nothing_is_not_found(cast: Cast, client_as, once, case: str) -> None:
    who, address = UNKNOWN[case]
    typed = {"why": "x", "note": "x", "form": "acknowledge", "once": once()}
    answer = client_as(getattr(cast, who)).post(address.format(uuid.uuid4()), typed)
    if answer.status_code == 302:  # an act that needs a fresh proof asks for it first
        assert "/sign-in/again/" in answer["Location"]
        answer = client_as(getattr(cast, who)).get(address.format(uuid.uuid4()))
    assert answer.status_code in (404, 422), answer.status_code
    assert answer.status_code != 422 or 'role="alert"' in answer.content.decode()


def test_a_member_of_another_clinic_joins_no_care_team(cast: Cast, client_as, once) -> None:
    typed = {"membership": str(uuid.uuid4()), "once": once()}
    answer = client_as(cast.kit).post(f"/patients/{cast.amara.id}/care-team/", typed)
    assert answer.status_code == 422
    assert "Choose one of the people who work here." in answer.content.decode()


def test_what_cannot_be_read_is_said_on_top_wherever_its_field_stands(cast: Cast, client_as, once) -> None:
    """A hidden field has no place of its own for its error, and a form may not be on the page any more."""
    from openkap.dosing.tests.scene import scene

    it = scene(cast)
    typed = {"value": "4", "client_id": str(uuid.uuid4()), "measured_at": "yesterday", "once": once()}
    answer = client_as(cast.sam).post(f"/sessions/{it.session.id}/alertness/", typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert re.search(r'role="alert".*Not kept yet: .*Measured at: ', page, re.DOTALL)
