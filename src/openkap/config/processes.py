"""The processes of the tree: a worker of the site, the jobs' worker, the device listener, the backup."""

from __future__ import annotations

import asyncio
import os
import socket
import sys
from pathlib import Path
from typing import Any

SITE = "openkap.config.asgi:application"


def _web(sockets: list[str]) -> None:
    """A worker of the site, on the sockets its parent has bound; all workers share them.

    Without sockets it listens by itself, and starts again when its code changes.
    """
    import uvicorn

    from openkap.config import environment

    env = environment.read()
    options: dict[str, Any] = {
        "timeout_graceful_shutdown": 3,
        "log_level": "warning",
        "server_header": False,
        "lifespan": "off",
        "proxy_headers": bool(env.tls_proxy),
        "forwarded_allow_ips": env.tls_proxy or None,
        "ssl_certfile": str(env.tls_cert) if env.tls_cert else None,
        "ssl_keyfile": str(env.tls_key) if env.tls_key else None,
    }
    if sockets:
        server = uvicorn.Server(uvicorn.Config(SITE, **options))
        server.run([socket.socket(fileno=int(number)) for number in sockets])
        return
    code = str(Path(__file__).parents[1])
    uvicorn.run(SITE, host=env.host, port=env.port, reload=True, reload_dirs=[code], **options)


def _jobs() -> None:
    from procrastinate.contrib.django import app

    worker = app.with_connector(app.connector.get_worker_connector())  # type: ignore[attr-defined]

    async def work() -> None:
        async with worker.open_async():
            await worker.run_worker_async(
                name="openkap",
                concurrency=4,
                wait=True,
                delete_jobs="successful",
                shutdown_graceful_timeout=5,
            )

    asyncio.run(work())


def _devices() -> None:
    from openkap.interop.hl7v2 import listener

    listener.run()


def _backup() -> None:
    from openkap.config import environment, keys
    from openkap.config.backup import dump, log
    from openkap.config.embedded import EmbeddedServer

    env = environment.read()
    if not env.embedded:
        dump.run(env)
        return
    known = keys.load(env.data_dir)
    assert known is not None
    log.run(EmbeddedServer(env.data_dir, known), env)


def main() -> None:
    """Run one of the processes, by name."""
    if sys.argv[1] == "backup":
        _backup()
        return
    if sys.argv[1] == "web":
        _web(sys.argv[2:])
        return
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "openkap.config.settings")
    django.setup()
    {"jobs": _jobs, "devices": _devices}[sys.argv[1]]()


if __name__ == "__main__":
    main()
