"""Makers for the admissibility: officers who declared, checks that were concluded, through the real actions."""

import re

from django.urls import reverse

from applications.admissibility.actions import conclude_check, confirm_outcome, decide_outcome, save_check, take_check
from applications.admissibility.reading import outcome_digest
from applications.interests.actions import declare_interests
from applications.interests.reading import list_digest, shown_to
from applications.models import Outcome
from tests.factories import CLOSED, make_officer
from tests.worlds import opening


@opening
def make_ready(call=None, *, at=CLOSED, **fields):
    """An officer in office who has declared no interest: dossiers are open."""
    officer = make_officer(call, **fields)
    declare(officer, at=at)
    return officer


def declare(officer, *applications, at=CLOSED):
    """Declare the links of an officer on the list as it stands."""
    digest = list_digest(shown_to(officer))
    return declare_interests(officer, [row.pk for row in applications], digest, by=officer.user, at=at)


def write(check, *, refuse=(), reason="La pièce manque.", at=CLOSED):
    """Answer each point, `no` to those in `refuse`, and choose the conclusion that follows."""
    keys = check.application.call.checklistitem_set.values_list("key", flat=True)
    ground = check.application.call.refusalground_set.first().key
    return save_check(
        check,
        answers={key: "no" if key in refuse else "yes" for key in keys},
        conclusion="inadmissible" if refuse else "admissible",
        ground_key=ground if refuse else "",
        reason=reason if refuse else "",
        by=check.officer.user,
        at=at,
    )


def conclude(application, officer, *, refuse=(), reason="La pièce manque.", at=CLOSED):
    """Take, write and conclude the check of a dossier; returns the outcome, if it was the last and all agree."""
    check = take_check(application, officer, by=officer.user, at=at)
    write(check, refuse=refuse, reason=reason, at=at)
    return conclude_check(check, by=officer.user, at=at)


def refused_point(application):
    """Key of the first point of the checklist."""
    return application.call.checklistitem_set.first().key


def disagree(application, first, second, *, at=CLOSED):
    """Both bodies conclude, the second against the first."""
    conclude(application, first, at=at)
    conclude(application, second, refuse=[refused_point(application)], at=at)


def reconcile(application, decider, confirmer, *, conclusion="admissible", reason="Vu les deux contrôles.", at=CLOSED):
    """A manager decides and another confirms; returns the final outcome."""
    ground = application.call.refusalground_set.first().key if conclusion == "inadmissible" else ""
    decide_outcome(application, conclusion=conclusion, ground_key=ground, reason=reason, by=decider.user, at=at)
    outcome = Outcome.objects.get(application=application)
    return confirm_outcome(application, outcome_digest(outcome), by=confirmer.user, at=at)


# Pages ------------------------------------------------------------------------------------------------------------


def at(name, application_or_call, *args):
    """Address of a page of a call, or of a dossier of it."""
    if hasattr(application_or_call, "reference"):
        args = (application_or_call.reference, *args)
        application_or_call = application_or_call.call
    if name.startswith("release_"):
        args = ("recevabilite", *args)
    return reverse(f"applications:{name}", args=[application_or_call.slug, *args])


def words(response):
    """The text of a page's main part, blanks made plain."""
    text = re.sub(r"<[^>]+>", " ", response.content.decode().split("<main")[1])
    return re.sub(r"\s+([.,])", r"\1", " ".join(text.replace("\u00a0", " ").replace("\u202f", " ").split()))
