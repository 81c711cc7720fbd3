from django.apps import AppConfig

from hdh_portal.records import renderers


class ApplicationsConfig(AppConfig):
    name = "applications"
    verbose_name = "dossiers"

    def ready(self):
        """Papers and mails are registered under their keys."""
        renderers.discover(self.name)
