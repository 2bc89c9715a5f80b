"""Sending a recording as a monitor would: IHE PCD-01 messages over MLLP. To try the room out, and to test."""

from __future__ import annotations

import csv
import socket
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path

from openkap.interop.hl7v2.framing import END, framed
from openkap.kernel.ids import uuid7
from openkap.kernel.quantity import plain
from openkap.watch import simulated
from openkap.watch.plausibility import BREATHING, DBP, HEART_RATE, MEAN, OXIMETER_PULSE, SBP, SPO2

COLUMNS = {
    "HR": HEART_RATE,
    "PULSE": OXIMETER_PULSE,
    "RESP": BREATHING,
    "SpO2": SPO2,
    "NBPSys": SBP,
    "NBPDias": DBP,
    "NBPMean": MEAN,
}
_PER_MINUTE = "264864^MDC_DIM_BEAT_PER_MIN^MDC"
_MMHG = "266016^MDC_DIM_MMHG^MDC"
CODED = {
    HEART_RATE: ("147842^MDC_ECG_HEART_RATE^MDC", _PER_MINUTE),
    OXIMETER_PULSE: ("149530^MDC_PULS_OXIM_PULS_RATE^MDC", _PER_MINUTE),
    BREATHING: ("151562^MDC_RESP_RATE^MDC", "264928^MDC_DIM_RESP_PER_MIN^MDC"),
    SPO2: ("150456^MDC_PULS_OXIM_SAT_O2^MDC", "262688^MDC_DIM_PERCENT^MDC"),
    SBP: ("150021^MDC_PRESS_BLD_NONINV_SYS^MDC", _MMHG),
    DBP: ("150022^MDC_PRESS_BLD_NONINV_DIA^MDC", _MMHG),
    MEAN: ("150023^MDC_PRESS_BLD_NONINV_MEAN^MDC", _MMHG),
}
Minute = dict[str, Decimal]


class BadRecording(ValueError):
    """The file is no recording this command can send. The message says which line and why."""


def from_csv(path: Path) -> list[Minute]:
    """The rows of a recording: one a minute, an empty cell where nothing was sent."""
    with path.open(newline="", encoding="utf-8") as file:
        rows = csv.DictReader(file)
        if not rows.fieldnames or not set(COLUMNS) & set(rows.fieldnames):
            raise BadRecording(f"{path} has none of the columns {', '.join(COLUMNS)}.")
        return [_row(row, number) for number, row in enumerate(rows, start=2)]


def _row(row: dict[str, str], number: int) -> Minute:
    try:
        return {code: Decimal(row[name]) for name, code in COLUMNS.items() if (row.get(name) or "").strip()}
    except InvalidOperation as error:
        raise BadRecording(f"Line {number} holds something that is no number.") from error


def made_up(seed: int) -> list[Minute]:
    """A made-up session, with the faults real monitors show."""
    return [minute.values for minute in simulated.course(seed=seed)]


def message(values: Minute, *, monitor: str, at: datetime, patient: str = "") -> bytes:
    """One PCD-01 message with the readings of one moment."""
    when = at.astimezone(UTC).strftime("%Y%m%d%H%M%S.%f")[:-2] + "+0000"
    lines = [
        f"MSH|^~\\&|{monitor}^{monitor}^EUI-64|OpenKAP replay|||{when}||ORU^R01^ORU_R01|{uuid7().hex}|P|2.6"
        "|||NE|AL||UNICODE UTF-8|||IHE_PCD_001^IHE PCD^1.3.6.1.4.1.19376.1.6.1.1.1^ISO",
        f"PID|||{patient}^^^KAP^PI" if patient else "PID|||",
        "PV1||O",
        f"OBR|1|||182777000^monitoring of patient^SCT|||{when}",
    ]
    for number, (code, value) in enumerate(values.items(), start=1):
        name, unit = CODED[code]
        lines.append(
            f"OBX|{number}|NM|{name}|1.1.1.{number}|{plain(value)}|{unit}|||||R|||{when}||||{monitor}"
        )
    return ("\r".join(lines) + "\r").encode()


def answered(link: socket.socket) -> str:
    """The acknowledgement's code, or nothing when the other side closed."""
    held = b""
    while END not in held:
        piece = link.recv(4096)
        if not piece:
            return ""
        held += piece
    acknowledged = [line for line in held.split(b"\r") if line.startswith(b"MSA|")]
    return acknowledged[0].split(b"|")[1].decode() if acknowledged else ""


def send(
    minutes: Iterable[Minute],
    *,
    monitor: str,
    address: tuple[str, int],
    speed: float = 1.0,
    patient: str = "",
    sleep: Callable[[float], None] = time.sleep,
) -> Iterator[tuple[int, str]]:
    """Send each minute as it would have come, `speed` times as fast; give its number and the answer."""
    with socket.create_connection(address, timeout=30) as link:
        for number, values in enumerate(minutes):
            if number:
                sleep(60 / speed)
            if not values:
                continue
            link.sendall(framed(message(values, monitor=monitor, at=datetime.now(UTC), patient=patient)))
            yield number, answered(link)
