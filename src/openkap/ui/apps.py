"""The room of the look: the base page, the components, the papers."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "openkap.ui"
    label = "ui"
