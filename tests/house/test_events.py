"""What is subscribed is recorded: an event nobody records would never reach its handler, unnoticed."""

from __future__ import annotations

import ast
import re

from openkap.audit import events
from openkap.config.installed import manifests
from tests.house.reading import SOURCE, files, tree_of

SUBSCRIPTIONS = [
    (verb, app, handler)
    for app, manifest in manifests().items()
    for verb, handler in manifest.subscriptions.items()
]
VERB = re.compile(r"[a-z]+\.[a-z_]+\Z")


def _recorded() -> set[str]:
    """Every verb an app's own actions write into the record, each written out."""
    verbs = set()
    for path in files():
        app = path.relative_to(SOURCE).parts[0]
        if "actions" not in path.stem and path.parent.name != "actions":
            continue
        constants = (node.value for node in ast.walk(tree_of(path)) if isinstance(node, ast.Constant))
        told = {it for it in constants if isinstance(it, str) and VERB.match(it)}
        verbs |= {it for it in told if it.split(".")[0] == app}
    return verbs


def test_no_verb_is_put_together_from_parts():
    """A verb that is put together cannot be found by whoever wants to subscribe to it."""
    joined = [
        f"{path.name}:{node.lineno}"
        for path in files()
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in ("record", "record_house", "_note")
        and node.args
        and isinstance(node.args[0], ast.JoinedStr)
    ]
    assert joined == []


def test_every_verb_somebody_subscribed_to_is_recorded():
    assert {verb for verb, _, _ in SUBSCRIPTIONS} <= _recorded()


def test_every_subscription_stands_under_a_name_of_its_own():
    expected = {(verb, f"{app}.{handler}") for verb, app, handler in SUBSCRIPTIONS}
    assert {(verb, name) for verb, names in events.subscribed().items() for name in names} >= expected
    assert len(expected) == len(SUBSCRIPTIONS)
