from django.apps import AppConfig


class AlertsConfig(AppConfig):
    name = "openkap.alerts"
    label = "alerts"
