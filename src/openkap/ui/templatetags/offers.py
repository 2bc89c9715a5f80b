"""Forms and links that stand on a page only where whoever reads it may use them (`ui.offers`)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

from django import template
from django.middleware.csrf import get_token
from django.template.base import FilterExpression, NodeList, Parser, Token
from django.template.base import token_kwargs as named_in
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from openkap.kernel.refusal import Objection
from openkap.ui.offers import offers_of
from openkap.ui.templatetags.ui import once

register = template.Library()

Named = dict[str, FilterExpression]
PLAIN = {"which", "unless", "query"}


class _Offer(template.Node):
    """A tag that leads to an address: its name and arguments, its attributes, and what stands in it."""

    def __init__(self, parts: Sequence[FilterExpression], *, named: Named, nodelist: NodeList) -> None:
        self.parts, self.named, self.nodelist = parts, named, nodelist

    def address(self, context: template.Context) -> str:
        """Where it leads."""
        name, *keys = (part.resolve(context) for part in self.parts)
        return _address(name, keys) + str(self.value(context, "query") or "")

    def value(self, context: template.Context, name: str) -> Any:
        """What the tag was given under this name."""
        return self.named[name].resolve(context) if name in self.named else None

    def attributes(self, context: template.Context) -> SafeString:
        """Every other name of the tag is an attribute: `data_outbox` for `data-outbox`."""
        told = {name: part.resolve(context) for name, part in self.named.items() if name not in PLAIN}
        pairs = [(name.replace("_", "-"), told[name]) for name in told if told[name] not in ("", None)]
        return format_html_join("", ' {}="{}"', pairs)


N = TypeVar("N", bound=_Offer)


class FormNode(_Offer):
    """A form that posts: with its address, its tokens, and which of the page's forms it is."""

    def render(self, context: template.Context) -> SafeString:
        """Nothing where the grant would refuse it; what stands in its way where a rule would."""
        address = self.address(context)
        if not offers_of(context).may(address, method="POST"):
            return SafeString("")
        objections: Sequence[Objection] = self.value(context, "unless") or ()
        if objections:
            return _in_its_way(objections)
        which = self.value(context, "which")
        return format_html(
            '<form method="post" action="{}"{}>{}{}{}{}</form>',
            address,
            self.attributes(context),
            _csrf(context),
            once(context),
            format_html('<input type="hidden" name="form" value="{}">', which) if which else "",
            self.nodelist.render(context),
        )


def _address(name: str, keys: Sequence[object]) -> str:
    """The address of a URL by its name; what `ui.links` gives already is one, or empty."""
    return name if not name or name.startswith("/") else reverse(name, args=keys)


def _csrf(context: template.Context) -> SafeString:
    """The token without which no form is taken; what belongs to nobody has none."""
    if context.get("belongs_to_nobody"):
        return SafeString("")
    token = get_token(context["request"]) if "request" in context else context.get("csrf_token", "")
    return format_html('<input type="hidden" name="csrfmiddlewaretoken" value="{}">', token)


def _in_its_way(objections: Sequence[Objection]) -> SafeString:
    return format_html_join("", '<p class="in-its-way">{}</p>', ((str(it.text),) for it in objections))


class LinkNode(_Offer):
    """A link to a page of this site."""

    def render(self, context: template.Context) -> SafeString:
        """Nothing where the page would not open for whoever reads this."""
        address = self.address(context)
        if not address or not offers_of(context).may(address, method=""):
            return SafeString("")
        return format_html(
            '<a href="{}"{}>{}</a>', address, self.attributes(context), self.nodelist.render(context)
        )


def _parsed(node: type[N], parser: Parser, *, token: Token, end: str) -> N:
    _, *bits = token.split_contents()
    parts, named = [], {}
    for bit in bits:
        name_and_value = named_in([bit], parser)
        if name_and_value:
            named.update(name_and_value)
        else:
            parts.append(parser.compile_filter(bit))
    nodelist = parser.parse((end,))
    parser.delete_first_token()
    return node(parts, named=named, nodelist=nodelist)


@register.tag
def form(parser: Parser, token: Token) -> FormNode:
    """`{% form "app:name" key class="form" which="words" unless=objections %}…{% endform %}`."""
    return _parsed(FormNode, parser, token=token, end="endform")


@register.tag
def link(parser: Parser, token: Token) -> LinkNode:
    """`{% link "app:name" key class="button" %}…{% endlink %}`."""
    return _parsed(LinkNode, parser, token=token, end="endlink")


@register.simple_tag(takes_context=True)
def may(context: template.Context, name: str, *keys: object, method: str = "") -> bool:
    """`{% may "app:name" key method="POST" as may_write %}`: whether a part of the page is for its reader."""
    return offers_of(context).may(_address(name, keys), method=method)
