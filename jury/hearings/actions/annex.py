"""Page pictures of an annex, asked for again by somebody of the jury."""

from django.utils.translation import gettext as _

from applications.dossier.pages import ANNEX_PAGES
from hdh_portal.records import outbox
from hdh_portal.records.actions import action
from hdh_portal.records.exceptions import Refused
from jury.dossiers import dossiers_open_to
from jury.permissions import person_at


@action
def prepare_annex(application, sealed_file, *, by, at):
    """Ask again for the page pictures of an annex: what failed goes back in the queue, what is made stays."""
    opened = dossiers_open_to(person_at(application.call, by)).filter(pk=application.pk)
    if sealed_file.submission.application_id != application.pk or not opened.exists():
        raise Refused(_("Ce dossier ne vous est pas ouvert. Revenez aux auditions."), code="not_allowed")
    return outbox.ask_again(ANNEX_PAGES, sealed_file.pk, outbox.about(application))
