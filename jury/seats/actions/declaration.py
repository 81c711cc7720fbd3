"""A juror's interests: declared once on the list of shortlisted dossiers, later on one of them: the recusal."""

from django.utils.translation import gettext as _

from applications.interests.actions import erase_fresh, known_nature, write_declared
from applications.locking import lock
from applications.models import Application, Interest
from applications.states import HEARD
from hdh_portal.records import journal
from hdh_portal.records.actions import action
from hdh_portal.records.exceptions import Refused
from jury import links
from jury.dossiers import dossiers_open_to, is_frozen
from jury.models import Hearing, Juror, JurorDeclaration, Opinion, Presence
from jury.permissions import Person
from jury.seats import declarations


def _seat_of(call, user):
    """The person's seat, locked, or a refusal: rights die at once with it."""
    juror = Juror.objects.select_for_update(of=("self",), no_key=True).filter(call=call, user=user).first()
    if juror is None:
        raise Refused(_("Vous ne siégez plus dans ce jury. Adressez-vous à son secrétariat."), code="not_seated")
    juror.call, juror.user = call, user
    return juror


def _refuse_frozen(call):
    if is_frozen(call):
        raise Refused(
            _("Les décisions du jury sont figées\u00a0: rien n’y change plus."),
            code="frozen",
            link=links.sittings(call),
        )


@action
def declare_interests(juror, application_ids, list_digest, *, by, at):
    """Declare the dossiers of the list with which the juror has a link, and no link with all others, which open.

    `application_ids`: ids of dossiers of the list, none is an answer too. `list_digest`: that of the list that was
    shown (`declarations.list_digest`). Returns the `JurorDeclaration` rows.
    """
    call = juror.call
    dossiers = Application.objects.select_for_update(of=("self",)).filter(call=call, state__in=HEARD)
    found = {row.pk: row for row in dossiers.order_by("pk")}
    juror = _seat_of(call, by)
    _refuse_frozen(call)
    listed = declarations.shown_to(juror)
    shown = [row.application_id for row in listed]
    if not shown:
        raise Refused(
            _(
                "Aucun dossier n’attend votre déclaration. "
                "Un lien nouveau se déclare depuis l’audition\u00a0: «\u202fme déporter\u202f»."
            ),
            code="already_declared",
            link=links.sittings(call),
        )
    with_interest = set(application_ids)
    if list_digest != declarations.list_digest(listed) or with_interest - set(shown):
        raise Refused(
            _("La liste a changé depuis cette page\u00a0: relisez-la, puis déclarez vos liens."), code="list_changed"
        )
    for pk in sorted(with_interest):
        _recuse(found[pk], juror, by, at)
    rows = JurorDeclaration.objects.bulk_create(
        JurorDeclaration(juror=juror, user=by, application=found[pk], at=at)
        for pk in sorted(set(shown) - with_interest)
    )
    data = {"juror": juror.pk, "list": list_digest, "interests": sorted(found[pk].reference for pk in with_interest)}
    journal.append(call.chain_id, "juror_interests_declared", by=by, at=at, **data)
    return rows


@action
def declare_interest(application, nature=Interest.Nature.OTHER, *, by, at):
    """Recuse oneself: the dossier closes to the juror in every role, and the minutes keep the instant.

    `nature`: an `Interest.Nature`. What they had noted on it for themselves is erased.
    """
    application = lock(application)
    juror = _seat_of(application.call, by)
    _refuse_frozen(application.call)
    if not dossiers_open_to(Person(application.call, by, juror=juror)).filter(pk=application.pk).exists():
        raise Refused(
            _("Ce dossier vous est déjà fermé. Revenez aux auditions."),
            code="already_declared",
            link=links.sittings(application.call),
        )
    interest = _recuse(application, juror, by, at, known_nature(nature))
    data = {"application": application.reference, "juror": juror.pk, "nature": str(nature)}
    journal.append(application.chain_id, "juror_recused", by=by, at=at, **data)
    return interest


@action
def take_back_interest(application, *, by, at):
    """Take back a recusal by a slip, in time (`taken_back_until`); minutes and journal keep both instants.

    Who left the room of a hearing comes back to it when the secretary records so.
    """
    application = lock(application)
    juror = _seat_of(application.call, by)
    _refuse_frozen(application.call)
    erase_fresh(application, by, at)
    data = {"application": application.reference, "juror": juror.pk}
    journal.append(application.chain_id, "juror_recusal_taken_back", by=by, at=at, **data)
    return application


def _recuse(application, juror, by, at, nature=""):
    """The interest; in a hearing that has begun the seat leaves the room; private notes go."""
    hearing = Hearing.objects.select_for_update(of=("self",), no_key=True).filter(application=application).first()
    if hearing is not None:
        Opinion.objects.filter(hearing=hearing, user=by).delete()
        if hearing.started_at is not None:
            row = {"hearing": hearing, "juror": juror, "status": Presence.Status.RECUSED}
            Presence.objects.create(**row, at=at, recorded_by=by, recorded_at=at)
    return write_declared(application, by, at, nature)
