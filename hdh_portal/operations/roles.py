"""The people of a call, by role, over all stages: which roles are held, and what ending one means."""

from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from applications.models import CaseOfficer
from applications.officers import end_office
from applications.people import office_sentences, office_warnings
from hdh_portal.accounts.models import SECOND_FACTORS, Organisation
from hdh_portal.desk.offers import OFFERS
from hdh_portal.ground.alphabet import Alphabetical
from hdh_portal.operations.models import SecondFactorReset
from jury.models import Juror
from jury.seats.actions.people import free_seat
from jury.seats.reading import seat_sentences, seat_warnings
from reviews.models import Rapporteur
from reviews.people import rapporteur_sentences
from reviews.rapporteurs import end_rapporteurship


@dataclass(frozen=True)
class Offered:
    """What a role is to the invitation that makes it: a key of `OFFERS`, and the body or the seat."""

    role: str
    body: Organisation | None
    seat: int | None

    @property
    def label(self):
        """« gestionnaire de l’appel », « membre du jury, siège 5 »."""
        label = str(OFFERS[self.role].label)
        return label if self.seat is None else f"{label}, {_('siège')} {self.seat}"


class Team:
    """Offices: officers, managers, the secretary."""

    key, label, model = "equipe", _("Équipe de l’appel"), CaseOfficer
    end = staticmethod(end_office)
    order = ("power", Alphabetical("user__name"), "pk")

    def held(self):
        """Rows of the roles that somebody holds, in whatever call."""
        return CaseOfficer.objects.in_office()

    def listed(self, call):
        """Rows that the page of a call shows."""
        return self.held().filter(call=call).select_related("body")

    def offered(self, role):
        """The `Offered` that would make this role again for somebody else."""
        return Offered(role.power, role.body, None)

    def sentences(self, role, viewer, at):
        """What becomes of the person's work, for the manager who asks."""
        return office_sentences(role, viewer, at)

    def warnings(self, role):
        """What the call can no longer do afterwards."""
        return office_warnings(role)


class Scoring(Team):
    """Rapporteurs."""

    key, label, model = "rapporteurs", _("Rapporteurs"), Rapporteur
    end = staticmethod(end_rapporteurship)
    order = (Alphabetical("body__short_name"), Alphabetical("user__name"), "pk")

    def held(self):
        return Rapporteur.objects.in_office()

    def offered(self, role):
        return Offered("rapporteur", role.body, None)

    def sentences(self, role, viewer, at):
        return rapporteur_sentences(role, viewer.user)

    def warnings(self, role):
        return []


class Sitting(Team):
    """Seats of the jury; the page shows the free ones too."""

    key, label, model = "jury", _("Jury"), Juror
    end = staticmethod(free_seat)
    order = ("position",)

    def held(self):
        return Juror.objects.filter(user__isnull=False)

    def listed(self, call):
        return Juror.objects.filter(call=call).select_related("field", "organisation")

    def offered(self, role):
        return Offered("juror", None, role.seat)

    def sentences(self, role, viewer, at):
        return seat_sentences(role)

    def warnings(self, role):
        return seat_warnings(role)


KINDS = {kind.key: kind for kind in (Team(), Scoring(), Sitting())}


def kind_of(role):
    """The kind of a role's row."""
    return next(kind for kind in KINDS.values() if isinstance(role, kind.model))


def with_factor(rows):
    """Adds the person and `has_factor`, as `User.has_second_factor`, with no statement more."""
    factors = Authenticator.objects.filter(user=OuterRef("user"), type__in=SECOND_FACTORS)
    return rows.select_related("user").annotate(has_factor=Exists(factors))


def with_reset(rows, at):
    """Adds `awaits_reset`: a request to reset the person's second factor may still be confirmed."""
    waiting = SecondFactorReset.objects.waiting(at).filter(user=OuterRef("user"))
    return with_factor(rows).annotate(awaits_reset=Exists(waiting))


def roles_of(user, call=None):
    """`[(kind, role)]` that a person holds, in every call or in one."""
    found = []
    for kind in KINDS.values():
        rows = kind.held().filter(user=user).select_related("call").order_by("pk")
        found += [(kind, role) for role in (rows if call is None else rows.filter(call=call))]
    return found
