"""What goes out: always owned, never clinical, and loud when it cannot go."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail

from openkap.audit.models import Event
from openkap.kernel.refusal import Refused
from openkap.notices import actions, queries, rules
from openkap.notices.channels import email_to
from openkap.notices.models import Notice, NoticeState
from tests.cast import NOW, Cast


@pytest.fixture(autouse=True)
def _post_box(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


def _queue(cast: Cast, **more) -> Notice:
    return actions.queue(
        **{
            "kind": "measure",
            "to": email_to("amara@example.org"),
            "link_path": "/m/abc/",
            "owner_membership_id": cast.kit.membership_id,
            "patient_id": cast.amara.id,
            "by": cast.kit,
            "at": NOW,
            **more,
        }
    )


def test_a_notice_goes_out_with_its_link_and_nothing_clinical(cast: Cast) -> None:
    """H42: whoever reads over a shoulder learns nothing."""
    notice = _queue(cast)
    assert actions.send_due(by=cast.kit, at=NOW) == 1
    notice.refresh_from_db()
    assert (notice.state, notice.sent_at) == (NoticeState.SENT, NOW)
    text = f"{mail.outbox[0].subject} {mail.outbox[0].body}".lower()
    assert "/m/abc/" in text
    clinical = ("ketamine", "dose", "session", "depress", "phq", "therapy", "treatment", "amara", "suicid")
    assert not [word for word in clinical if word in text.replace("amara@example.org", "")]
    assert actions.send_due(by=cast.kit, at=NOW) == 0


@pytest.mark.parametrize("kind", [*rules.WORDS, "anything"])
def test_no_kind_of_notice_speaks_of_treatment(kind):
    subject, text = rules.subject_and_text(kind, clinic="Harbour Clinic", link="https://x/m/1/")
    assert "https://x/m/1/" in text
    assert not [
        w for w in ("ketamine", "session", "dose", "questionnaire") if w in f"{subject} {text}".lower()
    ]


def test_nothing_is_queued_without_an_owner(cast: Cast) -> None:
    """H34: a queue nobody watches swallows what is put in."""
    events = Event.objects.count()
    with pytest.raises(Refused):
        _queue(cast, owner_membership_id=None)
    assert (Notice.objects.count(), Event.objects.count()) == (0, events)


def test_what_cannot_be_sent_is_tried_again_and_then_stays_in_sight(cast: Cast, monkeypatch) -> None:
    """H34: no dead letter without a face."""
    notice = _queue(cast)

    def refused(self) -> int:
        raise ConnectionRefusedError("no post office")

    monkeypatch.setattr("django.core.mail.EmailMessage.send", refused)
    at = NOW
    for tries in range(1, rules.TRIES + 1):
        assert actions.send_due(by=cast.kit, at=at) == 1
        assert actions.send_due(by=cast.kit, at=at) == 0
        notice.refresh_from_db()
        assert notice.tries == tries
        at += rules.wait_before(tries)
    assert notice.state == NoticeState.FAILED
    assert [it.id for it in queries.failed_of(cast.kit.membership_id)] == [notice.id]
    assert "no post office" in notice.last_error
    monkeypatch.undo()
    actions.try_again(notice.id, by=cast.kit, at=at)


def test_when_the_record_fails_nothing_is_queued(cast: Cast, monkeypatch) -> None:
    monkeypatch.setattr(actions, "record", lambda *a, **k: (_ for _ in ()).throw(RuntimeError("broken")))
    with pytest.raises(RuntimeError):
        _queue(cast)
    assert Notice.objects.count() == 0


def test_what_was_withdrawn_does_not_go_out(cast: Cast, client_as, once) -> None:
    notice = _queue(cast)
    browser = client_as(cast.kit)
    refused = browser.post(f"/notices/{notice.id}/withdraw/", {"why": " ", "once": once()})
    assert refused.status_code == 422
    browser.post(f"/notices/{notice.id}/withdraw/", {"why": "wrong address", "once": once()})
    assert actions.send_due(by=cast.kit, at=NOW + timedelta(days=1)) == 0
    assert mail.outbox == []
    assert client_as(cast.sam).get("/notices/").status_code == 404


def test_one_that_cannot_be_sent_does_not_hold_up_the_others(cast: Cast) -> None:
    """H34: an impossible address is tried, fails and stays with its owner; the next one goes out."""
    impossible = _queue(cast, to=email_to("amara@example.org\nBcc: all@example.org"))
    possible = _queue(cast, at=NOW + timedelta(seconds=1))
    assert actions.send_due(by=cast.kit, at=NOW + timedelta(minutes=1)) == 2
    impossible.refresh_from_db()
    possible.refresh_from_db()
    assert (impossible.state, impossible.tries, possible.state) == (NoticeState.QUEUED, 1, NoticeState.SENT)
    assert len(mail.outbox) == 1


def test_the_page_shows_age_owner_and_what_went_wrong(cast: Cast, client_as, once) -> None:
    """H34"""
    notice = _queue(cast)
    Notice.objects.filter(id=notice.id).update(
        state=NoticeState.FAILED, tries=6, last_error="no such mailbox"
    )
    kit = client_as(cast.kit)
    shown = kit.get("/notices/").content.decode()
    for words in ("could not be sent", "no such mailbox", cast.kit.name, "tried 6 times", "data-age"):
        assert words in shown
    assert kit.post(f"/notices/{notice.id}/again/", {"once": once()}).status_code == 302
    notice.refresh_from_db()
    assert (notice.state, notice.tries) == (NoticeState.QUEUED, 0)


def test_a_notice_that_went_out_is_not_sent_again(cast: Cast) -> None:
    notice = _queue(cast)
    for _ in range(2):
        assert actions.send(notice.id, by=cast.kit, at=NOW).state == NoticeState.SENT
    assert len(mail.outbox) == 1


def test_a_message_without_a_link_says_no_link() -> None:
    _, text = rules.subject_and_text("measure", clinic="Harbour Clinic", link="")
    assert "Open it here" not in text
    assert text.endswith("Harbour Clinic")
