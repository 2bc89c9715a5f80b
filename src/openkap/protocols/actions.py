"""The writers of protocols: taking a pack over, and signing what is not verified."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.db import transaction

from openkap.accounts import duties
from openkap.accounts.actions import sign
from openkap.accounts.actor import Actor
from openkap.audit.actions import record
from openkap.defaults import rules as signing
from openkap.kernel.ids import uuid7
from openkap.kernel.refusal import refuse_if
from openkap.protocols import loading, queries, rules
from openkap.protocols.events import NumberProposed, NumberSigned, PackAdopted, RowsSigned
from openkap.protocols.models import PackVersion, ProposedNumber, SignedNumber, SignedRow
from openkap.protocols.pack import Pack
from openkap.tenancy.locks import lock_numbers


@transaction.atomic
def adopt(name: str, *, by: Actor, at: datetime) -> PackVersion:
    """Take a pack over, whole and for good. A later version is another row; courses keep theirs (H44)."""
    try:
        body = loading.bundled_body(name)
        pack = loading.load(body)
    except loading.PackError as error:
        raise rules.unreadable(error.errors) from error
    return _take_over(pack, body, by=by, at=at)


@transaction.atomic
def add_own(content: bytes, *, by: Actor, at: datetime) -> PackVersion:
    """Take over a pack that the clinic has written itself; refused with each fault and its line."""
    try:
        body, pack = loading.read_own(content)
    except loading.PackError as error:
        raise rules.unreadable(error.errors) from error
    lock_numbers(f"protocols.{pack.key}")
    hashes = PackVersion.objects.filter(key=pack.key).values_list("version", "hash")
    refuse_if(rules.objections_to_own(pack, shipped=loading.shipped_keys(), known=dict(hashes)))
    return _take_over(pack, body, by=by, at=at)


def _take_over(pack: Pack, body: dict[str, Any], *, by: Actor, at: datetime) -> PackVersion:
    """The pack as the clinic has it from now on; one that is here already is found."""
    lock_numbers(f"protocols.{pack.key}")
    known = PackVersion.objects.filter(key=pack.key, version=pack.version).first()
    if known is not None:
        return known
    adopted = PackVersion.objects.create(
        key=pack.key,
        version=pack.version,
        title=pack.title,
        product=pack.product,
        body=body,
        hash=pack.hash,
        **by.stamp(at),
    )
    record(
        PackAdopted(pack=pack.name, hash=pack.hash),
        by=by,
        at=at,
        subject=("pack_version", adopted.id),
    )
    return adopted


@transaction.atomic
def sign_rows(
    pack_version_id: uuid.UUID, *, row_ids: list[str], typed_name: str, by: Actor, at: datetime
) -> list[SignedRow]:
    """The medical director signs rows that no source has verified: confirmed by this clinic from then on."""
    version = PackVersion.objects.select_for_update().get(id=pack_version_id)
    pack = queries.pack_of(version)
    wanted = list(dict.fromkeys(row_ids))
    director = duties.medical_director()
    refuse_if(
        [
            *signing.objections_to_signer(
                director=director.user.name if director else "", is_director=duties.is_director(by)
            ),
            *rules.objections_to_rows(pack, wanted, signed=queries.signed_rows(version)),
        ]
    )
    rows = []
    for row_id in wanted:
        row = pack.row(row_id)
        assert row is not None
        key = uuid7()
        words = f"{pack.name} {pack.hash}\n{row_id}: {row.text}\nStatus: {row.status.value}"
        signature = sign(
            words.encode(),
            meaning="Confirmed by this clinic",
            typed_name=typed_name,
            subject=("signed_row", key),
            by=by,
            at=at,
        )
        rows.append(
            SignedRow.objects.create(
                id=key, pack_version=version, row_id=row_id, signature=signature, **by.stamp(at)
            )
        )
    record(
        RowsSigned(pack=pack.name, rows=tuple(wanted)),
        by=by,
        at=at,
        subject=("pack_version", version.id),
    )
    return rows


@transaction.atomic
def propose_number(
    pack_version_id: uuid.UUID, *, row_id: str, field: str, value: int, why: str, by: Actor, at: datetime
) -> ProposedNumber:
    """Propose another value for a number the pack leaves to the clinic; signed by the director it acts."""
    version = PackVersion.objects.select_for_update().get(id=pack_version_id)
    pack = queries.pack_of(version)
    now = queries.number_now(queries.effective_pack(version), row_id, field=field)
    refuse_if(rules.objections_to_number(pack, row_id, field=field, value=value, now=now, why=why))
    proposal = ProposedNumber.objects.create(
        pack_version=version,
        row_id=row_id,
        field=field,
        value=value,
        why=why.strip()[:300],
        **by.stamp(at),
    )
    record(
        NumberProposed(pack=pack.name, row=proposal.row_id, field=field, value=value),
        by=by,
        at=at,
        subject=("proposed_number", proposal.id),
        why=why,
    )
    return proposal


@transaction.atomic
def sign_number(proposal_id: uuid.UUID, *, typed_name: str, by: Actor, at: datetime) -> SignedNumber:
    """The medical director signs a number that somebody else proposed; from now on it acts in this clinic."""
    proposal = ProposedNumber.objects.select_for_update().filter(id=proposal_id).first()
    if proposal is None:
        raise rules.no_such_proposal()
    director, signed = duties.medical_director(), SignedNumber.objects.filter(proposal=proposal).exists()
    refuse_if(
        [
            *signing.objections_to_signer(
                director=director.user.name if director else "", is_director=duties.is_director(by)
            ),
            *signing.objections_to_signing(proposed_by=proposal.by_id, signer=by.user_id, signed=signed),
        ]
    )
    pack, key = queries.pack_of(proposal.pack_version), uuid7()
    words = (
        f"{pack.name} {pack.hash}\n{proposal.row_id}, {proposal.field}: {proposal.value}\nWhy: {proposal.why}"
    )
    signature = sign(
        words.encode(),
        meaning="Acts in this clinic from now on",
        typed_name=typed_name,
        subject=("signed_number", key),
        by=by,
        at=at,
    )
    made = SignedNumber.objects.create(id=key, proposal=proposal, signature=signature, **by.stamp(at))
    record(
        NumberSigned(pack=pack.name, row=proposal.row_id, field=proposal.field, value=proposal.value),
        by=by,
        at=at,
        subject=("proposed_number", proposal.id),
    )
    return made
