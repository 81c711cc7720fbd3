"""The roles that an invitation may offer: what each asks of a call, who holds it already, and how it is granted."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.models import CaseOfficer
from applications.officers import appoint_officer
from hdh_portal.records.exceptions import Refused
from jury.models import Juror
from jury.seats.actions.people import seat_juror
from reviews.models import Rapporteur
from reviews.rapporteurs import appoint_rapporteur


class OfficerOffer:
    """An office for a body that organises the call; `power`: of `CaseOfficer.Power`."""

    needs_seat = False

    def __init__(self, power):
        self.power, self.label = power, CaseOfficer.Power(power).label

    def refuse(self, call, body, seat):
        """Refuse a body that does not organise the call, or does not check while the office does."""
        organiser = call.bodies.filter(organisation=body).first()
        if organiser is None:
            raise Refused(_("%(body)s n’organise pas cet appel.") % {"body": body}, code="other_body")
        if self.power == CaseOfficer.Power.OFFICER and not organiser.checks:
            raise Refused(
                _("%(body)s ne contrôle pas les dossiers de cet appel.") % {"body": body}, code="does_not_check"
            )

    def choices(self, call):
        """`[(body, seat)]` for which this role may be offered in a call."""
        bodies = call.bodies.select_related("organisation")
        if self.power == CaseOfficer.Power.OFFICER:
            bodies = bodies.filter(checks=True)
        return [(row.organisation, None) for row in bodies]

    def held(self, call_slug):
        """Offices of a call, whatever their power: a person holds one."""
        return CaseOfficer.objects.in_office().filter(call__slug=call_slug)

    def granted(self, invitation):
        """Offices of the call that are what was offered."""
        return self.held(invitation.call_slug).filter(power=self.power, body=invitation.body)

    def grant(self, call, user, invitation, at):
        """Make the role row."""
        appoint_officer(call, user, body=invitation.body, power=self.power, by=None, at=at)


class RapporteurOffer:
    """Scoring dossiers, for a body that sends rapporteurs."""

    needs_seat = False
    label = gettext_lazy("rapporteur")

    def refuse(self, call, body, seat):
        """Refuse a body that sends no rapporteurs."""
        if not call.rapporteur_bodies.filter(organisation=body).exists():
            raise Refused(_("%(body)s n’envoie pas de rapporteurs pour cet appel.") % {"body": body}, code="other_body")

    def choices(self, call):
        """The bodies that send rapporteurs."""
        return [(row.organisation, None) for row in call.rapporteur_bodies.select_related("organisation")]

    def held(self, call_slug):
        """Rapporteurs of a call."""
        return Rapporteur.objects.in_office().filter(call__slug=call_slug)

    def granted(self, invitation):
        """Rapporteurs of the call for the body that was named."""
        return self.held(invitation.call_slug).filter(body=invitation.body)

    def grant(self, call, user, invitation, at):
        """Make the role row."""
        appoint_rapporteur(call, user, body=invitation.body, by=None, at=at)


class JurorOffer:
    """A seat of the jury, which the call's file made."""

    needs_seat = True
    label = gettext_lazy("membre du jury")

    def refuse(self, call, body, seat):
        """Refuse a seat that is not there, or taken."""
        juror = call.jurors.filter(seat=seat).first()
        if juror is None:
            raise Refused(_("Ce jury n’a pas de siège %(seat)s.") % {"seat": seat}, code="unknown_seat")
        if juror.user_id is not None:
            raise Refused(_("Le siège %(seat)s est déjà occupé.") % {"seat": seat}, code="seat_is_taken")

    def choices(self, call):
        """The free seats."""
        return [(None, juror.seat) for juror in call.jurors.filter(user=None).order_by("seat")]

    def held(self, call_slug):
        """Seats of a call that somebody took."""
        return Juror.objects.filter(call__slug=call_slug, user__isnull=False)

    def granted(self, invitation):
        """The seat that was offered."""
        return self.held(invitation.call_slug).filter(seat=invitation.seat)

    def grant(self, call, user, invitation, at):
        """Seat the person."""
        seat_juror(call.jurors.get(seat=invitation.seat), user, by=None, at=at)


OFFERS = {
    **{power: OfficerOffer(power) for power in CaseOfficer.Power.values},
    "rapporteur": RapporteurOffer(),
    "juror": JurorOffer(),
}
