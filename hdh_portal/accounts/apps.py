from django.apps import AppConfig

from hdh_portal.records import renderers


class AccountsConfig(AppConfig):
    name = "hdh_portal.accounts"
    verbose_name = "comptes"

    def ready(self):
        """Papers and mails are registered under their keys."""
        renderers.discover(self.name)
