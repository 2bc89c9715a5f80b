"""Every reason of dosing against an act, as a person reads it."""

from openkap.kernel.refusal import Reason
from openkap.kernel.wording import sentence as _


class DosingReason(Reason):
    """Why dosing refuses."""

    EVENT_BEFORE_LAST = _("Something later has already been recorded for this dose.")
    RATE_MISSING = _("Give the rate in mg/h, above zero.")
    BP_NOT_SETTLED = _(
        "Blood pressure {sbp}/{dbp} is more than {percent} % over {base_sbp}/{base_dbp} before the dose."
    )
    NO_DISCHARGE_RULE = _("The protocol pack has no discharge rule for this product.")
    NO_DOSE = _("No dose was given in this session.")
    DOSE_RUNNING = _("The dose has not ended.")
    OBS_TIME_SHORT = _("Observation is {minutes} min after the {since} of the dose; {left} min are left.")
    BASELINE_MISSING = _("No blood pressure from before the dose is charted to compare with.")
    PRESSURE_MISSING = _("Take a blood pressure in the last {minutes} min.")
    MOAAS_MISSING = _("Rate alertness (MOAA/S) in the last {minutes} min.")
    NOT_ALERT = _("Alertness is {moaas}; discharge needs {needed}.")
    SPO2_MISSING = _("Take the saturation in the last {minutes} min.")
    SPO2_LOW = _("Saturation is {spo2} %; it asks for a look under {least} %.")
    NO_DRIVE_NOT_BEFORE = _("The promise not to drive until the next day was not signed before the dose.")
    WHY_MISSING = _("Say why the session is closed.")
    CLOSE_BY_PRESCRIBER = _(
        "A dose was given. The discharge closes the session; only a prescriber closes it otherwise."
    )
    BY_THE_BEDSIDE = _("A nurse or a prescriber writes this down.")
    TOLD_MISSING = _("Write down what the person was told: driving, being alone, when to call.")
    ORDER_MISSING = _("There is no signed, current order for this session.")
    CHECK_BY_PERSON = _("The check needs a signed-in person.")
    CHECK_BY_SAME = _("The check must be made by someone other than who signed the order.")
    ORDER_NOT_CURRENT = _("The order was changed or withdrawn. It must be signed again.")
    VIAL_CHANGED = _("The vial of the order is no longer in the formulary. Order anew, and check again.")
    START_BY_PERSON = _("Only a signed-in person starts a dose.")
    NOT_READ = _("Type what the {what} says, in {unit}.")
    READ_DIFFERS = _("The {what} says {read} {unit}, the order {ordered} {unit}. Clear it up.")
    NOTHING_CORRECTED = _("Type the right value for everything this entry held.")
    NO_SUCH_ENTRY = _("There is no such entry in this session.")
    NOT_BY_HAND = _(
        "Only what was charted by hand is entered in error. A monitor's value is settled on its mark."
    )
    ERROR_ALREADY = _("This has been called an error already.")
    ERROR_WITHOUT_REASON = _("Say what was wrong with it.")
    ERROR_BY_PERSON = _("Only a signed-in person corrects the chart.")
    DAY_UNKNOWN = _("Nobody asks for “{name}” here.")
    DECISION_BY_PRESCRIBER = _("Only a prescriber decides this.")
    DECISION_ABOUT = _("Say what the decision is about.")
    DECISION_WITHOUT_REASON = _("Give the reason.")
    DECISION_LATE = _("The dose has begun; there is nothing left to decide before it.")
    PRESSURE_NEWER = _("Another pressure has come since: {sbp}/{dbp}. Decide about that one.")
    DAY_EMPTY = _("Answer at least one question.")
    WEIGHT_MISSING = _("No weight is charted. Weigh the person.")
    WEIGHT_OLD = _("The last weight is more than {days} days old. Weigh again.")
    WEIGHT_CHANGED = _(
        "The order counted with {ordered_kg} kg; the last weight is {last_kg} kg. Weigh again, or order anew."
    )
    DAY_NOT_ASKED = _("Ask today: {ask}")
    PREDOSE_MISSING = _("No {name} is charted from the last {minutes} minutes.")
    BEDSIDE_ONLY = _("A nurse or a prescriber does this. Anyone may pause or stop.")
    CONSENT_WITHDRAWN = _("The consent was withdrawn. Nothing more is given in this session.")
    RATE_OVER_ORDER = _("The order allows {most} mg/h at most. A faster rate needs a new order.")
    MARK_OPEN = _("{text}: {action}")
    MARK_OPEN_NOT_CONFIRMED = _(
        "{text}: {action} (A limit not confirmed by this clinic; it bars all the same.)"
    )
    IDENTITY_DIFFERS = _(
        "The initials or the year of birth are not those of this record. Check that this is the right person."
    )
    SESSION_CLOSED = _("This session is closed.")
    DOSE_OPEN = _("A dose is already running in this session.")
    IDENTITY_MISSING = _("Ask the person for name and year of birth, and type the initials and the year.")
    CONSENT_MISSING = _("There is no signed consent.")
    CONSENT_EXPIRED = _("The consent is out of date and must be signed again.")
    ESCORT_MISSING = _("Name the escort and how to reach them.")
    ALLERGIES_NOT_ASKED = _("Nobody has asked about allergies yet.")
    MEDICINES_NOT_REVIEWED = _("The medicines have not been gone through with the person today.")
    PROMISE_LATE = _("The promise must be given before the dose.")
    PROMISE_GIVEN = _("The promise has been given already.")
    PROMISE_NAME = _("The person writes their name as it stands here: {name}.")
    WITNESS_MISSING = _("Who saw the person sign writes their own name as witness: {name}.")
    NOT_STARTED = _("The dose has not been started.")
    RUNNING = _("The dose is already running.")
    PAUSED = _("The dose is paused.")
    STOPPED = _("The dose was stopped. A further dose needs a new order.")
    DOSE_ENDED = _("The dose has ended. A further dose needs a new order.")
    MARKS_OPEN = _("{count} marks are not yet answered.")
    ONE_MARK_OPEN = _("A mark is not yet answered.")
    BP_LOW = _("Systolic pressure {sbp} is under {least}.")
    BP_FALLEN = _("Systolic pressure {sbp} is {percent} % or more under {base} before.")
    GAIT_NOT_STEADY = _("Walking is not steady.")
    GAIT_NOT_ASKED = _("Say whether walking is steady.")
    NOT_ORIENTED = _("The person is not oriented.")
    ORIENTED_NOT_ASKED = _("Say whether the person is oriented.")
    ESCORT_NOT_HERE = _("The escort is not here.")
    ESCORT_NOT_ASKED = _("Say whether the escort is here, seen by you.")
    CLOSE_INSTEAD = _("No dose was given: close the session instead.")
    DOSE_NOT_STOPPED = _("The dose has not ended. Stop it first.")
    WORDS_MISSING = _("Write down what the person said.")
    NOBODY_COMPETENT = _(
        "Nobody is named for the independent check. The medical director names them under Duties."
    )
    CHECK_NOT_COMPETENT = _(
        "The medical director has named for the independent check: {names}. One of them checks."
    )
    SECOND_CHECK_MISSING = _("Nobody has checked order, vial and pump independently.")
    SECOND_CHECK_OLD = _("The order changed after it was checked. Check it again.")
    CHECK_BY_STARTER = _(
        "You made the independent check. Somebody else starts the dose, or another person checks too."
    )
    DAY_BLOCKS = _("{ask} {answer}. {against}")
    DAY_AGAINST = _("{ask} {answer}. {against} A prescriber may decide to go on, with a reason.")
    DAY_NOT_ASKED_MANY = _("{count} questions of today have not been asked.")
    BP_HOLD = _(
        "Blood pressure {sbp}/{dbp} is over {over_sbp}/{over_dbp}. It was as high {minutes} min before;"
        " the pack advises to hold the session. A prescriber may decide to go on, with a reason."
    )
    BP_ELEVATED_REPEAT = _(
        "Blood pressure {sbp}/{dbp} is over {over_sbp}/{over_dbp}. Measure again after {minutes} min; "
        "as high then, the pack advises to hold. A prescriber may decide to go on, with a reason."
    )
    BP_ELEVATED_PREDOSE = _(
        "Blood pressure {sbp}/{dbp} is over {over_sbp}/{over_dbp}. Repeat, or ask the prescriber. A "
        "prescriber may decide to go on, with a reason."
    )
    TOO_SOON = _("The last dose was {hours} h ago. {text}")
    WHY_RATE_MISSING = _("Say why the rate changes.")
    NO_DRIVE_NOT_SIGNED = _("The person has not signed that they will not drive until the next day.")
    NEXT_DOSE_EARLY = _(
        "The dose before was given {ago} min ago. The next one follows after {minutes} min at the earliest."
    )
    ORDER_GIVEN = _("The dose of this order has been given. A further dose needs a new order.")
    ESCORT_NAME = _("Write down who takes the person home.")
    LET_GO_BY_PERSON = _("Only a signed-in person lets somebody go.")
