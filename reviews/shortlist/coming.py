"""Who can freeze the shortlist, told as long as it is not frozen."""

from django.urls import reverse
from django.utils.translation import gettext as _

from applications.models import Application
from applications.release.coming import Coming, in_parts, managers, recusals
from applications.states import State
from reviews.assigning.reading import is_frozen
from reviews.shortlist.signatures import ShortlistSigning


def freezing(call, viewer):
    """The freeze, by two managers without interest in any dossier that may be in its set, or in parts."""
    if is_frozen(call):
        return []
    may_be_ranked = Application.objects.filter(call=call, state__in=(State.SUBMITTED, State.ADMISSIBLE))
    people, url = managers(call, recusals(may_be_ranked, viewer)), reverse("reviews:shortlist", args=[call.slug])
    note = in_parts(ShortlistSigning(call), may_be_ranked)
    return [Coming(_("Figer la présélection"), url, [(2, people)], note)]
