"""Forms of accounts: allauth's, in the portal's words, without placeholders; and the closing of an account."""

from allauth.account import forms as account
from allauth.account.adapter import get_adapter
from allauth.mfa.adapter import get_adapter as mfa_adapter
from allauth.mfa.base import forms as mfa
from allauth.mfa.models import Authenticator
from allauth.mfa.totp import forms as totp
from allauth.mfa.totp.internal.auth import TOTP
from allauth.mfa.utils import encrypt
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from hdh_portal.accounts import destinations
from hdh_portal.web.addresses import judged_alone
from hdh_portal.web.forms import Line

STRENGTH = _("Au moins 12 caractères. Quelques mots sans rapport entre eux se retiennent bien.")
WORDS = {
    # field: label, hint, what to do when it is empty
    "login": (_("Adresse électronique"), "", _("Indiquez votre adresse électronique.")),
    "email": (_("Adresse électronique"), "", _("Indiquez votre adresse électronique.")),
    "password": (_("Mot de passe"), "", _("Indiquez votre mot de passe.")),
    "oldpassword": (_("Mot de passe actuel"), "", _("Indiquez votre mot de passe actuel.")),
    "password1": (_("Nouveau mot de passe"), STRENGTH, _("Choisissez un mot de passe.")),
    "password2": (_("Nouveau mot de passe, une seconde fois"), "", _("Indiquez le mot de passe une seconde fois.")),
    "code": (_("Code"), "", _("Indiquez le code.")),
}
INCOMPLETE = _("Cette adresse n’est pas complète : vérifiez-la, par exemple « prenom.nom@exemple.fr ».")
UNEQUAL = _("Les deux mots de passe diffèrent : saisissez deux fois le même.")


def name_field():
    """A person's own name, as they give it."""
    return Line(
        label=_("Prénom et nom"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Indiquez votre prénom et votre nom.")},
    )


class Worded(forms.Form):
    """Gives the fields of an allauth form their label, hint and message."""

    words = WORDS

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            if name not in self.words:
                continue
            field.label, field.help_text, empty = self.words[name]
            field.error_messages |= {"required": empty}
            if isinstance(field, forms.EmailField):
                judged_alone(field).error_messages["invalid"] = INCOMPLETE

    def add_error(self, field, error):
        """Two passwords that differ: in our words."""
        unequal = field == "password2" and not isinstance(error, forms.ValidationError)
        super().add_error(field, UNEQUAL if unequal else error)


class Invited(Worded):
    """Fills in the address of whoever comes from an invitation; `invited` says which, for the words of the page."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.invited = destinations.invitation_ahead()
        if self.invited:
            self.initial.setdefault("email" if "email" in self.fields else "login", self.invited["email"])


class LoginForm(Invited, account.LoginForm):
    """Sign-in."""


class SignupForm(Invited, account.SignupForm):
    """Sign-up by address, name and password; its answer and its time are the same for a known address."""

    words = WORDS | {
        "email": (
            _("Adresse électronique"),
            _("Vous y recevrez un lien à ouvrir avant de commencer un dossier."),
            _("Indiquez votre adresse électronique."),
        ),
        "password1": (_("Mot de passe"), STRENGTH, _("Choisissez un mot de passe.")),
        "password2": (_("Mot de passe, une seconde fois"), "", _("Indiquez le mot de passe une seconde fois.")),
    }
    field_order = ["email", "name", "password1", "password2"]
    name = name_field()

    def try_save(self, request):
        """The new user, or the page that a known address gets too; the password is hashed in both cases."""
        if self.account_already_exists:
            make_password(self.cleaned_data["password1"])
            return super().try_save(request)
        try:
            with transaction.atomic():
                user, answer = super().try_save(request)
                if user:
                    destinations.store(user, request)
                return user, answer
        except IntegrityError:  # The same address signed up at the same moment.
            self.account_already_exists = True
            return super().try_save(request)


class AddEmailForm(Worded, account.AddEmailForm):
    """The address that shall replace the present one."""

    words = WORDS | {
        "email": (
            _("Nouvelle adresse électronique"),
            _("Vous y recevrez un lien ; l’adresse actuelle reste en place jusqu’à ce que vous l’ouvriez."),
            _("Indiquez la nouvelle adresse."),
        )
    }


class ChangePasswordForm(Worded, account.ChangePasswordForm):
    """A new password, with the present one."""


class SetPasswordForm(Worded, account.SetPasswordForm):
    """A first password."""


class ResetPasswordForm(Worded, account.ResetPasswordForm):
    """Asks for the link to a new password."""


class ResetPasswordKeyForm(Worded, account.ResetPasswordKeyForm):
    """A new password, by the link of a mail."""


class ReauthenticateForm(Worded, account.ReauthenticateForm):
    """The password again, before something delicate."""


class ActivateTOTPForm(Worded, totp.ActivateTOTPForm):
    """The first code of an application of codes."""

    words = {"code": (_("Code à 6 chiffres que montre l’application"), "", _("Indiquez le code à 6 chiffres."))}

    def clean_code(self):
        """The code, which from now on opens nothing: allauth itself notes those of sign-ins only."""
        code = super().clean_code()
        TOTP(Authenticator(user=self.user, data={"secret": encrypt(self.secret)})).validate_code(code)
        return code


class AuthenticateForm(Worded, mfa.AuthenticateForm):
    """The second factor at sign-in."""

    words = {
        "code": (
            _("Code à 6 chiffres, ou code de secours"),
            _("L’application d’authentification montre le code ; un code de secours ne sert qu’une fois."),
            _("Indiquez un code."),
        )
    }


class MFAReauthenticateForm(Worded, mfa.ReauthenticateForm):
    """The second factor again, before something delicate."""

    words = AuthenticateForm.words


# What reading the answer of a security key raises where it is none: a field that is missing, or of another kind.
NO_ANSWER = (KeyError, TypeError, ValueError, AttributeError)


class Answer(forms.JSONField):
    """What a security key answered; it serves once, and so its page never shows it again, whatever it holds."""

    widget = forms.HiddenInput

    def prepare_value(self, value):
        return ""


class AuthenticateWebAuthnForm(webauthn.AuthenticateWebAuthnForm):
    """The second factor at sign-in, by a security key: an answer that is none is a wrong one."""

    credential = Answer()

    def clean_credential(self):
        """The key that answered."""
        try:
            return super().clean_credential()
        except NO_ANSWER as error:
            raise mfa_adapter().validation_error("incorrect_code") from error


class ReauthenticateWebAuthnForm(AuthenticateWebAuthnForm):
    """The same again, before something delicate."""

    reauthenticated = True


class AddWebAuthnForm(Worded, webauthn.AddWebAuthnForm):
    """A passkey and its name."""

    credential = Answer()

    def clean(self):
        """The fields, the answer of the key among them read as far as it is one."""
        try:
            return super().clean()
        except NO_ANSWER as error:
            raise mfa_adapter().validation_error("incorrect_code") from error

    words = {
        "name": (_("Nom de la clé"), _("Pour la reconnaître plus tard, par exemple « ordinateur du bureau »."), "")
    }


class EditWebAuthnForm(Worded, webauthn.EditWebAuthnForm):
    """Another name for a passkey."""

    words = {"name": (_("Nom de la clé"), "", _("Indiquez un nom pour la clé."))}


class NameForm(forms.Form):
    """One's own name, and the one that its page was written over."""

    name = name_field()
    seen = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)


class ClosingForm(forms.Form):
    """The password, before an account is closed."""

    password = forms.CharField(
        label=_("Votre mot de passe"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": _("Indiquez votre mot de passe.")},
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_password(self):
        """The password, checked under the same limits as a sign-in."""
        password = self.cleaned_data["password"]
        if not get_adapter().reauthenticate(self.user, password):
            raise get_adapter().validation_error("incorrect_password")
        return password
