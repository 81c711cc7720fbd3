"""What a page says of the act before it: in a signed cookie, for in the session each such sentence is two commits."""

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage
from django.core.signing import get_cookie_signer


class OwnCookieStorage(CookieStorage):
    """Signed for one person: whoever signs in next on the same machine does not read it."""

    cookie_name = "__Host-messages" if settings.SECURE_SITE else "messages"

    def _decode(self, data):
        if data:
            self._sign_for_this_person()
        return super()._decode(data)

    def _encode_parts(self, messages, encode_empty=False):
        if messages:
            self._sign_for_this_person()
        return super()._encode_parts(messages, encode_empty)

    def _sign_for_this_person(self):
        self.signer = get_cookie_signer(salt=f"{self.key_salt}.{self.request.user.pk}")


class Storage(FallbackStorage):
    """The cookie, and for what is too long for one the session."""

    storage_classes = (OwnCookieStorage, SessionStorage)
