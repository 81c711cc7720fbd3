"""allauth's hooks: mails go through the outbox, limits bind to who tries, secrets are not kept in clear."""

import base64
import contextlib
import datetime
import ipaddress
import secrets
import uuid

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.contrib import messages
from django.db.models import ProtectedError, Q
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from hdh_portal.accounts.blocking import is_blocked_address
from hdh_portal.accounts.models import Destination, User
from hdh_portal.ground import clock
from hdh_portal.records import outbox
from hdh_portal.web import proxy


class AccountAdapter(DefaultAccountAdapter):
    """Accounts by e-mail."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": _("Ce compte est fermé."),
        "duplicate_email": _("Cette adresse est déjà celle de votre compte : indiquez-en une autre."),
        "email_password_mismatch": _("L’adresse ou le mot de passe ne sont pas exacts : vérifiez les deux."),
        "enter_current_password": _("Ce n’est pas votre mot de passe actuel : saisissez-le de nouveau."),
        "incorrect_password": _("Ce n’est pas votre mot de passe : saisissez-le de nouveau."),
        "invalid_password_reset": _("Ce lien a déjà servi ou n’est plus valable : demandez-en un autre."),
        "email_taken": _("Cette adresse ne peut pas être utilisée : indiquez-en une autre."),
        "too_many_login_attempts": _("Trop d’essais en peu de temps : attendez cinq minutes, puis recommencez."),
        "rate_limited": _("Trop d’essais en peu de temps : attendez cinq minutes, puis recommencez."),
        "unverified_primary_email": _("Confirmez d’abord votre adresse par le lien que vous avez reçu."),
    }

    def save_user(self, request, user, form, commit=True):
        """The new person, with the name that they gave."""
        user.name = form.cleaned_data.get("name", "")
        return super().save_user(request, user, form, commit)

    def confirm_email(self, request, email_address):
        """A proved address belongs to who proved it: a sign-up with it that was never confirmed gives way."""
        others = User.objects.filter(email__iexact=email_address.email).exclude(pk=email_address.user_id)
        with contextlib.suppress(ProtectedError):
            others.filter(~Q(emailaddress__verified=True), last_login=None).delete()
        if others.exists():
            self.add_message(
                request,
                messages.ERROR,
                "account/messages/email_confirmation_failed.txt",
                {"email": email_address.email},
            )
            return False
        Destination.objects.filter(user=email_address.user_id).delete()
        return super().confirm_email(request, email_address)

    # Mails ------------------------------------------------------------------------------------------------------
    # All of them are rows of the outbox: the page answers alike with or without mail server, for a known and an
    # unknown address, and the worker writes the link only when it sends.
    def send_mail(self, template_prefix, email, context):
        """Leave a mail that names nobody; to a blocked account one that says so, and not that there is none."""
        unknown = template_prefix.endswith("unknown_account")
        self._queue("account_is_blocked" if unknown and is_blocked_address(email) else template_prefix, 0, email)

    def send_confirmation_mail(self, request, emailconfirmation, signup):
        """Leave the mail with the link that confirms an address."""
        name = "email_confirmation_signup" if signup else "email_confirmation"
        self._queue(name, emailconfirmation.email_address.pk, emailconfirmation.email_address.email)

    def send_password_reset_mail(self, user, email, context):
        """Leave the mail with the link to a new password."""
        expires_at = clock.real() + datetime.timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT)
        self._queue("password_reset_key", user.pk, email, expires_at=expires_at)

    def send_notification_mail(self, template_prefix, user, context=None, email=None):
        """Leave a mail that tells what has changed in an account."""
        self._queue(template_prefix, user.pk, email or EmailAddress.objects.get_primary_email(user))

    def _queue(self, template_prefix, subject, to, expires_at=None):
        renderer = f"{template_prefix.rpartition('/')[2]}_mail"
        outbox.queue_message(renderer, subject, to=to, key=f"compte-{uuid.uuid4().hex}", expires_at=expires_at)

    # Limits -----------------------------------------------------------------------------------------------------
    def get_client_ip(self, request):
        """The address that a trusted proxy names, else the other end of the connection; never a client's own word."""
        peer = request.META.get("REMOTE_ADDR", "")
        if not proxy.is_trusted(peer):
            return peer
        told = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
        return _valid(told) or peer or "0.0.0.0"  # noqa: S104 (a word for "unknown", nothing listens there)

    def _get_login_attempts_cache_key(self, request, **credentials):
        # Failures count for an address *from one place*: nobody else can lock a candidate out at 11:55.
        login = credentials.get("email", "").lower()
        return f"{login} {self.get_client_ip(request)}"


class MFAAdapter(DefaultMFAAdapter):
    """Second factors."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("Ce code n’est pas exact : attendez le suivant et saisissez-le."),
        "unverified_email": _("Confirmez d’abord votre adresse électronique."),
    }

    def encrypt(self, text):
        """Seeds of codes are kept encrypted: a copy of the database alone opens no account."""
        return fernet().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text):
        """The seed, or a random one that no code fits if the key of the portal was changed without its fallback."""
        try:
            return fernet().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            return base64.b32encode(secrets.token_bytes(20)).decode()

    def build_totp_svg(self, url):
        """The picture to scan, without XML prologue: it stands in the page."""
        svg = super().build_totp_svg(url)
        return svg[svg.index("<svg") :]

    def _get_site_name(self):
        return settings.HDH_PORTAL_NAME

    def generate_authenticator_name(self, user, type):
        """A name that a person can tell from the others."""
        number = user.authenticator_set.filter(type=type).count() + 1
        return str(_("Clé de sécurité %(number)s") % {"number": number})


def _valid(address):
    try:
        return str(ipaddress.ip_address(address))
    except ValueError:
        return ""


def fernet():
    """Encrypts under the key in use, opens what any key in use or in `SECRET_KEY_FALLBACKS` encrypted."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = [salted_hmac("hdh_portal.accounts.seeds", "", key, algorithm="sha256").digest() for key in keys]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])
