"""Whoever wrote after the chain would be seen, in every test of an act."""

import pytest
from django.db import transaction

from applications.models import Call
from hdh_portal.ground import clock
from hdh_portal.records import journal
from tests.factories import the_call

pytestmark = [pytest.mark.embedded, pytest.mark.django_db]


def append_to(call):
    journal.append(call.chain_id, "tried", by=None, at=clock.now())


def test_write_after_the_line_of_an_act_is_seen(chain_comes_last):
    call = the_call()
    with transaction.atomic():
        append_to(call)
        Call.objects.filter(pk=call.pk).update(title="Autre titre")
    assert chain_comes_last.early == ["applications_call"]
    chain_comes_last.early.clear()


def test_write_before_the_line_and_one_of_the_next_act_are_none(chain_comes_last):
    call = the_call()
    for _act in range(2):
        with transaction.atomic():
            Call.objects.filter(pk=call.pk).update(title="Autre titre")
            append_to(call)
    assert chain_comes_last.early == []
