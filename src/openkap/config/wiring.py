"""Puts the apps together, at start, by what their manifests say.

Apps never import upward; whatever one needs from above is handed to it here.
"""

from __future__ import annotations

from importlib import import_module

from openkap.accounts import registry
from openkap.alerts import causes
from openkap.audit import delivery
from openkap.chart import queries as chart
from openkap.config.installed import manifests
from openkap.courses import plan_queries
from openkap.desk import ahead
from openkap.kernel.manifest import Manifest
from openkap.people import holds
from openkap.people import queries as people
from openkap.ui import banner, cards, links, navigation, setup, tabs, timeline
from openkap.watch import queries as watch_queries


def connect() -> None:
    """Wire the apps together. Called once, when Django is ready."""
    for app, manifest in manifests().items():
        _connect(app, manifest)
    import_module("openkap.config.jobs")
    for name, relation in people.RELATIONS.items():
        registry.relate_with(name, relation)
    banner.speak_with(chart.allergy_line)
    holds.hold_with("A session of this person runs. Merge when it is over.", watch_queries.in_session)
    holds.count_in_rooms("running", watch_queries.open_in_rooms)
    holds.count_in_rooms("planned", plan_queries.planned_in_rooms)


def _connect(app: str, manifest: Manifest) -> None:
    for entry in manifest.navigation:
        item = navigation.NavigationItem(
            label=entry.label,
            url_name=entry.url_name,
            roles=frozenset(entry.roles),
            order=entry.order,
            counts_waiting=entry.counts_waiting,
            about=entry.about,
            gathers=entry.gathers,
        )
        navigation.register(item)
    for name, url_name in manifest.links.items():
        links.offer(name, url_name)
    _show(app, manifest)
    for module in manifest.patient_keys:
        registry.resolve_with(import_module(f"openkap.{app}.{module}").PATIENT_OF)
    for module in manifest.explains:
        causes.explain_with(import_module(f"openkap.{app}.{module}").EXPLAINED)
    for event, handler in manifest.subscriptions.items():
        handlers = import_module(f"openkap.{app}.handlers")
        delivery.subscribe(event, getattr(handlers, handler), name=f"{app}.{handler}")
    if manifest.sets_up:
        setup.offer(app, import_module(f"openkap.{app}.setup").steps)
    if manifest.jobs:
        import_module(f"openkap.{app}.jobs")


def _show(app: str, manifest: Manifest) -> None:
    """What the app draws on pages over many apps, and in a person's chart, and what those ask."""
    for name, has in (("cards", manifest.cards), ("timeline", manifest.timeline)):
        if has:
            ahead.offer(getattr(import_module(f"openkap.{app}.{name}"), "ASKS", ()))
    for card in manifest.cards:
        draw = getattr(import_module(f"openkap.{app}.cards"), card.name)
        cards.offer(f"{app}.{card.name}", draw, place=card.place, order=card.order, roles=card.roles)
    for tab in manifest.tabs:
        tabs.offer(tabs.ChartTab(tab.label, tab.url_name, tab.order))
    for told, kind in manifest.timeline.items():
        tell = getattr(import_module(f"openkap.{app}.timeline"), told)
        timeline.offer(f"{app}.{told}", tell, kind=kind)
