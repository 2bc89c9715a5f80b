"""Messages written for these tests, in the layouts monitors use. Every name and value is invented."""

from __future__ import annotations

HEADER = (
    "MSH|^~\\&|BEDSIDE^0A0000FFFE000001^EUI-64|MAKER|||20260310140500+0000||ORU^R01^ORU_R01|own-1|P|2.6"
    "|||AL|NE||UNICODE UTF-8"
)
PATIENT = "PID|||KAP-0100^^^KAP^PI||Osei^Amara"
PLACE = "PV1||I|Suite^1^B"
ORDER = "OBR|1|A|A|182777000^monitoring of patient^SCT|||20260310140442+0000"


def value_line(
    code: str,
    value: str,
    unit: str,
    *,
    kind: str = "NM",
    flags: str = "",
    state: str = "R",
    channel: str = "1.1.1.1",
) -> str:
    """One OBX line as a monitor writes it."""
    return f"OBX|1|{kind}|{code}|{channel}|{value}|{unit}||{flags}|||{state}"


def message_of(*lines: str, header: str = HEADER) -> bytes:
    """A whole message around the given result lines."""
    return "\r".join([header, PATIENT, PLACE, ORDER, *lines, ""]).encode()


SATURATION = "150456^MDC_PULS_OXIM_SAT_O2^MDC"
SYSTOLIC = "150021^MDC_PRESS_BLD_NONINV_SYS^MDC"
PERCENT = "262688^MDC_DIM_PERCENT^MDC"
MMHG = "266016^MDC_DIM_MMHG^MDC"
