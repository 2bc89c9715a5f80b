"""What the pages of a large clinic cost: search, lists and Today, with 10,000 people and with 100,000.

Of them 500 are in a course. Today is measured as it stands, after a fact about one of them, and as the first
page after an update, when what comes next is worked out anew for all 500.
"""

from __future__ import annotations

import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from tests.bench.__main__ import machine
from tests.standing import ROOT, RunningClinic

SIZES, REPEATS, BATCH = (10_000, 100_000), 15, 5_000
SYLLABLES = "a be chi da e fu ga ho ik jo ku la mi no ol pa re so".split()  # noqa: SIM905
PAGES = (
    ("search, a whole name", "kit", "/find/?q={whole}"),
    ("search, three letters", "kit", "/find/?q={begin}"),
    ("search, one letter", "kit", "/find/?q=b"),
    ("search, a record number", "kit", "/find/?q=KAP-4711"),
    ("search, a date of birth", "kit", "/find/?q=1985-03-12"),
    ("search by a nurse", "sam", "/find/?q={begin}"),
    ("patients", "kit", "/patients/"),
    ("Today of the coordinator", "kit", "/"),
    ("Today of a nurse", "sam", "/"),
    ("Today of a prescriber", "okafor", "/"),
)
COURSES = 500
BEFORE_TODAY = {
    "a fact about one of them": "UPDATE people_patient SET phone = phone WHERE id ="
    " (SELECT patient_id FROM courses_course WHERE ended_at IS NULL LIMIT 1)",
    "an update": "UPDATE courses_nextstep SET release = ''",
}


def fill(first: int, last: int) -> None:
    """So many people from one number to another, found as those taken in by hand; within the clinic built."""
    import django

    django.setup()
    from django.db import connection

    from openkap.accounts.actor import Actor
    from openkap.people.finding import kept_words
    from openkap.people.models import Patient, SearchWord
    from openkap.tenancy.clinics import clinic_ids
    from openkap.tenancy.context import inside

    [clinic_id] = clinic_ids()
    draw, now, born = random.Random(first), datetime.now(UTC), date(1940, 1, 1)
    for start in range(first, last, BATCH):
        with inside(clinic_id, role="system"):
            stamp = Actor.system(clinic_id, "The bench").stamp(now)
            people = [
                Patient(
                    mrn=f"KAP-{number:04d}",
                    given_name="".join(draw.choices(SYLLABLES, k=3)).title(),
                    family_name="".join(draw.choices(SYLLABLES, k=4)).title(),
                    birth_date=born + timedelta(days=draw.randrange(25_000)),
                    **stamp,
                )
                for number in range(start, min(start + BATCH, last))
            ]
            Patient.objects.bulk_create(people)
            SearchWord.objects.bulk_create(
                [
                    SearchWord(clinic_id=clinic_id, record=it, word=word)
                    for it in people
                    for word in sorted(kept_words(it.given_name, it.family_name, number=it.mrn))
                ]
            )
    connection.close()


def fill_courses(count: int) -> None:
    """So many running courses, two a day from last week on, each screened and in the care of everyone."""
    import django

    django.setup()
    from django.db import connection

    from openkap.accounts.actor import Actor
    from openkap.accounts.models import Membership
    from openkap.courses.models import Course, PlannedSession
    from openkap.people.models import CareTeamMember, Patient
    from openkap.screening.models import Decision
    from openkap.tenancy.clinics import clinic_ids
    from openkap.tenancy.context import inside

    [clinic_id] = clinic_ids()
    now, today = datetime.now(UTC), datetime.now(UTC).date()
    with inside(clinic_id, role="system"):
        stamp = Actor.system(clinic_id, "The bench").stamp(now)
        known = Decision.objects.order_by("at").first()
        assert known is not None
        team = list(Membership.objects.filter(role__in=("coordinator", "prescriber", "nurse", "therapist")))
        people = list(Patient.objects.filter(courses__isnull=True).order_by("id")[:count])
        courses = [
            Course(patient=it, pack_version=known.pack_version, first_day=today, per_week=2, **stamp)
            for it in people
        ]
        Course.objects.bulk_create(courses)
        PlannedSession.objects.bulk_create(
            PlannedSession(
                course=course,
                number=number,
                planned_on=today + timedelta(days=place // 2 - 7 + 3 * number),
                **stamp,
            )
            for place, course in enumerate(courses)
            for number in range(1, 7)
        )
        kept = {
            field.attname: getattr(known, field.attname)
            for field in Decision._meta.concrete_fields
            if field.name not in ("id", "patient")
        }
        Decision.objects.bulk_create(Decision(patient=it, **kept) for it in people)
        CareTeamMember.objects.bulk_create(
            CareTeamMember(patient=it, membership=member, **stamp) for it in people for member in team
        )
    connection.close()


def _today(clinic: RunningClinic) -> None:
    """The prescriber's Today as it is asked for right after something moved what comes next."""
    for name, sql in BEFORE_TODAY.items():
        times = []
        for _ in range(REPEATS):
            with clinic.server._superuser("openkap") as link:
                link.execute(sql)
            times.append(_asked(clinic, "okafor", "/"))
        name = f"Today after {name}"
        print(f"    {name:<34}{statistics.median(times):8.1f} ms, slowest {max(times):.1f} ms")


def _asked(clinic: RunningClinic, who: str, path: str) -> float:
    cookie = f"sessionid={clinic.told['keys'][who]}"
    asked = urllib.request.Request(clinic.url(path), headers={"Cookie": cookie})  # noqa: S310 - loopback
    began = time.perf_counter()
    with urllib.request.urlopen(asked, timeout=60) as answer:  # noqa: S310
        answer.read()
    return (time.perf_counter() - began) * 1000


def _measured(clinic: RunningClinic, *, size: int) -> None:
    words = {"whole": "Bechida", "begin": "Bec"}
    print(f"  {size:,} people")
    for name, who, path in PAGES:
        place = urllib.parse.quote(path.format(**words), safe="/?=")
        _asked(clinic, who, place)
        times = sorted(_asked(clinic, who, place) for _ in range(REPEATS))
        print(f"    {name:<34}{statistics.median(times):8.1f} ms, slowest {times[-1]:.1f} ms")


def main() -> None:
    """Build a clinic, and measure it at each size."""
    from tests import standing

    print(f"A large clinic ({machine()})")
    folder = Path(tempfile.mkdtemp(prefix="openkap-bench-"))
    built = standing.build_alone(folder)
    try:
        built.serve()
        around = {**built.surroundings, "DJANGO_SETTINGS_MODULE": "openkap.config.settings"}
        before = 100
        for size in SIZES:
            line = [sys.executable, "-c", f"from tests.bench.people import fill; fill({before}, {size})"]
            subprocess.run(line, env=around, cwd=ROOT, check=True)
            if before == 100:
                line[-1] = f"from tests.bench.people import fill_courses; fill_courses({COURSES})"
                subprocess.run(line, env=around, cwd=ROOT, check=True)
            with built.server._superuser("openkap") as link:
                link.execute("VACUUM ANALYZE")
            _measured(built, size=size)
            _today(built)
            before = size
    finally:
        standing.clear(built)
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    os.environ.pop("DJANGO_SETTINGS_MODULE", None)
    main()
