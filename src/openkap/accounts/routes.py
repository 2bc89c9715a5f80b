"""The guarded route around every view: who asks, may they, in which clinic, in one transaction.

`route()` is how an app declares a URL, with what shows it, what acts on it, and a grant for each. Both run
inside the clinic's signed context, with `request.actor` and `request.at` set (`calls.py`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.urls import URLPattern, path, resolve
from django.utils.cache import add_never_cache_headers, patch_vary_headers

from openkap.accounts import entrance, handing
from openkap.accounts.actor import Actor
from openkap.accounts.calls import Acts, Answer, Page, RouteCall, called
from openkap.accounts.grants import Grant
from openkap.accounts.links import BadLink, read_token


def route(
    address: str,
    *,
    name: str,
    show: Answer | None = None,
    do: Acts | None = None,
    get: Grant | None = None,
    post: Grant | None = None,
    quiet: bool = False,
    handed: bool = False,
    body_max: int = 0,
) -> URLPattern:
    """Declare a URL: what shows it, what acts on it, and who may.

    A URL that only acts names the `show` of the page its form stands on, so that a refusal is read there.

    `handed` marks the pages a patient may use on a screen of the clinic that was handed to them.

    `quiet` marks polling and streams: they never renew the idle timer, and their reads are
    not recorded one by one (the page that starts them is).

    `body_max` is for a page that takes a file: how many bytes it reads; any other takes `config.bodies`' few.
    """
    if get is None and post is None:
        raise ValueError(f"The URL “{address}” grants nothing to anyone; say who may use it.")
    if get is not None and show is None:
        raise ValueError(f"The URL “{address}” may be read, and nothing shows it.")
    if (post is None) is not (do is None):
        raise ValueError(f"The URL “{address}” needs both an act and a grant for it, or neither.")
    entered = guarded(Page(show, do), _by_method(get, post), quiet=quiet, handed=handed)
    entered.body_max = body_max  # type: ignore[attr-defined]
    return path(address, entered, name=name)


def outside(
    address: str, view: Answer, *, name: str, get: Grant | None = None, post: Grant | None = None
) -> URLPattern:
    """Declare a URL outside every clinic: a page of the sign-in library, or a way in. It shows no patient."""
    grants = _by_method(get, post)
    if not grants or not all(grant.outside_clinic for grant in grants.values()):
        raise ValueError(f"The URL “{address}” is no page outside the clinics.")
    entered = guarded(Page(view, view), grants)
    entered.csrf_exempt = getattr(view, "csrf_exempt", False)  # type: ignore[attr-defined]
    return path(address, entered, name=name)


def _by_method(get: Grant | None, post: Grant | None) -> dict[str, Grant]:
    return {method: grant for method, grant in (("GET", get), ("POST", post)) if grant is not None}


def guarded(
    page: Page, grants: dict[str, Grant], *, quiet: bool = False, handed: bool = False
) -> Callable[..., HttpResponse]:
    """The page behind its guard."""

    def entered(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if request.resolver_match is None or request.resolver_match.func is not entered:
            request.resolver_match = resolve(request.path_info)  # sent on after a fresh proof of who it is
        elsewhere = handing.leads_back(request, kwargs, handed=handed)
        if elsewhere is not None:
            return _private(redirect(elsewhere))
        method = "GET" if request.method == "HEAD" else str(request.method)
        grant = grants.get(method)
        if grant is None:
            return HttpResponseNotAllowed(sorted(grants))
        if grant.outside_clinic:
            entrance.end_if_asleep(request, quiet=quiet)
            return _private(page.answer(request, kwargs))
        if grant.link:
            call = _by_link(request, page, grant, kwargs=kwargs, quiet=quiet)
        else:
            actor = entrance.actor_at(request, grant=grant, quiet=quiet)
            if isinstance(actor, HttpResponse):
                return _private(actor)
            call = RouteCall(actor, grant, page, kwargs, quiet)
        return _private(called(request, call))

    entered.grants = grants  # type: ignore[attr-defined]
    entered.page = page  # type: ignore[attr-defined]
    return entered


def _private(response: HttpResponse) -> HttpResponse:
    """No guarded page is kept by a cache (hazard H46)."""
    add_never_cache_headers(response)
    patch_vary_headers(response, ("Cookie",))
    return response


def _by_link(
    request: HttpRequest, page: Page, grant: Grant, *, kwargs: dict[str, Any], quiet: bool
) -> RouteCall:
    try:
        link = read_token(str(kwargs["token"]))
    except BadLink as error:
        raise Http404 from error
    request.link = link  # type: ignore[attr-defined]
    actor = Actor.link(link.clinic_id, "The holder of the patient's link")
    return RouteCall(actor, grant, page, kwargs, quiet, frozenset({link.purpose}))
