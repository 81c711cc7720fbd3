"""Seeds of second factors under a new SECRET_KEY: encrypted again, so that the former key can go."""

from allauth.mfa.models import Authenticator
from cryptography.fernet import InvalidToken

from hdh_portal.accounts.adapters import fernet
from hdh_portal.records import journal, signing
from hdh_portal.records.actions import action

ENCRYPTED = ("secret", "seed")  # of a TOTP application, of recovery codes


@action
def rotate_keys(chain, *, by, at):
    """Encrypt every seed under the key in use, and record the signing key in use; `chain`: that of the portal.

    Returns `(number of seeds, ids of users with a seed that no key opens)`.
    """
    done, lost = 0, []
    for row in Authenticator.objects.select_for_update().exclude(type="webauthn").order_by("pk"):
        for name in set(ENCRYPTED) & set(row.data):
            try:
                row.data[name] = fernet().rotate(row.data[name].encode()).decode()
            except InvalidToken:
                lost.append(row.user_id)
                continue
            done += 1
        row.save(update_fields=["data"])
    journal.append(chain.pk, "keys_rotated", by=by, at=at, seeds=done, signing_key=signing.current_key().key_id)
    return done, lost
