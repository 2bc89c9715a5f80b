"""A clinic's own pack: each fault by line and key, and nothing kept until it loads."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from openkap.audit.models import Event
from openkap.config.command import main
from openkap.kernel.refusal import Refused
from openkap.protocols import actions, loading, queries
from openkap.protocols.loading import PackError, read_own
from openkap.protocols.models import PackVersion
from tests.cast import NOW, Cast

SHIPPED = (loading.PACKS / "iv-depression-2.yaml").read_text(encoding="utf-8")
OWN = SHIPPED.replace("key: iv-depression", "key: harbour-iv").replace("version: 2", "version: 1")


def _faults(text: str) -> list[str]:
    with pytest.raises(PackError) as caught:
        read_own(text.encode())
    return caught.value.errors


def test_an_own_pack_builds_on_the_shared_parts_and_is_whole() -> None:
    body, pack = read_own(OWN.encode())
    assert (pack.name, pack.schedule.sessions) == ("harbour-iv-1", 6)
    assert "includes" not in body
    assert len(pack.contraindications) > 20


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (("sessions: 6", "sessions: none"), "line 15: schedule › row IV_SCHEDULE_TRD › sessions: "),
        (("status: bg}", "status: perhaps}"), "line 15: schedule › row IV_SCHEDULE_TRD › status: "),
        (("indications: [TRD, BPD_DEP]", "indications: [GRIEF]"), "line 14: indications: there is no"),
        (("product: racemic_iv", "product: water"), "line 8: product: \"water\" is not one of"),
        (("includes: [ketamine", "includes: [none-such, ketamine"), "line 11: includes: there is no"),
        (("version: 1\n", "version: 1\nversion: 2\n"), "line 7: “version” stands here a second time."),
        (("indications: [TRD", "indications: &a [TRD"), None),
        (("required: []", "required: &a []\nquestions: *a"), "line 19: write it out;"),
        (("required: []", "required: ["), "The file is not YAML"),
    ],
)  # fmt: skip
def test_each_fault_is_told_with_its_line_and_key(change: tuple[str, str], fault: str | None) -> None:
    text = OWN.replace(*change)
    assert text != OWN
    if fault is None:
        read_own(text.encode())
        return
    assert any(fault in told for told in _faults(text)), _faults(text)


def test_a_fault_in_a_shared_row_has_no_line_and_is_named_all_the_same() -> None:
    text = OWN.replace("without:", "").replace(
        "required: []", "required: []\ncontraindications:\n  - {id: RC_MANIA, outcome: perhaps}\n"
    )
    told = _faults(text)
    assert any(it.startswith("line 20: contraindications") and "outcome" in it for it in told), told


def test_what_is_no_text_or_too_large_is_refused() -> None:
    assert _faults("\x00")
    assert "larger than 1 MB" in _faults("a" * 1_000_001)[0]
    with pytest.raises(PackError):
        read_own(b"\xff\xfe\x00")


def test_the_command_says_whether_a_file_loads(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "own.yaml"
    file.write_text(OWN, encoding="utf-8")
    assert main(["protocols", "check", str(file)]) == 0
    assert "harbour-iv-1 loads" in capsys.readouterr().out
    monkeypatch.setattr(
        sys, "stdin", io.TextIOWrapper(io.BytesIO(OWN.replace("sessions: 6", "sessions: none").encode()))
    )
    assert main(["protocols", "check", "-"]) == 2
    told = capsys.readouterr()
    assert (told.out, "standard input: line 15: schedule" in told.err) == ("", True)
    assert main(["protocols", "check", str(tmp_path / "none.yaml")]) == 2
    assert "cannot be read" in capsys.readouterr().err


def test_an_own_pack_is_taken_over_once_and_a_version_stays_what_it_was(cast: Cast) -> None:
    """H44."""
    version = actions.add_own(OWN.encode(), by=cast.okafor, at=NOW)
    assert actions.add_own(OWN.encode(), by=cast.okafor, at=NOW).id == version.id
    assert queries.in_use() == [version]
    events = Event.objects.count()
    for text, code in (
        (OWN.replace("sessions: 6", "sessions: 5"), "VERSION_TAKEN"),
        (SHIPPED, "KEY_SHIPS"),
        (OWN.replace("status: bg}", "status: perhaps}"), "PACK_UNREADABLE"),
    ):
        with pytest.raises(Refused) as caught:
            actions.add_own(text.encode(), by=cast.okafor, at=NOW)
        assert {it.code for it in caught.value.objections} == {code}
    assert (PackVersion.objects.count(), Event.objects.count()) == (1, events)
    assert queries.pack_of(version).schedule.sessions == 6


def test_the_page_takes_a_file_and_says_what_is_wrong_in_it(cast: Cast, client_as, once) -> None:
    client, address = client_as(cast.okafor), reverse("protocols:add_own")
    bad = SimpleUploadedFile("own.yaml", OWN.replace("status: bg}", "status: perhaps}").encode())
    answer = client.post(address, {"once": once(), "file": bad})
    assert answer.status_code == 422
    assert "line 15: schedule › row IV_SCHEDULE_TRD › status" in answer.content.decode()
    assert PackVersion.objects.count() == 0
    good = SimpleUploadedFile("own.yaml", OWN.encode())
    assert client.post(address, {"once": once(), "file": good}).status_code == 302
    assert PackVersion.objects.get().key == "harbour-iv"
