"""What Django's form fields and validators say, in our words: what is wrong, and what would be right.

Each sentence stands in one place of the framework, as a default that every field of its kind reads. They are
set once, when the process starts; a test finds any sentence of the framework that a form could still show.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.core import validators
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

CHOOSE = _("Choose one of these.")
FIELDS: dict[type[forms.Field], dict[str, Any]] = {
    forms.Field: {"required": _("Nothing stands here yet, and it is needed.")},
    forms.IntegerField: {"invalid": _("A whole number, such as 12.")},
    forms.FloatField: {"invalid": _("A number, such as 12.5.")},
    forms.DecimalField: {"invalid": _("A number, such as 12.5.")},
    forms.DateField: {"invalid": _("A day, such as 2026-11-25.")},
    forms.TimeField: {"invalid": _("A time of day, such as 14:30.")},
    forms.DateTimeField: {"invalid": _("A day and a time, such as 2026-11-25 14:30.")},
    forms.DurationField: {
        "invalid": _("A length of time, such as 01:30:00."),
        "overflow": _("A shorter length of time, such as 01:30:00."),
    },
    forms.RegexField: {},
    forms.FileField: {
        "invalid": _("No file came with it. Choose one."),
        "missing": _("No file came with it. Choose one."),
        "empty": _("The file is empty. Choose another."),
        "max_length": ngettext_lazy(
            "The file's name is too long: at most %(max)d sign.",
            "The file's name is too long: at most %(max)d signs.",
            "max",
        ),
        "contradiction": _("Choose a file, or say that there is none, not both."),
    },
    forms.ImageField: {"invalid_image": _("This is no picture that can be read.")},
    forms.ChoiceField: {"invalid_choice": CHOOSE},
    forms.TypedChoiceField: {"invalid_choice": CHOOSE},
    forms.MultipleChoiceField: {"invalid_choice": CHOOSE, "invalid_list": CHOOSE},
    forms.ModelChoiceField: {"invalid_choice": CHOOSE},
    forms.ModelMultipleChoiceField: {
        "invalid_choice": CHOOSE,
        "invalid_list": CHOOSE,
        "invalid_pk_value": CHOOSE,
    },
    forms.FilePathField: {"invalid_choice": CHOOSE},
    forms.MultiValueField: {
        "invalid": _("This cannot be read. Look at each part."),
        "incomplete": _("Each part is needed."),
    },
    forms.SplitDateTimeField: {
        "invalid_date": _("A day, such as 2026-11-25."),
        "invalid_time": _("A time of day, such as 14:30."),
    },
    forms.URLField: {"invalid": _("An address of the web, such as https://example.org.")},
    forms.UUIDField: {"invalid": CHOOSE},
    forms.JSONField: {"invalid": _("This cannot be read.")},
}
VALIDATORS: dict[type, str | Promise] = {
    validators.EmailValidator: _("An e-mail address, such as sam@example.org."),
    validators.URLValidator: _("An address of the web, such as https://example.org."),
    validators.RegexValidator: _("This cannot be read."),
    validators.DomainNameValidator: _("A name of the web, such as example.org."),
    validators.BaseValidator: _("It has to be %(limit_value)s."),
    validators.MinValueValidator: _("At least %(limit_value)s."),
    validators.MaxValueValidator: _("At most %(limit_value)s."),
    validators.StepValueValidator: _("In steps of %(limit_value)s."),
    validators.MinLengthValidator: ngettext_lazy(
        "At least %(limit_value)d sign; these are %(show_value)d.",
        "At least %(limit_value)d signs; these are %(show_value)d.",
        "limit_value",
    ),
    validators.MaxLengthValidator: ngettext_lazy(
        "At most %(limit_value)d sign; these are %(show_value)d.",
        "At most %(limit_value)d signs; these are %(show_value)d.",
        "limit_value",
    ),
    validators.ProhibitNullCharactersValidator: _("This holds a sign that is no text."),
    validators.FileExtensionValidator: _("This is not the kind of file that is read here."),
}
OF_A_DECIMAL: dict[str, Any] = {
    "invalid": _("A number, such as 12.5."),
    "max_digits": ngettext_lazy("At most %(max)s digit.", "At most %(max)s digits.", "max"),
    "max_decimal_places": ngettext_lazy(
        "At most %(max)s digit after the point.", "At most %(max)s digits after the point.", "max"
    ),
    "max_whole_digits": ngettext_lazy(
        "At most %(max)s digit before the point.", "At most %(max)s digits before the point.", "max"
    ),
}


def speak() -> None:
    """Let every form speak like this from now on."""
    for field, sentences in FIELDS.items():
        field.default_error_messages = {**vars(field).get("default_error_messages", {}), **sentences}
    for validator, sentence in VALIDATORS.items():
        validator.message = sentence  # type: ignore[attr-defined]
    validators.DecimalValidator.messages = {**OF_A_DECIMAL}
    validators.validate_email.message = VALIDATORS[validators.EmailValidator]  # type: ignore[assignment]
