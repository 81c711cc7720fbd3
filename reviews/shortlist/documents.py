"""The letter that tells a line of the frozen shortlist."""

from django.utils.translation import gettext_noop

from applications.models import Release
from applications.release.letters import letter_of
from applications.release.reading import stage_of
from hdh_portal.records.renderers import renderer
from reviews.models import ShortlistEntry

# Letters ------------------------------------------------------------------------------------------------------------


@renderer("shortlist_letter", gettext_noop("Lettre de décision"))
def letter(entry_id):
    """The paper of the letter that tells a line of the frozen shortlist; dated by the day of the release."""
    entry = ShortlistEntry.objects.select_related("application__call").get(pk=entry_id)
    return letter_of(stage_of(Release.Stage.SHORTLIST), entry)
