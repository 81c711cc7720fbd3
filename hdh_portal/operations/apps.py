from importlib import import_module

from django.apps import AppConfig


class OperationsConfig(AppConfig):
    """What those who run the portal see and do: readiness, mails and papers, powers, backups, retention."""

    name = "hdh_portal.operations"
    label = "operations"

    def ready(self):
        """The deployment checks read models: they are registered once these are there."""
        import_module("hdh_portal.operations.preflight")
