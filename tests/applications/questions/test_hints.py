"""What a question wants is said before anybody types: bounds in its hint, its language to who reads it aloud."""

from django.urls import reverse

from tests.factories import OPEN, make_draft, make_user, the_call


def section_page(client, now_is, column="", key=""):
    call = the_call()
    question = call.questions.get(column=column) if column else call.questions.get(key=key)
    now_is(OPEN)
    owner = make_user()
    draft = make_draft(call, owner=owner)
    client.force_login(owner)
    page = client.get(reverse("applications:section_edit", args=[draft.reference, question.section.key]))
    return page.content.decode()


def test_bounds_of_numbers_and_amounts_stand_in_their_hints(client, db, now_is):
    page = section_page(client, now_is, column="amount")
    assert "De 1\xa0€ à 300\u202f000\xa0€." in page
    assert "De 12 à 24\xa0mois." in page


def test_an_answer_in_english_is_marked_so(client, db, now_is):
    page = section_page(client, now_is, key="public_summary_en")
    field = page[page.index('name="public_summary_en"') :]
    assert 'lang="en"' in field[: field.index(">")]


def test_a_sealed_answer_in_english_is_marked_so(client, db, now_is):
    call, owner = the_call(), make_user()
    draft = make_draft(call, owner=owner, public_summary_en="A short summary.")
    now_is(OPEN)
    client.force_login(owner)
    page = client.get(reverse("applications:application_review", args=[draft.reference])).content.decode()
    assert '<div class="prose" lang="en"><p>A short summary.</p></div>' in page
