"""The mails of accounts. Rendered by the worker from ids alone: no link lies in the database or in a task's arguments.

Each function bears the name that allauth gives its mail, and returns `records.mail.Mail`. `subject`: id of the
e-mail address or of the user; mails to an address that we must not look up ignore it.
"""

from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from hdh_portal.accounts import destinations
from hdh_portal.accounts.models import User
from hdh_portal.records.mail import Mail
from hdh_portal.records.renderers import renderer

HOUR = 3600
ACCOUNT = gettext_noop("Compte et sécurité")


@renderer("email_confirmation_signup_mail", ACCOUNT)
def email_confirmation_signup(subject):
    """To the address of a new account: its link, confirmed by a click on the page that it opens."""
    return _mail(
        _("Confirmez votre adresse électronique"),
        _("Un compte vient d’être ouvert avec cette adresse. Pour la confirmer, ouvrez ce lien :"),
        _confirmation_link(subject),
        _("Le lien sert une fois et reste valable trois jours. Aucun dossier ne peut être créé avant."),
        _("Si vous n’avez rien demandé, n’ouvrez pas le lien : le compte restera fermé."),
    )


@renderer("email_confirmation_mail", ACCOUNT)
def email_confirmation(subject):
    """To the address that shall replace the old one."""
    return _mail(
        _("Confirmez votre nouvelle adresse électronique"),
        _("Cette adresse doit devenir celle d’un compte du portail. Pour la confirmer, ouvrez ce lien :"),
        _confirmation_link(subject),
        _("Le lien sert une fois et reste valable trois jours. Jusque-là, l’ancienne adresse reste celle du compte."),
        _("Si vous n’avez rien demandé, n’ouvrez pas le lien : rien ne changera."),
    )


@renderer("account_already_exists_mail", ACCOUNT)
def account_already_exists(subject):
    """To an address that has an account, when somebody signs up with it again."""
    return _mail(
        _("Vous avez déjà un compte"),
        _("Quelqu’un, sans doute vous, vient de demander un compte avec cette adresse. Il en existe déjà un."),
        _("Pour vous connecter :"),
        _link("account_login"),
        _("Si vous avez oublié votre mot de passe :"),
        _link("account_reset_password"),
        _("Si vous n’avez rien demandé, ignorez ce message."),
    )


@renderer("unknown_account_mail", ACCOUNT)
def unknown_account(subject):
    """To an address without account, when somebody wants to reset its password."""
    return _mail(
        _("Aucun compte n’existe avec cette adresse"),
        _("Un nouveau mot de passe vient d’être demandé pour cette adresse, mais aucun compte ne l’utilise."),
        _("Si vous avez une autre adresse, recommencez avec elle. Sinon, vous pouvez créer un compte :"),
        _link("account_signup"),
        _("Si vous n’avez rien demandé, ignorez ce message."),
    )


@renderer("password_reset_key_mail", ACCOUNT)
def password_reset_key(subject):
    """The link to a new password; it dies with its use, with a sign-in and with time."""
    user = User.objects.get(pk=subject)
    path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
    key = f"{user_pk_to_url_str(user)}-{default_token_generator.make_token(user)}"
    return _mail(
        _("Choisissez un nouveau mot de passe"),
        _("Un nouveau mot de passe a été demandé pour votre compte. Pour le choisir, ouvrez ce lien :"),
        settings.HDH_BASE_URL + path.replace("UID-KEY", key),
        _("Le lien sert une fois et reste valable %(hours)s heures.")
        % {"hours": settings.PASSWORD_RESET_TIMEOUT // HOUR},
        _("Si vous n’avez rien demandé, n’ouvrez pas le lien : votre mot de passe ne change pas."),
    )


@renderer("email_changed_mail", ACCOUNT)
def email_changed(subject):
    """To the old address, after the new one was confirmed."""
    return _mail(
        _("L’adresse de votre compte a changé"),
        _("Le compte ouvert avec cette adresse en utilise désormais une autre. Les messages du portail y arriveront."),
        _("Si ce changement ne vient pas de vous, écrivez-nous sans attendre depuis la page « Contact » :"),
        settings.HDH_BASE_URL,
    )


@renderer("email_deleted_mail", ACCOUNT)
def email_deleted(subject):
    """An address that was not confirmed has been removed."""
    return _notice(_("Une adresse a été retirée de votre compte"), _("Une adresse a été retirée de votre compte."))


@renderer("password_changed_mail", ACCOUNT)
def password_changed(subject):
    """After a change from within the account."""
    return _notice(_("Votre mot de passe a changé"), _("Le mot de passe de votre compte vient de changer."))


@renderer("password_reset_mail", ACCOUNT)
def password_reset(subject):
    """After a change by the link of a mail."""
    return _notice(
        _("Votre mot de passe a changé"),
        _("Un nouveau mot de passe vient d’être choisi par le lien envoyé à cette adresse."),
    )


@renderer("password_set_mail", ACCOUNT)
def password_set(subject):
    """After the first password of an account that had none."""
    return _notice(_("Votre compte a un mot de passe"), _("Un mot de passe vient d’être choisi pour votre compte."))


@renderer("totp_activated_mail", ACCOUNT)
def totp_activated(subject):
    """A second factor was added."""
    return _notice(
        _("Une application d’authentification est activée"),
        _("Une application d’authentification protège désormais votre compte."),
    )


@renderer("totp_deactivated_mail", ACCOUNT)
def totp_deactivated(subject):
    """A second factor was removed."""
    return _notice(
        _("L’application d’authentification est désactivée"),
        _("L’application d’authentification a été désactivée pour votre compte."),
    )


@renderer("webauthn_added_mail", ACCOUNT)
def webauthn_added(subject):
    """A passkey was added."""
    return _notice(_("Une clé de sécurité est ajoutée"), _("Une clé de sécurité a été ajoutée à votre compte."))


@renderer("webauthn_removed_mail", ACCOUNT)
def webauthn_removed(subject):
    """A passkey was removed."""
    return _notice(_("Une clé de sécurité est retirée"), _("Une clé de sécurité a été retirée de votre compte."))


@renderer("recovery_codes_generated_mail", ACCOUNT)
def recovery_codes_generated(subject):
    """New recovery codes replace the old ones."""
    return _notice(
        _("Vos codes de secours ont été renouvelés"),
        _("De nouveaux codes de secours ont été faits pour votre compte. Les anciens ne servent plus."),
    )


@renderer("account_closed_mail", ACCOUNT)
def account_closed(subject):
    """To the address that the account no longer has."""
    return _mail(
        _("Votre compte est fermé"),
        _("Le compte ouvert avec cette adresse est fermé. Personne ne peut plus s’y connecter."),
        _("Les dossiers déposés et leurs récépissés sont conservés. L’adresse peut servir à ouvrir un autre compte."),
    )


@renderer("account_blocked_mail", ACCOUNT)
def account_blocked(subject):
    """To whom an operator has closed the door for a while."""
    return _mail(
        _("Votre compte est bloqué"),
        _("Votre compte vient d’être bloqué par l’exploitation du portail. Vos connexions sont fermées."),
        _("Ce que vous avez déposé reste déposé et compte. Vos brouillons sont gardés."),
        _("Pour savoir pourquoi, ou demander que le blocage soit levé, écrivez-nous depuis la page « Contact » :"),
        settings.HDH_BASE_URL,
    )


@renderer("account_unblocked_mail", ACCOUNT)
def account_unblocked(subject):
    """The door is open again."""
    return _mail(
        _("Votre compte est débloqué"),
        _("Le blocage de votre compte est levé. Vous pouvez vous connecter de nouveau :"),
        _link("account_login"),
    )


@renderer("account_is_blocked_mail", ACCOUNT)
def account_is_blocked(subject):
    """To the address of a blocked account, when somebody asks for a new password."""
    return _mail(
        _("Votre compte est bloqué"),
        _("Un nouveau mot de passe vient d’être demandé pour cette adresse. Son compte est bloqué : rien n’a changé."),
        _("Pour demander que le blocage soit levé, écrivez-nous depuis la page « Contact » :"),
        settings.HDH_BASE_URL,
    )


def _notice(title, sentence):
    return _mail(
        title,
        sentence,
        _("Si cela ne vient pas de vous, choisissez sans attendre un nouveau mot de passe :"),
        _link("account_reset_password"),
    )


def _mail(title, *paragraphs):
    signature = f"{settings.HDH_PORTAL_NAME}\n{settings.HDH_OPERATORS}\n{settings.HDH_BASE_URL}"
    automatic = _("Ce message est envoyé par le portail ; les réponses n’y sont pas lues.")
    return Mail(title, "\n\n".join([_("Madame, Monsieur,"), *paragraphs, automatic, signature]) + "\n")


def _link(name, *args):
    return settings.HDH_BASE_URL + reverse(name, args=args)


def _confirmation_link(address_id):
    address = EmailAddress.objects.select_related("user").get(pk=address_id)
    link = _link("account_confirm_email", EmailConfirmationHMAC(address).key)
    path = destinations.of(address.user)
    return f"{link}?{urlencode({REDIRECT_FIELD_NAME: path})}" if path else link
