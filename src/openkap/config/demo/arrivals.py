"""Those who have just come: somebody with an alert, and somebody who was referred."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

from openkap.config.demo import path
from openkap.config.demo.path import Story
from openkap.interop.referrals import actions as referrals_actions
from openkap.kernel.answer import Answer

Say = Callable[[str], None]
REFERRAL = Path(__file__).with_name("referral.json")


def kim(story: Story) -> None:
    """This morning's PHQ-9 has item 9 above zero: an alert waits for Dr Okafor."""
    at = story.now - timedelta(hours=1)
    kim = path.take_in(
        story,
        at=at - timedelta(days=1),
        given_name="Kim",
        family_name="Brandt",
        birth_date=date(1990, 11, 21),
        sex="female",
        phone="+1 212 555 0199",
    )
    path.know(
        story, kim, at=at - timedelta(days=1), problems=[("Depression", "F32.2")], weight="58", height="162"
    )
    path.ask(
        story, kim, at=at - timedelta(days=1), but=frozenset({"pregnancy", "bladder"}), mania_now=Answer.NO
    )
    path.score(
        story,
        kim,
        measure="phq_9",
        values=[3, 3, 3, 2, 2, 3, 2, 1, 1],
        at=story.now - timedelta(minutes=4),
        occasion="baseline",
    )


def priya(story: Story) -> None:
    """A referral from another system, waiting for Kit."""
    content = json.dumps(json.loads(REFERRAL.read_text(encoding="utf-8"))).encode()
    referrals_actions.receive(
        content, sender="Dr Weiss, North Street Practice", by=story.by("kit"), at=story.now
    )
