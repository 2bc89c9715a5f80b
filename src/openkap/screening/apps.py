from django.apps import AppConfig


class ScreeningConfig(AppConfig):
    name = "openkap.screening"
    label = "screening"
