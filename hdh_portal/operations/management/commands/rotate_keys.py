"""`manage.py rotate_keys`: the second half of a change of SECRET_KEY, of HDH_SIGNING_KEY, or of both.

1. `make backup`, so that the former keys are kept, encrypted: old backups need them.
2. New keys:
     python3 -c 'import secrets; print(secrets.token_urlsafe(48))'                                     SECRET_KEY
     python3 -c 'import base64, secrets; print(base64.urlsafe_b64encode(secrets.token_bytes(32)).decode())'
                                                                                                  HDH_SIGNING_KEY
3. In the environment of web, worker and beat alike: the new SECRET_KEY; the former one first in SECRET_KEY_FALLBACKS
   (by comma); the new HDH_SIGNING_KEY in the place of the former, whose public half stays in the database for ever.
4. `manage.py preflight --announce-key` publishes the new signing key: without it production does not start with a key
   that no receipt knows. Restart web, worker and beat. Sessions, links and second factors hold; new receipts bear the
   new key.
5. `manage.py rotate_keys`: the seeds of second factors are encrypted under the new key; /cles lists both keys.
6. Three days later at the earliest, when the longest link has expired (a session lasts twelve hours, and takes the new
   key at its first page): empty SECRET_KEY_FALLBACKS, restart, and type `manage.py rotate_keys` once more: it says that
   nothing hangs on the former key.

A key that was stolen: step 6 right after step 5, so that no forged session or link lives on. People sign in again, and
their second factors hold.
"""

from django.core.management.base import BaseCommand, CommandError

from hdh_portal.accounts.seeds import rotate_keys
from hdh_portal.records import journal


class Command(BaseCommand):
    """Encrypts the seeds again and records the signing key; exit status 1 where a seed cannot be opened."""

    help = "Encrypt the seeds of second factors under the SECRET_KEY in use and record the signing key in use."

    def handle(self, **options):
        """Rotate, and name by id whoever must set up a second factor again."""
        seeds, lost = rotate_keys(journal.portal_chain())
        self.stdout.write(f"{seeds} seeds of second factors are encrypted under the key in use.")
        if lost:
            users = ", ".join(str(pk) for pk in sorted(set(lost)))
            raise CommandError(f"No key opens the seeds of users {users}: put their key in SECRET_KEY_FALLBACKS.")
