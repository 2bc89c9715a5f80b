"""Every statement of a session under watch that is kept in the record."""

from openkap.kernel.statement import Statement
from openkap.kernel.wording import sentence as _


class MarkStatement(Statement):
    """What a mark says: which value crossed which limit, or what nobody has measured or heard."""

    VALUE = _("{what} {value}{unit}")
    ABOVE_BASELINE = _("{what} {by} above baseline")
    UNDER_BASELINE = _("{what} {by} under baseline")
    PERCENT_UNDER_BASELINE = _("{what} {value}{unit}, {percent} % under baseline")
    SEVERAL = "{parts}"
    NOT_CONFIRMED = _("{values} (not confirmed)")
    CONFIRMED = _("{values} (confirmed)")
    COMPLAINT = _("{term}, grade {grade}")
    NOT_MEASURED = _("Not measured in time: {what} ({check})")
    MONITOR_NOT_HEARD = _("Nothing is heard from {monitor}")
    SIGNALS_NOT_HEARD = _("Nothing true is heard of: {signals}")
    CONSENT_WITHDRAWN = _("The person has withdrawn their consent")
    DOSE_THROUGH = _("By the clock the infusion is through")


class ActionStatement(Statement):
    """What a mark asks for. What the pack's row asks for stands in the pack's own words."""

    OF_THE_PACK = "{text}"
    MEASURE_NOW = _("Measure now.")
    MEASURE_AGAIN = _("Measure again now. Ask about headache, chest pain, breath, sight and strength.")
    LOOK_NOW = _("Look at the person now. Then say here which it is.")
    STOP_AND_CALL = _("Stop the drug. Call for help. Open the emergency card.")
    LOOK_AT_MONITOR = _("Look at the person and at the monitor. Measure by hand until it is heard again.")
    LOOK_AT_SENSOR = _("Look at the person and at the sensor. Measure by hand until it is heard again.")
    STOP_CONSENT_WITHDRAWN = _(
        "Stop the dose. Nothing more is given. Stay with the person until they may go home."
    )
    LOOK_AT_PUMP = _("Look at the pump. When it is through, end the dose here.")


class ClosingStatement(Statement):
    """Why a mark closed without an answer."""

    REPLACED = _("Replaced by a graver mark.")
    ENTERED_IN_ERROR = _("Entered in error: {why}")
    SENSOR = _("Looked at the person: the sensor was wrong.")


class ReadingStatement(Statement):
    """Why a value is not charted as true."""

    NO_LIMITS = _("No limits are known for this reading.")
    OUT_OF_LIMITS = _(
        "{what} {value} is {side} {bound}, where a sensor error is likelier. Look at the person."
    )
    LEAD_OFF = _("The ECG lead is off: the oximeter counts a pulse of {pulse}.")
    NO_BEAT = _("Neither lead nor oximeter finds a beat. Look at the person.")
    NO_SATURATION = _("The probe is off or finds no saturation. Look at the person.")
    NO_PULSE = _("The probe is off or finds no pulse. Look at the person.")
    PULSE_ALONE = _("The probe finds no saturation and no heart rate confirms its pulse. Look at the person.")
    SATURATION_NOT_TRUSTED = _(
        "The probe counts a pulse of {pulse}, so its saturation cannot be trusted. Look at the person."
    )
    ELECTRODES_OFF = _("The electrodes that sense breathing are off. Look at the person.")
    BREATHS_WITHOUT_BEAT = _("{breaths} breaths from electrodes that find no heart rate. Look at the person.")
    MEAN_ALONE = _("A mean came without its pressures: the cuff did not finish. Repeat the cuff.")
    CUFF_PART = _("{why} Repeat the cuff.")
    CUFF_TOO_CLOSE = _("Cuff reading {sbp}/{dbp}: the pressures are too close. Repeat the cuff.")
    CUFF_EXCHANGED = _(
        "Cuff reading {sbp}/{dbp}: the second number must be lower than the first. Exchanged? "
        "If not, repeat the cuff."
    )
    CUFF_MEAN_OUTSIDE = _(
        "Cuff reading {sbp}/{dbp} with a mean of {mean}: the mean lies outside. Repeat the cuff."
    )
    NOT_CONFIRMED = _("{what} {value}. Not confirmed. Look at the person now, and say here which it is.")
    NOT_CALIBRATED = _("Under {limit} % an oximeter is not calibrated. Look at the person.")
    RATES_DISAGREE = _("Heart rate and oximeter pulse disagree: check the probe.")


class ValueNote(Statement):
    """What else is known about how a value came."""

    AS_SENT = "{text}"
    CLOCK_AHEAD = _("The sender's clock is {seconds} s ahead.")
    SET_BACK = _("The sender's clock is {seconds} s ahead; the time is set back by as much.")
    REPEATED_HOUR = _("Measured in the hour that the change of the clock repeats.")
    AFTER_CLOSING = _("Arrived after the session was closed.")


class CheckTitle(Statement):
    """Which timed check it is."""

    BEFORE = _("Before the dose")
    AFTER_DOSE = _("{minutes} min after the dose")
    AFTER_START = _("{minutes} min after the start")
    AT_END = _("At the end of the dose")
    AFTER_END = _("{minutes} min after the end")


class WatchAlert(Statement):
    """What an alert of the watch says."""

    MARK_NOT_ANSWERED = _("{room}: a mark is not answered. {mark}.")
    RECHECK_NOT_MADE = _("{room}: a promised recheck was not made. {mark}.")
    LATE_VALUE = _("A value from the session arrived after the discharge: {value}.")
    ADVERSE_EVENT = _("{room}: {term}, grade {grade}.")
    NOT_CHARTED = _("{monitor}: not charted in this session. {what}: {why}")
