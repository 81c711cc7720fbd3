"""The sheets of a rapporteur handed over to another one in one act: read first, then done, and told in one mail."""

import pytest
from django.urls import reverse

from applications.interests.actions import write_declared
from hdh_portal.records.models import JournalEntry, Message
from reviews.assigning.actions import MAIL
from reviews.assigning.handover import hand_over, handover
from reviews.models import Assignment, Rapporteur
from tests.applications.officers import make_ready, words
from tests.refusals import refused
from tests.reviews.makers import RANKED, SCORING, admissible, make_managers, make_rapporteur
from tests.reviews.marking import give, send, write
from tests.worlds import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(now_is):
    """`served`, while the sheets are written."""
    now_is(SCORING)
    return served()


@world
def served():
    """Four dossiers of one rapporteur: sent, begun, to do, and one in which the successor has an interest."""
    dossiers = admissible(4)
    old, new = make_rapporteur(body=0), make_rapporteur(body=0)
    send(dossiers[0], 3.0, rapporteur=old)
    write(give(dossiers[1], old), 2.0)
    for dossier in dossiers[2:]:
        give(dossier, old)
    write_declared(dossiers[3], new.user, SCORING)
    return dossiers, old, new, make_managers()[0]


def fates(old, new, manager):
    return {one.assignment.application_id: one.why for one in handover(old, new, manager.user).fates}


def test_what_can_pass_passes_and_the_rest_stays(scene):
    dossiers, old, new, manager = scene
    assert list(fates(old, new, manager).values()) and fates(old, new, manager) == {
        dossiers[0].pk: "sent",
        dossiers[1].pk: "",
        dossiers[2].pk: "",
        dossiers[3].pk: "has_interest",
    }
    before = Message.objects.filter(renderer=MAIL).count()
    rows = hand_over(old, new, handover(old, new, manager.user).digest, by=manager.user, at=SCORING)
    assert {row.application_id for row in rows} == {dossiers[1].pk, dossiers[2].pk}
    assert not any(row.sheets.exists() or row.declared_at for row in rows)
    kept = Assignment.objects.current().filter(rapporteur=old).values_list("application_id", flat=True)
    assert set(kept) == {dossiers[0].pk, dossiers[3].pk}
    assert Message.objects.filter(renderer=MAIL).count() == before + 1
    line = JournalEntry.objects.get(verb="sheets_handed_over")
    assert (line.data["successor"], len(line.data["assignments"])) == (new.pk, 2)


def test_capacity_counts_what_passes_before(scene):
    _dossiers, old, new, manager = scene
    Rapporteur.objects.filter(pk=new.pk).update(capacity=1)
    new.refresh_from_db()
    assert sorted(fates(old, new, manager).values()) == ["", "at_capacity", "has_interest", "sent"]


def test_who_has_an_interest_hands_over_all_but_its_dossier(scene):
    dossiers, old, new, manager = scene
    write_declared(dossiers[2], manager.user, SCORING)
    assert dossiers[2].pk not in fates(old, new, manager)
    hand_over(old, new, handover(old, new, manager.user).digest, by=manager.user, at=SCORING)
    assert Assignment.objects.current().filter(rapporteur=old, application=dossiers[2]).exists()


def test_handover_is_refused_where_it_was_not_read_or_not_theirs(scene):
    _dossiers, old, new, manager = scene
    digest = handover(old, new, manager.user).digest
    refused("changed_since_page", hand_over, old, new, "0" * 64, by=manager.user, at=SCORING)
    refused("not_in_office", hand_over, old, old, digest, by=manager.user, at=SCORING)
    refused("not_allowed", hand_over, old, new, digest, by=make_ready().user, at=SCORING)
    refused("window_over", hand_over, old, new, digest, by=manager.user, at=RANKED)


@pytest.mark.embedded
def test_page_says_what_becomes_of_each_before_the_button(scene, sign_in, django_assert_num_queries):
    _dossiers, old, new, manager = scene
    client = sign_in(manager)
    address = reverse("reviews:handover_edit", args=[old.call.slug, old.pk])
    person = client.get(reverse("operations:person_detail", args=[old.call.slug, "rapporteurs", old.pk]))
    assert address in person.content.decode()
    assert "Qui prend la suite" in words(client.get(address))
    page = client.get(address, {"a": new.pk})
    text = words(page)
    for said in (
        "4 dossiers",
        "reste : sa fiche est envoyée",
        "vide : le brouillon reste fermé",
        "Transmettre 2 dossiers",
    ):
        assert said in text
    posted = {"a": new.pk, "digest": page.context["plan"].digest}
    save = reverse("reviews:handover_save", args=[old.call.slug, old.pk])
    assert client.post(save, {"a": "", "digest": "x"}).status_code == 409
    done = client.post(save, posted, follow=True)
    assert f"2 dossiers passent à {new}." in words(done)


@pytest.mark.embedded
def test_page_takes_the_same_statements_for_one_and_three(scene, sign_in, django_assert_num_queries):
    dossiers, old, new, manager = scene
    client = sign_in(manager)
    address = f"{reverse('reviews:handover_edit', args=[old.call.slug, old.pk])}?a={new.pk}"
    client.get(address)
    with django_assert_num_queries(COST):
        client.get(address)
    Assignment.objects.filter(application__in=dossiers[2:]).delete()
    with django_assert_num_queries(COST):
        client.get(address)


COST = 16
