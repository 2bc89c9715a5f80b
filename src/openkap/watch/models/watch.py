"""What is watched: values, side effects, remarks and marks."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from openkap.accounts.models import Act
from openkap.tenancy.fields import ClinicKey, ClinicOneToOne
from openkap.tenancy.history import append_only, tracked
from openkap.tenancy.statements import StatementField
from openkap.watch.models.archived import DELETED, UNCHANGED, VIEW
from openkap.watch.models.minutes import IN_ERROR, SETTLED, TAKEN
from openkap.watch.models.monitors import Monitor
from openkap.watch.models.session import Session


class _VitalFields(Act):
    """One value, as received. `standing` says whether it is charted as true, `reason` why not.

    `at` is when it was written down here; `measured_at` when it was measured. `client_id` comes from whoever
    sent it, so that the same value sent twice is one row (H24).
    """

    session = ClinicKey(Session, models.PROTECT, related_name="+", db_index=False)  # watch_vital_last
    client_id = models.UUIDField()
    code_system = models.CharField(max_length=20)
    code = models.CharField(max_length=40)
    value = models.DecimalField(max_digits=14, decimal_places=6)
    value_text = models.CharField(max_length=40)
    unit = models.CharField(max_length=20)
    measured_at = models.DateTimeField()
    standing = models.CharField(max_length=12)
    reason = StatementField(null=True)
    source = models.CharField(max_length=12)
    channel = models.CharField(max_length=60, blank=True)
    monitor = ClinicKey(Monitor, models.PROTECT, null=True, related_name="+", db_index=False)
    message_id = models.UUIDField(null=True)
    notes = models.JSONField(default=list)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.code} {self.value_text} {self.unit}"


@pgtrigger.register(TAKEN, UNCHANGED, DELETED)
class Vital(_VitalFields):
    """One value, for ever: a row of its own, or archived with its like a month after the session closed."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["clinic", "client_id"], name="watch_vital_once")]
        indexes = [
            models.Index(fields=["clinic", "session", "code", "measured_at"], name="watch_vital_last"),
            models.Index(
                fields=["clinic", "session", "measured_at"],
                condition=models.Q(standing="unconfirmed"),
                name="watch_vital_unconfirmed",
            ),
            models.Index(
                fields=["clinic", "session", "measured_at"],
                condition=models.Q(source="hand"),
                name="watch_vital_by_hand",
            ),
        ]
        ordering = ["measured_at", "id"]


class AnyVital(_VitalFields):
    """A value of any session, whether it stands in a row of its own or is archived. For reading (a view)."""

    class Meta:
        managed = False
        db_table = VIEW
        ordering = ["measured_at", "id"]


@pgtrigger.register(SETTLED)
@append_only
class VitalSettled(Act):
    """A person looked and said which it was: the person's own value, or the sensor's."""

    vital = ClinicOneToOne(Vital, models.PROTECT, related_name="settled")
    is_true = models.BooleanField()

    def __str__(self) -> str:
        return "true" if self.is_true else "the sensor"


@pgtrigger.register(IN_ERROR)
@append_only
class EnteredInError(Act):
    """Something charted by hand that proved wrong: visible, struck through, acting no more (H39)."""

    class Kind(models.TextChoices):
        VALUE = "value", _("Value")
        ADVERSE_EVENT = "adverse_event", _("Side effect")
        REMARK = "remark", _("Remark")
        SECOND_CHECK = "second_check", _("Independent check")
        PROMISE = "promise", _("Promise not to drive")
        MEDICINES = "medicines", _("Medicines gone through")

    session = ClinicKey(Session, models.PROTECT, related_name="errors")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    entry_id = models.UUIDField()
    why = models.CharField(max_length=300)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["clinic", "kind", "entry_id"], name="watch_error_once")
        ]

    def __str__(self) -> str:
        return self.why


@append_only
class AdverseEvent(Act):
    """Something the person felt or showed, by our own term and its grade."""

    session = ClinicKey(Session, models.PROTECT, related_name="adverse_events")
    client_id = models.UUIDField()
    term = models.CharField(max_length=80)
    grade = models.PositiveSmallIntegerField()
    serious = models.BooleanField(default=False)
    note = models.CharField(max_length=500, blank=True)
    noticed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["clinic", "client_id"], name="watch_adverseevent_once"),
            models.CheckConstraint(
                condition=models.Q(grade__gte=1, grade__lte=5), name="watch_adverseevent_grade"
            ),
        ]
        ordering = ["noticed_at", "id"]

    def __str__(self) -> str:
        return f"{self.term}, grade {self.grade}"


@append_only
class Remark(Act):
    """What the person said (with their consent), or who is in the room."""

    class Kind(models.TextChoices):
        WORDS = "words", _("Words")
        PRESENT = "present", _("Present")

    session = ClinicKey(Session, models.PROTECT, related_name="remarks")
    client_id = models.UUIDField()
    kind = models.CharField(max_length=10, choices=Kind.choices)
    text = models.CharField(max_length=1000)
    noticed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["clinic", "client_id"], name="watch_remark_once")]
        ordering = ["noticed_at", "id"]

    def __str__(self) -> str:
        return self.text[:60]


@tracked
class Mark(Act):
    """A value that asks for a look, an act or a stop, until answered and measured again (H08).

    `extent` is how far out the values were when it was raised, and the farthest since while nobody answered:
    what gets clearly worse than that after the answer asks anew. `about` names the entries that raised it;
    `settles` says what ends it: a new value, a person's word, or the clock. `closed_because`
    is this software's own reason for closing it; what a person did stands in `action_taken`.
    """

    session = ClinicKey(Session, models.PROTECT, related_name="marks")
    flag = models.CharField(max_length=40)
    cause = models.CharField(max_length=40)
    level = models.CharField(max_length=6)
    says = StatementField()
    action = StatementField()
    rule = models.CharField(max_length=60)
    status = models.CharField(max_length=20)
    confirmed = models.BooleanField(default=False)
    source = models.CharField(max_length=300, blank=True)
    extent = models.JSONField(default=dict)
    about = models.JSONField(default=list)
    settles = models.CharField(max_length=10, default="value")
    recheck_minutes = models.PositiveSmallIntegerField()
    acknowledged_at = models.DateTimeField(null=True, editable=False)
    acknowledged_by_name = models.CharField(max_length=120, blank=True, editable=False)
    action_taken = models.CharField(max_length=300, blank=True, editable=False)
    recheck_at = models.DateTimeField(null=True, editable=False)
    escalated_at = models.DateTimeField(null=True, editable=False)
    closed_at = models.DateTimeField(null=True, editable=False)
    closed_because = StatementField(null=True, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["clinic", "session", "cause", "level"],
                condition=models.Q(closed_at__isnull=True),
                name="watch_one_mark_a_cause",
            )
        ]
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.level}: {self.says}"


@append_only
class MarkDecision(Act):
    """A prescriber's decision to go on although this mark stands; it lifts no other (H08, H10)."""

    mark = ClinicKey(Mark, models.PROTECT, related_name="decisions")
    reason = models.CharField(max_length=500)

    def __str__(self) -> str:
        return self.reason
