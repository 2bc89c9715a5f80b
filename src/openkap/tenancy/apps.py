from django.apps import AppConfig


class TenancyConfig(AppConfig):
    name = "openkap.tenancy"
    label = "tenancy"
