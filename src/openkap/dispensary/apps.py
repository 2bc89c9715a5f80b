from django.apps import AppConfig


class DispensaryConfig(AppConfig):
    name = "openkap.dispensary"
    label = "dispensary"
