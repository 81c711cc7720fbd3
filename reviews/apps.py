"""The second stage."""

from django.apps import AppConfig


class ReviewsConfig(AppConfig):
    """Rapporteurs, criteria, shortlist."""

    name = "reviews"
