"""`openkap demo`: set up, fill, serve, and say how to sign in."""

from __future__ import annotations

import contextlib
import socket
import sys
import time

from django.conf import settings
from django.db import connections

from openkap.config import database as schema
from openkap.config.demo import seed
from openkap.config.demo.people import PASSWORD, PRINTED
from openkap.config.embedded import DATABASE, EmbeddedServer
from openkap.config.server import Child, Supervisor

OPEN_WITHIN_SECONDS = 30
MARKER = "this-is-a-demo"


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def is_anothers(server: EmbeddedServer) -> bool:
    """Whether this folder has a database that no demo made. A folder made anew has none to throw away."""
    return server.cluster.exists() and not (server.data_dir / MARKER).exists()


def _in_the_way(server: EmbeddedServer | None, *, fresh: bool) -> str:
    """Why the demo does not begin."""
    if server is None:
        return "--fresh throws away an embedded database alone; prepare your own anew." if fresh else ""
    if server.is_running():
        return "a demo is running already; stop it first, or give it another OPENKAP_DATA_DIR."
    if fresh and is_anothers(server):
        return "this data folder was not made by the demo; nothing was thrown away."
    return ""


def run(server: EmbeddedServer | None, *, fresh: bool, reload: bool) -> int:
    """Run the demo until it is told to stop: in its own database, or in an empty one of yours."""
    began = time.monotonic()
    refusal = _in_the_way(server, fresh=fresh)
    if refusal:
        _say(f"openkap demo: {refusal}")
        return 2
    if server is None:
        return _filled_and_run(None, began, reload=reload)
    _say("Starting the database …")
    server.start()
    try:
        if fresh:
            server.drop_database(DATABASE)
            server.create_database(DATABASE)
        return _filled_and_run(server, began, reload=reload)
    finally:
        server.stop()


def _filled_and_run(server: EmbeddedServer | None, began: float, *, reload: bool) -> int:
    _say("Bringing the tables up to date …")
    schema.migrate()
    marker = settings.ENV.data_dir / MARKER
    if seed.is_needed():
        marker.touch()
        _say("Filling the clinic with invented people …")
        seed.fill(say=lambda text: _say(f"  {text}"))
    elif not marker.exists():
        _say("openkap demo: this database holds a real clinic. Give another OPENKAP_DATA_DIR.")
        return 2
    elif seed.is_of_another_day():
        _say("This clinic's day is over. To begin a new one: openkap demo --fresh")
    connections.close_all()
    monitor = Child("bedside monitor", [sys.executable, "-m", "openkap.config.demo.bedside"])
    supervisor = Supervisor(server, reload=reload, beside=(monitor,))
    supervisor.ours = server is not None
    return supervisor.run(ready=lambda: _greet_when_open(began))


def _greet_when_open(began: float) -> None:
    """Say that the clinic is open only once it answers."""
    env, end = settings.ENV, time.monotonic() + OPEN_WITHIN_SECONDS
    while time.monotonic() < end:
        with contextlib.suppress(OSError), socket.create_connection((env.host, env.port), timeout=1):
            _greet(time.monotonic() - began)
            return
        time.sleep(0.1)
    _say(f"openkap demo: the site does not answer on port {env.port}. Is another program using it?")


def _greet(seconds: float) -> None:
    env = settings.ENV
    address = f"http://localhost:{env.port}/"
    lines = [
        "",
        f"OpenKAP's demo clinic is open at {address} (ready after {seconds:.0f} s). Stop it with Ctrl-C.",
        "",
        f"Sign in with one tap at {address}demo/, or as in a real clinic with",
        f"the password “{PASSWORD}” and the code shown on that page:",
        "",
        *[f"  {person.role:<14} {person.email:<26} {person.name}" for person in PRINTED],
        "",
    ]
    _say("\n".join(lines))
