"""H44: what packs share is written once, and is whole in each of them before a clinic takes it over."""

from __future__ import annotations

import pytest

from openkap.protocols import loading
from openkap.protocols.loading import PackError, with_parts
from openkap.protocols.sharing import resolved

ROW = {"id": "A", "text": "first"}
PARTS = {
    "one": {"sources": {"S": {"what": "a book"}}, "rows": [ROW, {"id": "B", "text": "second"}]},
    "two": {"rows": [{"id": "C", "text": "third"}], "single": {"id": "Z"}},
    "twice": {"rows": [{"id": "A", "text": "again"}]},
    "other_source": {"sources": {"S": {"what": "another book"}}},
    "single_too": {"single": {"id": "Y"}},
    "upon": {"includes": ["one", "two"], "without": ["A", "Z"], "rows": [{"id": "B", "text": "other"}]},
    "round": {"includes": ["about"]},
    "about": {"includes": ["round"]},
}


def _whole(**body: object) -> dict:
    whole, faults = resolved(body, PARTS)
    assert faults == []
    return whole


def _faults(**body: object) -> list[str]:
    return resolved(body, PARTS)[1]


def test_shared_rows_come_first_in_the_order_of_the_parts():
    whole = _whole(includes=["one", "two"], rows=[{"id": "D", "text": "own"}], title="T")
    assert [row["id"] for row in whole["rows"]] == ["A", "B", "C", "D"]
    assert (whole["title"], whole["single"]) == ("T", {"id": "Z"})
    assert not {"includes", "without"} & whole.keys()


def test_a_row_of_its_own_takes_the_place_of_a_shared_one():
    whole = _whole(includes=["one"], rows=[{"id": "D"}, {"id": "A", "text": "stricter"}])
    assert whole["rows"] == [{"id": "A", "text": "stricter"}, {"id": "B", "text": "second"}, {"id": "D"}]
    assert _whole(includes=["two"], single={"id": "OWN"})["single"] == {"id": "OWN"}


def test_a_shared_row_can_be_left_out():
    assert [row["id"] for row in _whole(includes=["one"], without=["A"])["rows"]] == ["B"]


def test_a_part_may_build_on_others_replace_their_rows_and_leave_some_out():
    whole = _whole(includes=["upon"], rows=[{"id": "D"}])
    assert [row["id"] for row in whole["rows"]] == ["B", "C", "D"]
    assert whole["rows"][0]["text"] == "other"
    assert "single" not in whole


def test_sources_are_put_together():
    whole = _whole(includes=["one"], sources={"T": {"what": "a page"}})
    assert whole["sources"] == {"S": {"what": "a book"}, "T": {"what": "a page"}}


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ({"includes": ["none"]}, "there is no shared part “none”"),
        ({"includes": ["round"]}, "the shared part “round” builds on itself"),
        ({"includes": ["one", "twice"]}, "“A” is in another part too"),
        ({"includes": ["one", "other_source"]}, "this source is told in two ways"),
        ({"includes": ["one"], "sources": {"S": {"what": "x"}}}, "this source is told in two ways"),
        ({"includes": ["two", "single_too"]}, "another part has it too"),
        ({"includes": ["one"], "without": ["X"]}, "no shared row is named “X”"),
    ],
)
def test_what_does_not_fit_together_is_said(body, fault):
    assert len(_faults(**body)) == 1
    assert fault in _faults(**body)[0]


def test_nothing_shared_is_changed_by_a_pack_that_includes_it():
    _whole(includes=["one"], without=["A"], rows=[{"id": "B", "text": "mine"}])
    assert PARTS["one"]["rows"] == [ROW, {"id": "B", "text": "second"}]


@pytest.mark.parametrize("name", loading.bundled_names())
def test_every_bundled_pack_is_whole_and_loads(name):
    body = loading.bundled_body(name)
    assert loading.load(body).name == name
    assert "includes" not in body


def test_a_pack_that_includes_what_is_not_there_does_not_load():
    with pytest.raises(PackError, match="no shared part"):
        with_parts({"includes": ["nowhere"]})


def test_every_shared_part_is_in_use():
    parts = list(loading.SHARED.glob("*.yaml"))
    files = [*parts, *(loading.PACKS / f"{name}.yaml" for name in loading.bundled_names())]
    used = {part for path in files for part in loading.read(path.read_text()).get("includes", [])}
    assert {path.stem for path in parts} == used


@pytest.mark.parametrize("name", loading.bundled_names())
def test_a_version_that_ships_stays_as_it_is(name):
    """H44: also when a shared part changes. Give the pack a new version, and add that to versions.txt."""
    assert loading.shipped_hashes()[name] == loading.content_hash(loading.bundled_body(name))


def test_the_newest_version_of_a_protocol_is_found_by_its_key():
    names = {name.rpartition("-")[0] for name in loading.bundled_names()}
    assert all(loading.newest_of(key) in loading.bundled_names() for key in names)
    with pytest.raises(PackError, match="no protocol named"):
        loading.newest_of("unheard-of")
