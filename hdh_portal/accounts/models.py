"""Users (by e-mail), bodies (by SIREN) and invitations."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from hdh_portal.ground import articles, clock

SECOND_FACTORS = ("totp", "webauthn")


class UserManager(BaseUserManager):
    """Makes users; an address is one whatever its case."""

    def create_user(self, email, password=None, **fields):
        """A user with this address; without a password nobody can sign in by one."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save()
        return user

    def get_by_natural_key(self, email):
        """The user of this address, whatever its case."""
        return self.get(email__iexact=email)


class User(AbstractBaseUser):
    """A person. What they may do is said by rows of the stages, never here; an administrator sees no dossier.

    `sessions_ended`: how often all sessions of the person were ended. It is part of what each session must know, so
    that none survives, wherever and however it was begun.
    """

    email = models.EmailField(_("adresse électronique"), unique=True)
    name = models.CharField(_("nom"), max_length=120, blank=True)
    is_active = models.BooleanField(default=True)
    is_superuser = models.BooleanField(default=False)
    joined_at = models.DateTimeField(default=clock.real)
    sessions_ended = models.PositiveIntegerField(default=0)

    objects = UserManager()
    USERNAME_FIELD = EMAIL_FIELD = "email"
    REQUIRED_FIELDS = []

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Lower("email"), name="user_address_is_one", violation_error_message=_("Cette adresse est déjà prise.")
            )
        ]

    def __str__(self):
        return self.name or self.email

    def get_session_auth_hash(self):
        """What a session of this person holds, or it is over."""
        return super().get_session_auth_hash() + self._ended()

    def get_session_auth_fallback_hash(self):
        """The same under each older key of the portal."""
        yield from (one + self._ended() for one in super().get_session_auth_fallback_hash())

    def _ended(self):
        return f".{self.sessions_ended}" if self.sessions_ended else ""

    def has_verified_address(self):
        """True once the person has opened the link sent to the address they sign in with."""
        return self.emailaddress_set.filter(verified=True).exists()

    def has_second_factor(self):
        """True once an authenticator application or a passkey is set up; recovery codes alone are none."""
        return self.authenticator_set.filter(type__in=SECOND_FACTORS).exists()


class Organisation(models.Model):
    """A body that acts in a call (checks, scores, sits). Leads and partners of dossiers are never read from here.

    `article`: what stands before the full name in a sentence, empty where nothing does. A short name takes none: it is
    never written behind a preposition.
    """

    name = models.CharField(max_length=200)
    article = models.CharField(max_length=3, default="", blank=True)
    short_name = models.CharField(max_length=40, unique=True)
    siren = models.CharField(max_length=9, null=True, unique=True)

    class Meta:
        ordering = ["short_name"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(siren=None) | models.Q(siren__regex=r"^[0-9]{9}$"),
                name="organisation_siren_has_nine_digits",
                violation_error_message=_("Un SIREN compte neuf chiffres."),
            )
        ]

    def __str__(self):
        return self.short_name

    @property
    def with_article(self):
        """« la Direction de l’essai », « Talence »: behind « par », « pour »."""
        return articles.with_article(self.name, self.article)

    @property
    def of_it(self):
        """« de la Direction de l’essai », « du Hub », « d’Elbeuf »."""
        return articles.of(self.name, self.article)


class Invitation(models.Model):
    """An offer of a role in a call for one address; accepting it (POST) makes the role row of its stage."""

    token = models.CharField(max_length=64, unique=True)
    email = models.EmailField()
    role = models.CharField(max_length=30)
    call_slug = models.CharField(max_length=60)
    body = models.ForeignKey(Organisation, models.PROTECT, null=True)
    seat = models.PositiveSmallIntegerField(null=True)
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey(User, models.PROTECT, null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(accepted_at=None, accepted_by=None)
                | models.Q(accepted_at__isnull=False, accepted_by__isnull=False),
                name="invitation_is_accepted_by_somebody",
            )
        ]

    def __str__(self):
        return f"{self.role} {self.call_slug}"


class Destination(models.Model):
    """Where a person wanted to go when they signed up, encrypted, until their address is confirmed."""

    user = models.OneToOneField(User, models.CASCADE)
    sealed = models.TextField()

    def __str__(self):
        return str(self.user_id)


class AccountBlock(models.Model):
    """An account that an operator has blocked, why, and until when; a block is no closing, and takes no role away."""

    refuses = ("UPDATE", "DELETE")
    refuses_when = "OLD.lifted_at IS NOT NULL"

    user = models.ForeignKey(User, models.PROTECT, related_name="blocks")
    reason = models.CharField(max_length=500)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    lifted_reason = models.CharField(max_length=500, blank=True)
    lifted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["user"],
                condition=models.Q(lifted_at=None),
                name="accountblock_stands_once",
                violation_error_message=_("Ce compte est déjà bloqué."),
            ),
            models.CheckConstraint(
                condition=~models.Q(by=models.F("user")) & ~models.Q(reason=""),
                name="accountblock_is_made_by_another_person_for_a_reason",
                violation_error_message=_("Un compte est bloqué par une autre personne, pour une raison."),
            ),
            models.CheckConstraint(
                condition=models.Q(lifted_at=None, lifted_by=None)
                | (models.Q(lifted_at__isnull=False, lifted_by__isnull=False) & ~models.Q(lifted_reason="")),
                name="accountblock_is_lifted_by_somebody_for_a_reason",
                violation_error_message=_("Un blocage est levé par une personne, pour une raison."),
            ),
        ]

    def __str__(self):
        return str(self.user_id)
