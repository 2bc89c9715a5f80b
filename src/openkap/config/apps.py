from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "openkap.config"
    label = "openkap_config"

    def ready(self) -> None:
        from openkap.config import wiring

        wiring.connect()
