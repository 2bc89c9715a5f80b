from django.apps import AppConfig


class ProtocolsConfig(AppConfig):
    name = "openkap.protocols"
    label = "protocols"
