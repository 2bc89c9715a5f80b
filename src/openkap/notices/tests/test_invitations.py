"""An invitation is mailed once, however often its event is delivered (H34)."""

from __future__ import annotations

import pytest
from django.core.signing import TimestampSigner

from openkap.accounts import actions
from openkap.accounts.events import PersonInvited
from openkap.accounts.models import Invitation
from openkap.accounts.queries import entry_path
from openkap.audit.delivery import delivery_of
from openkap.audit.models import Event
from openkap.notices import handlers
from openkap.notices.models import Notice
from tests.cast import NOW, Cast


@pytest.fixture(autouse=True)
def mail(settings) -> None:
    settings.OPENKAP_MAIL_IS_SET_UP = True


def _invited(cast: Cast) -> Invitation:
    return actions.invite(name="Lee", email="lee@example.org", role="nurse", by=cast.ada, at=NOW)


def test_the_mailed_link_goes_to_the_address_once_and_is_shown_to_nobody(
    cast: Cast, client_as, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also when it is delivered again later: a link's signature holds the second it was made in."""
    row = _invited(cast)
    event = Event.objects.filter(verb="accounts.invited").get()
    for second in ("aaaaa1", "aaaaa2"):
        monkeypatch.setattr(TimestampSigner, "timestamp", lambda self, second=second: second)
        handlers.on_invited(delivery_of(event, PersonInvited))
    notice = Notice.objects.get(kind="invitation")
    assert notice.address == "lee@example.org"
    monkeypatch.setattr(TimestampSigner, "timestamp", lambda self: "aaaaa1")
    assert notice.link_path == entry_path(row, mailed=True)
    shown = client_as(cast.ada).get("/team/").content + client_as(cast.ada).get("/notices/").content
    assert notice.link_path.encode() not in shown
