"""Every reason of chart against an act, as a person reads it."""

from openkap.kernel.refusal import Reason
from openkap.kernel.wording import sentence as _


class ChartReason(Reason):
    """Why chart refuses."""

    WEIGHT_CHANGE = _(
        "{new} kg differs by more than 10 % from the last weight, {last} kg. Weigh again and confirm."
    )
    TEXT_MISSING = _("Say what it is.")
    ONLY_DRUGS_RULED_OUT = _(
        "That rules out drugs alone. Ask about everything else, then say “I have asked: no allergies”."
    )
    ANSWER_NOT_ENTRY = _("“{text}” is an answer about the list and no entry. Say “I have asked” at the list.")
    UNIT_DIFFERS = _("{name} is kept in {expected}, not in {unit}.")
    VALUE_IMPOSSIBLE = _("{name} {value} {unit} cannot be right; it must lie between {low} and {high}.")
    PRESSURES_EXCHANGED = _("{pair}: the second number must be lower than the first. Exchanged?")
    NOTHING_TYPED = _("Nothing was typed.")
    PRESSURE_INCOMPLETE = _("A blood pressure has two numbers.")
    WHY_WRONG_MISSING = _("Say why it is wrong.")
    ENTRY_VOIDED = _("This entry has already been voided.")
    VALUE_VOIDED = _("This value has already been voided.")
    LIST_NOT_EMPTY = _("The list has entries; void them first if they are wrong.")
    UNIT_MISSING = _("{name} is kept in {expected}, and no unit was given.")
    WEIGHT_IN_POUNDS = _(
        "{new} kg differs by more than 10 % from the last weight, {last} kg. That is the last weight in"
        " pounds: was it read off in pounds? Weigh again and confirm."
    )
