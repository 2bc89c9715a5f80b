from django.apps import AppConfig


class FollowupConfig(AppConfig):
    name = "openkap.followup"
    label = "followup"
