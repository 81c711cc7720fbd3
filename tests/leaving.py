"""Who leaves: a role ends as `remove_person` ends it, without what that act asks of who ends it."""

from django.db import transaction

from hdh_portal.operations.roles import kind_of


def leave(role, *, by=None, at):
    """End a `CaseOfficer`, a `Rapporteur` or a seated `Juror` in a transaction of its own; returns the row."""
    with transaction.atomic():
        return kind_of(role).end(role, by=by, at=at)
