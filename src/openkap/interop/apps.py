from django.apps import AppConfig


class InteropConfig(AppConfig):
    name = "openkap.interop"
    label = "interop"
