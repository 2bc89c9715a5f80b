"""Words for measures on a page."""

from __future__ import annotations

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from openkap.measures.instruments import ALL
from openkap.measures.instruments.instrument import SUICIDE_OPEN, SUICIDE_POSITIVE, SUICIDE_TAKEN_BACK
from openkap.measures.models import Response
from openkap.measures.wording import MeasureQuestion, Wording
from openkap.ui.templatetags.ui import tag

register = template.Library()

FLAGS = {
    SUICIDE_POSITIVE: ("over", _("self-harm above zero")),
    SUICIDE_TAKEN_BACK: ("over", _("self-harm above zero at first, then taken back")),
    SUICIDE_OPEN: ("due", _("self-harm not answered")),
    **{flag: ("due", words) for it in ALL.values() for flag, words in it.flag_words},
}


@register.filter
def measure_name(key: str) -> str:
    """The short name of a measure."""
    return ALL[key].name if key in ALL else key


@register.filter
def flag_tag(flag: str) -> SafeString:
    """A flag as a tag."""
    kind, words = FLAGS.get(flag, ("due", flag))
    return tag(kind, str(words))


@register.filter
def answered(response: Response, words: Wording) -> list[tuple[MeasureQuestion, str]]:
    """Each question with what was answered to it."""
    return [(it, _answer(response, it)) for it in words.questions]


def _answer(response: Response, question: MeasureQuestion) -> str:
    value = response.answers.get(question.item)
    return gettext("not answered") if value is None else f"{question.answers[value]} ({value})"
