"""The parser gives a message or says what was wrong; the acknowledgement echoes and escapes."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openkap.interop.hl7v2.ack import Fault, acknowledge, wanted
from openkap.interop.hl7v2.message import NotHL7, parse
from openkap.interop.hl7v2.tests.samples import HEADER, message_of

AT = datetime(2026, 3, 10, 14, 5, tzinfo=UTC)


def test_a_message_is_read_by_the_delimiters_it_declares():
    content = b"MSH*!#%$*APP*FAC***20260310**ORU!R01*c-9*P*2.5\rPID***K1!!!X#K2\r"
    message = parse(content)
    assert message.control_id == "c-9"
    assert message.kind == "ORU^R01"
    assert message.first("PID").repetitions(3) == ("K1!!!X", "K2")


def test_escapes_are_undone_and_unknown_ones_kept():
    content = message_of("NTE|1||a \\F\\ b \\T\\ c \\X41\\ \\Zxx\\ \\.br\\end")
    note = parse(content).first("NTE").part(3)
    assert note == "a | b & c A \\Zxx\\ \nend"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "does not begin with MSH"),
        (b"GET / HTTP/1.1", "does not begin with MSH"),
        (b"MSH|^~", "ends inside"),
        (b"MSH|^^^^|A|B|||1||ORU|1|P|2.6", "four different delimiters"),
        (b"MSH|^~\\&|A|B|||1||ORU|id-1|P|2.6\rnot a segment", "Line 2"),
        (b"MSH|^~\\&|A|B|||1||ORU^R01||P|2.6", "MSH-10"),
        (b"MSH|^~\\&|A|B|||1||ORU|id-1|P|2.6||||||KLINGON\rPID|||K\xe9", "character set"),
        (b"MSH|^~\\&|A|B|||1||ORU|id-1|P|2.6||||||ISO IR87\rPID|||\x1b$B0B\x1b(B", "character set"),
        (b"FHS|^~\\&|GW\rMSH|^~\\&|A|B|||1||ORU|id-1|P|2.6", "wrapped in a batch"),
        (b"MSH|^~\\&|A|B|||1||ORU|id-1|P|2.6\rPID|||K1\nOBX|1|NM", "some with a line feed"),
        (b"MSH|^~\\&|A|B|||1||ORU|id-1|P|2.6||||||UNICODE UTF-8\rPID|||\xff\xfe", "promises"),
        (b"MSH|^~\\&|A|B|||1||ORU|id-1|P|2.6\rMSH|^~\\&|A|B|||1||ORU|id-2|P|2.6", "Two messages"),
    ],
)
def test_what_is_no_hl7_says_what_was_wrong(content, says):
    with pytest.raises(NotHL7, match=says):
        parse(content)


def test_a_refusal_still_names_the_message_when_its_id_was_readable():
    with pytest.raises(NotHL7) as refusal:
        parse(b"MSH|^~\\&|A|B|||1||ORU|id-1|P|2.6\rnot a segment")
    assert refusal.value.control_id == "id-1"


def test_a_line_feed_inside_a_field_belongs_to_its_text():
    """H31. “Line 6 does not begin with a segment name”: the vital signs before it were not read."""
    note = parse(message_of("NTE|1||Person is talking,\nprobe reseated twice")).first("NTE").part(3)
    assert note == "Person is talking,\nprobe reseated twice"


@pytest.mark.parametrize("end", ["\r", "\n", "\r\n", "\r\r"])
def test_lines_end_by_the_sign_that_is_in_use(end):
    message = parse(end.join([HEADER, "PID|||K1", "PV1||I|A", ""]).encode())
    assert [it.name for it in message.segments] == ["MSH", "PID", "PV1"]
    assert parse(b"\r\n" + HEADER.encode()).control_id == "own-1"


@pytest.mark.parametrize(
    ("declared", "content", "read"),
    [
        ("ISO-8859-1", b"M\xfcller", "Müller"),
        ("8859/1", b"M\xfcller", "Müller"),
        ("ISO IR100", b"M\xfcller", "Müller"),
        ("iso_8859-2", "Łódź".encode("iso8859-2"), "Łódź"),
        ("utf8", "李".encode(), "李"),
        ("UNICODE UTF-8", "李".encode(), "李"),
        ("8859/5", "Иван".encode("iso8859-5"), "Иван"),
        ("8859/8", "שרה".encode("iso8859-8"), "שרה"),
        ("GB 18030-2000", "李".encode("gb18030"), "李"),
        ("", b"M\xfcller", "Müller"),
        ('""', "Müller".encode(), "Müller"),
        ("KLINGON", b"Muller", "Muller"),
    ],
)
def test_a_character_set_is_known_by_every_name_and_ascii_is_ascii(declared, content, read):
    header = HEADER.replace("UNICODE UTF-8", declared).encode()
    assert parse(header + b"\rPID|||K1||" + content).first("PID").part(5) == read


@pytest.mark.parametrize(
    ("declared", "escape", "read"),
    [
        ("UNICODE UTF-8", "\\XC3A9\\", "é"),
        ("UNICODE UTF-8", "\\XE69D8E\\", "李"),
        ("8859/1", "\\XE9\\", "é"),
        ("UNICODE UTF-8", "\\XFF\\", "\\XFF\\"),
    ],
)
def test_an_escape_gives_bytes_of_the_messages_own_set(declared, escape, read):
    header = HEADER.replace("UNICODE UTF-8", declared)
    content = f"{header}\rPID|||FT-{escape}01".encode()
    assert parse(content).first("PID").part(3) == f"FT-{read}01"


@given(
    st.one_of(
        st.binary(max_size=300), st.binary(max_size=200).map(lambda tail: HEADER.encode() + b"\r" + tail)
    )
)
def test_whatever_the_bytes_only_not_hl7_is_raised(content):
    try:
        message = parse(content)
    except NotHL7:
        return
    for segment in message.segments:
        for number in range(len(segment.fields) + 2):
            segment.parts(number)
            segment.repetitions(number)


def test_an_acknowledgement_echoes_the_control_id_and_can_be_read_back():
    answer = parse(acknowledge(parse(message_of()), "AA", at=AT, ack_id="a-1"))
    assert answer.first("MSA").part(1) == "AA"
    assert answer.first("MSA").part(2) == "own-1"
    assert answer.header.part(5) == "BEDSIDE"


def test_an_error_names_its_fault_in_the_form_of_the_senders_version():
    fault = Fault("207", "Application internal error", "Line 2 | is broken")
    new = acknowledge(parse(message_of()), "AE", at=AT, ack_id="a-1", fault=fault).decode()
    assert "ERR|||207^Application internal error^HL70357|E||||Line 2 \\F\\ is broken" in new
    old_header = HEADER.replace("|2.6|", "|2.4|")
    old = acknowledge(parse(message_of(header=old_header)), "AE", at=AT, ack_id="a-1", fault=fault).decode()
    assert "ERR|^^^207&Application internal error: Line 2 \\F\\ is broken&HL70357" in old


@given(st.text(max_size=40))
def test_nothing_a_sender_writes_can_break_the_answer(text):
    answer = acknowledge(None, "AE", at=AT, ack_id="a-1", control_id=text, fault=Fault("100", "x", text))
    lines = answer.decode().split("\r")
    assert [line[:4] for line in lines] == ["MSH|", "MSA|", "ERR|", ""]
    assert parse(answer).first("MSA").part(1) == "AE"


@pytest.mark.parametrize(
    ("accept", "application", "for_success", "for_failure"),
    [
        ("", "", True, True),
        ("AL", "NE", True, True),
        ("NE", "AL", True, True),
        ("NE", "NE", False, False),
        ("NE", "ER", False, True),
        ("NE", "SU", True, False),
    ],
)
def test_enhanced_mode_decides_whether_an_answer_is_sent(accept, application, for_success, for_failure):
    message = parse(message_of(header=HEADER.replace("|AL|NE|", f"|{accept}|{application}|")))
    assert wanted(message, "AA") is for_success
    assert wanted(message, "AE") is for_failure
