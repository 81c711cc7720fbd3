"""The order of the day as one person may see it, and the next thing for them to do.

A dossier in which they have an interest is a row without link or figure, and in no count.
"""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from applications.desk import Item
from applications.models import Application, Interest, Submission
from applications.states import State
from hdh_portal.ground import french
from hdh_portal.ground.alphabet import alphabetical
from jury.dossiers import dossiers_heard, dossiers_open_to
from jury.hearings.reading import status_of
from jury.models import Hearing, Sitting
from jury.permissions import Person, can_place
from jury.seats.declarations import RECUSED, shown_to


@dataclass(frozen=True)
class Row:
    """One dossier that is heard; `hearing` is None until it is placed, `url` is empty where nothing opens."""

    application: Application
    submission: Submission
    hearing: Hearing | None
    has_interest: bool
    is_open: bool
    tag: dict
    url: str


@dataclass(frozen=True)
class Day:
    """One sitting with its rows in order."""

    sitting: Sitting
    rows: list

    @property
    def open_rows(self):
        return [row for row in self.rows if row.is_open]


@dataclass(frozen=True)
class Agenda:
    """All sittings, then the dossiers that have no hour yet, by acronym."""

    person: Person
    days: list
    waiting: list

    @property
    def rows(self):
        return [row for day in self.days for row in day.rows] + self.waiting

    @property
    def open_rows(self):
        return [row for row in self.rows if row.is_open]

    @property
    def under_way(self):
        """The row whose hearing has begun and is not over, if it is open to the person, or None."""
        return next((row for row in self.open_rows if row.hearing is not None and row.hearing.is_under_way), None)


def agenda(person):
    """The `Agenda` of a `permissions.Person` (five statements, whatever its length)."""
    call = person.call
    dossiers = list(dossiers_heard(call).select_related("hearing").order_by("pk"))
    ids = [one.pk for one in dossiers]
    opened = set(dossiers_open_to(person).order_by().values_list("pk", flat=True))
    current = Interest.objects.current().filter(user=person.user, application__in=ids)
    with_interest = set(current.order_by().values_list("application_id", flat=True))
    sealed = {row.application_id: row for row in Submission.objects.counting().filter(application__in=ids)}
    rows = [_row(call, one, sealed[one.pk], one.pk in opened, one.pk in with_interest) for one in dossiers]
    placed = sorted((row for row in rows if row.hearing is not None), key=lambda row: row.hearing.starts_at)
    days = [
        Day(sitting, [row for row in placed if row.hearing.sitting_id == sitting.pk])
        for sitting in call.sittings.order_by("position")
    ]
    waiting = sorted((row for row in rows if row.hearing is None), key=lambda row: alphabetical(row.submission.acronym))
    return Agenda(person, days, waiting)


def _row(call, application, submission, is_open, has_interest):
    application.call = call
    hearing = getattr(application, "hearing", None)
    return Row(
        application,
        submission,
        hearing,
        has_interest,
        is_open,
        _tag(hearing, is_open, has_interest),
        _url(application, is_open),
    )


def _tag(hearing, is_open, has_interest):
    if has_interest:
        return RECUSED
    if not is_open:
        return {"kind": "limit", "icon": "alert", "text": _("Lien à déclarer")}
    if hearing is None:
        return {"kind": "", "icon": "ring", "text": _("À placer")}
    return status_of(hearing)


def _url(application, is_open):
    if not is_open:
        return ""
    hearing = getattr(application, "hearing", None)
    name = "jury:hearing_detail" if hearing is not None else "jury:hearing_dossier"
    return reverse(name, args=[application.call.slug, application.reference])


# The next act -----------------------------------------------------------------------------------------------------


def next_act(found, at):
    """The one next thing for the person of an `Agenda` to do here, an `applications.desk.Item`, or None."""
    return pressing_act(found, at) or preparation(found)


def pressing_act(found, at):
    """What comes before any decision of the deliberation, an `Item` or None."""
    return (
        _declaration(found)
        or _under_way(found)
        or (_office(found, at) if found.person.officer else None)
        or _start(found, at)
    )


def _to(name, found):
    return reverse(f"jury:{name}", args=[found.person.call.slug])


def _declaration(found):
    """A juror first goes through the list of names."""
    person = found.person
    if person.juror is None:
        return None
    # To who holds an office too the dossiers are open already: what they declared as a juror is asked for itself.
    waits = (
        shown_to(person.juror)
        if person.officer
        else [row for row in found.rows if not row.has_interest and not row.is_open]
    )
    if not waits:
        return None
    text = _("Parcourez la liste des porteurs et des partenaires\u00a0: les dossiers s’ouvrent ensuite.")
    return Item(_("déclarer vos liens d’intérêts"), text, _to("juror_declare", found), _("Déclarer mes liens"), None)


def _under_way(found):
    row = found.under_way
    if row is None:
        return None
    text = _("Commencée à %(hour)s.") % {"hour": french.hour(row.hearing.started_at)}
    title = _("l’audition du projet %(name)s est en cours") % {"name": row.submission.acronym}
    return Item(title, text, row.url, _("Rejoindre l’audition"), None)


def _office(found, at):
    """What waits for the secretary or a manager before the sittings: places, then the summons."""
    rows = [row for row in found.rows if row.application.state == State.SHORTLISTED]
    if not rows or not can_place(found.person):
        return None
    first = min((day.sitting.opens_at for day in found.days), default=None)
    due = first if first is not None and at < first else None
    waiting = [row for row in rows if row.hearing is None]
    count = sum(not row.has_interest for row in waiting)
    if count:
        title = ngettext("%(count)s audition est à placer", "%(count)s auditions sont à placer", count)
        text = _(
            "Tirez l’ordre au sort ou choisissez-le\u00a0: le portail propose des heures. Relisez, puis enregistrez."
        )
        title %= {"count": french.number(count)}
        return Item(title, text, _to("hearing_place", found), _("Placer les auditions"), due)
    if not waiting and any(row.hearing.summoned_at is None for row in rows):
        text = _(
            "Chaque équipe et chaque membre du jury reçoit un courriel. Un changement d’heure leur est écrit ensuite."
        )
        return Item(_("convoquer les équipes"), text, _to("hearing_place", found), _("Relire les horaires"), due)
    return None


def _start(found, at):
    """The next hearing, for the secretary, once its day has come."""
    row = _coming(found)
    if row is None or not found.person.is_secretary or french.day_of(row.hearing.starts_at) > french.day_of(at):
        return None
    return _to_hearing(row, _("commencer l’audition du projet %(name)s"), _("Prévue le %(at)s."))


def preparation(found):
    """The next hearing that is open to the person, to be read up on, an `Item` or None."""
    row = _coming(found)
    return row and _to_hearing(row, _("préparer l’audition du projet %(name)s"), _("Elle a lieu le %(at)s."))


def _coming(found):
    """The row of the next hearing that is open to the person, or None."""
    coming = [row for row in found.open_rows if row.hearing is not None and row.hearing.started_at is None]
    coming = [row for row in coming if row.application.state == State.SHORTLISTED]
    return min(coming, key=lambda row: row.hearing.starts_at, default=None)


def _to_hearing(row, title, text):
    when = {"name": row.submission.acronym, "at": french.instant(row.hearing.starts_at)}
    return Item(title % when, text % when, row.url, _("Ouvrir l’audition"), row.hearing.starts_at)
