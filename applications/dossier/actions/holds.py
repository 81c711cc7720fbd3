"""A dossier is held for a dispute, and held no more: nothing of it is disposed of meanwhile."""

from django.utils.translation import gettext as _

from applications.models import Application, LegalHold
from hdh_portal.records import journal
from hdh_portal.records.actions import action
from hdh_portal.records.canonical import sha256
from hdh_portal.records.exceptions import Refused


@action
def place_hold(application, *, reason, by, at):
    """Hold a dossier, for a reason; `by`: None for an operator on the machine. Returns the `LegalHold`."""
    application = _locked(application)
    if not reason.strip():
        raise Refused(_("Indiquez la raison pour laquelle ce dossier est conservé."), code="no_reason")
    if LegalHold.objects.current().filter(reference=application.reference).exists():
        raise Refused(_("Ce dossier est déjà conservé pour un litige."), code="already_held")
    hold = LegalHold.objects.create(
        call=application.call, reference=application.reference, reason=reason.strip(), placed_at=at, placed_by=by
    )
    data = {"application": application.reference, "hold": hold.pk, "reason": sha256(hold.reason.encode())}
    journal.append(application.chain_id, "hold_placed", by=by, at=at, **data)
    return hold


@action
def lift_hold(application, *, by, at):
    """Hold a dossier no more: its period counts again from its decision. Returns the `LegalHold`."""
    application = _locked(application)
    hold = LegalHold.objects.current().filter(reference=application.reference).first()
    if hold is None:
        raise Refused(_("Ce dossier n’est pas conservé pour un litige."), code="not_held")
    hold.lifted_at, hold.lifted_by = at, by
    hold.save(update_fields=["lifted_at", "lifted_by"])
    data = {"application": application.reference, "hold": hold.pk}
    journal.append(application.chain_id, "hold_lifted", by=by, at=at, **data)
    return hold


def _locked(application):
    return Application.objects.select_for_update(of=("self",)).select_related("call").get(pk=application.pk)
