"""The second stage."""

from django.apps import AppConfig

from hdh_portal.records import renderers


class ReviewsConfig(AppConfig):
    """Rapporteurs, criteria, shortlist."""

    name = "reviews"

    def ready(self):
        """Papers and mails are registered under their keys."""
        renderers.discover(self.name)
