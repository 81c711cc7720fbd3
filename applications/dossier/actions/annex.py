"""Page pictures of an annex, asked for again by somebody who reads it."""

from django.utils.translation import gettext as _

from applications import links
from applications.dossier.pages import ANNEX_PAGES
from hdh_portal.records import outbox
from hdh_portal.records.actions import action
from hdh_portal.records.exceptions import Refused


@action
def prepare_annex(application, sealed_file, reader, *, by, at):
    """Ask again for the page pictures of an annex: what failed goes back in the queue, what is made stays.

    `reader`: the `annexes.Reader` of the role in which the person asks.
    """
    if sealed_file.submission.application_id != application.pk or not reader.is_open(application, by, at):
        raise Refused(
            _("Ce dossier ne vous est pas ouvert. Revenez à votre liste."), code="not_allowed", link=links.dossiers()
        )
    return outbox.ask_again(ANNEX_PAGES, sealed_file.pk, outbox.about(application))
