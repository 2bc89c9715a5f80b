"""Pages: the base page, the components, the papers."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "openkap.ui"
    label = "ui"

    def ready(self) -> None:
        """Render sentences in the reader's language and by the clinic's clock; forms speak our words."""
        from django.utils.timezone import localtime
        from django.utils.translation import gettext

        from openkap.kernel.wording import render_with
        from openkap.ui import days, sentences

        render_with(translate=gettext, localise=localtime, write_day=days.write_day)
        sentences.speak()
