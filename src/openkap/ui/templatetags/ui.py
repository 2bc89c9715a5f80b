"""The components of a page. Each lives once, here."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django import template
from django.forms import BoundField, CheckboxInput, RadioSelect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from openkap.kernel.ids import uuid7
from openkap.kernel.quantity import plain as plain_number
from openkap.kernel.wording import translated as in_readers_language
from openkap.ui import banner, links, tabs, typed
from openkap.ui.days import write_day
from openkap.ui.offers import offers_of

register = template.Library()

SIGNS = {"ok": "✓", "now": "●", "due": "◆", "over": "▲", "stop": "✕", "quiet": "·"}
LEVELS = {
    "block": ("stop", "✕", _("Stop")),
    "stop": ("stop", "✕", _("Stop")),
    "act": ("over", "▲", _("Act")),
    "warn": ("due", "◆", _("Look")),
    "look": ("due", "◆", _("Look")),
    "info": ("quiet", "·", _("Note")),
}


@register.simple_tag(takes_context=True)
def once(context: template.Context) -> SafeString:
    """The token that lets a form do its work only once (hazard H05).

    What several screens are told alike (`belongs_to_nobody`) has an empty one, and no CSRF token, without
    which no form is taken: each screen puts its own into both.
    """
    token = "" if context.get("belongs_to_nobody") else uuid7()
    return format_html('<input type="hidden" name="once" value="{}">', token)


@register.simple_tag(name="to")
def link_to(name: str, *args: object) -> str:
    """The address of what a page of another app shows (`ui.links`); empty where no app offers it."""
    return links.to(name, *args)


@register.simple_tag
def tag(kind: str, words: str) -> SafeString:
    """A short state: sign, word and colour together, never colour alone."""
    return format_html(
        '<span class="tag {}"><span aria-hidden="true">{}</span> {}</span>', kind, SIGNS.get(kind, "·"), words
    )


@register.inclusion_tag("ui/field.html", takes_context=True)
def field(context: template.Context, bound: BoundField) -> dict[str, Any]:
    """A form's field: label, control, help and what is wrong, tied together for screen readers."""
    widget = bound.field.widget
    ids = []
    if "request" in context:
        typed.place(context["request"], bound)
    if _help(context, bound):
        ids.append(f"{bound.id_for_label}_help")
    refused = [it for it in _objections(context) if it.field == bound.name]
    wrong = bool(bound.errors or refused)
    if wrong:
        ids.append(f"{bound.id_for_label}_error")
    attributes: dict[str, Any] = {}
    if ids:
        attributes["aria-describedby"] = " ".join(ids)
    if wrong:
        attributes["aria-invalid"] = "true"
    return {
        "field": bound,
        "control": bound.as_widget(attrs={**widget.attrs, **attributes}),
        "refused": refused,
        "wrong": wrong,
        "is_needed_too": bound.name in getattr(bound.form, "needed_too", ()),
        "help_text": _help(context, bound),
        "is_box": isinstance(widget, CheckboxInput),
        "is_group": isinstance(widget, RadioSelect),
        "hidden": bound.is_hidden,
    }


def _help(context: template.Context, bound: BoundField) -> str:
    """The field's help. Whoever signs reads the name that is asked for before they type it."""
    actor = context.get("actor")
    if bound.name == "typed_name" and actor is not None and not bound.help_text:
        return gettext("As it stands here: %(name)s") % {"name": actor.name}
    return str(bound.help_text)


def _objections(context: template.Context) -> tuple[Any, ...]:
    refusal = context.get("refused")
    return refusal.objections if refusal is not None else ()


@register.inclusion_tag("ui/finding.html")
def finding(level: str, title: str, text: str = "", **more: Any) -> dict[str, Any]:
    """What a rule found: how grave, by which rule, from which source, of which status."""
    kind, sign, word = LEVELS.get(level, LEVELS["info"])
    return {"kind": kind, "sign": sign, "word": word, "title": title, "text": text, **more}


@register.inclusion_tag("ui/allergy_chips.html")
def allergy_chips(patient: Any) -> dict[str, Any]:
    """The person's allergies, or that nobody has asked."""
    answer, names = banner.allergies_of(patient.id)
    return {"answer": str(answer), "names": names}


@register.inclusion_tag("ui/chart_tabs.html", takes_context=True)
def chart_tabs(context: template.Context, patient: Any) -> dict[str, Any]:
    """The tabs of a person's chart that whoever reads may open; for one tab alone there is no strip."""
    offers, match = offers_of(context), context["request"].resolver_match
    standing = tabs.here(match.view_name if match else "")
    shown = [
        (address, tab.label, tab.url_name == standing)
        for tab in tabs.in_order()
        if offers.may(address := reverse(tab.url_name, args=[patient.id]), method="GET")
    ]
    return {"tabs": shown if len(shown) > 1 else []}


@register.simple_tag(takes_context=True)
def page_link(context: template.Context, rows: Any, number: int) -> str:
    """The address of another part of a list; whatever else the address says stays."""
    query = context["request"].GET.copy()
    query[rows.key] = str(number)
    return f"?{query.urlencode()}"


@register.filter
def ago(at: datetime | None) -> SafeString | str:
    """How old a value is, in words that go on counting on the page."""
    if at is None:
        return gettext("never")
    return format_html(
        '<time datetime="{}" data-age>{}</time>', at.isoformat(), age_words(timezone.now() - at)
    )


def age_words(age: timedelta) -> str:
    """An age as people say it."""
    seconds = int(age.total_seconds())
    if seconds < -60:
        return gettext("in %(time)s") % {"time": _length(-seconds)}
    return gettext("%(time)s ago") % {"time": _length(max(seconds, 0))}


def _length(seconds: int) -> str:
    for limit, size, unit in ((90, 1, "s"), (5400, 60, "min"), (129600, 3600, "h")):
        if seconds < limit:
            return f"{seconds // size} {unit}"
    days = seconds // 86400
    return ngettext("%(days)d day", "%(days)d days", days) % {"days": days}


@register.filter
def clock(at: datetime | time | None) -> str:
    """The time of day by the clinic's clock of 24 hours."""
    if at is None or isinstance(at, str):
        return ""
    return (timezone.localtime(at) if isinstance(at, datetime) else at).strftime("%H:%M")


@register.filter
def moment(at: datetime | None) -> str:
    """Day and time in the clinic's zone."""
    return f"{on_day(at)}, {clock(at)}" if at else ""


@register.filter
def on_day(day: date | None) -> str:
    """A day of the work, as staff read it: Wed 25 Nov 2026."""
    return write_day(_local(day), "D j M Y") if day else ""


@register.filter
def in_week(day: date | None) -> str:
    """A day of a week that is named above it: Wed 25 Nov."""
    return write_day(_local(day), "D j M") if day else ""


@register.filter
def born(day: date | None) -> str:
    """A birth date. Its weekday tells nobody anything."""
    return write_day(day, "j M Y") if day else ""


@register.filter
def weekday(day: date | None) -> str:
    """A day that is near, as one says it to a person: Wednesday 25 November."""
    return write_day(_local(day), "l j F") if day else ""


@register.filter
def whole_day(day: date | None) -> str:
    """A day that may be far, as one says it to a person: Wednesday 25 November 2026."""
    return write_day(_local(day), "l j F Y") if day else ""


@register.filter
def day_and_time(at: datetime | None) -> str:
    """A weekday with its date and the time, in the clinic's zone, as one says it to a person."""
    return f"{weekday(at)}, {clock(at)}" if at else ""


def _local(day: date) -> date:
    """A moment by the clinic's clock; a day is the same by every clock."""
    return timezone.localtime(day) if isinstance(day, datetime) else day


@register.filter
def dialled(number: str) -> str:
    """A phone number as a telephone takes it: digits, and a plus in front if there is one."""
    text = str(number).strip()
    digits = "".join(sign for sign in text if sign.isascii() and sign.isdigit())
    return f"+{digits}" if text.startswith("+") else digits


@register.filter
def plain(number: Decimal | None) -> str:
    """A number without trailing zeros."""
    return "" if number is None else plain_number(Decimal(number))


@register.filter
def years_old(born: date | None) -> str:
    """Age in years, today."""
    if born is None:
        return gettext("age not known")
    today = timezone.localdate()
    years = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    return gettext("%(years)d y") % {"years": years}


@register.filter
def initials(name: str) -> str:
    """First letters of the first and the last name."""
    words = [word for word in str(name).split() if word[:1].isalpha()]
    return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper() if words else "?"


@register.filter
def translated(text: object) -> str:
    """A text that an app's rules or manifest name, in the reader's language."""
    return in_readers_language(str(text))


@register.filter
def typst(value: Any) -> SafeString:
    """Text made harmless inside a typst document: every sign that means something there is escaped."""
    from openkap.ui.documents import escaped

    return SafeString(escaped(str(value)))
