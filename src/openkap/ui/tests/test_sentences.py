"""What a form says is in our words: no sentence of the framework is left in any field or validator."""

from __future__ import annotations

import inspect

import pytest
from django import forms
from django.core import validators
from django.utils.translation import gettext

from openkap.ui import sentences
from openkap.ui.fields import DayField


def _fields() -> list[type[forms.Field]]:
    return [it for _, it in inspect.getmembers(forms, inspect.isclass) if issubclass(it, forms.Field)]


def _validators() -> list[type]:
    return [
        it
        for _, it in inspect.getmembers(validators, inspect.isclass)
        if it.__module__ == validators.__name__ and vars(it).get("message")
    ]


@pytest.mark.parametrize("field", _fields(), ids=lambda it: it.__name__)
def test_no_field_of_the_framework_speaks_for_itself(field):
    ours = {id(text) for told in sentences.FIELDS.values() for text in told.values()}
    told = vars(field).get("default_error_messages", {})
    assert {code for code, text in told.items() if id(text) not in ours} == set()


@pytest.mark.parametrize("validator", _validators(), ids=lambda it: it.__name__)
def test_no_validator_of_the_framework_speaks_for_itself(validator):
    assert id(validator.message) in {id(text) for text in sentences.VALIDATORS.values()}


class _Form(forms.Form):
    day = DayField()
    count = forms.IntegerField(min_value=1)
    email = forms.EmailField()
    amount = forms.DecimalField(max_digits=4, decimal_places=1)
    word = forms.CharField(max_length=3)


def test_what_is_wrong_says_what_would_be_right():
    form = _Form({"day": "soon", "count": "0", "email": "sam", "amount": "1.23", "word": "longer"})
    assert not form.is_valid()
    assert {name: texts[0] for name, texts in form.errors.items()} == {
        "day": gettext("A day, such as 2026-11-25."),
        "count": "At least 1.",
        "email": "An e-mail address, such as sam@example.org.",
        "amount": "At most 1 digit after the point.",
        "word": "At most 3 signs; these are 6.",
    }
    empty = _Form({})
    assert {texts[0] for texts in empty.errors.values()} == {"Nothing stands here yet, and it is needed."}
