"""What alerts does when a room below has something a second person must look at."""

from __future__ import annotations

import uuid

from openkap.accounts.actor import Actor
from openkap.accounts.roles import Role
from openkap.alerts import actions, queries
from openkap.audit.news import News


def on_merge_proposed(news: News) -> None:
    """Two records may be one person: a clinician of the care team reads where they differ, and decides."""
    if news.subject_id is None or news.patient_id != uuid.UUID(news.details["kept"]):
        return
    actions.raise_alert(
        news.patient_id,
        kind="merge_proposed",
        text="Two records may be one person. Read where they differ, then agree or say no.",
        owner_membership_id=queries.owner_for(news.patient_id, Role.PRESCRIBER, Role.NURSE),
        cause=("merge", news.subject_id),
        by=Actor.system(news.clinic_id, "Records"),
        at=news.at,
        severity="soon",
    )
