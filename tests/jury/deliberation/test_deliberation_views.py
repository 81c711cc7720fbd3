"""The pages of the deliberation: who sees what, the next act of each, and nothing that tells a recused juror."""

import re

import pytest
from django.urls import reverse

from applications.dossier.actions.draft import withdraw_application
from applications.interests.actions import write_declared
from hdh_portal.records import files
from hdh_portal.records.models import Attempt, Document, JournalEntry
from jury.deliberation.reading import decision_digest, deliberation_plan
from jury.models import Decision, Deliberation
from tests.applications.officers import make_ready, words
from tests.factories import owner_of, the_call
from tests.jury.deciding import (
    EVENING,
    FROZEN,
    confirm,
    decide,
    decide_all,
    freeze,
    frozen,
    make_room,
    propose,
    record,
)
from tests.jury.makers import seat
from tests.pages import Form

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]


@pytest.fixture(autouse=True)
def on_the_evening(now_is):
    now_is(EVENING)


def at(name, call, *args):
    return reverse(f"jury:{name}", args=[call.slug, *args])


def page(client, name, call, *args, status=200):
    response = client.get(at(name, call, *args))
    assert response.status_code == status
    return words(response) if status == 200 else None


# The whole ----------------------------------------------------------------------------------------------------------


def test_secretary_is_led_to_the_first_dossier_that_was_heard(sign_in):
    room = make_room(2, heard=True)
    client = sign_in(room.secretary)
    text = page(client, "deliberation", room.call)
    assert "À faire ensuite : enregistrer la décision sur" in text
    assert (
        at("decision_edit", room.call, room.dossiers[0].reference)
        in client.get(at("deliberation", room.call)).content.decode()
    )
    assert "0 lauréat" in text and "3 000 000 €" in text


def test_who_presides_is_led_to_the_decision_to_confirm_then_to_the_freeze(sign_in):
    room = make_room(1)
    record(room, room.dossiers[0])
    client = sign_in(room.president)
    assert "À faire ensuite : confirmer la décision sur" in page(client, "deliberation", room.call)
    confirm(room.dossiers[0])
    assert "Vous n’avez rien à faire pour l’instant" in page(client, "deliberation", room.call)
    propose(room)
    assert "À faire ensuite : figer les décisions" in page(client, "deliberation", room.call)


def test_secretary_signs_when_all_is_confirmed_and_reads_the_minutes_once_frozen(sign_in):
    room = make_room(2)
    decide(room, room.dossiers[0])
    client = sign_in(room.secretary)
    assert "Signer les décisions" not in page(client, "deliberation", room.call)
    decide(room, room.dossiers[1], "reserve")
    assert "À faire ensuite : signer les décisions" in page(client, "deliberation", room.call)
    digest = deliberation_plan(room.call).digest
    response = client.post(at("deliberation_propose", room.call), {"digest": digest})
    assert response.status_code == 302
    assert "Les décisions sont signées par le secrétariat" in page(client, "deliberation", room.call)
    freeze(room)
    assert "Lire le procès-verbal" in page(client, "deliberation", room.call)


def test_figures_of_the_whole_stand_on_the_page_of_who_may_read_all(sign_in):
    room = make_room(3)
    decide_all(room, "laureate", "reserve")
    text = page(sign_in(room.secretary), "deliberation", room.call)
    assert "100 000 € attribués sur une enveloppe de 3 000 000 €, pour 1 lauréat sur 10" in text
    assert "Complémentaire, 1" in text
    assert "Total 900 000 € 100 000 € 1 lauréat" in text


def test_recused_juror_sees_a_row_without_link_or_figure_and_sums_that_leave_it_out(sign_in):
    room = make_room(3, with_interest={4: [0]})
    decide_all(room, "laureate", "reserve")
    client, dossier = sign_in(room.seats[4]), room.dossiers[0]
    response = client.get(at("deliberation", room.call))
    text, source = words(response), response.content.decode()
    assert "Votre déport" in text
    assert at("decision_edit", room.call, dossier.reference) not in source
    assert dossier.reference not in source
    for telling in ("Complémentaire, 1", "Rang d’évaluation", "1 lauréat"):
        assert telling not in text and telling not in source.split("<main")[1]
    # What is open to them is summed up: two requests, and no laureate among these.
    assert "0 € attribué sur une enveloppe de 3 000 000 €, pour 0 lauréat sur 10" in text
    assert "Total, sans ce qui vous est fermé 600 000 € 0 € 0 lauréat" in text
    assert "Reste à attribuer" not in text  # It would be that of the whole, and tell.
    assert client.get(at("decision_edit", room.call, dossier.reference)).status_code == 404
    assert client.post(at("decision_confirm", room.call, dossier.reference)).status_code == 404
    assert client.get(at("decision_edit", room.call, room.dossiers[1].reference)).status_code == 200


@pytest.mark.parametrize("secret", [("laureate", "reserve"), ("reserve", "laureate"), ("not_selected", "laureate")])
def test_page_of_a_recused_juror_is_the_same_whatever_is_decided_on_their_dossier(sign_in, secret):
    """Two worlds would be compared byte for byte; here one and the same page is, before and after the decision."""
    room = make_room(3, with_interest={4: [0]})
    decide(room, room.dossiers[2])
    client = sign_in(room.seats[4])

    def seen():
        return [
            words(client.get(at("deliberation", room.call))),
            words(client.get(at("decision_edit", room.call, room.dossiers[2].reference))),
        ]

    before = seen()
    for conclusion in secret:
        decide(room, room.dossiers[0], conclusion)
        assert seen() == before


def test_juror_who_has_not_declared_is_told_to(sign_in):
    room = make_room(1, seats=[1, 2, 3, 4, 5, 6])
    late = seat(room.call, 7)
    text = page(sign_in(late), "deliberation", room.call)
    assert "Déclarez d’abord vos liens d’intérêts" in text
    assert "Déclarer mes liens" in text
    assert "Total" not in text


def test_before_any_hearing_the_page_leads_to_the_hearings(sign_in):
    room = make_room(1, heard=False)
    text = page(sign_in(room.secretary), "deliberation", room.call)
    assert "Les auditions n’ont pas commencé" in text
    assert "Voir les auditions" in text


@pytest.mark.parametrize("power", ["manager", "officer"])
def test_deliberation_does_not_exist_for_other_officers_and_other_people(sign_in, power):
    room = make_room(1)
    client = sign_in(make_ready(room.call, power=power))
    for name in ("deliberation", "minutes", "minutes_pdf"):
        page(client, name, room.call, status=404)
    page(client, "decision_edit", room.call, room.dossiers[0].reference, status=404)
    owner = type("Owner", (), {"user": room.dossiers[0].members.get().user})
    page(sign_in(owner), "deliberation", room.call, status=404)


def test_a_dossier_of_another_call_does_not_exist_here(sign_in):
    room = make_room(1)
    other = the_call("autre")
    client = sign_in(room.secretary)
    page(client, "decision_edit", other, room.dossiers[0].reference, status=404)


@pytest.mark.parametrize("count", [1, 3])
def test_pages_cost_the_same_for_one_and_three(sign_in, django_assert_num_queries, count):
    room = make_room(count)
    decide(room, room.dossiers[0])
    client = sign_in(room.secretary)
    client.get(at("deliberation", room.call))
    with django_assert_num_queries(22 if count == 1 else 19):  # With all decided: who signs what.
        client.get(at("deliberation", room.call))
    with django_assert_num_queries(23 if count == 1 else 20):
        client.get(at("decision_edit", room.call, room.dossiers[0].reference))
    decide_all(room)
    freeze(room)
    with django_assert_num_queries(12):
        client.get(at("minutes", room.call))


# One dossier --------------------------------------------------------------------------------------------------------


def test_amount_is_typed_in_french_and_recorded_in_cents(sign_in):
    room = make_room(1)
    client, dossier = sign_in(room.secretary), room.dossiers[0]
    typed = {"conclusion": "laureate", "amount": "274\u202f800,50 €", "reason": ""}
    response = client.post(at("decision_record", room.call, dossier.reference), typed)
    assert (response.status_code, response["Location"]) == (302, at("deliberation", room.call))
    assert Decision.objects.get().amount_cents == 27_480_050


def test_refused_decision_keeps_what_was_typed_and_says_what_to_do(sign_in):
    room = make_room(1)
    client, dossier = sign_in(room.secretary), room.dossiers[0]
    typed = {"conclusion": "laureate", "amount": "300 000,01", "reason": "Un mot."}
    response = client.post(at("decision_record", room.call, dossier.reference), typed)
    text = words(response)
    assert response.status_code == 422
    assert "L’aide demandée est de 300 000 € : retirez 0,01 €." in text
    assert "300 000,01" in response.content.decode() and "Un mot." in text
    assert not Decision.objects.exists()
    assert Attempt.objects.get(verb="record_decision").code == "incomplete"


def test_amount_that_is_no_number_is_named_and_only_where_it_counts(sign_in):
    room = make_room(1)
    client, dossier = sign_in(room.secretary), room.dossiers[0]
    typed = {"conclusion": "laureate", "amount": "beaucoup"}
    response = client.post(at("decision_record", room.call, dossier.reference), typed)
    assert response.status_code == 422
    assert "Indiquez un montant en euros" in words(response)
    typed = {"conclusion": "not_selected", "amount": "beaucoup", "rank": "x", "reason": "Trop tôt."}
    assert client.post(at("decision_record", room.call, dossier.reference), typed).status_code == 302
    assert Decision.objects.get().conclusion == "not_selected"


def test_decision_from_an_old_page_replaces_none_that_was_recorded_since(sign_in):
    room = make_room(1)
    client, dossier = sign_in(room.secretary), room.dossiers[0]
    address = at("decision_record", room.call, dossier.reference)
    form = Form(client.get(at("decision_edit", room.call, dossier.reference)), address)
    reserve, typed = {"conclusion": "reserve", "rank": "1"}, {"conclusion": "laureate", "amount": "100 000"}
    assert [form.send(client, **reserve).status_code for _double_click in range(2)] == [302, 302]
    assert JournalEntry.objects.filter(verb="decision_recorded").count() == 1
    response = form.send(client, **typed)
    text, html = words(response), response.content.decode()
    assert response.status_code == 409 and "Deux textes pour" in text and "100 000" in html
    assert "<p>Lauréat</p>" in html and "<p>Liste complémentaire</p>" in html
    assert Decision.objects.get().conclusion == "reserve"
    choice = re.search(r'name="keep-conclusion"\s+id="[\w-]+" value="(mine \w+)"', html)[1]
    shown = Form(response, address)
    assert shown.send(client, **{"keep-conclusion": choice}).status_code == 302
    assert (Decision.objects.get().conclusion, Decision.objects.get().amount_cents) == ("laureate", 10_000_000)


def test_frozen_decision_is_no_form_in_an_old_page(sign_in):
    room = make_room(1)
    client, dossier = sign_in(room.secretary), room.dossiers[0]
    address = at("decision_record", room.call, dossier.reference)
    form = Form(client.get(at("decision_edit", room.call, dossier.reference)), address)
    decide_all(room, "not_selected")
    freeze(room)
    response = form.send(client, conclusion="not_selected", reason="Un mot de plus.")
    assert response.status_code == 409 and "Un mot de plus." in words(response)
    assert address not in response.content.decode()


def test_refusal_without_quorum_is_a_conflict_with_the_numbers(sign_in):
    room = make_room(1, seats=[1, 2, 3, 4, 5, 6])
    client, dossier = sign_in(room.secretary), room.dossiers[0]
    client.post(at("presence_record", room.call, dossier.reference), {"mark": "6:left", "back": "decision"})
    response = client.post(at("decision_record", room.call, dossier.reference), {"conclusion": "reserve", "rank": "1"})
    assert response.status_code == 409
    assert (
        "Le quorum n’est pas atteint pour ce dossier : 5 présents sur 6 nécessaires. "
        "Notez qui est présent à la délibération ; aucune décision ne s’enregistre avant." in words(response)
    )


def test_who_presides_confirms_what_they_read(sign_in):
    room = make_room(1)
    decision = record(room, room.dossiers[0])
    client = sign_in(room.president)
    reference = room.dossiers[0].reference
    text = page(client, "decision_edit", room.call, reference)
    assert "Confirmer cette décision" in text and "ne confirmez pas : le secrétariat l’enregistre de nouveau" in text
    digest = decision_digest(Decision.objects.select_related("application").get(pk=decision.pk))
    assert client.post(at("decision_confirm", room.call, reference), {"digest": "0" * 64}).status_code == 409
    assert client.post(at("decision_confirm", room.call, reference), {"digest": digest}).status_code == 302
    assert Decision.objects.get().confirmed_by == room.president.user


def test_other_jurors_read_the_decision_without_a_form(sign_in):
    room = make_room(1)
    record(room, room.dossiers[0])
    text = page(sign_in(room.seats[5]), "decision_edit", room.call, room.dossiers[0].reference)
    assert "Siège 1 préside ce dossier et confirme la décision." in text
    for act in ("Confirmer cette décision", "Enregistrer"):
        assert act not in text.replace("Enregistrée", "")


def test_page_of_a_dossier_that_was_not_heard_has_no_form(sign_in):
    room = make_room(1, heard=False)
    text = page(sign_in(room.secretary), "decision_edit", room.call, room.dossiers[0].reference)
    assert "L’audition n’est pas terminée" in text
    assert "Enregistrer la décision" not in text


def test_acts_are_posts_only(sign_in):
    room = make_room(1)
    client = sign_in(room.secretary)
    for name in ("deliberation_propose", "deliberation_freeze"):
        assert client.get(at(name, room.call)).status_code == 405
    for name in ("decision_record", "decision_confirm"):
        assert client.get(at(name, room.call, room.dossiers[0].reference)).status_code == 405


@pytest.mark.parametrize("secret", ["laureate", "reserve", "not_selected"])
def test_secretary_who_has_an_interest_elsewhere_learns_nothing_of_it_from_an_answer(sign_in, secret):
    room = make_room(3)
    room.call.jury.envelope_cents, room.call.jury.laureates = 40_000_000, 2
    room.call.jury.save()
    one, two, three = room.dossiers
    decide(room, one, secret)
    decide(room, two, "laureate", amount_cents=30_000_000)
    write_declared(one, room.secretary.user, EVENING)
    client = sign_in(room.secretary)
    typed = {"conclusion": "laureate", "amount": "250 000"}
    assert client.post(at("decision_record", room.call, three.reference), typed).status_code == 302
    refused = client.post(at("decision_record", room.call, three.reference), {"conclusion": "reserve", "rank": "1"})
    assert refused.status_code == 422
    assert "une autre personne du secrétariat tient la liste complémentaire" in words(refused)
    # What was granted beyond the envelope is refused to all, at the freeze.
    assert any("dépassent l’enveloppe" in sentence for sentence in deliberation_plan(room.call).problems)


def test_form_shows_no_rank_to_who_has_an_interest_elsewhere(sign_in):
    room = make_room(2)
    decide(room, room.dossiers[1], "reserve", rank=3)
    write_declared(room.dossiers[0], room.secretary.user, EVENING)
    shown = sign_in(room.secretary).get(at("decision_edit", room.call, room.dossiers[1].reference))
    assert shown.context["form"].initial["rank"] is None


def test_refusal_after_the_freeze_keeps_the_reason_that_was_typed(sign_in):
    room = frozen(1, "laureate")
    typed = {"conclusion": "not_selected", "reason": "Ma longue raison."}
    answer = sign_in(room.secretary).post(at("decision_record", room.call, room.dossiers[0].reference), typed)
    assert answer.status_code == 409
    assert "elles ne changent plus" in words(answer) and "Ma longue raison." in answer.content.decode()


def test_dossier_that_withdrew_after_the_freeze_is_not_to_be_declared(sign_in):
    room = frozen(2)
    withdraw_application(room.dossiers[0], by=owner_of(room.dossiers[0]), at=FROZEN)
    text = page(sign_in(room.seats[5]), "deliberation", room.call)
    assert ("Retiré" in text, "À déclarer" in text) == (True, False)


# Freeze and minutes -------------------------------------------------------------------------------------------------


def test_presidency_freezes_from_the_page(sign_in):
    room = make_room(1)
    decide(room, room.dossiers[0])
    propose(room)
    client = sign_in(room.president)
    response = client.post(at("deliberation_freeze", room.call), {"digest": deliberation_plan(room.call).digest})
    assert response.status_code == 302
    assert Deliberation.objects.get().confirmed_by == room.president.user
    response = client.post(at("decision_record", room.call, room.dossiers[0].reference), {"conclusion": "reserve"})
    assert response.status_code == 409


def test_minutes_wait_for_the_freeze_and_then_equal_the_paper(sign_in):
    room = make_room(2)
    client = sign_in(room.secretary)
    assert "n’est pas encore rédigé" in page(client, "minutes", room.call)
    page(client, "minutes_pdf", room.call, status=404)
    decide_all(room, "laureate", "reserve")
    freeze(room)
    text = page(client, "minutes", room.call)
    assert "Lauréat, pour 100 000 € au plus." in text and "Le PDF est en préparation" in text
    stored = files.store(b"%PDF-1.7", "application/pdf")
    Document.objects.filter(renderer="minutes").update(state="done", file=stored)
    assert "Télécharger le procès-verbal (PDF)" in page(client, "minutes", room.call)
    response = client.get(at("minutes_pdf", room.call))
    assert b"".join(response.streaming_content) == b"%PDF-1.7"
    assert response["Content-Disposition"] == f'attachment; filename="proces-verbal-{room.call.slug}.pdf"'


def test_minutes_say_the_outcome_alone_of_what_is_closed_to_a_recused_juror(sign_in):
    room = frozen(3, with_interest={4: [0]})
    client = sign_in(room.seats[4])
    said = Deliberation.objects.get().minutes["dossiers"][0]
    text = page(client, "minutes", room.call)
    bare = said["bare_outcome"].replace("\u00a0", " ").replace("\u202f", " ")
    assert f"{bare} Votre déport : le reste vous est fermé." in text
    assert text.count("présents, 6 nécessaires") == 2 and "Évaluation : " not in text
    assert "Le PDF, qui dit tout, ne vous est pas ouvert." in text
    page(client, "minutes_pdf", room.call, status=404)
    assert "Lire le procès-verbal" in page(client, "deliberation", room.call)
