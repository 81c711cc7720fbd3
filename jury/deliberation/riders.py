"""A mention is added below the frozen minutes: written and signed by the secretary, signed by who presides."""

from django.utils.translation import gettext as _

from hdh_portal.records import journal, outbox
from hdh_portal.records.actions import action
from hdh_portal.records.exceptions import Refused
from hdh_portal.records.reasons import reason_of
from jury import links
from jury.deliberation.actions import MINUTES
from jury.deliberation.reading import dossiers_of
from jury.minutes.riders import may_write, rider_digest, who_signs
from jury.models import Deliberation, Jury, Rider
from jury.permissions import person_at

LONGEST_TEXT = 3000


def _lock(call):
    """The frozen deliberation of a call, the jury's row locked; refused before the freeze."""
    Jury.objects.select_for_update(of=("self",)).get(call=call)
    found = Deliberation.objects.filter(call=call, confirmed_at__isnull=False).first()
    if found is None:
        raise Refused(
            _("Le procès-verbal n’est pas figé\u00a0: les décisions se corrigent encore elles-mêmes."),
            code="not_frozen",
            link=links.deliberation(call),
        )
    found.call = call
    return found


@action
def write_rider(call, text, reference="", *, by, at):
    """Write a mention and sign it first; returns the `Rider`. `reference`: of its dossier, "" for the whole."""
    deliberation = _lock(call)
    dossiers = dossiers_of(call, deliberation)
    application = dossiers.filter(reference=reference).first() if reference else None
    if reference and application is None:
        sentence = _("Choisissez un des dossiers du procès-verbal.")
        raise Refused(sentence, code="unknown_value", fields={"reference": sentence})
    rider = Rider(deliberation=deliberation, application=application, decided_by=by, decided_at=at)
    if not may_write(person_at(call, by), rider, dossiers):
        sentence = _(
            "Une mention est écrite par le secrétariat, par une personne sans lien avec le dossier, "
            "ou avec aucun si elle porte sur l’ensemble."
        )
        raise Refused(sentence, code="not_allowed", fields={"reference": sentence})
    rider.text = reason_of(text, longest=LONGEST_TEXT, field="text", missing=_("Écrivez la mention."))
    _refuse_written(rider)
    rider.save()
    _journal(rider, "rider_written", by, at)
    return rider


def _refuse_written(rider):
    """The same words on the same dossier are written once: another tab, or somebody else, was quicker."""
    written = Rider.objects.filter(deliberation=rider.deliberation, application=rider.application)
    if written.filter(text=rider.text).exists():
        sentence = _("Cette mention est déjà écrite : relisez-la sous le procès-verbal.")
        raise Refused(sentence, code="already_written", fields={"text": sentence})


def _waiting(rider):
    """The mention read again with its deliberation, locked, while it waits for the second signature."""
    deliberation = _lock(rider.deliberation.call)
    found = Rider.objects.select_for_update(of=("self",)).select_related("application", "decided_by")
    found = found.filter(pk=rider.pk, confirmed_at=None).first()
    if found is None:
        raise Refused(
            _("Cette mention n’attend plus de signature\u00a0: relisez le procès-verbal."),
            code="answered",
            link=links.minutes(deliberation.call),
        )
    found.deliberation = deliberation
    return found


@action
def confirm_rider(rider, digest, *, by, at):
    """Sign a mention second, as it was read: it stands below the minutes for ever, and their paper is made anew."""
    rider = _waiting(rider)
    call = rider.deliberation.call
    seat = who_signs(rider, call)
    if seat is None or seat.user_id != by.pk:
        raise Refused(
            _("Une mention est signée par la présidence, ou par la première suppléance sans lien avec son dossier."),
            code="not_presiding",
            link=links.minutes(call),
        )
    if rider.decided_by_id == by.pk:
        raise Refused(
            _("Vous avez écrit cette mention\u00a0: une autre personne, qui préside, la signe."), code="same_person"
        )
    if not may_write(person_at(call, rider.decided_by), rider, dossiers_of(call, rider.deliberation)):
        raise Refused(
            _("La personne qui a écrit cette mention ne peut plus la signer\u00a0: le secrétariat l’écrit de nouveau."),
            code="first_signature_fell",
            link=links.minutes(call),
        )
    if digest != rider_digest(rider):
        raise Refused(_("La mention a changé depuis cette page\u00a0: relisez-la."), code="changed_since_page")
    rider.presiding, rider.confirmed_by, rider.confirmed_at = seat, by, at
    with journal.lines_last():
        rider.save(update_fields=["presiding", "confirmed_by", "confirmed_at"])
        outbox.queue_document(MINUTES, rider.deliberation_id, outbox.About(call.chain_id))
        _journal(rider, "rider_signed", by, at, seat=seat.seat)
    return rider


@action
def drop_rider(rider, *, by, at):
    """Take back a mention that waits for its second signature: by the secretary, the journal keeps both acts."""
    rider = _waiting(rider)
    call = rider.deliberation.call
    if not may_write(person_at(call, by), rider, dossiers_of(call, rider.deliberation)):
        raise Refused(
            _("Une mention est retirée par le secrétariat, par une personne sans lien avec son dossier."),
            code="not_allowed",
        )
    data = {"rider": rider.pk, "digest": rider_digest(rider)}
    rider.delete()
    journal.append(call.chain_id, "rider_dropped", by=by, at=at, **data)
    return call


def _journal(rider, verb, by, at, **data):
    reference = rider.application.reference if rider.application else ""
    data |= {"rider": rider.pk, "digest": rider_digest(rider), "application": reference}
    journal.append(rider.deliberation.call.chain_id, verb, by=by, at=at, **data)
