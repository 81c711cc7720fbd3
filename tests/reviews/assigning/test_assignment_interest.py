"""What an interest in one dossier closes of the assignments to a manager: that dossier, and nothing else."""

import pytest

from applications.interests.actions import write_declared
from reviews.models import Assignment, Rapporteur
from tests.applications.officers import make_ready, words
from tests.reviews.assigning.test_assignment_views import (  # noqa: F401 - three are fixtures
    answers,
    at,
    given,
    manager,
    on_the_day,
    people,
    places,
    propose,
)
from tests.reviews.makers import SCORING, admissible

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]


def test_link_closes_its_dossier_and_nothing_else(manager, people, sign_in):  # noqa: F811 - a fixture
    (dossier, other) = admissible(2)
    propose(manager)
    with_interest = make_ready(power="manager")
    write_declared(other, with_interest.user, SCORING)
    client = sign_in(with_interest)
    page = client.get(at("list"))
    assert [row["sealed"].application_id for row in page.context["rows"]] == [dossier.pk]
    assert (words(page).count("Votre déport"), page.context["sheets"]) == (1, 3)
    assert at("edit", other.reference) not in page.content.decode()
    (mine, theirs) = (places(one).first() for one in (dossier, other))
    assert answers(client, other, theirs)[1] == client.post(at("change", other.reference, theirs.pk)).status_code == 404
    assert client.get(at("edit", dossier.reference)).status_code == 200
    assert client.post(at("change", dossier.reference, mine.pk), {"rapporteur": ""}).status_code == 422


def test_who_has_a_link_confirms_all_but_its_dossier(manager, people, sign_in):  # noqa: F811 - a fixture
    (dossier, other) = admissible(2)
    with_interest = make_ready(power="manager")
    write_declared(other, with_interest.user, SCORING)
    client = sign_in(with_interest)
    assert client.post(at("propose")).status_code == 302
    assert (places(dossier).count(), places(other).count()) == (3, 0)
    propose(manager)
    digest = client.get(at("list")).context["plan"].digest
    assert client.post(at("confirm"), {"digest": digest}).status_code == 302
    confirmed = [places(one).filter(confirmed_at__isnull=False).count() for one in (dossier, other)]
    assert confirmed == [3, 0]
    assert client.get(at("list")).context["act"] == "done"
    assert sign_in(manager).get(at("list")).context["act"] == "confirm"


def test_sheets_of_a_closed_dossier_take_their_part_of_what_a_person_accepts(manager, people, sign_in):  # noqa: F811 - a fixture
    (dossier, other) = admissible(2)
    given(manager)
    Rapporteur.objects.update(capacity=1)
    Assignment.objects.filter(application=dossier).delete()
    with_interest = make_ready(power="manager")
    write_declared(other, with_interest.user, SCORING)
    assert "ne trouve pas 3 rapporteurs" in words(sign_in(with_interest).post(at("propose")))
