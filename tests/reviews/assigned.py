"""Acts of the assignment for tests: proposed, confirmed, changed by a manager, through the real actions."""

import pytest

from applications.interests.actions import write_declared
from hdh_portal.records.exceptions import Refused
from hdh_portal.records.models import JournalEntry
from reviews.assigning.actions import change_assignment, confirm_assignments, propose_assignments
from reviews.assigning.reading import assignments_digest
from reviews.models import Assignment
from tests.reviews.makers import RELEASED


def propose(manager, *, at=RELEASED):
    return propose_assignments(manager.call, by=manager.user, at=at)


def confirm(manager, *, at=RELEASED):
    digest = assignments_digest(manager.call)
    return confirm_assignments(manager.call, digest, by=manager.user, at=at)


def given(manager, *, at=RELEASED):
    """Propose and confirm; returns the confirmed rows."""
    propose(manager, at=at)
    return confirm(manager, at=at)


def change(row, rapporteur, manager, *, at=RELEASED):
    return change_assignment(row, rapporteur, by=manager.user, at=at)


def spare(people, application):
    """The rapporteur who does not serve a dossier."""
    return next(one for one in people if not one.assignments.current().filter(application=application).exists())


def current(application):
    return Assignment.objects.current().filter(application=application)


def verbs(*names):
    return [entry.verb for entry in JournalEntry.objects.filter(verb__in=names).order_by("position")]


def refused(act, *args, **options):
    """The `Refused` of an act."""
    with pytest.raises(Refused) as raised:
        act(*args, **options)
    return raised.value


def give_interest(rapporteur, application, *, at=RELEASED):
    """An interest that the person declared, in whatever role."""
    return write_declared(application, rapporteur.user, at)
