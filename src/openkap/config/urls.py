"""Every app's URLs. Each is declared with its grants by `route()`."""

from __future__ import annotations

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from openkap.config.installed import url_modules

urlpatterns: list[URLPattern | URLResolver] = [path("", include(module)) for module in url_modules()]
if settings.OPENKAP_DEMO:
    urlpatterns.append(path("demo/", include("openkap.config.demo.urls")))

handler404 = "openkap.config.faults.not_found"
handler403 = "openkap.config.faults.forbidden"
handler429 = "openkap.config.faults.too_many"
handler400 = "openkap.config.faults.bad_request"
handler500 = "openkap.config.faults.failed"
