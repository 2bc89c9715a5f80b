from django.apps import AppConfig


class ConsentConfig(AppConfig):
    name = "openkap.consent"
    label = "consent"
