from django.apps import AppConfig


class DefaultsConfig(AppConfig):
    name = "openkap.defaults"
    label = "defaults"
