"""The pages of protocols: every row in plain sight, signed by a prescriber alone."""

from __future__ import annotations

from html import escape, unescape
from re import findall

import pytest

from openkap.kernel.evidence import Status
from openkap.protocols import actions, queries
from openkap.protocols.models import PackVersion
from tests.cast import NOW, Cast
from tests.packs import BUNDLED

NAME = BUNDLED


@pytest.fixture
def version(cast: Cast) -> PackVersion:
    return actions.adopt(NAME, by=cast.okafor, at=NOW)


def test_every_row_is_shown_with_its_status_and_sources(cast: Cast, version, client_as) -> None:
    """H45: whoever reads the page can tell what is verified from what is not."""
    shown = client_as(cast.noor).get(f"/protocols/{version.id}/").content.decode()
    pack = queries.pack_of(version)
    for _, rows in pack.rows():
        for row in rows:
            assert f"<code>{row.id}</code>" in shown
            assert escape(row.text) in shown
            assert all(escape(source.what) in shown for source in row.sources)
    statuses = [row.status for _, rows in pack.rows() for row in rows]
    assert shown.count("</span> verified</span>") == statuses.count(Status.VERIFIED)
    assert pack.hash in shown
    assert 'name="rows"' not in shown


def test_the_page_answers_first_what_a_clinician_asks_first(cast: Cast, version, client_as) -> None:
    shown = unescape(client_as(cast.noor).get(f"/protocols/{version.id}/").content.decode())
    glance = shown.split('id="h-glance"')[1].split('id="h-rows"')[0]
    pack = queries.pack_of(version)
    for row in (pack.dose, pack.schedule, pack.monitoring, pack.discharge, pack.ceiling):
        assert row.text in glance
    told = {row.id for _, rows in pack.at_a_glance() for row in rows}
    assert {"TRD", "BPD_DEP", "RC_PREG_RAC", "T_SPO2_STOP", "T_INTRA_BP"} <= told
    assert not {"PTSD", "RC_LUTS", "T_PRE_BP_HOLD"} & told
    assert all(f'href="#row-{row}"' in glance and f'id="row-{row}"' in shown for row in told)


def test_rows_are_shown_by_how_they_stand(cast: Cast, version, client_as) -> None:
    actions.sign_rows(
        version.id, row_ids=["RC_CV_RECENT"], typed_name=cast.okafor.name, by=cast.okafor, at=NOW
    )
    noor = client_as(cast.noor)

    def rows(way: str) -> set[str]:
        return set(
            findall(r'<tr id="row-(\w+)"', noor.get(f"/protocols/{version.id}/?rows={way}").content.decode())
        )

    every = rows("")
    assert rows("signed") == {"RC_CV_RECENT"}
    assert "T_MOAAS" in rows("verified")
    assert "RC_LUTS" in rows("open")
    assert rows("all") == every == rows("signed") | rows("verified") | rows("open")
    assert rows("whatever") == every


def test_a_prescriber_signs_a_row_and_the_page_says_who(cast: Cast, version, client_as, once) -> None:
    pack = queries.pack_of(version)
    row = next(it for _, rows in pack.rows() for it in rows if it.status is not Status.VERIFIED)
    address = f"/protocols/{version.id}/"
    okafor = client_as(cast.okafor)
    typed = {"rows": [row.id], "typed_name": cast.okafor.name}
    idle = client_as(cast.okafor, proved=False)
    assert "/sign-in/again/" in idle.post(address, {**typed, "once": once()})["Location"]
    wrong = okafor.post(address, {**typed, "typed_name": "Somebody", "once": once()})
    assert wrong.status_code == 422
    assert okafor.post(address, {**typed, "once": once()}).status_code == 302
    shown = okafor.get(address).content.decode()
    assert cast.okafor.name in shown
    assert shown.count("</span> signed</span>") == 1
    assert queries.signed_rows(version) == {row.id}


def test_only_a_prescriber_signs_and_only_keepers_take_over(cast: Cast, client_as, once) -> None:
    packs = client_as(cast.sam)
    assert packs.get("/protocols/").status_code == 200
    assert packs.post("/protocols/adopt/", {"pack": NAME, "once": once()}).status_code == 404
    assert client_as(cast.ada).post("/protocols/adopt/", {"pack": NAME, "once": once()}).status_code == 302
    (version,) = queries.adopted()
    typed = {"rows": ["G_INTERVAL"], "typed_name": cast.sam.name, "once": once()}
    assert packs.post(f"/protocols/{version.id}/", typed).status_code == 404
    assert client_as(cast.amara_herself).get("/protocols/").status_code == 404


def test_a_pack_nobody_knows_is_refused_on_the_page(cast: Cast, client_as, once) -> None:
    answer = client_as(cast.ada).post("/protocols/adopt/", {"pack": "iv-anything-9", "once": once()})
    assert answer.status_code == 422
    assert PackVersion.objects.count() == 0


def test_a_newer_version_is_read_beside_the_one_before_it_is_taken_over(cast: Cast, client_as) -> None:
    """Whoever takes a version over, or works by it, sees row by row what it says otherwise."""
    actions.adopt("iv-depression-1", by=cast.okafor, at=NOW)
    offered = unescape(client_as(cast.okafor).get("/protocols/").content.decode())
    assert offered.count("What is different from version 1") == 1
    later = actions.adopt("iv-depression-2", by=cast.okafor, at=NOW)
    own = unescape(client_as(cast.noor).get(f"/protocols/{later.id}/").content.decode())
    told = queries.changes_since_before(queries.pack_of(later))
    assert told is not None
    earlier, changes = told
    assert earlier.version == 1
    assert changes
    for page in (offered, own):
        part = page.split("What is different from version 1")[1].split("</details>")[0]
        assert all(f"<code>{change.row.id}</code>" in part for change in changes)
        assert all(unescape(escape(change.row.text)) in part for change in changes if change.kind == "new")


def test_a_first_version_says_nothing_of_one_before_it(cast: Cast, version, client_as) -> None:
    shown = client_as(cast.noor).get(f"/protocols/{version.id}/").content.decode()
    assert "What is different" not in shown
