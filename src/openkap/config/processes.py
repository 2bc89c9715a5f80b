"""The processes behind the site: the jobs' worker and the device listener."""

from __future__ import annotations

import asyncio
import os
import sys


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
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "openkap.config.settings")
    django.setup()
    {"jobs": _jobs, "devices": _devices}[sys.argv[1]]()


if __name__ == "__main__":
    main()
