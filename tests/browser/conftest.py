"""Chromium for the browser tests: one process a file, a fresh profile a visit, nothing from another origin."""

import os

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.test import Client
from playwright.sync_api import sync_playwright

from tests.browser.looking import Visit
from tests.factories import the_call

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking"]


@pytest.fixture(scope="module")
def chromium():
    """The browser. Playwright's loop runs in the thread of the tests, where Django would refuse the database."""
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        path = os.environ.get("HDH_CHROMIUM") or "/usr/bin/chromium"
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium, live_server):
    """`visit(user=None, **options)`: a `Visit` of the portal, signed in as `user`; what its console says fails."""
    the_call()  # a live server flushes the database after each test
    opened = []

    def enter(user=None, **options):
        context = chromium.new_context(base_url=live_server.url, locale="fr-FR", **options)
        context.set_default_timeout(20_000)
        if user is not None:
            context.add_cookies(
                [{"name": settings.SESSION_COOKIE_NAME, "value": _session(user), "url": live_server.url}]
            )
        opened.append(Visit(context.new_page(), live_server.url))
        return opened[-1]

    yield enter
    for one in opened:
        said = one.said
        one.page.context.close()
        assert said == []


def _session(user):
    """Key of a session in which `user` is signed in, with a second factor."""
    Authenticator.objects.get_or_create(user=user, type="totp", defaults={"data": {"secret": "x"}})
    client = Client()
    client.force_login(user)
    return client.cookies[settings.SESSION_COOKIE_NAME].value
