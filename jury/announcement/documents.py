"""The papers of the result, letter and announcement. Each renderer reads frozen rows only."""

from django.utils.translation import gettext_noop

from applications.models import Release
from applications.release.letters import letter_of
from applications.release.reading import stage_of
from hdh_portal.ground import french
from hdh_portal.records.documents import Paper
from hdh_portal.records.renderers import renderer
from jury.announcement import shown
from jury.models import Announcement, Decision

# Letters ------------------------------------------------------------------------------------------------------------


@renderer("results_letter", gettext_noop("Lettre de décision"))
def letter(decision_id):
    """The paper of the letter that tells a decision; dated by the day of the release."""
    decision = Decision.objects.select_related("application__call").get(pk=decision_id)
    return letter_of(stage_of(Release.Stage.RESULTS), decision)


# Announcement -------------------------------------------------------------------------------------------------------


@renderer("announcement", gettext_noop("Annonce des lauréats"))
def announcement(announcement_id):
    """The paper of the announcement, from the row that the release wrote and nothing else."""
    row = Announcement.objects.get(pk=announcement_id)
    context = {**shown(row.content), "version": row.version, "digest": french.digest(row.digest)}
    filename = f"annonce-{row.content['title']['slug']}-v{row.version}.pdf"
    return Paper("paper/announcement.html", 1, context, filename)
