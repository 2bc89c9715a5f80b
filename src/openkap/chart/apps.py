from django.apps import AppConfig


class ChartConfig(AppConfig):
    name = "openkap.chart"
    label = "chart"
