"""The letter that tells the outcome of an admissibility."""

from django.utils.translation import gettext_noop

from applications.models import Outcome, Release
from applications.release.letters import letter_of
from applications.release.reading import stage_of
from hdh_portal.records.renderers import renderer

# Letters ------------------------------------------------------------------------------------------------------------


@renderer("admissibility_letter", gettext_noop("Lettre de décision"))
def letter(outcome_id):
    """The paper of the letter that tells the outcome of an admissibility; dated by the day of the release."""
    outcome = Outcome.objects.select_related("application__call", "ground").get(pk=outcome_id)
    return letter_of(stage_of(Release.Stage.ADMISSIBILITY), outcome)
