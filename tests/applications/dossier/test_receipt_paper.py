"""The paper of a receipt: the hour before the closing is drawn for who deposits in it, and for nobody else."""

import datetime

import pytest

from applications.dossier.documents import receipt
from hdh_portal.records.rendering import html
from tests.factories import deposit, make_draft, the_call

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]


def paper_of(before):
    """HTML of the receipt of a deposit that arrived so long before the closing."""
    made = receipt(deposit(make_draft(), at=the_call().submission.closes_at - before).pk)
    return html(made.template, made.context)


def test_deposit_of_the_last_hour_stands_on_that_hour():
    said = paper_of(datetime.timedelta(minutes=17, seconds=53))
    # 42 min 7 s of the 65 minutes that are drawn; the closing stands after 60 of them.
    assert '<i class="ring p6 u5"></i>' in said and '<i class="limit p9 u2"></i>' in said
    assert '<p class="above p6 u5">11:42:07</p>' in said
    assert [
        hour for hour in ("11\u00a0h\u00a000", "11\u00a0h\u00a045", "12\u00a0h\u00a000") if f">{hour}</p>" not in said
    ] == []


def test_earlier_deposit_has_no_drawing():
    assert "ruler" not in paper_of(datetime.timedelta(hours=1))
