"""The article of a body in the file of a call: one of five, kept, written again, and the same in every call."""

import pytest

from hdh_portal.accounts.models import Organisation
from hdh_portal.callfile import schema
from tests.callfile.test_callfile import faults, load

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]


def test_call_may_not_contradict_the_article_that_another_gives_a_body_but_may_leave_it_to_it(call_2020, other):
    load(call_2020)
    known = next(row for row in call_2020["organisations"] if row["name"] == "DREES")
    other["organisations"].append({**known, "article": "le"})
    assert set(faults(other)) == {"organisations[3].article"}
    Organisation.objects.filter(short_name="DREES").update(article="")
    load(other)
    assert Organisation.objects.get(short_name="DREES").article == "le"


def test_article_of_a_body_is_one_of_five(other):
    other["organisations"][0]["article"] = "du"
    assert set(faults(other)) == {"organisations[1].article"}


def test_article_is_stored_and_written_again(call_2020):
    call = load(call_2020).call
    assert Organisation.objects.get(short_name="DREES").of_it.startswith("de la Direction de la recherche")
    assert {row["name"]: row["article"] for row in schema.table_of(call)["organisations"]}["Bpifrance"] == ""
