"""The papers of the evaluation, asked for in one act: what says the same already is neither queued nor made again."""

from django.utils.translation import gettext as _

from applications.models import Application
from applications.officers import officer_of
from applications.states import GONE
from hdh_portal.ground import clock
from hdh_portal.records import journal, outbox
from hdh_portal.records.actions import action
from hdh_portal.records.exceptions import Refused
from hdh_portal.records.models import Document
from reviews import permissions
from reviews.papers import about_of, made_of, paper_states, wanted
from reviews.sheets.reading import batches


@action
def prepare_sheets(call, *, by, at):
    """Queue the consolidated sheet of every dossier with a sheet that counts, and every such sheet; retry what failed.

    Of dossiers that are open to who asks.

    Returns `{"queued", "retried", "unchanged"}`: numbers of papers.
    """
    officer = officer_of(call, by)
    if not permissions.can_manage(officer, call):
        raise Refused(
            _("Les fiches sont préparées par un gestionnaire de l’appel, une fois ses liens déclarés."),
            code="not_allowed",
        )
    # No sheet is sent, reopened or ranked meanwhile: what is queued is what stands.
    dossiers = Application.objects.select_for_update(of=("self",)).filter(call=call).exclude(state__in=GONE)
    list(dossiers.order_by("pk").values_list("pk", flat=True))
    counts = {"queued": 0, "retried": 0, "unchanged": 0}
    for references, sheets in batches(officer):
        single = [pk for some in sheets.values() for pk in some]
        found = paper_states(references, sheets, single)
        asked = queue_papers(call, wanted([key for key, one in found.items() if one.is_to_ask]))
        asked["unchanged"] += sum(not one.is_to_ask for one in found.values())
        for name, number in asked.items():
            counts[name] += number
    if not any(counts.values()):
        raise Refused(
            _("Aucune fiche n’est encore envoyée\u00a0: revenez quand un rapporteur a envoyé la sienne."),
            code="nothing_to_prepare",
        )
    journal.append(call.chain_id, "sheets_prepared", by=by, at=at, **counts)
    return counts


def queue_papers(call, made):
    """Leave papers to make, in four statements at most; `made`: `{(renderer, subject): Paper}`. Returns the counts.

    A content that comes back after another one was asked for is the last one asked for again, made or not.
    """
    found = made_of(made)
    new, failed, past, same = {}, [], [], 0
    for key, paper in made.items():
        rows, digest = found.get(key, []), paper.digest()
        row = next((one for one in rows if one.digest == digest), None)
        if row is None:
            new[key] = paper
        elif row.has_failed:
            failed.append(row)
        else:
            same += 1
            past += [] if row is rows[-1] else [row.pk]
    outbox.queue_works(new, about_of(call, new))
    if failed:
        outbox.retry_all(failed)
    if past:
        Document.objects.filter(pk__in=past).update(queued_at=clock.real())
    return {"queued": len(new), "retried": len(failed), "unchanged": same}
