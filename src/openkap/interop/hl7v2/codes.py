"""The allow-list: which device codes mean which reading, in which unit. Unknown is never guessed.

Held against hazard H32 (code or unit mis-mapped, kPa read as mmHg). Sources: IEEE 11073-10101 and the
IHE PCD Rosetta table for MDC; LOINC for the codes stored; Philips MDIL numbers are the MDC numbers in
hexadecimal (partition and code); the Edan EHC numbers are those its own layout sends. A code's own name
must agree with its number.
"""

from __future__ import annotations

from openkap.kernel.code import Code
from openkap.kernel.systems import short_name

SBP = Code("loinc", "8480-6", "Systolic blood pressure")
DBP = Code("loinc", "8462-4", "Diastolic blood pressure")
MEAN = Code("loinc", "8478-0", "Mean blood pressure")
HEART_RATE = Code("loinc", "8867-4", "Heart rate")
SPO2 = Code("loinc", "59408-5", "Oxygen saturation by pulse oximetry")
OXIMETER_PULSE = Code("loinc", "8889-8", "Heart rate by pulse oximetry")
BREATHING = Code("loinc", "9279-1", "Respiratory rate")
TEMPERATURE = Code("loinc", "8310-5", "Body temperature")
CUFF_PULSE = Code("mdc", "149546", "Pulse rate by cuff")
PULSE = Code("mdc", "149514", "Pulse rate, source not named")

PERCENT, PER_MINUTE, PRESSURE, CELSIUS = "%", "/min", "mm[Hg]", "Cel"

UNIT_OF = {
    SBP: PRESSURE,
    DBP: PRESSURE,
    MEAN: PRESSURE,
    HEART_RATE: PER_MINUTE,
    SPO2: PERCENT,
    OXIMETER_PULSE: PER_MINUTE,
    BREATHING: PER_MINUTE,
    TEMPERATURE: CELSIUS,
    CUFF_PULSE: PER_MINUTE,
    PULSE: PER_MINUTE,
}

NOTE_OF = {
    CUFF_PULSE: "Pulse counted by the cuff: neither the heart rate of the ECG nor the pulse of the oximeter.",
    PULSE: "Pulse rate; the monitor does not say from which sensor.",
}

# (system, number) → (what it means, the names the number may carry). No name is allowed; another is not.
CODES: dict[tuple[str, str], tuple[Code, frozenset[str]]] = {
    ("MDC", "150021"): (SBP, frozenset({"MDC_PRESS_BLD_NONINV_SYS"})),
    ("MDC", "150022"): (DBP, frozenset({"MDC_PRESS_BLD_NONINV_DIA"})),
    ("MDC", "150023"): (MEAN, frozenset({"MDC_PRESS_BLD_NONINV_MEAN"})),
    ("MDC", "150301"): (SBP, frozenset({"MDC_PRESS_CUFF_SYS"})),
    ("MDC", "150302"): (DBP, frozenset({"MDC_PRESS_CUFF_DIA"})),
    ("MDC", "150303"): (MEAN, frozenset({"MDC_PRESS_CUFF_MEAN"})),
    ("MDC", "147842"): (HEART_RATE, frozenset({"MDC_ECG_HEART_RATE", "MDC_ECG_CARD_BEAT_RATE"})),
    ("MDC", "149514"): (PULSE, frozenset({"MDC_PULS_RATE"})),
    ("MDC", "149530"): (OXIMETER_PULSE, frozenset({"MDC_PULS_OXIM_PULS_RATE"})),
    ("MDC", "149546"): (CUFF_PULSE, frozenset({"MDC_PULS_RATE_NON_INV"})),
    ("MDC", "150456"): (SPO2, frozenset({"MDC_PULS_OXIM_SAT_O2"})),
    ("MDC", "151562"): (BREATHING, frozenset({"MDC_RESP_RATE"})),
    ("MDC", "151578"): (BREATHING, frozenset({"MDC_TTHOR_RESP_RATE"})),
    ("MDC", "150344"): (TEMPERATURE, frozenset({"MDC_TEMP"})),
    ("MDC", "150364"): (TEMPERATURE, frozenset({"MDC_TEMP_BODY"})),
    ("MDIL", "0002-4182"): (HEART_RATE, frozenset({"HR"})),
    ("MDIL", "0002-4bb8"): (SPO2, frozenset({"SpO2"})),
    ("MDIL", "0002-480a"): (PULSE, frozenset({"Pulse"})),
    ("MDIL", "0002-5000"): (BREATHING, frozenset({"Resp", "RR"})),
    ("MDIL", "0002-4a05"): (SBP, frozenset({"NBPs", "NIBPs"})),
    ("MDIL", "0002-4a06"): (DBP, frozenset({"NBPd", "NIBPd"})),
    ("MDIL", "0002-4a07"): (MEAN, frozenset({"NBPm", "NIBPm"})),
    ("EHC", "393216"): (SBP, frozenset({"NIBP_SYS"})),
    ("EHC", "393217"): (DBP, frozenset({"NIBP_DIA"})),
    ("EHC", "327680"): (SPO2, frozenset({"SPO2_SPO2"})),
    ("EHC", "327681"): (OXIMETER_PULSE, frozenset({"SPO2_PR"})),
}
LOINC_CODES = {meaning.code: meaning for meaning in UNIT_OF if meaning.system == "loinc"}

# A pulse "with the oximeter named as its source" in OBX-17 is an oximeter pulse.
OXIMETER_SOURCES = frozenset({("MDIL", "0002-4bb8"), ("MDC", "150456")})

WEIGHT_AND_HEIGHT = frozenset({("MDC", "188736"), ("MDC", "188740"), ("LN", "29463-7"), ("LN", "8302-2")})

# (system, code) → (UCUM, the names it may carry).
UNITS: dict[tuple[str, str], tuple[str, frozenset[str]]] = {
    ("MDC", "262688"): (PERCENT, frozenset({"MDC_DIM_PERCENT"})),
    ("MDC", "264672"): (PER_MINUTE, frozenset({"MDC_DIM_PER_MIN"})),
    ("MDC", "264864"): (PER_MINUTE, frozenset({"MDC_DIM_BEAT_PER_MIN"})),
    ("MDC", "264928"): (PER_MINUTE, frozenset({"MDC_DIM_RESP_PER_MIN"})),
    ("MDC", "266016"): (PRESSURE, frozenset({"MDC_DIM_MMHG"})),
    ("MDC", "268192"): (CELSIUS, frozenset({"MDC_DIM_DEGC"})),
    ("MDIL", "0004-0220"): (PERCENT, frozenset({"%"})),
    ("MDIL", "0004-0aa0"): (PER_MINUTE, frozenset({"bpm"})),
    ("MDIL", "0004-0ae0"): (PER_MINUTE, frozenset({"rpm"})),
    ("MDIL", "0004-0f20"): (PRESSURE, frozenset({"mmHg"})),
}
UCUM_UNITS = {
    "%": PERCENT,
    "/min": PER_MINUTE,
    "{beat}/min": PER_MINUTE,
    "{beats}/min": PER_MINUTE,
    "{breath}/min": PER_MINUTE,
    "{breaths}/min": PER_MINUTE,
    "mm[Hg]": PRESSURE,
    "Cel": CELSIUS,
}
# Units without a system, as some monitors write them: UCUM's own signs, which are no guess, and these words.
# "F", "kPa" and the rest stay outside.
WORD_UNITS = UCUM_UNITS | {"mmHg": PRESSURE, "bpm": PER_MINUTE, "rpm": PER_MINUTE}

# What devices send when there is no number: the 11073 FLOAT and SFLOAT specials (NaN, NRes, infinities), the
# unset values of 16- and 32-bit fields, and Mindray's -100.
_FLOAT_SPECIALS = (8388606, 8388607, 8388608, 8388609, 8388610, -8388606, -8388607, -8388608)
_SFLOAT_SPECIALS = (2046, 2047, 2048, 2049, 2050, -2046, -2048)
_UNSET_FIELDS = (32767, 32768, -32768, 65535, 2147483647, -2147483648, -100)
SENTINELS = frozenset(str(number) for number in _FLOAT_SPECIALS + _SFLOAT_SPECIALS + _UNSET_FIELDS)


class NotAllowed(ValueError):
    """A code or a unit outside the allow-list, or one whose number and name disagree."""


def _system(sent: str) -> str:
    """The system's name in this table, by whichever name it was sent: HL7's, an OID or an address."""
    return {"loinc": "LN", "mdc": "MDC", "ucum": "UCUM"}.get(short_name(sent), sent)


def meaning_of(triples: list[tuple[str, str, str]]) -> Code:
    """What a coded name means. `triples` are (number, name, system): the first and its alternate."""
    known: list[Code] = []
    for number, name, sent in triples:
        system = _system(sent)
        if system == "LN" and number in LOINC_CODES:
            known.append(LOINC_CODES[number])
        elif (system, number) in CODES:
            meaning, names = CODES[(system, number)]
            if name and name not in names:
                raise NotAllowed(f"The number {number} and its name {name} do not belong together.")
            known.append(meaning)
    if not known:
        raise NotAllowed("The code is not on the list of readings this clinic takes from a device.")
    if len(set(known)) > 1:
        raise NotAllowed("The code and its alternate mean different readings.")
    return known[0]


# How a unit of ISO/IEEE 11073 is written where people read it.
_IN_WORDS = {
    "KILO_PASCAL": "kPa",
    "MMHG": "mmHg",
    "PERCENT": "%",
    "FAHR": "°F",
    "DEGC": "°C",
    "BEAT_PER_MIN": "/min",
    "RESP_PER_MIN": "/min",
    "PER_MIN": "/min",
}


def unit_in_words(name: str) -> str:
    """A unit as people write it; one that is not known here as it was sent."""
    return _IN_WORDS.get(name.removeprefix("MDC_DIM_"), name)


def unit_of(triples: list[tuple[str, str, str]]) -> str:
    """The UCUM unit a coded unit means."""
    known: set[str] = set()
    for code, name, sent in triples:
        system = _system(sent)
        if (system, code) in UNITS:
            unit, names = UNITS[(system, code)]
            if name and name not in names:
                raise NotAllowed(f"The unit {code} and its name {name} do not belong together.")
            known.add(unit)
        elif system == "UCUM" and code in UCUM_UNITS:
            known.add(UCUM_UNITS[code])
        elif not system and code in WORD_UNITS:
            known.add(WORD_UNITS[code])
        elif code:
            shown = unit_in_words(name or code)
            raise NotAllowed(f"The unit {shown} is not one this clinic takes for a reading.")
    if not known:
        raise NotAllowed("No unit was sent.")
    if len(known) > 1:
        raise NotAllowed("The unit and its alternate disagree.")
    return known.pop()
