"""The third stage."""

from django.apps import AppConfig

from hdh_portal.records import renderers


class JuryConfig(AppConfig):
    """Sittings, jurors, announcement."""

    name = "jury"

    def ready(self):
        """Papers and mails are registered under their keys."""
        renderers.discover(self.name)
