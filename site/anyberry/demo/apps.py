from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "anyberry.demo"
    label = "demo"
