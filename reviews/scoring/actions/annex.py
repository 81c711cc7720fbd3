"""Page pictures of an annex, asked for again by a rapporteur."""

from django.utils.translation import gettext as _

from applications.dossier.pages import ANNEX_PAGES
from hdh_portal.records import outbox
from hdh_portal.records.actions import action
from hdh_portal.records.exceptions import Refused
from reviews.models import Assignment


@action
def prepare_annex(assignment, sealed_file, *, by, at):
    """Ask again for the page pictures of an annex: what failed goes back in the queue, what is made stays."""
    mine = Assignment.objects.open_to(assignment.rapporteur).filter(pk=assignment.pk, rapporteur__user=by)
    if not mine.filter(application=sealed_file.submission.application_id).exists():
        raise Refused(_("Ce dossier ne vous est pas ouvert. Revenez à votre liste."), code="not_allowed")
    return outbox.ask_again(ANNEX_PAGES, sealed_file.pk, outbox.about(assignment.application))
