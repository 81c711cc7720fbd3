"""Who can freeze the decisions, told as long as they are not frozen."""

from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from applications.models import Application, CaseOfficer
from applications.release.coming import Coming, Signer, hindrance, in_parts, officers, recusals, with_factor
from applications.states import State
from jury.deliberation.signatures import DeliberationSigning
from jury.dossiers import is_frozen
from jury.models import Juror

BEFORE = (State.SUBMITTED, State.ADMISSIBLE, State.SHORTLISTED)


def freezing(call, viewer):
    """The freeze, by the secretary and by the first seat that may preside, neither with an interest in its set."""
    if is_frozen(call):
        return []
    dossiers = Application.objects.filter(call=call, state__in=BEFORE)
    with_interest = recusals(dossiers, viewer)
    secretaries = officers(call, CaseOfficer.Power.SECRETARY, with_interest)
    name, url = _("Figer les décisions du jury"), reverse("jury:deliberation", args=[call.slug])
    note = in_parts(DeliberationSigning(call), dossiers)
    return [Coming(name, url, [(1, secretaries), (1, _presiding(call, with_interest))], note)]


def _presiding(call, with_interest):
    """The presidency, then those who act for it in their order."""
    rows = Juror.objects.filter(Q(presidency=True) | Q(acting_order__isnull=False), call=call, user__isnull=False)
    rows = with_factor(rows).order_by("-presidency", F("acting_order").asc(nulls_first=True))
    return [
        Signer(
            str(one.user),
            _("présidence") if one.presidency else _("suppléance"),
            hindrance(
                one.user, has_factor=one.has_factor, has_declared=True, recusals=with_interest.get(one.user_id, ())
            ),
        )
        for one in rows
    ]
