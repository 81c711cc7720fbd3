"""The pages of the assignment: what the manager reads, does and is refused; and the mail to the rapporteurs."""

import re

import pytest
from django.urls import reverse

from applications.interests.actions import write_declared
from hdh_portal.records.models import Message
from reviews.assigning.actions import confirm_assignments, propose_assignments
from reviews.assigning.emails import assigned
from reviews.assigning.reading import assignments_digest
from reviews.models import Assignment, Rapporteur
from reviews.scoring.actions.declaration import decline
from reviews.scoring.actions.sheet import reopen_sheet
from tests.applications.officers import make_ready, words
from tests.factories import make_deposited, make_officer, paris, the_call
from tests.reviews.makers import RELEASED, SCORING, admissible, make_managers, make_rapporteur
from tests.reviews.marking import send

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]


@pytest.fixture(autouse=True)
def on_the_day(now_is):
    now_is(SCORING)


@pytest.fixture
def manager():
    return make_managers()[0]


@pytest.fixture
def people():
    """One rapporteur of each of four bodies."""
    return [make_rapporteur(body=n) for n in range(4)]


@pytest.fixture
def reader(manager, sign_in):
    """The browser of the manager."""
    return sign_in(manager)


def at(name, *args):
    return reverse(f"reviews:assignment_{name}", args=[the_call().slug, *args])


def propose(manager):
    return propose_assignments(manager.call, by=manager.user, at=RELEASED)


def given(manager):
    propose(manager)
    digest = assignments_digest(manager.call)
    return confirm_assignments(manager.call, digest, by=manager.user, at=RELEASED)


def spare(people, dossier):
    return next(one for one in people if not one.assignments.current().filter(application=dossier).exists())


def places(dossier):
    return Assignment.objects.current().filter(application=dossier)


# The list -----------------------------------------------------------------------------------------------------------


def test_list_leads_from_proposal_to_confirmation(manager, people, reader):
    (dossier,) = admissible()
    page = reader.get(at("list"))
    assert "À faire ensuite : proposer la répartition" in words(page)
    assert "1 dossier n’a pas tous ses rapporteurs" in words(page)
    page = reader.post(at("propose"), follow=True)
    assert page.redirect_chain == [(at("list"), 302)]
    text = words(page)
    assert "3 fiches sont proposées. Relisez la répartition, puis confirmez-la." in text
    assert "3 fiches attendent votre confirmation" in text
    for place in places(dossier):
        assert f"{place.body.short_name} , {place.rapporteur.user}" in text.replace(", ", " , ")
    page = reader.post(at("confirm"), {"digest": page.context["plan"].digest}, follow=True)
    assert "3 fiches sont confirmées. Les rapporteurs reçoivent un courriel." in words(page)
    assert "La répartition est confirmée" in words(page)
    assert places(dossier).filter(confirmed_at__isnull=False).count() == 3


def test_list_asks_to_complete_what_was_given_back(manager, people, reader):
    (dossier,) = admissible()
    row = given(manager)[0]
    decline(row, "load", by=row.rapporteur.user, at=SCORING)
    page = reader.get(at("list"))
    assert "À faire ensuite : compléter la répartition" in words(page)
    assert "il manque 1 rapporteur" in words(page)
    page = reader.post(at("propose"), follow=True)
    assert "1 fiche est proposée" in words(page)
    page = reader.post(at("confirm"), {"digest": page.context["plan"].digest}, follow=True)
    assert "1 fiche est confirmée. Son rapporteur reçoit un courriel." in words(page)
    assert places(dossier).count() == 3


def test_view_of_what_is_to_complete_leaves_out_the_rest(manager, people, reader):
    admissible(2)
    row = given(manager)[0]
    decline(row, "load", by=row.rapporteur.user, at=SCORING)
    page = reader.get(at("list") + "?vue=a-completer")
    assert [line["sealed"].application_id for line in page.context["rows"]] == [row.application_id]
    assert len(reader.get(at("list")).context["rows"]) == 2


def test_refused_proposal_is_said_above_the_list(manager, reader):
    (dossier,) = admissible()
    make_rapporteur(body=0)
    page = reader.post(at("propose"))
    assert page.status_code == 409
    assert f"{dossier.last_submission().acronym} demande 3 rapporteurs" in words(page)
    assert "<title>Erreur" in page.content.decode()


def test_confirmation_of_another_list_is_refused_on_the_page(manager, people, reader):
    admissible()
    propose(manager)
    page = reader.post(at("confirm"), {"digest": "x"})
    assert (page.status_code, "La répartition a changé depuis cette page" in words(page)) == (409, True)
    assert not Assignment.objects.confirmed().exists()


def test_list_says_why_nothing_can_be_done(manager, reader, now_is):
    make_deposited()
    assert "Les décisions de recevabilité ne sont pas encore publiées" in words(reader.get(at("list")))
    admissible()
    assert "Aucun rapporteur n’est nommé" in words(reader.get(at("list")))
    now_is(paris(2020, 6, 27))
    page = reader.get(at("list"))
    assert "L’évaluation est terminée" in words(page)
    assert "<form" not in page.content.decode().split("<main")[1]


def test_view_without_a_row_says_so(manager, people, reader):
    admissible()
    given(manager)
    assert "Aucun dossier n’est à compléter" in words(reader.get(at("list") + "?vue=a-completer"))


def test_loads_are_shown_against_the_capacity(manager, people, reader):
    Rapporteur.objects.filter(pk=people[0].pk).update(capacity=5)
    admissible()
    propose(manager)
    page = reader.get(at("list"))
    assert re.search(rf"{people[0].user}, changer sa charge \d sur 5", words(page))
    assert page.context["sheets"] == 3
    assert (page.context["least"], page.context["most"]) == (0, 1)


def test_person_with_a_link_found_since_is_struck_out(manager, people, reader):
    (dossier,) = admissible()
    row = given(manager)[0]
    write_declared(dossier, row.rapporteur.user, SCORING)
    page = reader.get(at("list"))
    assert f"<s>{row.body.short_name}, {row.rapporteur.user}</s>" in page.content.decode()
    assert "il manque 1 rapporteur" in words(page)


@pytest.mark.parametrize("count", [1, 3])
def test_list_takes_the_same_statements_whatever_its_length(manager, people, reader, django_assert_num_queries, count):
    admissible(count)
    propose(manager)
    address = at("list")
    reader.get(address)
    with django_assert_num_queries(19):
        page = reader.get(address)
    assert len(page.context["rows"]) == count


# One dossier --------------------------------------------------------------------------------------------------------


def test_dossier_shows_its_places_and_who_could_take_each(manager, people, reader):
    (dossier,) = admissible()
    propose(manager)
    fourth = spare(people, dossier)
    colleague = make_rapporteur(body=0)
    page = reader.get(at("edit", dossier.reference))
    held = {row["place"].rapporteur_id: row for row in page.context["rows"]}
    assert set(held) == {one.pk for one in people} - {fourth.pk}
    for pk, row in held.items():
        offered = {value for _body, group in row["form"].fields["rapporteur"].choices[1:] for value, _label in group}
        same = {colleague.pk} if people[0].pk == pk or people[0] == fourth else set()
        assert offered == {fourth.pk} | same
    text = words(page)
    assert (dossier.last_submission().title in text, f"{fourth.user}, 0 fiche" in text) == (True, True)


def test_place_is_changed_from_the_page(manager, people, reader):
    (dossier,) = admissible()
    row = propose(manager)[0]
    fourth = spare(people, dossier)
    page = reader.post(at("change", dossier.reference, row.pk), {"rapporteur": fourth.pk}, follow=True)
    assert page.redirect_chain == [(at("edit", dossier.reference), 302)]
    assert f"{fourth.user} a cette place." in words(page)
    assert places(dossier).filter(rapporteur=fourth).exists()


def test_place_that_was_given_back_is_filled_from_the_page(manager, people, reader):
    (dossier,) = admissible()
    row = given(manager)[0]
    decline(row, "expertise", by=row.rapporteur.user, at=SCORING)
    page = reader.get(at("edit", dossier.reference))
    assert "À pourvoir" in words(page)
    assert f"{row.body.short_name}, {row.rapporteur.user} domaine trop éloigné" in words(page)
    fourth = spare(people, dossier)
    reader.post(at("change", dossier.reference, row.pk), {"rapporteur": fourth.pk})
    assert places(dossier).count() == 3
    assert "À pourvoir" not in words(reader.get(at("edit", dossier.reference)))


@pytest.mark.parametrize("posted", ["", "abc", "999999", "²"])
def test_choice_of_nobody_is_said_beside_its_list(manager, people, reader, posted):
    (dossier,) = admissible()
    row = propose(manager)[0]
    page = reader.post(at("change", dossier.reference, row.pk), {"rapporteur": posted})
    assert (page.status_code, "Choisissez une personne." in words(page)) == (422, True)


def test_refused_choice_is_said_beside_its_list_and_kept(manager, people, reader):
    (dossier,) = admissible()
    row = propose(manager)[0]
    fourth = spare(people, dossier)
    write_declared(dossier, fourth.user, SCORING)
    page = reader.post(at("change", dossier.reference, row.pk), {"rapporteur": fourth.pk})
    assert page.status_code == 422
    assert f"{fourth.user} a un lien d’intérêts avec ce dossier." in words(page)
    (form,) = [one["form"] for one in page.context["rows"] if one["place"].pk == row.pk]
    assert form["rapporteur"].value() == str(fourth.pk)


def test_change_refused_for_the_whole_place_is_said_above(manager, people, reader):
    (dossier,) = admissible()
    sheet = send(dossier, 3.0, rapporteur=people[0])
    page = reader.get(at("edit", dossier.reference))
    assert "La fiche est envoyée : cette place reste." in words(page)
    page = reader.post(at("change", dossier.reference, sheet.assignment_id), {"rapporteur": people[1].pk})
    assert (page.status_code, f"{people[0].user} a envoyé sa fiche" in words(page)) == (409, True)


def test_place_of_a_reopened_sheet_is_given_on_from_the_page(manager, people, reader):
    (dossier,) = admissible()
    sheet = send(dossier, 3.0, rapporteur=people[0])
    reopen_sheet(sheet, "Deux notes inversées.", by=manager.user, at=SCORING)
    page = words(reader.get(at("edit", dossier.reference)))
    assert "Ouvert, aucun lien" in page and "Fiche envoyée" not in page
    reader.post(at("change", dossier.reference, sheet.assignment_id), {"rapporteur": people[1].pk})
    assert places(dossier).get().rapporteur == people[1]


def test_dossier_is_only_read_once_the_evaluation_is_over(manager, people, reader, now_is):
    (dossier,) = admissible()
    row = given(manager)[0]
    now_is(paris(2020, 6, 27))
    page = reader.get(at("edit", dossier.reference))
    assert "La répartition ne change plus maintenant" in words(page)
    assert "<form" not in page.content.decode().split("<main")[1]
    assert reader.post(at("change", dossier.reference, row.pk), {"rapporteur": people[0].pk}).status_code == 409


@pytest.mark.parametrize("count", [1, 3])
def test_dossier_takes_the_same_statements_however_many_rapporteurs(
    manager, people, reader, django_assert_num_queries, count
):
    (dossier,) = admissible()
    given(manager)
    for _n in range(count):
        make_rapporteur(body=4)
    address = at("edit", dossier.reference)
    reader.get(address)
    with django_assert_num_queries(17):
        reader.get(address)


# Who ----------------------------------------------------------------------------------------------------------------


def answers(client, dossier, row):
    """Status of each address of the assignment."""
    return [
        client.get(at("list")).status_code,
        client.get(at("edit", dossier.reference)).status_code,
        client.post(at("propose")).status_code,
        client.post(at("confirm")).status_code,
        client.post(at("change", dossier.reference, row.pk)).status_code,
    ]


def test_pages_are_those_of_the_manager_only(manager, people, sign_in):
    (dossier,) = admissible()
    row = propose(manager)[0]
    for role in (
        make_ready(),
        make_ready(power="secretary"),
        people[0],
        make_officer(the_call("autre"), power="manager"),
    ):
        assert answers(sign_in(role), dossier, row) == [404] * 5
    assert places(dossier).count() == 3


def test_place_of_another_dossier_or_call_does_not_exist(manager, people, reader):
    one, two = admissible(2)
    propose(manager)
    other = places(two).first()
    assert reader.post(at("change", one.reference, other.pk), {"rapporteur": people[0].pk}).status_code == 404
    assert reader.get(at("edit", "AAP-2020-9999")).status_code == 404


# The mail -----------------------------------------------------------------------------------------------------------


def test_mail_says_how_many_sheets_until_when_and_no_dossier(manager, people):
    dossiers = admissible(2)
    given(manager)
    message = Message.objects.filter(renderer="assignment_mail").first()
    rapporteur = Rapporteur.objects.get(pk=message.subject)
    count = rapporteur.assignments.count()
    mail = assigned(message.subject)
    sheets = "1\u00a0fiche à remplir" if count == 1 else f"{count}\u00a0fiches à remplir"
    assert mail.subject == f"{sheets} jusqu’au vendredi 26\u00a0juin inclus"
    text = mail.text.replace("\n", " ")
    assert "jusqu’au vendredi 26\u00a0juin 2020 inclus" in text
    assert f"http://localhost:8000{reverse('reviews:worklist', args=[manager.call.slug])}" in mail.text
    for dossier in dossiers:
        sealed = dossier.last_submission()
        assert not {name for name in (sealed.acronym, sealed.title, dossier.reference) if name in text}


def test_mail_counts_what_is_still_to_send(manager, people):
    (dossier,) = admissible()
    sheet = send(dossier, 3.0, rapporteur=people[0])
    assert assigned(people[0].pk).subject.startswith("0\u00a0fiche à remplir")
    assert sheet.assignment.rapporteur == people[0]
