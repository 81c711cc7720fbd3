"""The papers of the third stage. Each renderer reads frozen rows only; the worker compares its digest."""

from django.utils.translation import gettext_noop

from applications.letters import letter_of
from applications.models import Release
from applications.releases import stage_of
from hdh_portal import french
from hdh_portal.records.documents import Paper
from hdh_portal.records.renderers import renderer
from jury.announcement import shown
from jury.models import Announcement, Decision, Deliberation

# Minutes ------------------------------------------------------------------------------------------------------------


@renderer("minutes", gettext_noop("Procès-verbal"))
def minutes(deliberation_id):
    """The paper of the minutes of a frozen deliberation."""
    said, slug = Deliberation.objects.values_list("minutes", "call__slug").get(pk=deliberation_id)
    return Paper("paper/minutes.html", 1, said, f"proces-verbal-{slug}.pdf")


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
