"""Who is treated, by whom, where, and who takes them home."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _

from openkap.accounts.models import Act, Membership
from openkap.audit.seeing import see
from openkap.people import finding
from openkap.people.changes import ITSELF, counts_for_next_step
from openkap.people.rules import age_on
from openkap.tenancy.fields import ClinicKey
from openkap.tenancy.history import tracked
from openkap.tenancy.models import ClinicModel


class Sex(models.TextChoices):
    """Sex recorded for clinical use; it decides cut-offs and reference ranges, nothing else."""

    FEMALE = "female", _("Female")
    MALE = "male", _("Male")
    OTHER = "other", _("Other")
    UNKNOWN = "unknown", _("Not recorded")


@tracked
class Site(ClinicModel):
    """A building the clinic works in."""

    name = models.CharField(max_length=120)
    address = models.TextField(blank=True)

    def __str__(self) -> str:
        return self.name


@tracked
class Room(ClinicModel):
    """A room where sessions are held."""

    site = ClinicKey(Site, models.PROTECT, related_name="rooms")
    name = models.CharField(max_length=60)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["clinic", "site", "name"], name="people_room_name")]
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


@counts_for_next_step(of=ITSELF)
@tracked
class Patient(Act):
    """A person in the clinic's care, from the first inquiry on."""

    mrn = models.CharField("record number", max_length=40)
    given_name = models.CharField(max_length=80)
    family_name = models.CharField(max_length=80)
    pronouns = models.CharField(max_length=30, blank=True)
    birth_date = models.DateField()
    sex = models.CharField(max_length=10, choices=Sex.choices, default=Sex.UNKNOWN)
    phone = models.CharField(max_length=40, blank=True)
    email = models.EmailField(blank=True)
    address = models.TextField(blank=True)
    language = models.CharField(max_length=20, default="en")
    user_id = models.UUIDField(null=True, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["clinic", "mrn"], name="people_patient_mrn"),
            models.UniqueConstraint(
                fields=["clinic", "user_id"],
                condition=models.Q(user_id__isnull=False),
                name="people_patient_one_sign_in",
            ),
        ]
        ordering = ["family_name", "given_name", "id"]
        indexes = [
            models.Index(fields=["clinic", "family_name", "given_name"], name="people_patient_name"),
            models.Index(fields=["clinic", "birth_date"], name="people_patient_birth"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """Given and family name, as the clinic says it. Whose name is read is seen, and written down."""
        see(self.id)
        return f"{self.given_name} {self.family_name}".strip()

    @property
    def initials(self) -> str:
        """First letters of the given and the family name."""
        return f"{self.given_name[:1]}{self.family_name[:1]}".upper()

    def age_on(self, day: date) -> int:
        """Age in whole years on a day."""
        return age_on(self.birth_date, day)


class SearchWord(ClinicModel):
    """A word that a record is found by, derived from its names and number. A merge leaves it where it is.

    Looked up by its beginning, in the order of code points, so that PostgreSQL may use the index under
    row-level security.
    """

    record = ClinicKey(Patient, models.PROTECT, related_name="search_words")
    word = models.CharField(max_length=finding.LONGEST_WORD + 1, db_collation="C")

    class Meta:
        indexes = [models.Index(fields=["clinic", "word", "record"], name="people_searchword_begins")]

    def __str__(self) -> str:
        return self.word


@tracked
class CareTeamMember(Act):
    """A member of staff in a patient's care, and with it the right to open the record."""

    patient = ClinicKey(Patient, models.PROTECT, related_name="care_team")
    membership = ClinicKey(Membership, models.PROTECT, related_name="+")
    for_kind = models.CharField(max_length=20, blank=True, editable=False)
    for_id = models.UUIDField(null=True, editable=False)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["clinic", "patient", "membership"],
                condition=models.Q(ended_at__isnull=True),
                name="people_careteam_once",
            )
        ]
        indexes = [
            models.Index(
                fields=["clinic", "for_kind"],
                condition=models.Q(ended_at__isnull=True) & ~models.Q(for_kind=""),
                name="people_careteam_let_in",
            )
        ]

    def __str__(self) -> str:
        return str(self.membership)


@tracked
class Escort(Act):
    """An adult who takes the patient home after a session (hazard H15)."""

    patient = ClinicKey(Patient, models.PROTECT, related_name="escorts")
    name = models.CharField(max_length=120)
    phone = models.CharField(max_length=40)
    relation = models.CharField(max_length=60, blank=True)
    voided_at = models.DateTimeField(null=True, editable=False)

    def __str__(self) -> str:
        return f"{self.name}, {self.phone}"


@tracked
class Merge(Act):
    """Two records that are one person: proposed by one, agreed to by another, and undone when it was wrong.

    The rows of `gone` stand in `kept` from then on, and `moved` says which, so that exactly these go back.
    `seen` names the difference the proposer saw; who agrees has seen the same.
    """

    kept = ClinicKey(Patient, models.PROTECT, related_name="merges")
    gone = ClinicKey(Patient, models.PROTECT, related_name="merged_into")
    why = models.CharField(max_length=300)
    seen = models.CharField(max_length=64, editable=False)
    under_way = models.BooleanField(default=False, editable=False)
    moved = models.JSONField(default=dict, editable=False)
    withdrawn_at = models.DateTimeField(null=True, editable=False)
    confirmed_at = models.DateTimeField(null=True, editable=False)
    confirmed_by_id = models.UUIDField(null=True, editable=False)
    confirmed_by_name = models.CharField(max_length=120, blank=True, editable=False)
    undone_at = models.DateTimeField(null=True, editable=False)
    undone_by_name = models.CharField(max_length=120, blank=True, editable=False)
    undone_why = models.CharField(max_length=300, blank=True, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["clinic", "gone"],
                condition=models.Q(withdrawn_at__isnull=True, undone_at__isnull=True),
                name="people_merge_one_at_a_time",
            ),
            models.CheckConstraint(
                condition=~models.Q(kept=models.F("gone")), name="people_merge_two_records"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.gone_id} into {self.kept_id}"

    @property
    def is_open(self) -> bool:
        """Whether it waits for the second person."""
        return self.confirmed_at is None and self.withdrawn_at is None

    @property
    def stands(self) -> bool:
        """Whether the two are one record now."""
        return self.confirmed_at is not None and self.undone_at is None


class PersonChange(ClinicModel):
    """A fact about a person was written since what comes next was worked out (`people.changes`)."""

    person_id = models.UUIDField(editable=False)
    transaction = models.BigIntegerField(editable=False)

    class Meta:
        indexes = [models.Index(fields=["clinic", "person_id"], name="people_change_of")]

    def __str__(self) -> str:
        return str(self.person_id)
