"""What one person may hold in a call: told before, refused with what to do, never another person's concern."""

import io

import pytest
from django.template.loader import render_to_string
from django.urls import reverse

from applications.dossier.actions.draft import create_application, restore_application, withdraw_application
from applications.dossier.actions.uploading import attach_file
from applications.dossier.limits import held, of_question
from applications.dossier.uploads import look, said_before
from applications.models import Application, Attachment
from hdh_portal.ground import french
from hdh_portal.records.exceptions import Refused
from tests.factories import PDF, deposit, make_draft, make_user, paris, pdf_upload, siret, the_call

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
    restore_application(drafts[0], by=owner, at=OPEN)
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


# What one file may be -------------------------------------------------------------------------------------------------


def test_limits_of_a_field_are_said_alike_on_the_call_and_beside_it_and_hold_at_the_door(client, now_is):
    call = the_call()
    now_is(paris(2020, 5, 28, 9))
    category = call.category_set.first().key
    partner = {"id": "aa", "name": "Institut (fictif)", "siret": siret(12), "category": category}
    application = make_draft(call, partners=[partner])
    client.force_login(application.members.get().user)
    page = client.get(reverse("desk:call_detail", args=[call.slug])).text
    asked = call.questions.filter(type="file")
    sizes = {french.size(question.rules["max_bytes"]) for question in asked}
    assert len(sizes) == 2  # five and twenty
    for question in asked:
        rules = of_question(call, question)
        said = render_to_string("applications/dossier/_file_limits.html", {"limits": rules})
        section = client.get(reverse("applications:section_edit", args=[application.reference, question.section.key]))
        for text in (page, section.text):
            assert " ".join(said.split()) in " ".join(text.split())
        assert f"{french.size(question.rules['max_bytes'])} au plus par pièce" in said
        assert "60\u00a0pages au plus pour un PDF" in said
        assert f'data-max-bytes="{rules["max_bytes"]}"' in section.text
        upload = pdf_upload("trop.pdf", PDF + bytes(rules["max_bytes"]))
        application.attachments.filter(question=question).delete()
        answer = client.post(
            reverse("applications:attachment_add", args=[application.reference, question.key]),
            {"file": upload, "slot": "aa" if question.rules.get("per_partner") else ""},
        )
        assert (answer.status_code, f"La limite est de {french.size(rules['max_bytes'])}" in answer.text) == (422, True)


def test_sentence_of_the_page_is_that_of_the_server():
    said = said_before(("pdf", "ods"), 5_000_000)
    with pytest.raises(Refused) as refusal:
        look(io.BytesIO(bytes(6_200_000)), "a.pdf", formats=("pdf",), max_bytes=5_000_000)
    assert said["too_big"].replace("{size}", "6,2\u00a0Mo") == refusal.value.sentence
    with pytest.raises(Refused) as refusal:
        look(io.BytesIO(bytes(5_000_001)), "a.pdf", formats=("pdf",), max_bytes=5_000_000)
    octets = said["octets"].replace("{count}", "5\u202f000\u202f001")
    assert said["too_big_by_little"].replace("{size}", octets) == refusal.value.sentence
