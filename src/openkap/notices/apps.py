from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "openkap.notices"
    label = "notices"
