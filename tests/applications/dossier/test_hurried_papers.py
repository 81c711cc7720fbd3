"""One paper a deposit at once; the others are made first for who opens a page that shows them."""

import pytest
from django.urls import reverse

from applications.dossier.reading import WorkingCopy
from applications.models import Submission
from hdh_portal.records import broker, outbox
from hdh_portal.records.models import Document
from tests.factories import OPEN, make_draft, owner_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def asked():
    """How many papers somebody waits for, as the broker holds them; nobody works."""
    broker.app.control.purge()
    outbox._asked.clear()
    yield lambda: broker.length("asked")
    broker.app.control.purge()


def test_deposit_asks_for_its_receipt_alone_and_the_page_opened_later_for_the_rest(client, now_is, asked):
    now_is(OPEN)
    application = make_draft()
    client.force_login(owner_of(application))
    path = reverse("applications:application_submit", args=[application.reference])
    answer = client.post(path, {"digest": WorkingCopy(application).digest})
    assert (answer.status_code, Submission.objects.count()) == (200, 1)
    assert (asked(), broker.length("papers")) == (1, Document.objects.count() - 1)
    page = reverse("applications:submission_receipt", args=[application.reference, 1])
    for _ in range(3):
        assert client.get(page).status_code == 200
    assert asked() == 2
