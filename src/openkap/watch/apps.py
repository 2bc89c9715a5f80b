from django.apps import AppConfig


class WatchConfig(AppConfig):
    name = "openkap.watch"
    label = "watch"
