"""`manage.py proxy_pages`: write the pages that the proxy shows when the portal is silent."""

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from hdh_portal.operations import proxy_pages


class Command(BaseCommand):
    help = "Write the proxy's pages for 413, 429, 502, 503 and 504 into HDH_PROXY_DIR."

    def handle(self, **options):
        names = proxy_pages.write()
        done = ", ".join(names) if names else _("rien à changer")
        self.stdout.write(f"{settings.HDH_PROXY_DIR} : {done}.")
