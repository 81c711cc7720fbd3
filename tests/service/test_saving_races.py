"""Saving raced by real threads on PostgreSQL: of two at one moment the second finds what the first one wrote."""

import pytest

from applications.dossier.actions.draft import create_application, save_answers
from applications.models import Answer, Application
from hdh_portal.web.saving import Seen
from tests.factories import OPEN, make_user, the_call
from tests.service.racing import race

pytestmark = [pytest.mark.service, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def call(transactional_db):
    return the_call()


def test_clicks_at_one_moment_begin_one_draft(call):
    owner = make_user()
    results = race(*[lambda: create_application(call, once="k" * 64, by=owner, at=OPEN)] * 8)
    assert {one.pk for one in results} == {Application.objects.get().pk}


def test_first_texts_that_come_at_one_moment_are_one_text_and_a_choice(call):
    for turn in range(10):
        owner = make_user()
        application = create_application(call, by=owner, at=OPEN)
        results = race(
            *(
                lambda text=text, owner=owner, application=application: save_answers(
                    application, {"title": text}, seen=Seen({"title": ""}), by=owner, at=OPEN
                )
                for text in (f"Un {turn}", f"Deux {turn}")
            )
        )
        written = [one.written["title"] for one in results if one.written]
        assert [Answer.objects.get(application=application).value] == written
        assert sorted(len(one.clashes) for one in results) == [0, 1]


def test_two_partners_added_at_one_moment_are_two(call):
    for _turn in range(10):
        owner = make_user()
        application = create_application(call, by=owner, at=OPEN)
        race(
            *(
                lambda row=row, owner=owner, application=application: save_answers(
                    application, {f"partners-{row}-name": f"Organisme {row}"}, seen=Seen({}), by=owner, at=OPEN
                )
                for row in ("aa", "bb")
            )
        )
        rows = Answer.objects.get(application=application).value
        assert sorted(row["name"] for row in rows) == ["Organisme aa", "Organisme bb"]
