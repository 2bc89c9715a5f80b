"""The controls of the hazard log, each with the change that switches it off and the tests that then go red.

`make faults` switches each off in a copy of the tree and demands a red test. A hazard is called *held* only
when it stands here; one that a test merely names is called *tested*.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Control:
    """One control of one hazard: where it stands, how it is switched off, and which tests must go red."""

    hazard: str
    what: str
    path: str
    on: str
    off: str
    tests: str


D, R = "dosing", "dosing/rules"

CONTROLS = (
    Control(
        "H01",
        "initials and year typed again",
        f"{R}/time_out.py",
        "    if same:\n        return []",
        "    if True:\n        return []",
        "dosing/tests/test_rules.py",
    ),
    Control(
        "H02",
        "typed in mg/kg, confirmed in mg",
        "courses/order_rules.py",
        "if draft.confirmed_mg.value != counted.dose.value:",
        "if False:",
        "courses/tests/test_order_rules.py",
    ),
    Control(
        "H03",
        "what the checker reads off the vial",
        f"{R}/checking.py",
        "elif read != ordered:",
        "elif False:",
        "dosing/tests/test_rules.py",
    ),
    Control(
        "H04",
        "an old weight before the dose",
        f"{R}/predose.py",
        "if at - weighed.last_at > timedelta(days=weighed.days_valid):",
        "if False:",
        "dosing/tests/test_rules.py",
    ),
    Control(
        "H05",
        "the interval in hours",
        f"{R}/running.py",
        "if last_at is None or agreed or",
        "if True or",
        "dosing/tests/test_in_the_way.py",
    ),
    Control(
        "H06",
        "the ceiling of a dose",
        "courses/dose_rules.py",
        "if regimen.mg_per_kg > ceiling.mg_per_kg_max.value:",
        "if False:",
        "courses/tests/test_dose_rules.py",
    ),
    Control(
        "H06",
        "somebody else than the starter checks",
        f"{R}/checking.py",
        "lambda it: it.by_id != by_id,",
        "lambda it: True,",
        "dosing/tests/test_rules.py",
    ),
    Control(
        "H07",
        "a missed check presses on",
        f"{D}/checks.py",
        "if one.state in (State.OVERDUE, State.MISSED) and one.key != BEFORE",
        "if False",
        "dosing/tests/test_checks.py dosing/tests/test_watching.py",
    ),
    Control(
        "H08",
        "a stop bars going on",
        f"{R}/running.py",
        "return self.level in BARRING and not self.decided",
        "return False",
        "dosing/tests/test_in_the_way.py",
    ),
    Control(
        "H08",
        "an unanswered mark goes to a second person",
        f"{D}/marks.py",
        "return at >= mark.raised_at + patience",
        "return False",
        "dosing/tests/test_marks.py",
    ),
    Control(
        "H09",
        "no repeat for the same cause",
        f"{D}/marks.py",
        "return tuple(one for one in found if _deserves(one, known.get(one.threshold.cause)))",
        "return tuple(found)",
        "dosing/tests/test_marks.py",
    ),
    Control(
        "H10",
        "a high pressure before the dose waits for a decision",
        f"{R}/predose.py",
        "over_sbp = lines.decide_over_sbp is not None and sbp > lines.decide_over_sbp",
        "over_sbp = False",
        "dosing/tests/test_rules.py",
    ),
    Control(
        "H11",
        "grave values are not confirmed, and act",
        f"{D}/grave.py",
        "_unconfirmed(one) if code in grave else one",
        "one",
        "dosing/tests/test_grave.py",
    ),
    Control(
        "H11",
        "the answers of the day",
        f"{R}/predose.py",
        "        elif one.against:",
        "        elif False:",
        "dosing/tests/test_rules.py",
    ),
    Control(
        "H12",
        "thoughts of suicide on the day have an owner",
        f"{D}/actions/sessions.py",
        "if questions[name].alert and answer is Answer.YES:",
        "if False:",
        "dosing/tests/test_in_the_way.py",
    ),
    Control(
        "H14",
        "the observation time",
        f"{D}/leaving.py",
        "    if ready is None or at < ready:",
        "    if False:",
        "dosing/tests/test_leaving.py",
    ),
    Control(
        "H15",
        "the promise needs the person or a witness",
        f"{R}/time_out.py",
        "if not is_self and _same(witness) != _same(staff_name):",
        "if False:",
        "dosing/tests/test_rules.py",
    ),
    Control(
        "H16",
        "not asked is never no",
        f"{R}/time_out.py",
        "if not facts.allergies.known:",
        "if False:",
        "dosing/tests/test_rules.py",
    ),
    Control(
        "H17",
        "every contraindication is held against the facts",
        "screening/rules.py",
        "        *_contraindications(facts, pack, signed),\n",
        "",
        "screening/tests/test_rules.py",
    ),
    Control(
        "H18",
        "every interaction is held against the medicines",
        "screening/rules.py",
        "        *_interactions(facts, pack, signed),\n",
        "",
        "screening/tests/test_rules.py",
    ),
    Control(
        "H19",
        "withdrawn consent bars going on",
        f"{R}/running.py",
        "    if consent_withdrawn:",
        "    if False:",
        "dosing/tests/test_in_the_way.py",
    ),
    Control(
        "H19",
        "the lock on signing outlasts an early closing",
        f"{D}/actions/departing.py",
        "    if not keep_lock:",
        "    if True:",
        "dosing/tests/test_departing.py",
    ),
    Control(
        "H24",
        "the same key with another value is a conflict",
        f"{D}/actions/watch.py",
        "        if row.value != keys[key].value:",
        "        if False:",
        "dosing/tests/test_watching.py",
    ),
    Control(
        "H25",
        "the session's lock",
        f"{D}/actions/locking.py",
        "found = Session.objects.select_for_update().filter",
        "found = Session.objects.filter",
        "dosing/tests/test_locks.py",
    ),
    Control(
        "H05",
        "the patient's lock",
        f"{D}/actions/locking.py",
        "    if with_patient:",
        "    if False:",
        "dosing/tests/test_locks.py",
    ),
    Control(
        "H27",
        "a clock far ahead is refused",
        f"{D}/actions/watch.py",
        "    if when - at > CLOCK_REFUSED:",
        "    if False:",
        "dosing/tests/test_watching.py",
    ),
    Control(
        "H31",
        "one silent signal is said",
        f"{D}/watching.py",
        "        found += _signals_silent(session, pairing, at=at)\n",
        "        pass\n",
        "dosing/tests/test_grave.py",
    ),
    Control(
        "H32",
        "a unit must be the code's own",
        f"{D}/actions/watch.py",
        "    if limit is None or limit.unit != unit:",
        "    if limit is None:",
        "dosing/tests/test_watching.py",
    ),
    Control(
        "H33",
        "a value grows old",
        f"{D}/tiles.py",
        "old=age > timedelta(seconds=self.fresh_seconds)",
        "old=False",
        "dosing/tests/test_series.py",
    ),
    Control(
        "H38",
        "what nobody can have is asked again",
        f"{D}/actions/watch.py",
        "        refuse_if(rules.objections_to_typed(judged))\n",
        "        pass\n",
        "dosing/tests/test_series.py",
    ),
    Control(
        "H39",
        "what was entered in error stops acting",
        f"{D}/facts/values.py",
        '.exclude(id__in=errors.values("entry_id"))',
        "",
        "dosing/tests/test_errors.py",
    ),
    Control(
        "H45",
        "only the named medical director signs rows",
        "protocols/rules.py",
        "    if not is_director:",
        "    if False:",
        "protocols/tests/test_actions.py",
    ),
    Control(
        "H17",
        "an allergy a row names",
        "screening/matching.py",
        "if any(named_in(name, it) for name in when.allergy)]",
        "if False]",
        "screening/tests/test_matching.py",
    ),
    Control(
        "H17",
        "a code of the past",
        "screening/matching.py",
        "past = not problem.active and is_coded(problem, icd=when.icd10cm_past, snomed=())",
        "past = False",
        "screening/tests/test_matching.py",
    ),
)
