from importlib import import_module

from django.apps import AppConfig

from hdh_portal.records import renderers


class OperationsConfig(AppConfig):
    """What those who run the portal see and do: readiness, mails and papers, powers, backups, retention."""

    name = "hdh_portal.operations"
    label = "operations"

    def ready(self):
        """Renderers, and the deployment checks, which read models: registered once these are there."""
        renderers.discover(self.name)
        for name in ("checks", "preflight"):
            import_module(f"hdh_portal.operations.{name}")
