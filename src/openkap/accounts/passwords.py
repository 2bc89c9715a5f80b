"""What a password must be, said in our words: the rules are Django's."""

from __future__ import annotations

from django.contrib.auth import password_validation as rules
from django.utils.translation import gettext as _


class LongEnough(rules.MinimumLengthValidator):
    """Of at least so many characters."""

    def get_error_message(self) -> str:
        return _("It is too short: at least %(least)d characters are needed.") % {"least": self.min_length}


class NotCommon(rules.CommonPasswordValidator):
    """None of the passwords that everybody tries first."""

    def get_error_message(self) -> str:
        return _("Too many people use this one. Take a few words of your own.")


class NotOnlyDigits(rules.NumericPasswordValidator):
    """More than a number."""

    def get_error_message(self) -> str:
        return _("Digits alone are guessed too soon. Add words.")
