"""People who may sign in, their places in clinics, invitations, and the base of every row somebody made."""

from __future__ import annotations

import hashlib
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _

from openkap.accounts.roles import Role
from openkap.kernel.ids import uuid7
from openkap.tenancy.fields import ClinicKey
from openkap.tenancy.history import append_only, tracked
from openkap.tenancy.models import ClinicModel


class UserManager(BaseUserManager["User"]):
    """Makes users by e-mail address; there is no superuser."""

    def make(self, *, email: str, name: str, password: str | None = None) -> User:
        """A new user; without a password they cannot sign in until they set one."""
        user = self.model(email=self.normalize_email(email).lower(), name=name)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """A person who can sign in. What they may open is said by their memberships alone."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120)
    is_active = models.BooleanField(default=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects: ClassVar[UserManager] = UserManager()

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        """The name as the pages show it."""
        return self.name


@tracked
class Membership(ClinicModel):
    """One person's one role in one clinic, from a day on and perhaps until one."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=20, choices=Role.choices)
    title = models.CharField(max_length=80, blank=True)
    since = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["clinic", "user", "role"],
                condition=models.Q(ended_at__isnull=True),
                name="accounts_membership_one_role_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user.name}, {self.get_role_display().lower()}"


class Act(ClinicModel):
    """Base of every row somebody made: who, in which role, and when."""

    at = models.DateTimeField()
    by_id = models.UUIDField(null=True, editable=False)
    by_name = models.CharField(max_length=120, editable=False)
    by_role = models.CharField(max_length=20, editable=False)

    class Meta:
        abstract = True


@tracked
class Invitation(Act):
    """An invitation to join the clinic in a role; its link works once and not for ever."""

    email = models.EmailField()
    name = models.CharField(max_length=120)
    role = models.CharField(max_length=20, choices=Role.choices)
    patient_id = models.UUIDField(null=True, editable=False)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, editable=False)
    withdrawn_at = models.DateTimeField(null=True, editable=False)

    def __str__(self) -> str:
        return f"{self.email} as {self.role}"


@tracked
class FactorReset(Act):
    """A clinic vouches that a member has lost their second factor; it falls when the person says so too."""

    membership = ClinicKey(Membership, models.PROTECT, related_name="factor_resets")
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, editable=False)
    withdrawn_at = models.DateTimeField(null=True, editable=False)

    def __str__(self) -> str:
        return f"{self.membership}, until {self.expires_at}"


class DutyKind(models.TextChoices):
    """What a person may be named for. The names are those of `accounts.rules`."""

    MEDICAL_DIRECTOR = "medical_director", _("Medical director")
    INDEPENDENT_CHECK = "independent_check", _("Independent check of order, vial and pump")


@tracked
class Duty(Act):
    """A person named for something a role does not give: one medical director; who checks independently."""

    membership = ClinicKey(Membership, models.PROTECT, related_name="duties")
    kind = models.CharField(max_length=30, choices=DutyKind.choices)
    signature = ClinicKey("accounts.Signature", models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, editable=False)
    end_reason = models.CharField(max_length=300, blank=True, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["clinic", "membership", "kind"],
                condition=models.Q(ended_at__isnull=True),
                name="accounts_duty_once",
            ),
            models.UniqueConstraint(
                fields=["clinic"],
                condition=models.Q(ended_at__isnull=True, kind="medical_director"),
                name="accounts_one_medical_director",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.membership}: {self.get_kind_display()}"


class Submission(ClinicModel):
    """A form that was sent once: the second arrival of the same token gets the first one's answer."""

    token = models.UUIDField()
    user_id = models.UUIDField(null=True)
    content = models.BinaryField(max_length=32)
    at = models.DateTimeField()
    location = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["clinic", "token"], name="accounts_submission_once")]

    def __str__(self) -> str:
        return str(self.token)


@append_only
class Signature(Act):
    """A person's signature: name, time, meaning, and the hash of exactly what was signed."""

    meaning = models.CharField(max_length=200)
    subject_kind = models.CharField(max_length=40)
    subject_id = models.UUIDField()
    content_hash = models.BinaryField(max_length=32)
    typed_name = models.CharField(max_length=120)

    class Meta:
        indexes = [
            models.Index(fields=["clinic", "subject_kind", "subject_id"], name="accounts_signature_subject")
        ]

    def __str__(self) -> str:
        return f"{self.typed_name}: {self.meaning}"

    def covers(self, content: bytes) -> bool:
        """Whether this signature is over exactly these bytes."""
        return hashlib.sha256(content).digest() == bytes(self.content_hash)
