"""The clinical facts of a patient. Nothing is deleted: what proved wrong is voided and stays visible."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from openkap.accounts.models import Act
from openkap.kernel.answer import Answer
from openkap.kernel.code import Code
from openkap.people.changes import counts_for_next_step, through
from openkap.people.models import Patient
from openkap.tenancy.fields import ClinicKey
from openkap.tenancy.history import append_only

_ANSWERS = [
    (Answer.YES.value, _("Yes")),
    (Answer.NO.value, _("No")),
    (Answer.NOT_ASKED.value, _("Not asked")),
]


class ListKind(models.TextChoices):
    """The lists of a chart."""

    PROBLEM = "problem", _("Problems")
    MEDICINE = "medicine", _("Medicines")
    ALLERGY = "allergy", _("Allergies")


@counts_for_next_step()
@append_only
class Entry(Act):
    """One problem, medicine or allergy, as it was told: coded where it was, in words always.

    `codings` holds every code it was told with (system, code, display); `code` is the one that is shown.
    `known_code` says whether every rule can read one of them. An entry no rule can read is shown as not
    understood; it never counts as "no". `labels` are the sender's security labels (system, code, in words).
    """

    patient = ClinicKey(Patient, models.PROTECT, related_name="entries")
    kind = models.CharField(max_length=10, choices=ListKind.choices)
    text = models.CharField(max_length=300)
    code_system = models.CharField(max_length=40, blank=True)
    code = models.CharField(max_length=60, blank=True)
    codings = models.JSONField(default=list)
    known_code = models.BooleanField(default=False)
    active = models.BooleanField(default=True)
    dose_text = models.CharField(max_length=200, blank=True)
    reaction = models.CharField(max_length=200, blank=True)
    started_on = models.DateField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=120, default="clinic")
    labels = models.JSONField(default=list)

    class Meta:
        indexes = [models.Index(fields=["clinic", "patient", "kind"], name="chart_entry_list")]

    def __str__(self) -> str:
        return self.text

    @property
    def labelled(self) -> str:
        """What the sender binds the reader to, in words; empty when nothing."""
        return ", ".join(words for _, _, words in self.labels)

    @property
    def codes(self) -> tuple[Code, ...]:
        """Every code the entry carries."""
        return tuple(Code(*coding) for coding in self.codings)


@counts_for_next_step(of=through("chart_entry", "changed.entry_id"))
@append_only
class EntryVoided(Act):
    """An entry that proved wrong, with the reason."""

    entry = ClinicKey(Entry, models.PROTECT, related_name="voids")
    why = models.CharField(max_length=300)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["clinic", "entry"], name="chart_entryvoided_once")]

    def __str__(self) -> str:
        return self.why


@counts_for_next_step()
@append_only
class ListAsked(Act):
    """Somebody asked for a whole list: there are entries, or there are none. No row means not asked."""

    patient = ClinicKey(Patient, models.PROTECT, related_name="lists_asked")
    kind = models.CharField(max_length=10, choices=ListKind.choices)
    answer = models.CharField(max_length=10, choices=_ANSWERS)

    class Meta:
        indexes = [models.Index(fields=["clinic", "patient", "kind", "at"], name="chart_listasked_last")]

    def __str__(self) -> str:
        return f"{self.kind}: {self.answer}"


@counts_for_next_step()
@append_only
class Fact(Act):
    """One question's answer (pregnant? escort? psychosis now?), with when it was asked and by whom."""

    patient = ClinicKey(Patient, models.PROTECT, related_name="facts")
    name = models.CharField(max_length=60)
    answer = models.CharField(max_length=10, choices=_ANSWERS)
    value = models.CharField(max_length=120, blank=True)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [models.Index(fields=["clinic", "patient", "name", "at"], name="chart_fact_last")]

    def __str__(self) -> str:
        return f"{self.name}: {self.answer}"


@append_only
class ResultVoided(Act):
    """A measured value that proved wrong, with the reason. It stays visible and acts no more (H39)."""

    result = ClinicKey("chart.Result", models.PROTECT, related_name="voids")
    why = models.CharField(max_length=300)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["clinic", "result"], name="chart_resultvoided_once")]

    def __str__(self) -> str:
        return self.why


@append_only
class Result(Act):
    """A measured value: weight, height, pressure, a laboratory result. Value, unit and labels as received."""

    patient = ClinicKey(Patient, models.PROTECT, related_name="results")
    code_system = models.CharField(max_length=40)
    code = models.CharField(max_length=60)
    text = models.CharField(max_length=200)
    value = models.DecimalField(max_digits=14, decimal_places=4, null=True, blank=True)
    value_text = models.CharField(max_length=200, blank=True)
    unit = models.CharField(max_length=40, blank=True)
    measured_at = models.DateTimeField()
    source = models.CharField(max_length=120, default="clinic")
    labels = models.JSONField(default=list)

    class Meta:
        indexes = [
            models.Index(fields=["clinic", "patient", "code", "measured_at"], name="chart_result_last")
        ]

    @property
    def labelled(self) -> str:
        """What the sender binds the reader to, in words; empty when nothing."""
        return ", ".join(words for _, _, words in self.labels)

    def __str__(self) -> str:
        return f"{self.text} {self.value or self.value_text} {self.unit}".strip()
