from django.apps import AppConfig

from hdh_portal import checks
from hdh_portal.records import renderers


class DeskConfig(AppConfig):
    name = "hdh_portal.desk"
    # Importing the module registers the checks; naming one keeps the import honest.
    start_up_check = staticmethod(checks.database_keeps_what_it_acknowledged)

    def ready(self):
        """Papers and mails are registered under their keys."""
        renderers.discover(self.name)
