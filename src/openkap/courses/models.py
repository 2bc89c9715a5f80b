"""One person's whole treatment: its pack, its planned sessions, the gates it has passed, its orders."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from openkap.accounts.models import Act, Signature
from openkap.courses import regimen as regimens
from openkap.courses import rules
from openkap.courses.counting import Portion, Strength
from openkap.courses.fields import BlocksField, RegimenField
from openkap.dispensary.models import FormularyItem
from openkap.people.changes import counts_for_next_step, through
from openkap.people.models import Patient, Room
from openkap.protocols.models import PackVersion
from openkap.tenancy.fields import ClinicKey
from openkap.tenancy.history import append_only, tracked
from openkap.tenancy.models import ClinicModel

_OF_COURSE = through("courses_course", "changed.course_id")
_OF_PLANNED = through(
    "courses_course",
    through("courses_plannedsession", "changed.planned_session_id", column="course_id"),
)
_OF_ORDER = through(
    "courses_course",
    through(
        "courses_plannedsession",
        through("courses_order", "changed.order_id", column="planned_session_id"),
        column="course_id",
    ),
)


@counts_for_next_step()
@tracked
class Course(Act):
    """A course of treatment, bound for good to the pack version it was opened with (H44)."""

    patient = ClinicKey(Patient, models.PROTECT, related_name="courses")
    pack_version = ClinicKey(PackVersion, models.PROTECT, related_name="+")
    goal = models.CharField(max_length=300, blank=True)
    first_day = models.DateField()
    per_week = models.PositiveSmallIntegerField()
    ended_at = models.DateTimeField(null=True, editable=False)
    end_reason = models.CharField(max_length=300, blank=True, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["clinic", "patient"],
                condition=models.Q(ended_at__isnull=True),
                name="courses_one_open_course",
            )
        ]

    def __str__(self) -> str:
        return f"Course from {self.first_day:%Y-%m-%d}"


@counts_for_next_step(of=_OF_COURSE)
@tracked
class PlannedSession(Act):
    """One dosing session of the plan: its day, and once they are agreed, its time by the clinic's clock and
    its room. Dosing writes what happened in it."""

    course = ClinicKey(Course, models.PROTECT, related_name="planned_sessions")
    number = models.PositiveSmallIntegerField()
    planned_on = models.DateField()
    planned_time = models.TimeField(null=True)
    room = ClinicKey(Room, models.PROTECT, null=True, related_name="+")
    cancelled_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["clinic", "course", "number"], name="courses_session_number"),
        ]
        ordering = ["number"]

    def __str__(self) -> str:
        return f"Session {self.number}"


@counts_for_next_step(of=_OF_COURSE)
@append_only
class GateMet(Act):
    """A gate that was passed, and what showed it. A gate of one session names the session."""

    course = ClinicKey(Course, models.PROTECT, related_name="gates_met")
    planned_session = ClinicKey(PlannedSession, models.PROTECT, null=True, related_name="gates_met")
    gate = models.CharField(max_length=40)
    evidence_kind = models.CharField(max_length=40)
    evidence_id = models.UUIDField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["clinic", "course", "planned_session", "gate"],
                nulls_distinct=False,
                name="courses_gate_once",
            )
        ]

    def __str__(self) -> str:
        return self.gate


class WeightBasis(models.TextChoices):
    """Which weight a dose is counted by; from BMI 30 the prescriber chooses."""

    ACTUAL = "actual", _("Actual weight")
    IDEAL = "ideal", _("Ideal weight")


@counts_for_next_step(of=_OF_PLANNED)
@append_only
class Order(Act):
    """A prescriber's order for one session: its doses in every unit, and what they were made from (H02, H03).

    Dose and volume are those of all its doses together. A dose that is not counted by weight has no weight.

    One that `continues` another gives at most what was left when that one's dose was stopped (H05).
    """

    planned_session = ClinicKey(PlannedSession, models.PROTECT, related_name="orders")
    dose_mg_per_kg = models.DecimalField(max_digits=6, decimal_places=3, null=True)
    dose_mg = models.DecimalField(max_digits=8, decimal_places=2)
    volume_ml = models.DecimalField(max_digits=8, decimal_places=2)
    regimen = RegimenField()
    weight_kg = models.DecimalField(max_digits=6, decimal_places=2, null=True)
    weight_basis = models.CharField(max_length=10, choices=WeightBasis.choices, blank=True)
    weighed_at = models.DateTimeField(null=True)
    formulary_item = ClinicKey(FormularyItem, models.PROTECT, related_name="+")
    strength_mg_per_ml = models.DecimalField(max_digits=7, decimal_places=2)
    diluted = models.BooleanField(default=False)
    reason = models.CharField(max_length=500, blank=True)
    needs_second = models.BooleanField(default=False)
    flags = models.JSONField(default=list)
    continues = ClinicKey("courses.Order", models.PROTECT, null=True, related_name="continued_by")
    content = models.TextField()
    signature = ClinicKey(Signature, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(dose_mg__gt=0, volume_ml__gt=0), name="courses_order_positive"
            ),
            models.CheckConstraint(
                condition=models.Q(
                    dose_mg_per_kg__gt=0, weight_kg__gt=0, weighed_at__isnull=False, weight_basis__gt=""
                )
                | models.Q(
                    dose_mg_per_kg__isnull=True,
                    weight_kg__isnull=True,
                    weighed_at__isnull=True,
                    weight_basis="",
                ),
                name="courses_order_weight_whole",
            ),
        ]
        indexes = [models.Index(fields=["clinic", "planned_session", "at"], name="courses_order_last")]

    def __str__(self) -> str:
        return f"{self.dose_mg} mg"

    @property
    def portion(self) -> Portion:
        """All doses together, in mL or in tablets."""
        return regimens.portion(self.regimen, self.volume_ml)

    @property
    def strength(self) -> Strength:
        """The product's strength, in mg for each mL or each tablet."""
        return regimens.strength(self.regimen, self.strength_mg_per_ml)


@append_only
class OrderedDose(Act):
    """One dose of an order, in the order they are given; each is given once at most (H05)."""

    order = ClinicKey(Order, models.PROTECT, related_name="ordered_doses")
    number = models.PositiveSmallIntegerField()
    dose_mg = models.DecimalField(max_digits=8, decimal_places=2)
    volume_ml = models.DecimalField(max_digits=8, decimal_places=2)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["clinic", "order", "number"], name="courses_ordered_dose_number"),
            models.CheckConstraint(
                condition=models.Q(number__gt=0, dose_mg__gt=0, volume_ml__gt=0),
                name="courses_ordered_dose_positive",
            ),
        ]
        ordering = ["number"]

    def __str__(self) -> str:
        return f"{self.number}: {self.dose_mg} mg"

    @property
    def portion(self) -> Portion:
        """This dose, in mL or in tablets."""
        return regimens.portion(self.order.regimen, self.volume_ml)


@counts_for_next_step(of=_OF_ORDER)
@append_only
class OrderSecond(Act):
    """A second prescriber signs an order beyond a limit."""

    order = ClinicKey(Order, models.PROTECT, related_name="seconds")
    signature = ClinicKey(Signature, models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["clinic", "order"], name="courses_second_once")]

    def __str__(self) -> str:
        return self.by_name


@counts_for_next_step(of=_OF_ORDER)
@append_only
class OrderWithdrawn(Act):
    """An order taken back before it was carried out."""

    order = ClinicKey(Order, models.PROTECT, related_name="withdrawals")
    why = models.CharField(max_length=300)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["clinic", "order"], name="courses_withdrawn_once")]

    def __str__(self) -> str:
        return self.why


class NextStep(ClinicModel):
    """What comes next in a running course, kept for lists; no act decides by it (`next_steps`).

    It was worked out on a day (`counted_on`), by the rules of a release, and holds until a day, or for ever.
    A blank one was never worked out. `counted` is how often it was: who writes it has to know the last one.
    """

    course = ClinicKey(Course, models.CASCADE, related_name="next_steps")
    key = models.CharField(max_length=20, blank=True)
    who = models.CharField(max_length=20, blank=True)
    needs_prescriber = models.BooleanField(default=False)
    session_number = models.PositiveSmallIntegerField(null=True)
    planned_on = models.DateField(null=True)
    planned_time = models.TimeField(null=True)
    blocks = BlocksField(default=tuple)
    next_dose_on = models.DateField(null=True)
    sessions = models.PositiveSmallIntegerField(default=0)
    held = models.PositiveSmallIntegerField(default=0)
    counted = models.PositiveIntegerField(default=0)
    counted_on = models.DateField(null=True)
    holds_until = models.DateField(null=True)
    release = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["clinic", "course"], name="courses_one_next_step")]

    def __str__(self) -> str:
        return self.key

    @property
    def step(self) -> rules.CourseStep | None:
        """The step as the rules make it; None when all is done."""
        if not self.key:
            return None
        return rules.CourseStep(
            key=self.key,
            done=False,
            session_number=self.session_number,
            planned_on=self.planned_on,
            planned_time=self.planned_time,
            blocks=self.blocks,
        )
