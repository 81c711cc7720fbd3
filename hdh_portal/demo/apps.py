from django.apps import AppConfig
from django.conf import settings

from hdh_portal.demo.script import script
from hdh_portal.ground import environment


class DemoConfig(AppConfig):
    name = "hdh_portal.demo"

    def ready(self):
        """In a demonstration the portal bears the names of the call's own, unless the environment gives others."""
        if settings.HDH_DEMO:
            names = script("replay")["portal"]
            settings.HDH_PORTAL_NAME = environment.variable("HDH_PORTAL_NAME", names["name"])
            settings.HDH_OPERATORS = environment.variable("HDH_OPERATORS", names["operators"])
