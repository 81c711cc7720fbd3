"""The letter of a decision, opened by the team: from then on it is notified, and remedies run."""

from applications.locking import lock
from applications.models import NoticeOpening
from hdh_portal.records import journal
from hdh_portal.records.actions import action


@action
def open_letter(notice, *, by, at):
    """Note that the letter of a `Notice` was opened; the first time counts, later ones change nothing."""
    application = lock(notice.application)
    found = NoticeOpening.objects.filter(notice=notice).first()
    if found is not None:
        return found
    opening = NoticeOpening.objects.create(notice=notice, by=by, at=at)
    journal.append(
        application.chain_id, "letter_opened", by=by, at=at, application=application.reference, notice=notice.pk
    )
    return opening
