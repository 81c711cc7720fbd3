from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "hdh_portal.demo"
