"""What was typed: which form was sent, reading it, and giving it back after a refusal (hazard H35).

A page comes back with every reason at once, and with everything that was typed: in its field where there is
one, and in a list where there is none.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any, TypeVar

from django.core.exceptions import NON_FIELD_ERRORS
from django.forms import BaseForm, BoundField
from django.http import HttpRequest

from openkap.kernel.refusal import Objection, Reason, Refused
from openkap.ui import outage
from openkap.ui.reasons import UiReason

WHICH = "form"  # the hidden field that says which of a page's forms was sent
OTHER_FORM = UiReason.OTHER_FORM()
F = TypeVar("F", bound=BaseForm)


def refusal_of(request: HttpRequest) -> Refused | None:
    """The refusal the route has caught for this request, or None."""
    refusal: Refused | None = getattr(request, "refusal", None)
    return refusal


class Unreadable(Exception):
    """What was sent cannot be read. The route shows the page again, each fault at its field (422)."""

    def __init__(self, *forms: BaseForm) -> None:
        super().__init__(f"{len(forms)} form(s) cannot be read")
        self.forms = forms


def _was_sent(request: HttpRequest, name: str) -> bool:
    """Whether the request carries this form: by its hidden `form`, or by the address it went to."""
    match = request.resolver_match
    here = match.url_name if match else ""
    return request.method == "POST" and name in (request.POST.get(WHICH), here)


def bound(request: HttpRequest, name: str, form: type[F], **more: Any) -> F:
    """A form of the page, bound to what was typed when it is the one that was sent.

    `do` reads it and `show` draws it, each from the request, so that a refusal loses nothing typed.
    """
    if not _was_sent(request, name):
        return form(**more)
    made = form(data=request.POST, files=request.FILES or None, **more)
    request.__dict__.setdefault("openkap_sent", []).append(made)
    _not_typed(request).update(hidden.html_name for hidden in made.hidden_fields())
    return made


def read(*forms: BaseForm) -> dict[str, Any]:
    """What was typed, read and clean. Every form is read, so that all faults are shown together."""
    if not all(form.is_bound for form in forms):
        raise Refused(OTHER_FORM)
    unreadable = [form for form in forms if not form.is_valid()]
    if unreadable:
        raise Unreadable(*unreadable)
    return {name: value for form in forms for name, value in form.cleaned_data.items()}


def sent(request: HttpRequest, key: str) -> str:
    """What a button or a hidden field of the page says. Nobody typed it, so nothing has to be given back."""
    _not_typed(request).add(key)
    return str(request.POST.get(key, ""))


def line(request: HttpRequest, key: str) -> str:
    """A line typed beside a button, which has no form class. After a refusal it is listed on the page."""
    return str(request.POST.get(key, ""))


def ticked(request: HttpRequest, key: str) -> list[str]:
    """What was tapped beside a button, which has no form class. After a refusal it is listed on the page."""
    return [str(words) for words in request.POST.getlist(key)]


def again(request: HttpRequest, key: str) -> str:
    """What was typed under a name that belongs to no form class, to be drawn in its place once more."""
    _placed(request).add(key)
    return str(request.POST.get(key, ""))


def told_of(request: HttpRequest, form: BaseForm, *, refusal: Refused | None = None) -> None:
    """For a page outside the clinics: the page says above why this form of it comes back."""
    request.__dict__.setdefault("openkap_sent", []).append(form)
    shown_again(request, refusal=refusal, forms=(form,) if form.errors else ())


def place(request: HttpRequest, bound_field: BoundField) -> None:
    """A field of the page has drawn what was typed into it (`{% field %}`)."""
    if bound_field.form.is_bound:
        _placed(request).add(bound_field.html_name)


def shown_again(
    request: HttpRequest, *, refusal: Refused | None = None, forms: tuple[BaseForm, ...] = ()
) -> None:
    """Tell the page that follows why it comes back; called by the route before it shows the page."""
    request.refusal = refusal  # type: ignore[attr-defined]
    request.unreadable = forms  # type: ignore[attr-defined]
    _placed(request).clear()


def also_typed(request: HttpRequest) -> list[tuple[str, str]]:
    """What was typed in a refused form and stands in no field of the page that was just drawn, by name.

    A form may be gone from the page by now: somebody else has answered meanwhile, and the words stand here.
    """
    if request.method != "POST" or not (refusal_of(request) or _unread(request)):
        return []
    settled = _placed(request) | _not_typed(request)
    return [
        (outage.readable(name), text)
        for name, text in outage.typed(request)
        if name not in settled and name not in outage.NOT_TYPED and text.strip() and not _is_key(text)
    ]


def _unread(request: HttpRequest) -> tuple[BaseForm, ...]:
    forms: tuple[BaseForm, ...] = getattr(request, "unreadable", ())
    return forms


def _is_key(text: str) -> bool:
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True


def _placed(request: HttpRequest) -> set[str]:
    """The names whose typed values stand in a field of the page."""
    return _names(request, "placed")


def _not_typed(request: HttpRequest) -> set[str]:
    return _names(request, "not_typed")


def _names(request: HttpRequest, kind: str) -> set[str]:
    names: set[str] = request.__dict__.setdefault(f"openkap_{kind}", set())
    return names


def look_again(request: HttpRequest) -> list[tuple[str, str, str]]:
    """What could not be read, wherever on the page its form stands or does not: label, field, why."""
    return [
        (_label(form, name), _control(form, name), str(text))
        for form in _unread(request)
        for name, texts in form.errors.items()
        for text in texts
    ]


def lines_of_reasons(request: HttpRequest, lines: Mapping[Reason, str]) -> None:
    """For a page that is one list of work: at which of its lines, by id, each reason against it is mended."""
    request.__dict__["openkap_lines"] = lines


def stands_against(request: HttpRequest) -> list[tuple[str, str]]:
    """Every reason against what was sent, and the control or line of the page it is about, where one is."""
    refusal = refusal_of(request)
    lines: Mapping[Reason, str] = request.__dict__.get("openkap_lines", {})
    sent_here: list[BaseForm] = request.__dict__.get("openkap_sent", [])

    def control(name: str) -> str:
        return next((_control(it, name) for it in sent_here if name in it.fields), "")

    against = refusal.objections if refusal is not None else ()
    return [(it.text, control(it.field) or lines.get(it.reason, "")) for it in against]


def _control(form: BaseForm, name: str) -> str:
    """The control a person types into: of a group, its first one. Nobody sees a hidden field."""
    if name == NON_FIELD_ERRORS or name not in form.fields or form[name].is_hidden:
        return ""
    return str(form[name].id_for_label) or f"{form[name].auto_id}_0"


def objections_in(forms: tuple[BaseForm, ...]) -> tuple[Objection, ...]:
    """What could not be read, as reasons: for a script, which shows no page."""
    return tuple(
        UiReason.UNREADABLE("" if name == NON_FIELD_ERRORS else name, text=str(text))
        for form in forms
        for name, texts in form.errors.items()
        for text in texts
    )


def _label(form: BaseForm, name: str) -> str:
    return "" if name == NON_FIELD_ERRORS else str(form[name].label)
