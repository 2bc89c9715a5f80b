from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "openkap.desk"
    label = "desk"
