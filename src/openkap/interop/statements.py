"""What interop says in the record: why a message waits, and what somebody must look at."""

from openkap.kernel.statement import Statement
from openkap.kernel.wording import sentence as _


class WaitingStatement(Statement):
    """Why a message belongs to no session. What a message itself got wrong is said as it was answered."""

    AS_ANSWERED = "{text}"
    NO_SUCH_MONITOR = _("No monitor of this clinic goes by the name the message gives.")
    SEVERAL_MONITORS = _("The message names more than one of the clinic's monitors.")
    NOT_PAIRED = _("{monitor} is paired with no session.")
    SEVERAL_PEOPLE = _("The message speaks of several people or places; nothing is charted.")
    DEMONSTRATION = _("The monitor is in its demonstration mode.")
    OTHER_PATIENT = _("The message names another patient than the session {monitor} is paired with.")
    OTHER_PLACE = _("The message comes from {location}; {monitor} belongs to {place}.")
    CLOCK_OFF = _("The clock of {monitor} is {minutes} min off.")
    TIME_OFF = _("{monitor} does not say when it sent this, and its newest time is {minutes} min off.")


class NotChartedStatement(Statement):
    """What of a message did not reach its session, and why. A value's own reason stands as answered."""

    EVERY_VALUE = _("Every value of this monitor")
    NAMED = "{name}"
    AS_ANSWERED = "{text}"


class InteropAlert(Statement):
    """What an alert of this app says."""

    UNREADABLE = _("A monitor sends messages that cannot be read: {why} They wait under Monitor messages.")
    TURNED_AWAY = _("A monitor at {address} was turned away: {count} connections are open. It is not heard.")
    ONE_MESSAGE_WAITS = _("1 monitor message nobody has looked at since {since:day}.")
    MESSAGES_WAIT = _("{count} monitor messages nobody has looked at since {since:day}.")
    ONE_REFERRAL_WAITS = _("1 referral nobody has taken into a chart yet: from {senders}.")
    REFERRALS_WAIT = _("{count} referrals nobody has taken into a chart yet: from {senders}.")
