"""Every reason of the watch against an act, as a person reads it."""

from openkap.kernel.refusal import Reason
from openkap.kernel.wording import sentence as _


class WatchReason(Reason):
    """Why the watch refuses."""

    DECISION_BY_PRESCRIBER = _("Only a prescriber decides this.")
    DECISION_WITHOUT_REASON = _("Give the reason.")
    MARK_CLOSED = _("This mark is closed already.")
    NOT_TO_BE_DECIDED = _("This mark bars nothing that a prescriber could lift.")
    SETTLED_BY_PERSON = _("Only a signed-in person settles a mark.")
    NOT_A_PERSONS = _("This mark ends when it is measured again. Answer it, and measure.")
    WHICH_MISSING = _("Say which it is: the person's own value, or the sensor's.")
    ACTION_MISSING = _("Say in a few words what was seen or done.")
    SESSION_CLOSED = _("This session is closed.")
    TYPED_IMPOSSIBLE = _("{name} {value} cannot be right; it lies between {low} and {high}. Type it again.")
    TYPED_UNLIKELY = _("{text}")
    NO_SUCH_MARK = _("There is no such mark here.")
    ANSWER_MISSING = _("Say in a few words what was done.")
    ANSWERED_BY_PERSON = _("Only a signed-in person answers a mark.")
    COURSE_ENDED = _("This course has ended.")
    NO_SUCH_SESSION = _("There is no such session here.")
    NOT_PLANNED = _("The course has no session {number}.")
    CANCELLED = _("Session {number} was cancelled.")
    OPENED_ALREADY = _("Session {number} has been opened already.")
    ROOM_NOT_IN_USE = _("Choose a room that is in use.")
    ROOM_TAKEN = _("There is a session in {room} already.")
    OTHER_SESSION_OPEN = _("Another session of this person is still open.")
    CLOCK_AHEAD = _("The time lies in the future. Set the clock of this device right.")
    BEFORE_SESSION = _("This was measured before the session.")
    AFTER_CLOSE = _("This was measured after the session was closed.")
    NOTHING_MEASURED = _("Nothing was measured.")
    UNKNOWN_READING = _("“{code}” is no reading this room knows.")
    SENT_WITH_OTHER_VALUE = _("This reading was sent before with another value.")
    SENT_WITH_OTHER_CONTENT = _(
        "This key was sent before with other content, which is kept. Enter this one anew."
    )
    TERM_MISSING = _("Say what it was.")
    GRADE_OUT_OF_RANGE = _("The grade is 1 to 5.")
    REMARK_EMPTY = _("Write it down in a few words.")
    WORDS_NOT_AGREED = _("Write their words down only when they agreed to it beforehand.")
    IDENTIFIER_MISSING = _("Give the identifier the monitor sends.")
    MONITOR_NAME_MISSING = _("Give the monitor a name people here will know.")
    NO_SUCH_ZONE = _("“{zone}” is no time zone.")
    MONITOR_KNOWN = _("A monitor with this identifier is in use already.")
    NO_SUCH_MONITOR = _("There is no such monitor in use here.")
    MONITOR_PAIRED = _("This monitor is paired with a session. Unpair it first.")
    MONITOR_TAKEN = _("{monitor} is paired with another session. Unpair it there first.")
    SESSION_PAIRED = _("This session has a monitor already. Unpair it first.")
    NOT_PAIRED = _("No monitor is paired with this session.")
    NO_SUCH_VALUE = _("There is no such value here.")
    SEEN_ALREADY = _("Somebody has seen this already.")
    UNIT_DIFFERS = _("“{code}” is not kept in {unit} here.")
    UNIT_MISSING = _("“{code}” needs its unit.")
