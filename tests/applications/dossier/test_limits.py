"""What one person may hold in a call: told before, refused with what to do, never another person's concern."""

import pytest
from django.urls import reverse

from applications.dossier.actions.draft import create_application, restore_draft, withdraw_application
from applications.dossier.actions.uploading import attach_file
from applications.dossier.limits import held
from applications.models import Application, Attachment
from hdh_portal.records.exceptions import Refused
from tests.factories import PDF, deposit, make_draft, make_user, paris, pdf_upload, the_call

pytestmark = pytest.mark.django_db
OPEN = paris(2031, 6, 1, 9)


@pytest.fixture
def call(now_is):
    """A call of five drafts, ten files and forty million bytes a person."""
    now_is(OPEN)
    call = the_call("autre")
    assert (call.max_drafts, call.max_person_files, call.max_person_bytes) == (5, 10, 40_000_000)
    return call


def refused(act, *args, **others):
    with pytest.raises(Refused) as refusal:
        act(*args, at=OPEN, **others)
    return refusal.value


def test_draft_over_the_number_of_a_person_is_refused(call):
    owner = make_user()
    drafts = [create_application(call, by=owner, at=OPEN) for _n in range(5)]
    withdraw_application(drafts[0], by=owner, at=OPEN)  # it can be taken back, and so counts
    refusal = refused(create_application, call, by=owner)
    assert (refusal.code, "5\u00a0brouillons" in refusal.sentence) == ("too_many_drafts", True)
    restore_draft(drafts[0], by=owner, at=OPEN)
    assert create_application(call, by=make_user(), at=OPEN).state == "draft"


def test_dossier_that_was_deposited_is_no_draft_any_more(call):
    owner = make_user()
    deposit(make_draft(call, owner=owner, at=OPEN), at=OPEN)
    assert len([create_application(call, by=owner, at=OPEN) for _n in range(5)]) == 5


def _attached(application, count, owner, first=0):
    question = application.call.questions.filter(type="file").first()
    for number in range(first, first + count):
        content = PDF.replace(b"200 200", f"{300 + number} 200".encode())
        attach_file(application, question, pdf_upload(f"{number}.pdf", content), by=owner, at=OPEN)


def test_file_over_the_number_of_a_person_is_refused_over_all_their_dossiers(call):
    call.max_person_files = 2
    call.save(update_fields=["max_person_files"])
    owner = make_user()
    for _n in range(2):
        _attached(create_application(call, by=owner, at=OPEN), 1, owner)
    third = create_application(call, by=owner, at=OPEN)
    question = call.questions.filter(type="file").first()
    refusal = refused(attach_file, third, question, pdf_upload(), by=owner)
    assert (refusal.code, "2\u00a0pièces" in refusal.sentence) == ("too_many_person_files", True)
    assert (held(call, owner).files, Attachment.objects.filter(application=third).count()) == (2, 0)


def test_bytes_over_those_of_a_person_are_refused_over_all_their_dossiers(call):
    call.max_person_bytes = 2 * len(PDF)
    call.save(update_fields=["max_person_bytes"])
    owner = make_user()
    for _n in range(2):
        _attached(create_application(call, by=owner, at=OPEN), 1, owner)
    third = create_application(call, by=owner, at=OPEN)
    question = call.questions.filter(type="file").first()
    assert refused(attach_file, third, question, pdf_upload(), by=owner).code == "person_total_too_big"
    assert held(call, owner).size == 2 * len(PDF)


def test_limits_are_said_on_the_call_at_its_entry_and_beside_the_upload(call, client):
    owner = make_user()
    application = create_application(call, by=owner, at=OPEN)
    client.force_login(owner)
    section = call.questions.filter(type="file").first().section.key
    pages = [
        reverse("desk:call_detail", args=[call.slug]),
        reverse("applications:call_entry", args=[call.slug]),
        reverse("applications:section_edit", args=[application.reference, section]),
    ]
    for page in pages:
        text = client.get(page).text
        assert "10\u00a0pièces" in text and "40\u00a0Mo" in text, page
    assert all("5\u00a0brouillons" in client.get(page).text for page in pages[:2])


def test_entry_says_that_the_limit_is_reached_and_where_to_go(call, client):
    owner = make_user()
    client.force_login(owner)
    create = reverse("applications:application_create", args=[call.slug])
    for _n in range(5):
        assert client.post(create).status_code == 302
    entry = client.get(reverse("applications:call_entry", args=[call.slug])).text
    assert create not in entry and reverse("applications:application_list") in entry
    answer = client.post(create)
    assert (answer.status_code, "5\u00a0brouillons dans cet appel" in answer.text) == (409, True)
    assert Application.objects.filter(members__user=owner).count() == 5
