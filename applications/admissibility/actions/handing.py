"""The begun checks of somebody who leaves or is away, handed to a colleague of the same body by name."""

from django.utils.translation import gettext as _

from applications import links
from applications.models import Application, Check
from applications.officers import officer_of
from applications.people import begun_checks, checks_digest, heirs
from applications.permissions import can_manage
from hdh_portal.records import journal
from hdh_portal.records.actions import action
from hdh_portal.records.exceptions import Refused


@action
def hand_over_checks(officer, heir_id, digest, *, by, at):
    """Hand over to one colleague what can pass of the checks that were read (`digest`); returns the new `Check`s.

    They begin empty: nobody concludes what somebody else has written. A check in which the colleague has an interest
    stays, and so does one in which the manager has: they do not choose who judges that dossier.
    """
    call = officer.call
    manager = officer_of(call, by)
    if not can_manage(manager, call):
        raise Refused(
            _("Les contrôles sont transmis par un gestionnaire de l’appel qui a déclaré ses liens d’intérêts."),
            code="not_allowed",
            link=links.declaration(call),
        )
    begun = Check.objects.filter(officer=officer, done_at=None)
    dossiers = Application.objects.select_for_update(of=("self",)).filter(pk__in=begun.values("application"))
    list(dossiers.order_by("pk"))
    checks = list(begun_checks(officer, manager, at))
    if digest != checks_digest(checks):
        raise Refused(
            _("Les contrôles commencés ont changé depuis cette page\u00a0: relisez-les, puis transmettez."),
            code="changed_since_page",
        )
    chosen = next((one for one in heirs(officer, checks) if str(one.officer.pk) == heir_id), None)
    if chosen is None or not chosen.checks:
        sentence = _("Choisissez une personne de la liste à qui un contrôle peut passer.")
        raise Refused(sentence, code="nobody_chosen", fields={"heir": sentence})
    new = [_pass(check, chosen.officer, at) for check in chosen.checks]
    data = {"officer": officer.pk, "heir": chosen.officer.pk, "checks": [one.pk for one in new]}
    data["applications"] = sorted(one.application.reference for one in new)
    journal.append(call.chain_id, "checks_handed_over", by=by, at=at, **data)
    return new


def _pass(check, heir, at):
    check.delete()
    submission = check.application.last_submission()
    values = {"submission": submission, "body": heir.body, "officer": heir, "taken_at": at}
    return Check.objects.create(application=check.application, **values)
