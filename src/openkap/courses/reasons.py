"""Every reason of courses against an act, as a person reads it."""

from openkap.kernel.refusal import Reason
from openkap.kernel.wording import sentence as _


class CoursesReason(Reason):
    """Why courses refuses."""

    DOSE_OVER_CEILING = _(
        "{mg_per_kg} mg/kg is over the ceiling of {most}. Nobody can sign over it here (rule {rule}, "
        "{status})."
    )
    TIME_UNDER_CEILING = _(
        "{minutes} min is under the least of {least} min. Nobody can sign over it here (rule {rule}, "
        "{status})."
    )
    RATE_OVER_CEILING = _(
        "{rate} mg/kg/h is over the ceiling of {most} mg/kg/h. Nobody can sign over it here (rule "
        "{rule}, {status})."
    )
    PRESCRIBERS_ONLY = _("Only a prescriber signs an order.")
    CONTINUED_ALREADY = _("The rest of this order has been ordered already.")
    NOTHING_LEFT = _("Nothing of this order is left.")
    WHY_MISSING = _("Say why the dose was stopped, and why it goes on.")
    OVER_WHAT_IS_LEFT = _("{left_mg} mg are left of the order; at most that may be given.")
    WEIGHT_FUTURE = _("The last weight is dated in the future. Void it, or weigh again.")
    WEIGHT_OLD = _("Weigh again. {text}")
    WEIGHT_CHANGE = _("The weight went from {previous} to {weight}. Weigh again, or confirm it here.")
    WEIGHT_IMPOSSIBLE = _("{weight} at {height} cm cannot be right. Is the weight in pounds?")
    BASIS_MISSING = _("Choose the weight the dose is counted by.")
    DOSE_NOT_POSITIVE = _("The dose must be more than zero.")
    STRENGTH_MISSING = _("The vial has no strength.")
    NOT_CONFIRMED = _("Confirm the dose in mg. {dose} for {weight} comes to {amount}.")
    CONFIRMED_OTHER = _("{dose} for {weight} comes to {amount}, but {typed} was typed. Which one is meant?")
    CHANGED_SINCE = _(
        "What you typed changed after it was worked out. Read the amounts below again, then sign."
    )
    NO_SUCH_SESSION = _("The course has no session {number}.")
    PACE_OUT_OF_RANGE = _("This protocol has {low} to {high} sessions a week.")
    NO_CONSENT = _("There is no valid consent: not signed, an old version, or withdrawn.")
    NO_SUCH_GATE = _("There is no gate “{gate}” there.")
    SESSIONS_DIFFER = _("This protocol has {sessions} sessions, the plan {days}.")
    FIRST_DAY_PAST = _("The first day lies in the past.")
    PLAN_TOO_LONG = _("The plan runs over more than {limit} days.")
    NOT_THE_DAY = _("Planned for {day}.")
    NOT_SCREENED = _("No prescriber has signed a screening.")
    SCREENING_NEEDS_SECOND = _("A second prescriber has to sign the screening.")
    SCREENING_NEWS = _("New since the screening was signed: {text} Decide again.")
    SCREENING_EXPIRED = _("The screening held until {until}.")
    COURSE_ENDED = _("This course has ended.")
    NOT_PREPARED = _("Preparation has not taken place.")
    NO_ORDER = _("There is no order for session {number}.")
    EARLIER_NOT_HELD = _("Session {number} has not been held.")
    PLAN_TOO_CLOSE = _("{before} and {after} are less than {hours} h apart.")
    ORDER_NEEDS_SECOND = _("A second prescriber has to sign the order.")
    NOT_INTEGRATED = _("Integration {number} has not taken place.")
    NO_IDEAL_WEIGHT = _("Without height and sex there is no ideal weight.")
    SESSIONS_OPEN = _("Not all sessions have been held.")
    SESSION_NOT_HELD = _("Session {number} has not been held yet.")
    SCREENED_NOT_NOW = _("The screening came to: not now.")
    SCREENED_EXCLUDED = _("The screening came to: not to be treated.")
    REASON_MISSING = _("Say why: {concerns}")
    TIME_NOT_POSITIVE = _("The time must be more than zero.")
    TIME_OVER_SOURCES = _("{time} is more than the {longest} min of any source of this protocol.")
    DILUTION_NOT_RECORDED = _("{text} Record the dilution.")
    DOSE_OVER_CAP = _("{dose} mg/kg is more than {most} mg/kg.")
    DOSE_OVER_USUAL = _("{dose} mg/kg is more than the usual {most}.")
    DOSE_UNDER_RANGE = _("{dose} mg/kg is less than any dose of the sources ({least}).")
    TIME_SHORT = _("{minutes} min is shorter than {least} min.")
    TIME_NOT_USUAL = _("{minutes} min is outside the usual {low} to {high} min.")
    RATE_HIGH = _("{rate} mg/kg/h is faster than {most} mg/kg/h.")
    MORE_THAN_ONE_VIAL = _("{volume} is more than one vial: {count} vials of {vial}.")
    INTERVAL_SHORT = _("The last dose was {hours} h before; the interval here is {least} h.")
    NO_SUCH_COURSE = _("There is no such course here.")
    NO_SUCH_PACK = _("The clinic has not taken this protocol over.")
    COURSE_OPEN = _("A course of this person is still open. End it first.")
    NOTHING_TO_INTEGRATE = _("Session {number} has not been held; there is nothing to integrate yet.")
    ENDED_ALREADY = _("This course has ended already.")
    WHY_ENDS_MISSING = _("Say why the course ends.")
    DOSE_RUNS = _("A dose is being given. The course ends after the person has left.")
    ORDERS_STAY = _("A dose is being given. Orders stay as they are until the person has left.")
    NOT_WEIGHED = _("Nobody has weighed this person. Weigh first.")
    VIAL_MISSING = _("Choose a vial of the formulary.")
    OTHER_PRODUCT = _("This vial is not what the protocol is for.")
    DOSE_GIVEN = _("The dose of session {number} has been given.")
    HAS_ORDER = _("Session {number} has an order. Take it back before writing another.")
    NO_SUCH_ORDER = _("There is no such order here.")
    SECOND_NOT_NEEDED = _("This order needs no second signature.")
    TAKEN_BACK = _("This order was taken back.")
    SECOND_SIGNED = _("A second prescriber has signed already.")
    SECOND_BY_SAME = _("The second signature must come from another prescriber.")
    PRESCRIBERS_TAKE_BACK = _("Only a prescriber takes an order back.")
    TAKEN_BACK_ALREADY = _("This order was taken back already.")
    CARRIED_OUT = _("This order was carried out.")
    WHY_BACK_MISSING = _("Say why the order is taken back.")
