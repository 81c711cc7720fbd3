"""A security key in a real browser: set up by an officer under our policy, then asked for at sign-in."""

import os

import pytest
from django.urls import reverse
from playwright.sync_api import expect, sync_playwright

from tests import factories
from tests.accounts.conftest import PASSWORD

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking"]
KEY = {
    "protocol": "ctap2",
    "transport": "usb",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def page(live_server, monkeypatch):
    """A page with a security key plugged in; what the console says is an error."""
    # Playwright's loop runs in the thread of the test, where Django would refuse to touch the database.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    with sync_playwright() as playwright:
        path = os.environ.get("HDH_CHROMIUM", "/usr/bin/chromium")
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        page = browser.new_page(base_url=live_server.url)
        said = []
        page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
        session = page.context.new_cdp_session(page)
        session.send("WebAuthn.enable")
        session.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})
        yield page
        browser.close()
        assert said == []


def sign_in(page, user):
    page.goto(reverse("account_login"))
    page.get_by_label("Adresse électronique").fill(user.email)
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.get_by_role("button", name="Se connecter").click()


@pytest.mark.browser
def test_officer_sets_up_a_security_key_and_signs_in_with_it(page, settings):
    settings.HDH_SECOND_FACTOR_ROLES = ["tests.accounts.test_second_factor.offices"]
    user = factories.make_officer(factor=False).user
    sign_in(page, user)
    expect(page.get_by_role("heading", level=1)).to_have_text("Protéger votre compte")
    page.get_by_role("link", name="Ajouter une clé de sécurité").click()
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.get_by_role("button", name="Confirmer").click()
    page.get_by_label("Nom de la clé").fill("Clé du bureau")
    page.get_by_role("button", name="Ajouter la clé").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Codes de secours")
    assert [one.wrap().name for one in user.authenticator_set.filter(type="webauthn")] == ["Clé du bureau"]
    page.get_by_role("button", name="Se déconnecter").click()
    sign_in(page, user)
    expect(page.get_by_role("heading", level=1)).to_have_text("Second facteur")
    page.get_by_role("button", name="Utiliser une clé de sécurité").click()
    page.wait_for_url("**" + reverse("desk:my_space"))
