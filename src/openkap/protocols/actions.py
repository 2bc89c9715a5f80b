"""The writers of protocols: taking a pack over, and signing what is not verified."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import transaction

from openkap.accounts import duties
from openkap.accounts.actions import sign
from openkap.accounts.actor import Actor
from openkap.audit.actions import record
from openkap.kernel.ids import uuid7
from openkap.kernel.refusal import Objection, Refused, refuse_if
from openkap.protocols import loading, queries, rules
from openkap.protocols.models import PackVersion, SignedRow
from openkap.tenancy.locks import lock_numbers


@transaction.atomic
def adopt(name: str, *, by: Actor, at: datetime) -> PackVersion:
    """Take a pack over, whole and for good. A later version is another row; courses keep theirs (H44)."""
    try:
        body = loading.bundled_body(name)
        pack = loading.load(body)
    except loading.PackError as error:
        raise Refused(*(Objection("pack", text) for text in error.errors[:20])) from error
    lock_numbers(f"protocols.{pack.key}")
    known = PackVersion.objects.filter(key=pack.key, version=pack.version).first()
    if known is not None:
        return known
    row = PackVersion.objects.create(
        key=pack.key,
        version=pack.version,
        title=pack.title,
        product=pack.product,
        body=body,
        hash=pack.hash,
        **by.stamp(at),
    )
    record(
        "protocols.adopted",
        by=by,
        at=at,
        subject=("pack_version", row.id),
        details={"pack": pack.name, "hash": pack.hash},
    )
    return row


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
            *rules.objections_to_signer(
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
        "protocols.rows_signed",
        by=by,
        at=at,
        subject=("pack_version", version.id),
        details={"pack": pack.name, "rows": wanted},
    )
    return rows
