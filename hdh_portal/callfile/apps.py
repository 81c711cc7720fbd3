from django.apps import AppConfig


class CallfileConfig(AppConfig):
    name = "hdh_portal.callfile"
