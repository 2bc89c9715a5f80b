"""The web face, as an ASGI application."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "openkap.config.settings")
_django = get_asgi_application()

from openkap.config.bodies import Bodies  # noqa: E402
from openkap.config.static import Static  # noqa: E402 - the apps must be ready
from openkap.tenancy.streams import Streams  # noqa: E402

application = Static(Streams(Bodies(_django)))
