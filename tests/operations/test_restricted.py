"""A decided file is restricted, not destroyed: a year later its content opens to its members and the managers alone."""

import datetime

import pytest
from django.urls import reverse

from applications.models import Application, Notice
from reviews.models import Assignment
from tests.applications.officers import make_ready, words
from tests.factories import owner_of, the_call
from tests.jury.makers import make_secretary, placed, shortlist, sitting_juror
from tests.jury.pages import DAY
from tests.reviews.scoring.test_rapporteur_annexes import with_annex
from tests.worlds import world

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]
CLOSED_SENTENCE = "Le contenu de ce dossier ne se lit plus ici"
NOTIFIED = DAY
YEAR = datetime.timedelta(days=365)


@pytest.fixture
@world
def decided():
    """A dossier that was not selected, and who read it: `(application, {role: (person, its page, its annex)})`."""
    call = the_call()
    application = with_annex()
    shortlist([application], 1)
    assignment = Assignment.objects.filter(application=application).first()
    placed(call, make_secretary(call))
    people = {
        "officer": (make_ready(), "applications:check_edit", "applications:annex_file"),
        "manager": (make_ready(power="manager", body=1), "applications:check_edit", "applications:annex_file"),
        "rapporteur": (assignment.rapporteur, "reviews:sheet_edit", "reviews:annex_file"),
        "juror": (sitting_juror(call, 7), "jury:hearing_dossier", "jury:annex_file"),
    }
    Application.objects.filter(pk=application.pk).update(state="not_selected")
    Notice.objects.create(application=application, kind="results", text="Non.", at=NOTIFIED)
    return application, people


@pytest.mark.parametrize("role", ["officer", "manager", "rapporteur", "juror"])
def test_content_closes_to_whoever_took_part_a_year_after_the_decision(role, decided, sign_in, now_is):
    application, people = decided
    person, page, annex = people[role]
    slug, reference = application.call.slug, application.reference
    file = application.last_submission().files.get().pk
    browser = sign_in(person)

    def reads():
        shown = words(browser.get(reverse(page, args=[slug, reference])))
        answer = browser.get(reverse(annex, args=[slug, reference, file]))
        content = b"".join(answer) if answer.streaming else b""
        return CLOSED_SENTENCE not in shown and "Réponse à" in shown, answer.status_code, content[:4]

    now_is(NOTIFIED + YEAR - datetime.timedelta(minutes=5))
    assert reads() == (True, 200, b"%PDF")
    now_is(NOTIFIED + YEAR)
    assert reads() == ((True, 200, b"%PDF") if role == "manager" else (False, 404, b""))


def test_members_read_their_own_dossier_still(decided, client, now_is):
    application, _people = decided
    now_is(NOTIFIED + YEAR)
    client.force_login(owner_of(application))
    assert client.get(application.get_absolute_url()).status_code == 200
    receipt = reverse("applications:submission_receipt", args=[application.reference, 1])
    assert client.get(receipt).status_code == 200
