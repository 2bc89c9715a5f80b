from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "openkap.people"
    label = "people"
