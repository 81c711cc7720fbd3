"""Pages that anyone reads and the pages of an account: sound at each width, in each state, silent in the console."""

import pytest
from django.core.cache import cache
from django.urls import reverse
from playwright.sync_api import expect

from tests.factories import OPEN, make_user, paris, the_call

pytestmark = pytest.mark.browser
PLAIN = ("legal_notice", "personal_data", "accessibility", "contact", "site_map", "receipt_verify")
ACCOUNT = ("account_email", "account_change_password", "mfa_index", "usersessions_list", "accounts:account_closing")


def of_call(*names):
    return [reverse(name, args=[the_call().slug]) for name in names]


def test_public_pages_are_sound_while_the_call_is_open(visit, now_is):
    now_is(OPEN)
    addresses = [reverse("desk:home"), *(reverse(f"desk:{name}") for name in PLAIN)]
    addresses += of_call("desk:call_detail", "desk:results", "desk:journal_head", "applications:call_entry")
    assert visit().flaws_of(addresses) == []


def test_public_pages_are_sound_before_and_after(visit, now_is):
    opened = visit()
    names = "desk:call_detail", "applications:call_entry"
    now_is(paris(2019, 12, 10, 9))
    assert opened.flaws_of([reverse("desk:home"), *of_call(*names)]) == []
    now_is(paris(2020, 6, 1, 12, 0))
    assert opened.flaws_of([reverse("desk:home"), *of_call(*names)]) == []


def test_pages_of_signing_in_are_sound(visit, now_is):
    now_is(OPEN)
    opened = visit()
    assert (
        opened.flaws_of(reverse(name) for name in ("account_login", "account_signup", "account_reset_password")) == []
    )
    opened.go(reverse("account_signup"))
    opened.page.get_by_label("Adresse électronique").fill("pas une adresse")
    opened.press("Créer mon compte")
    assert opened.flaws() == []
    expect(opened.page.locator(".problems")).to_be_focused()
    expect(opened.page).to_have_title("Erreur\u00a0: Créer un compte — Appels à projets")


def test_pages_of_an_account_are_sound(visit, now_is):
    now_is(OPEN)
    opened = visit(make_user("Camille Aubry"))
    assert opened.flaws_of([reverse("desk:my_space"), *(reverse(name) for name in ACCOUNT)]) == []


def test_error_pages_are_sound(visit, now_is):
    now_is(OPEN)
    opened = visit()
    opened.go("/nulle-part/", status=404)
    assert opened.flaws() == []
    opened.go(reverse("account_login"))
    opened.page.get_by_label("Adresse électronique").fill("une@exemple.fr")
    opened.page.get_by_label("Mot de passe").fill("phrase de passe")
    opened.page.context.clear_cookies()
    opened.press("Se connecter")
    opened.expect_status(403)
    assert opened.flaws() == []
    cache.clear()


def test_skip_link_leads_to_the_text_and_focus_is_seen(visit, now_is):
    now_is(OPEN)
    page = visit().go(reverse("desk:home"))
    skip = page.get_by_role("link", name="Aller au contenu")
    assert skip.bounding_box()["y"] < 0
    page.keyboard.press("Tab")
    expect(skip).to_be_focused()
    assert skip.bounding_box()["y"] >= 0
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.keyboard.press("Tab")
    outline = "getComputedStyle(document.activeElement).outline"
    assert page.evaluate("document.activeElement.closest('main') !== null")
    assert page.evaluate(outline) == "rgb(20, 35, 43) solid 3px"


def test_clock_counts_seconds_in_the_last_minutes_and_never_in_red(visit, now_is):
    now_is(paris(2020, 6, 1, 11, 58, 20))
    page = visit().go(of_call("desk:call_detail")[0])
    clock = page.locator("[data-clock]")
    expect(clock.locator(".when")).to_have_text("12\u00a0h\u00a000\u00a0min\u00a000\u00a0s")
    expect(clock.locator("[data-paris]")).to_contain_text("11\u00a0h\u00a058\u00a0min")
    left = clock.locator("[data-until]")
    expect(left).to_contain_text("\u00a0s")
    first = left.inner_text()
    expect(left).not_to_have_text(first)
    red = page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--stop').trim()")
    assert red == "#a3182a"
    colours = "[...document.querySelectorAll('[data-clock], [data-clock] *')].map((one) => getComputedStyle(one).color)"
    assert "rgb(163, 24, 42)" not in page.evaluate(colours)


def test_clock_says_when_the_closing_has_passed(visit, now_is):
    opened = visit()
    now_is(paris(2020, 6, 1, 11, 59, 50))
    page = opened.go(of_call("desk:call_detail")[0])
    expect(page.get_by_text("La clôture est passée.")).to_be_hidden()
    expect(page.get_by_text("La clôture est passée.")).to_be_visible(timeout=15_000)
