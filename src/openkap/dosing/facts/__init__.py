"""What the rows say, as the frozen facts the rules judge by. Reads only; decides nothing."""

from openkap.dosing.facts.departing import (
    departing,
    marks_in_the_way,
)
from openkap.dosing.facts.ordering import (
    hash_of,
    order,
    order_row,
    second_check_of,
    weighed,
)
from openkap.dosing.facts.session import (
    CHECKED_BY,
    RATES,
    SHOWN_FOR_MARKS,
    day_of,
    dose_of,
    dose_state,
    pack_of,
    protocol_of,
    steps_of,
    taken,
    zone_of,
)
from openkap.dosing.facts.time_out import (
    asked_today,
    bars_to_running,
    before,
    consent_of,
    decision_of,
    is_consent_withdrawn,
    open_mark,
    open_marks,
    questions_of_the_day,
    time_out,
)
from openkap.dosing.facts.values import (
    baseline,
    cuff,
    last_true,
    number,
)

__all__ = [
    "CHECKED_BY",
    "RATES",
    "SHOWN_FOR_MARKS",
    "asked_today",
    "bars_to_running",
    "baseline",
    "before",
    "consent_of",
    "cuff",
    "day_of",
    "decision_of",
    "departing",
    "dose_of",
    "dose_state",
    "hash_of",
    "is_consent_withdrawn",
    "last_true",
    "marks_in_the_way",
    "number",
    "open_mark",
    "open_marks",
    "order",
    "order_row",
    "pack_of",
    "protocol_of",
    "questions_of_the_day",
    "second_check_of",
    "steps_of",
    "taken",
    "time_out",
    "weighed",
    "zone_of",
]
