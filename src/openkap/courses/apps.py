from django.apps import AppConfig


class CoursesConfig(AppConfig):
    name = "openkap.courses"
    label = "courses"
