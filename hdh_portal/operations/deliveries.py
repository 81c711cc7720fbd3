"""Mails and papers as those who run a call, or the portal, see them: what waits, what left, what failed and why."""

from dataclasses import dataclass

from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from applications.models import Application
from hdh_portal.ground import clock
from hdh_portal.records import failures
from hdh_portal.records.models import Document, Message, Outbox
from hdh_portal.records.renderers import all_renderers, kind_of

State = Outbox.State
MODELS = {"courriers": Message, "documents": Document}
TO_SEE, WAITING, DONE, ALL = "a-traiter", "en-attente", "partis", "tous"
VIEWS = {
    TO_SEE: (_("À traiter"), Q(state=State.FAILED)),
    WAITING: (_("En attente"), Q(state=State.QUEUED)),
    DONE: (_("Partis ou prêts"), Q(state=State.DONE)),
    ALL: (_("Tous"), Q()),
}


def of_call(model, officer, at):
    """Works of a call that an officer may see: what tells of a dossier only where the dossier is open to them.

    Who manages the call sees also what tells of no dossier; who checks sees the first stage alone.
    """
    opened = Application.objects.open_to(officer, at).order_by().values("pk")
    rows = model.objects.filter(chain=officer.call.chain_id)
    if officer.is_manager:
        return rows.filter(Q(dossier=None) | Q(dossier__in=opened))
    first_stage = [one.key for one in all_renderers().values() if one.floor == "applications"]
    return rows.filter(dossier__in=opened, renderer__in=first_stage)


def searched(rows, words):
    """Rows whose address, key or file name holds the words (a dossier's reference stands in the last two)."""
    if not words:
        return rows
    if rows.model is Message:
        return rows.filter(Q(to__icontains=words) | Q(message_id__icontains=words))
    return rows.filter(filename__icontains=words)


def counts(rows):
    """`{view: number}` (one statement)."""
    named = {view.replace("-", "_"): Count("pk", filter=condition) for view, (_label, condition) in VIEWS.items()}
    found = rows.order_by().aggregate(**named)
    return {view: found[view.replace("-", "_")] for view in VIEWS}


@dataclass(frozen=True)
class Row:
    """One line of the list."""

    work: object

    @property
    def kind(self):
        return kind_of(self.work.renderer)

    @property
    def name(self):
        """The address of a mail, the file name of a paper."""
        return self.work.to if isinstance(self.work, Message) else self.work.filename

    @property
    def tag(self):
        work = self.work
        if work.is_ready:
            text = _("Envoyé") if isinstance(work, Message) else _("Prêt")
            return {"kind": "done", "icon": "check", "text": text}
        if work.has_failed:
            came_back = getattr(work, "bounced_at", None) is not None
            return {"kind": "stop", "icon": "cross", "text": _("Revenu") if came_back else _("Échec")}
        if work.error:
            return {"kind": "limit", "icon": "clock", "text": _("Nouvel essai prévu")}
        return {"kind": "", "icon": "ring", "text": _("En attente")}

    @property
    def reason(self):
        return failures.sentence(self.work.error)

    @property
    def at(self):
        """When it was done, or else left, in the portal's time."""
        return (self.work.done_at or self.work.queued_at) + clock.offset()

    @property
    def next_try(self):
        """When it is tried again, None where it is not."""
        due = self.work.claimed_until if self.work.error and self.work.state == State.QUEUED else None
        return due and due + clock.offset()
