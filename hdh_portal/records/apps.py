from django.apps import AppConfig


class RecordsConfig(AppConfig):
    name = "hdh_portal.records"
