"""`manage.py personal_data ADDRESS`: what the portal holds of a person, as JSON, for their request of access."""

import json

from django.core.management.base import BaseCommand, CommandError

from hdh_portal.accounts.models import User
from hdh_portal.operations import personal_data


class Command(BaseCommand):
    """The same file that the person finds in their account; for who cannot sign in, or has closed it."""

    help = "Write all that the portal holds of a person, as JSON."

    def add_arguments(self, parser):
        """Whose."""
        parser.add_argument("address", help="the address of the account, or its number for a closed one")

    def handle(self, *, address, **options):
        """Print it; nothing is kept."""
        known = (
            User.objects.filter(pk=int(address)) if address.isdecimal() else User.objects.filter(email=address.lower())
        )
        user = known.first()
        if user is None:
            raise CommandError(f"No account has the address {address}.")
        self.stdout.write(json.dumps(personal_data.of(user), ensure_ascii=False, indent=1))
