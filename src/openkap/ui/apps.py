"""The room of the look: the base page, the components, the papers."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "openkap.ui"
    label = "ui"

    def ready(self) -> None:
        """Sentences are rendered in the reader's language and by the clinic's clock."""
        from django.utils.timezone import localtime
        from django.utils.translation import gettext

        from openkap.kernel.wording import render_with

        render_with(gettext, localtime)
