"""The framer: any split of the bytes gives the same frames, and nothing is held in silence."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from openkap.interop.hl7v2.framing import Frame, Framer, Noise, framed
from openkap.interop.hl7v2.listener import Bounds

wire = st.lists(
    st.one_of(
        st.binary(max_size=30),
        st.binary(max_size=30).map(framed),
        st.sampled_from([b"\x0b", b"\x1c\x0d", b"\x1c", b"\r\n", b"x" * 50]),
    ),
    max_size=12,
).map(b"".join)


def all_events(pieces, largest=64):
    framer = Framer(largest)
    events = [event for piece in pieces for event in framer.feed(piece)]
    return events + framer.close()


@given(wire, st.lists(st.integers(0, 400), max_size=12))
def test_any_split_of_the_bytes_gives_the_same_events(stream, cuts):
    places = sorted({min(cut, len(stream)) for cut in cuts} | {0, len(stream)})
    pieces = [stream[start:end] for start, end in pairwise(places)]
    assert all_events(pieces) == all_events([stream])


@given(wire)
def test_byte_by_byte_is_the_same_as_all_at_once(stream):
    assert all_events([bytes([byte]) for byte in stream]) == all_events([stream])


@given(st.lists(st.binary(max_size=40).filter(lambda b: b"\x0b" not in b and b"\x1c" not in b), max_size=5))
def test_every_framed_message_comes_out_whole(messages):
    events = all_events([b"".join(framed(message) for message in messages)])
    assert events == [Frame(message) for message in messages]


@given(wire)
def test_no_byte_disappears_h31(stream):
    """H31: whatever is no frame is reported as noise; only line ends between frames are not counted."""
    counted = sum(
        len(event.content) + 2 if isinstance(event, Frame) else event.size for event in all_events([stream])
    )
    assert counted >= len(
        stream.replace(b"\r", b"").replace(b"\n", b"").replace(b"\x0b", b"")
    ) - stream.count(b"\x0b")
    assert counted <= len(stream)


def test_noise_before_a_frame_is_reported_with_its_beginning():
    events = all_events([b"GET / HTTP/1.1", framed(b"MSH")])
    assert events == [Noise("Bytes outside a frame.", b"GET / HTTP/1.1"), Frame(b"MSH")]


def test_endless_noise_is_reported_as_it_comes_and_not_kept():
    framer = Framer()
    events = framer.feed(b"z" * 10_000)
    assert [event.size for event in events] == [4_096, 4_096]
    assert framer.waiting_bytes < 4_096


def test_a_message_longer_than_allowed_is_put_aside_and_the_next_one_is_read():
    events = all_events([framed(b"a" * 100), framed(b"next")])
    assert isinstance(events[0], Noise)
    assert events[0].reason == "A message is longer than allowed."
    assert events[-1] == Frame(b"next")


def test_the_longest_allowed_message_is_taken():
    assert all_events([framed(b"a" * 64)]) == [Frame(b"a" * 64)]


def test_a_start_inside_a_message_drops_the_broken_one_in_the_open():
    events = all_events([b"\x0bfirst", framed(b"second")])
    assert events == [Noise("A message began inside another.", b"first"), Frame(b"second")]


def test_a_message_that_never_ends_is_reported_when_the_line_closes():
    assert all_events([b"\x0bhalf a mess"]) == [Noise("A message began and never ended.", b"half a mess")]


def test_a_frame_whose_last_byte_is_left_out_ends_at_the_next_start_and_at_the_end():
    """Both messages were lost, the first when the second began."""
    assert all_events([b"\x0bfirst\x1c\x0bsecond\x1c"]) == [Frame(b"first"), Frame(b"second")]


def test_a_frame_whose_last_byte_is_left_out_ends_with_a_silence():
    framer = Framer()
    assert framer.feed(b"\x0bmessage\x1c") == []
    assert framer.may_have_ended
    assert framer.settle() == [Frame(b"message")]
    assert not framer.has_begun
    assert framer.feed(b"\r" + framed(b"next")) == [Frame(b"next")]


def test_a_sign_that_is_no_end_belongs_to_the_message():
    framer = Framer()
    assert framer.feed(b"\x0ba\x1cb") == []
    assert not framer.may_have_ended
    assert framer.settle() == []
    assert framer.feed(b"\x1c\r") == [Frame(b"a\x1cb")]


def test_a_gateway_may_hold_half_of_all_connections() -> None:
    """Behind a gateway every monitor of a clinic has one address, and the sixty-fifth was turned away."""
    assert Bounds.of(1000).of_one_address == 500
    assert Bounds.of(1).of_one_address == 1
    assert Bounds.of(256) == Bounds()
