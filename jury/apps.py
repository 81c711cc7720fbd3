"""The third stage."""

from django.apps import AppConfig


class JuryConfig(AppConfig):
    """Sittings, jurors, announcement."""

    name = "jury"
