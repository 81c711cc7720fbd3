"""What ending an office does, for the page that asks before it does: the words of the first stage."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from applications.models import Application, CaseOfficer, Check, Interest
from applications.states import State
from hdh_portal.ground import french
from hdh_portal.ground.alphabet import Alphabetical
from hdh_portal.records.canonical import sha256

Power = CaseOfficer.Power


def begun_checks(officer, viewer, at):
    """Unfinished checks of an office in the dossiers that are open to a manager, oldest first, with the dossier."""
    seen = Application.objects.open_to(viewer, at).order_by().values("pk")
    rows = Check.objects.filter(officer=officer, done_at=None, application__in=seen)
    return rows.select_related("application").order_by("taken_at", "pk")


@dataclass(frozen=True)
class Heir:
    """A colleague of the same body, and those of the begun checks that they may take over."""

    officer: CaseOfficer
    checks: list


def heirs(officer, checks):
    """The `Heir`s of an office, by name, for these checks (two statements). An interest leaves a check where it is."""
    checks = [one for one in checks if one.application.state == State.SUBMITTED]
    rows = CaseOfficer.objects.in_office().filter(call=officer.call, body=officer.body, user__is_active=True)
    rows = rows.filter(power__in=(Power.OFFICER, Power.MANAGER), declaration__isnull=False).exclude(pk=officer.pk)
    people = list(rows.select_related("user").order_by(Alphabetical("user__name"), "pk"))
    bound = Interest.objects.current().filter(user__in=[one.user_id for one in people]).order_by()
    bound = bound.filter(application__in=[one.application_id for one in checks])
    closed = set(bound.values_list("user_id", "application_id"))
    return [
        Heir(one, [check for check in checks if (one.user_id, check.application_id) not in closed]) for one in people
    ]


def checks_digest(checks):
    """SHA-256 of the begun checks that a page shows."""
    return sha256(sorted(one.pk for one in checks))


def office_sentences(officer, viewer, at):
    """What becomes of an officer's work, in sentences; counts leave out what an interest closes to the `viewer`."""
    found = [_("Ses contrôles conclus et ses décisions confirmées restent, à son nom.")]
    begun = begun_checks(officer, viewer, at).count()
    if begun:
        sentence = french.ngettext(
            "%(count)s\u00a0contrôle commencé revient à son organisme\u00a0; "
            "ce qui y était écrit est effacé et n’est montré à personne.",
            "%(count)s\u00a0contrôles commencés reviennent à son organisme\u00a0; "
            "ce qui y était écrit est effacé et n’est montré à personne.",
            begun,
        )
        found.append(sentence)
    if officer.is_manager:
        found.append(_("Une première signature de sa main tombe\u00a0: une autre personne signe de nouveau."))
    return found


def office_warnings(officer):
    """What a call can no longer do once this office ends, in sentences; none if somebody else can do it."""
    left = in_power(officer).exclude(pk=officer.pk)
    if officer.is_manager:
        return [_alone(left.count())] if left.count() < 2 else []
    if officer.power == Power.SECRETARY and not left.exists():
        return [_("Plus personne ne tiendra le secrétariat\u00a0: les séances et le procès-verbal attendront.")]
    if officer.power == Power.OFFICER and not left.filter(body=officer.body).exists():
        return [_("Plus personne ne contrôlera les dossiers au titre %(of_body)s.") % {"of_body": officer.body.of_it}]
    return []


def in_power(officer):
    """Offices of the same power in the same call, held by people who can sign in."""
    return CaseOfficer.objects.in_office().filter(call=officer.call, power=officer.power, user__is_active=True)


def _alone(left):
    if left == 0:
        return _("Plus personne ne gérera cet appel.")
    return _(
        "Une seule personne gérera encore cet appel\u00a0: aucun acte à deux signatures "
        "(conciliation, présélection, publication des décisions) ne sera possible avant qu’une autre accepte ce rôle."
    )
