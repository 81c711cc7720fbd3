"""Mails and papers that failed are sent or made again, by a person who decides it."""

from django.utils.translation import gettext as _

from hdh_portal.records import journal, outbox
from hdh_portal.records.actions import action
from hdh_portal.records.exceptions import Refused
from hdh_portal.records.models import Outbox


@action
def deliver_again(work, *, by, at):
    """Put one failed mail or paper back in the queue; returns it."""
    work = type(work).objects.select_for_update(of=("self",)).get(pk=work.pk)
    if not work.has_failed:
        raise Refused(
            _("Ce courrier ou document n’est pas en échec\u00a0: rien n’est à refaire."), code="nothing_failed"
        )
    outbox.retry(work)
    journal.append(
        work.chain_id or journal.portal_chain().pk, "work_queued_again", by=by, at=at, **{_word_of(work): work.pk}
    )
    return work


@action
def deliver_all_again(chain, rows, *, by, at):
    """Put every failed one of `rows` (a queryset of one model) back in the queue; returns their number.

    `chain`: of the call, None for the portal's own.
    """
    failed = list(rows.filter(state=Outbox.State.FAILED).select_for_update(of=("self",)).order_by("pk"))
    if not failed:
        raise Refused(_("Rien n’est en échec\u00a0: rien n’est à refaire."), code="nothing_failed")
    outbox.retry_all(failed)
    where = chain.pk if chain is not None else journal.portal_chain().pk
    journal.append(where, "works_queued_again", by=by, at=at, kind=_word_of(failed[0]), count=len(failed))
    return len(failed)


def _word_of(work):
    return type(work).__name__.lower()
