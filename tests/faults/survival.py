"""The controls of backup, restore and merge, each with how it is switched off."""

from __future__ import annotations

from tests.faults.control import Control

DUE = "../../tests/journeys/test_clinics_due.py ../../tests/journeys/test_clock_rounds.py"
B = "config/backup"
PLAN, SEALING = "config/tests/test_backup_plan.py", "config/tests/test_backup_sealing.py"
WATCH, MERGING = "config/tests/test_backup_watch.py", "desk/tests/test_merging.py"
PEOPLE = "people/tests/test_people.py"

CONTROLS = (
    Control(
        "H28",
        "somebody else agrees to a merge",
        "people/actions/merging.py",
        "same_person=by.user_id is not None and by.user_id == merge.by_id",
        "same_person=False",
        MERGING,
    ),
    Control(
        "H28",
        "who agrees has seen what the proposer saw",
        "people/actions/merging.py",
        "same_difference=seen == merge.seen",
        "same_difference=True",
        MERGING,
    ),
    Control(
        "H28",
        "nothing is merged under a session that runs",
        "people/holds.py",
        "return [why for why, held in _known if any(held(it) for it in patient_ids)]",
        "return []",
        MERGING,
    ),
    Control(
        "H28",
        "no row changes its person but while a merge is under way",
        "people/merge_guards.py",
        "WHERE m.under_way\n          AND (",
        "WHERE (",
        MERGING,
    ),
    Control(
        "H28",
        "nothing new is written to a record that was merged away",
        "people/merge_guards.py",
        "WHERE m.gone_id = person AND m.confirmed_at IS NOT NULL AND m.undone_at IS NULL",
        "WHERE false",
        MERGING,
    ),
    Control(
        "H28",
        "a “none” of the one record hides no allergy of the other",
        "chart/queries.py",
        "if answer is Answer.NO and any(it.active for it in self.of(kind)):",
        "if False:",
        MERGING,
    ),
    Control(
        "H29",
        "a search comes before somebody is taken in",
        "people/views.py",
        "if not form.is_bound and not search.is_valid():",
        "if False:",
        PEOPLE,
    ),
    Control(
        "H43",
        "a file that is not as PostgreSQL wrote it is named",
        f"{B}/manifest.py",
        "elif _sha256(path) != checksum:",
        "elif False:",
        SEALING,
    ),
    Control(
        "H43",
        "an encrypted file that is cut short is not taken for whole",
        f"{B}/sealing.py",
        "        if self._error is not None:\n",
        "        if False:\n",
        SEALING,
    ),
    Control(
        "H43",
        "a missing piece of the log is found",
        f"{B}/plan.py",
        "if wanted not in there and not later:",
        "if False:",
        PLAN,
    ),
    Control(
        "H43",
        "a backup that is not sent is told",
        f"{B}/watch.py",
        "if at - since > SENT_WITHIN:",
        "if False:",
        f"{PLAN} {WATCH}",
    ),
    Control(
        "H43",
        "the newest two base backups stay",
        f"{B}/plan.py",
        "if it.at >= limit or it in every[-2:]",
        "if it.at >= limit",
        PLAN,
    ),
    Control(
        "H43",
        "a restore is signed, and hides no event that was changed",
        "config/checkpoints.py",
        "if queries.hash_at(end.chain, end.kind, seq=end.seq) != end.hash:",
        "if not restored and queries.hash_at(end.chain, end.kind, end.seq) != end.hash:",
        "config/tests/test_checkpoints.py",
    ),
    Control(
        "H07",
        "a question of all clinics that is wrong leaves nobody out for long",
        "tenancy/jobs.py",
        "at.hour % ALL_EVERY_HOURS == 0",
        "False",
        DUE,
    ),
    Control(
        "H12",
        "the clinics with an open alert are woken",
        "alerts/unscoped.py",
        "a.clinic_id = c.id AND a.answered_at IS NULL)",
        "false)",
        DUE,
    ),
    Control(
        "H13",
        "the clinics with a silent check-in are woken",
        "followup/unscoped.py",
        "c.late_at <= moment AND c.alarmed_at IS NULL",
        "false",
        DUE,
    ),
    Control(
        "H29",
        "a corrected name is found",
        "people/actions/registering.py",
        '    if {"given_name", "family_name"} & changed.keys():',
        "    if False:",
        "people/tests/test_search.py",
    ),
)
