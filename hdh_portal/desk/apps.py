from django.apps import AppConfig

from hdh_portal.records import renderers


class DeskConfig(AppConfig):
    name = "hdh_portal.desk"

    def ready(self):
        """Papers and mails are registered under their keys."""
        renderers.discover(self.name)
