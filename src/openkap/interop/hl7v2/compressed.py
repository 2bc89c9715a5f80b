"""A message kept byte for byte in a sixth of its room, and what was read in it: compressed against the usual.

Messages are too short to hold much of themselves twice, and alike enough to hold much of one another. So
each is compressed (zlib, RFC 1950) against a text of the usual segments and codes. That text is never
changed: what was written against it is read against it. A better one is another version beside it.
"""

from __future__ import annotations

import json
import zlib
from typing import Any

from django.db import models

_MARK = (
    b"\x00OK"  # no message begins so: HL7 begins with MSH; what is no message is kept behind a mark as well
)
_PLAIN, _ZLIB_1, _ZLIB_2 = b"\x00", b"\x01", b"\x02"
_LINE = "OBX|{}|NM|{}|1.1.1.{}|{}|{}|||||R|||20260101120000.0000+0000||||BED-1\r"
_VALUES = (
    ("150016^MDC_PRESS_BLD_NONINV^MDC", "93", "266016^MDC_DIM_MMHG^MDC"),
    ("150023^MDC_PRESS_BLD_NONINV_MEAN^MDC", "92", "266016^MDC_DIM_MMHG^MDC"),
    ("150022^MDC_PRESS_BLD_NONINV_DIA^MDC", "78", "266016^MDC_DIM_MMHG^MDC"),
    ("150021^MDC_PRESS_BLD_NONINV_SYS^MDC", "124", "266016^MDC_DIM_MMHG^MDC"),
    ("151578^MDC_TTHOR_RESP_RATE^MDC", "14", "264928^MDC_DIM_RESP_PER_MIN^MDC"),
    ("147842^MDC_ECG_HEART_RATE^MDC", "71", "264864^MDC_DIM_BEAT_PER_MIN^MDC"),
    ("149530^MDC_PULS_OXIM_PULS_RATE^MDC", "72", "264864^MDC_DIM_BEAT_PER_MIN^MDC"),
    ("150456^MDC_PULS_OXIM_SAT_O2^MDC", "97", "262688^MDC_DIM_PERCENT^MDC"),
    ("151562^MDC_RESP_RATE^MDC", "14", "264928^MDC_DIM_RESP_PER_MIN^MDC"),
)
_DICTIONARY_1 = (
    "MSH|^~\\&|BED-1^BED-1^EUI-64|MONITOR|||20260101120000.0000+0000||ORU^R01^ORU_R01|01a2|P|2.6|||NE|AL||"
    "UNICODE UTF-8|||IHE_PCD_001^IHE PCD^1.3.6.1.4.1.19376.1.6.1.1.1^ISO\rPID|||\rPV1||O\r"
    "OBR|1|||182777000^monitoring of patient^SCT|||20260101120000.0000+0000\r"
    + "".join(_LINE.format(n, code, n, value, unit) for n, (code, value, unit) in enumerate(_VALUES, 1))
).encode()


_READ = (
    '{{"code":"{}","measured_at":"2026-01-01T12:00:00.500000Z","note":null,'
    '"system":"{}","unit":"{}","value":"{}"}}'
)
_READ_AS = (
    ("150021", "mdc", "mm[Hg]", "124"), ("150022", "mdc", "mm[Hg]", "78"), ("150023", "mdc", "mm[Hg]", "92"),
    ("8480-6", "loinc", "mm[Hg]", "124"), ("8462-4", "loinc", "mm[Hg]", "78"),
    ("8478-0", "loinc", "mm[Hg]", "92"), ("9279-1", "loinc", "/min", "14"), ("8867-4", "loinc", "/min", "71"),
    ("8889-8", "loinc", "/min", "72"), ("59408-5", "loinc", "%", "97"),
)  # fmt: skip
_DICTIONARY_2 = (
    '{"absent":["'
    + '","'.join(code for code, *_ in _READ_AS)
    + '"],"alarms":[{"code":"196652^MDC_EVT_ALARM^MDC","text":"low"}],"quarantined":[{"raw":"","reason":""}],'
    + '"absent":[],"alarms":[],"quarantined":[],"stored":['
    + ",".join(_READ.format(*read) for read in _READ_AS)
    + "]}"
).encode()
_DICTIONARIES = {_ZLIB_1: _DICTIONARY_1, _ZLIB_2: _DICTIONARY_2}


def packed(content: bytes, *, how: bytes = _ZLIB_1) -> bytes:
    """As it is stored: compressed, or as it is where that is shorter."""
    work = zlib.compressobj(level=9, zdict=_DICTIONARIES[how])
    small = work.compress(content) + work.flush()
    return _MARK + (how + small if len(small) < len(content) else _PLAIN + content)


def unpacked(stored: bytes) -> bytes:
    """As it came. What was stored before messages were compressed has no mark, and is as it came.

    Raises:
        ValueError: it was written by a version to come.
    """
    if not stored.startswith(_MARK):
        return stored
    how, body = stored[len(_MARK) : len(_MARK) + 1], stored[len(_MARK) + 1 :]
    if how == _PLAIN:
        return body
    if how not in _DICTIONARIES:
        raise ValueError(f"A message is stored in a way this version does not know ({how!r}).")
    work = zlib.decompressobj(zdict=_DICTIONARIES[how])
    return work.decompress(body) + work.flush()


class MessageField(models.BinaryField):  # type: ignore[type-arg]
    """The bytes of a message, compressed where they are stored and nowhere else."""

    def get_prep_value(self, value: Any) -> Any:
        """Into the database."""
        return None if value is None else packed(bytes(value))

    def from_db_value(self, value: Any, *_: Any) -> bytes | None:
        """Out of the database."""
        return None if value is None else unpacked(bytes(value))


class ReadingField(models.BinaryField):  # type: ignore[type-arg]
    """What was read in a message, plain data; compressed where it is stored and nowhere else."""

    def get_prep_value(self, value: Any) -> Any:
        """Into the database."""
        return packed(json.dumps(value, sort_keys=True, separators=(",", ":")).encode(), how=_ZLIB_2)

    def from_db_value(self, value: Any, *_: Any) -> Any:
        """Out of the database."""
        return json.loads(unpacked(bytes(value)))
