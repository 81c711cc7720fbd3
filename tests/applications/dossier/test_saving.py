"""A draft in two pages: what each changed is kept, and where both changed one answer the person chooses."""

import pytest
from django.urls import reverse

from applications.dossier.actions.draft import save_answers
from applications.dossier.reading import WorkingCopy
from applications.models import Application, Member, Question
from tests.factories import OPEN, complete_answers, deposit, make_draft, make_user, siret, the_call
from tests.pages import Form

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]
FIRST, SECOND, THIRD = "Titre de la première page", "Titre de la seconde page", "Titre d’une troisième"


@pytest.fixture
def owner(client, now_is):
    now_is(OPEN)
    user = make_user()
    client.force_login(user)
    return user


def form_of(client, application, section="identity"):
    page = client.get(reverse("applications:section_edit", args=[application.reference, section]))
    return Form(page, "/enregistrer/")


def stored(application):
    return WorkingCopy(Application.objects.get(pk=application.pk)).stored


def test_old_page_puts_no_empty_field_over_what_another_saved(client, owner):
    application = make_draft(owner=owner, title="")
    old, new = form_of(client, application), form_of(client, application)
    new.send(client, title=SECOND)
    assert old.send(client).status_code == 302
    assert stored(application)["title"] == SECOND


def test_old_page_saves_what_it_changed_and_leaves_the_rest(client, owner):
    application = make_draft(owner=owner)
    old, new = form_of(client, application), form_of(client, application)
    new.send(client, title=SECOND, duration="18")
    assert old.send(client, acronym="ORSEL").status_code == 302
    now = stored(application)
    assert (now["title"], now["duration"], now["acronym"]) == (SECOND, 18, "ORSEL")


def test_two_texts_for_one_answer_are_shown_and_the_rest_is_saved(client, owner):
    application = make_draft(owner=owner)
    editor = make_user()
    Member.objects.create(application=application, user=editor, role="editor", since=OPEN)
    old = form_of(client, application)
    save_answers(application, {"title": SECOND}, by=editor, at=OPEN)
    answer = old.send(client, title=FIRST, acronym="ORSEL")
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "Deux textes pour" in html and f"<p>{FIRST}</p>" in html and f"<p>{SECOND}</p>" in html
    assert f"Garder celui de {editor}" in html and "Enregistré le" in html
    assert "Vos réponses sont enregistrées" not in html
    assert (stored(application)["title"], stored(application)["acronym"]) == (SECOND, "ORSEL")


@pytest.mark.parametrize(("side", "kept"), [("mine", FIRST), ("theirs", SECOND)])
def test_person_chooses_which_text_is_kept(client, owner, side, kept):
    application = make_draft(owner=owner)
    old, new = form_of(client, application), form_of(client, application)
    new.send(client, title=SECOND)
    shown = Form(old.send(client, title=FIRST), "/enregistrer/")
    assert shown["title"] == FIRST
    assert shown.send(client).status_code == 409  # nothing is chosen for the person
    choice = choices_in(old.send(client, title=FIRST))[side]
    answer = shown.send(client, **{"keep-title": choice, "choose": "1"})
    assert answer.url == reverse("applications:section_edit", args=[application.reference, "identity"])
    assert stored(application)["title"] == kept


@pytest.mark.parametrize("side", ["mine", "theirs"])
def test_choice_between_two_texts_is_none_about_a_third(client, owner, side):
    application = make_draft(owner=owner)
    old, new = form_of(client, application), form_of(client, application)
    new.send(client, title=SECOND)
    clash = old.send(client, title=FIRST)
    shown, choice = Form(clash, "/enregistrer/"), choices_in(clash)[side]
    save_answers(application, {"title": THIRD}, by=owner, at=OPEN)
    answer = shown.send(client, **{"keep-title": choice})
    assert answer.status_code == 409 and THIRD in answer.content.decode()
    assert stored(application)["title"] == THIRD


def choices_in(page):
    """`{"mine" | "theirs": the value of its radio button}`."""
    values = [line.split('"')[0] for line in page.content.decode().split('value="')[1:]]
    return {value.split()[0]: value for value in values if value.startswith(("mine ", "theirs "))}


def test_autosave_of_an_old_page_is_answered_with_both_texts(client, owner):
    application = make_draft(owner=owner)
    old, new = form_of(client, application), form_of(client, application)
    new.send(client, title=SECOND)
    answer = old.send(client, part=["title", "acronym"], title=FIRST, acronym="ORSEL")
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "1\u00a0réponse attend votre choix" in html and FIRST in html and SECOND in html
    assert (stored(application)["title"], stored(application)["acronym"]) == (SECOND, "ORSEL")


def test_box_that_is_unticked_is_taken_back(client, owner):
    application = make_draft(owner=owner)
    question = next(q for q in application.call.questions.filter(type="choice") if len(q.choices) == 1)
    form = form_of(client, application, question.section.key)
    form.send(client, **{question.key: None})
    assert stored(application)[question.key] in ("", None)


# Partners -----------------------------------------------------------------------------------------------------------


def partner(number):
    return {"name": f"Partenaire fictif {number}", "siret": siret(990_100 + number), "category": category()}


def category():
    return the_call().category_set.first().key


@pytest.fixture
def three(owner):
    return make_draft(owner=owner, partners=[partner(1), partner(2), partner(3)])


def rows(form):
    return list(dict.fromkeys(name.rpartition("-")[0] for name in form.names("partners-")))


def emptied(row):
    return {f"{row}-{part}": "" for part in ("name", "siret", "category")}


def named(application):
    return [(row["name"], row["siret"]) for row in stored(application)["partners"]]


def test_partner_is_emptied_and_the_next_one_corrected_in_one_old_page(client, three):
    form = form_of(client, three, "consortium")
    first, second, _third, _spare = rows(form)
    assert form.send(client, part=emptied(first), **emptied(first)).status_code == 200
    corrected = {f"{second}-name": "Partenaire corrigé"}
    assert form.send(client, part=corrected, **corrected).status_code == 200
    assert named(three) == [("Partenaire corrigé", siret(990_102)), ("Partenaire fictif 3", siret(990_103))]


def test_two_pages_that_each_add_a_partner_add_two(client, three):
    one, other = form_of(client, three, "consortium"), form_of(client, three, "consortium")
    for form, number in ((one, 4), (other, 5)):
        spare = rows(form)[-1]
        form.send(client, **{f"{spare}-{part}": value for part, value in partner(number).items()})
    assert [name for name, _siret in named(three)] == [f"Partenaire fictif {n}" for n in (1, 2, 3, 4, 5)]


def test_partner_who_was_sent_twice_is_one(client, three):
    form = form_of(client, three, "consortium")
    spare = rows(form)[-1]
    added = {f"{spare}-{part}": value for part, value in partner(4).items()}
    form.send(client, part=added, **added)
    form.send(client, **added)
    assert len(named(three)) == 4


def test_partner_removed_elsewhere_and_corrected_here_waits_for_a_choice(client, three):
    old, new = form_of(client, three, "consortium"), form_of(client, three, "consortium")
    first = rows(new)[0]
    new.send(client, **emptied(first))
    answer = old.send(client, **{f"{first}-name": "Partenaire corrigé"})
    assert answer.status_code == 409 and "Partenaire corrigé" in answer.content.decode()
    assert len(named(three)) == 2


def test_more_partners_than_the_call_allows_are_kept_and_told(client, owner):
    most = the_call().max_partners
    application = make_draft(owner=owner, partners=[partner(n) for n in range(most)])
    save_answers(application, {f"partners-zz-{part}": value for part, value in partner(90).items()}, by=owner, at=OPEN)
    assert len(named(application)) == most + 1
    told = [one.message for one in WorkingCopy(application).blocking]
    assert any(f"{most}\u00a0partenaires au plus" in sentence for sentence in told)


def test_ids_of_partners_are_sealed_nowhere(three):
    assert '"id"' not in deposit(three).body.canonical


def test_every_answer_comes_back_from_its_page_as_it_was_stored(client, owner):
    call = the_call()
    application = make_draft(owner=owner, partners=[partner(1)])
    before = stored(application)
    for section in call.section_set.all():
        if Question.objects.filter(section=section).exclude(type="file").exists():
            form_of(client, application, section.key).send(client)
    assert stored(application) == before
    assert set(before) == set(complete_answers(call)) - set(
        Question.objects.filter(type="file").values_list("key", flat=True)
    )


# Begun once ---------------------------------------------------------------------------------------------------------


def at_create():
    return reverse("applications:application_create", args=[the_call().slug])


def test_two_clicks_begin_one_draft(client, owner):
    call = the_call()
    form = Form(client.get(reverse("applications:call_entry", args=[call.slug])), at_create())
    first, second = form.send(client), form.send(client)
    assert form["once"]
    application = Application.objects.get()
    assert first.url == second.url == reverse("applications:section_edit", args=[application.reference, "identity"])
    Form(client.get(reverse("applications:call_entry", args=[call.slug])), at_create()).send(client)
    assert Application.objects.count() == 2


def test_key_of_one_person_begins_nothing_of_another(client, owner):
    form = Form(client.get(reverse("applications:call_entry", args=[the_call().slug])), at_create())
    form.send(client)
    client.force_login(other := make_user())
    form.send(client)
    assert Application.objects.of(other).count() == Application.objects.of(owner).count() == 1
