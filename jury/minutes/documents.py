"""The paper of the minutes: it reads frozen rows only; the worker compares its digest."""

from django.utils.translation import gettext_noop

from hdh_portal.records.documents import Paper
from hdh_portal.records.renderers import renderer
from jury.minutes.riders import riders_said
from jury.models import Deliberation

# Minutes ------------------------------------------------------------------------------------------------------------


@renderer("minutes", gettext_noop("Procès-verbal"))
def minutes(deliberation_id):
    """The paper of the minutes of a frozen deliberation, with the mentions that were signed since below them."""
    said, slug = Deliberation.objects.values_list("minutes", "call__slug").get(pk=deliberation_id)
    riders = riders_said(deliberation_id)
    return Paper("paper/minutes.html", 1, said | ({"riders": riders} if riders else {}), f"proces-verbal-{slug}.pdf")
