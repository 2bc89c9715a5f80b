"""In a restored copy: does the record hold, are the rows there, can a person sign in. Prints JSON.

A process of its own, with the copy's data folder and none of the clinic's addresses, so that nothing it does
reaches anyone.
"""

from __future__ import annotations

import json
import os
import secrets
import sys
from typing import Any

import psycopg


def sign_in() -> str:
    """Invite a test person into the first clinic and sign in as them, both factors; "" when it works."""
    from allauth.mfa.totp.internal import auth as totp
    from django.test import Client
    from django.utils import timezone

    from openkap.accounts import actions as accounts_actions
    from openkap.accounts.actor import Actor
    from openkap.tenancy.clinics import clinic_ids
    from openkap.tenancy.context import inside

    clinics, at = clinic_ids(), timezone.now()
    if not clinics:
        return "There is no clinic in it."
    password, email = secrets.token_urlsafe(24), f"drill-{secrets.token_hex(4)}@example.org"
    with inside(clinics[0], role="system"):
        by = Actor.system(clinics[0], "openkap drill")
        invitation = accounts_actions.invite(
            email=email, name="Test Person", role="administrator", by=by, at=at
        )
        user = accounts_actions.accept_invitation(
            invitation.id, name="Test Person", password=password, by=by, at=at, mailed=True
        )
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(user, secret)
    client = Client(HTTP_HOST="localhost")
    client.post("/sign-in/", {"login": email, "password": password})
    counter = next(totp.yield_hotp_counters_from_time())
    code = totp.format_hotp_value(totp.hotp_value(secret, counter))
    client.post("/sign-in/second-factor/", {"code": code})
    answer = client.get("/")
    if answer.status_code != 200:
        return f"The first page answered {answer.status_code} after sign-in."
    return ""


def looked() -> dict[str, Any]:
    """Everything that is checked, with the database running."""
    from django.conf import settings
    from django.utils import timezone

    from openkap.config import checkpoints, tasks
    from openkap.config import database as schema
    from openkap.config.backup import base

    with tasks.database():
        server, address = tasks.embedded(), settings.ENV.backup_database_url
        with base.link(server) if server else psycopg.connect(address, connect_timeout=10) as db:
            rows = base.counts(db)
        pending = schema.pending()
        if pending or server is None:
            schema.migrate()
        record: dict[str, list[str]] = {}
        for verdict in checkpoints.verify(at=timezone.now(), copies=None, public=""):
            record[f"{verdict.part}: {verdict.said}"] = [
                text for text in verdict.problems if not text.startswith("The last is of")
            ]
        return {"rows": rows, "record": record, "sign_in": sign_in(), "pending": len(pending)}


def main() -> None:
    """Print what was found, for `drill`."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "openkap.config.settings")
    django.setup()
    sys.stdout.write(json.dumps(looked()) + "\n")


if __name__ == "__main__":
    main()
