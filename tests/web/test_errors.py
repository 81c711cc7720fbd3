"""Errors outside the views, where no view is there to tell of them: the page, its reference, and what staff find."""

import re

import pytest

from hdh_portal.records.models import Attempt
from tests.factories import make_user

pytestmark = pytest.mark.django_db


class Session:
    """A session that cannot be read, as while the database is away."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.session = None
        return self.get_response(request)


@pytest.fixture
def answer(client, settings):
    """What a visitor gets while sessions cannot be read."""
    client.force_login(make_user())
    place = settings.MIDDLEWARE.index("django.contrib.sessions.middleware.SessionMiddleware")
    settings.MIDDLEWARE = [*settings.MIDDLEWARE[: place + 1], f"{__name__}.Session", *settings.MIDDLEWARE[place + 1 :]]
    client.raise_request_exception = False
    return client.get("/")


def test_error_outside_a_view_is_kept_once_under_the_reference_of_its_page(answer):
    assert answer.status_code == 500
    shown = re.search(r'<span class="code">(\d[A-Z]{2}-\d{3})</span>', answer.text)[1]
    kept = Attempt.objects.get()
    assert (kept.reference, kept.verb, kept.code) == (shown, "?", "TypeError")


def test_page_of_an_error_has_the_headers_of_a_private_page(answer):
    assert answer.headers["Cache-Control"] == "no-store, private"
    assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
