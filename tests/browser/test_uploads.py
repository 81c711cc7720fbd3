"""A file that is not judged at once: the page says so, and by itself what became of it."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from applications.dossier import judging
from tests.applications.dossier.test_judging import KEY, TOO_MANY, WAITS, busy, receive, scripted
from tests.applications.officers import make_ready
from tests.browser.test_candidate import at
from tests.factories import OPEN, make_draft, make_user
from tests.hostile.pdf import pdf

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ADD = "Ajouter cette pièce"


@pytest.fixture
def application(now_is):
    now_is(OPEN)
    return make_draft(owner=make_user("Maude Trel"))


def open_files(visit, application, **options):
    """The page with the files of a dossier, as its owner sees it; the field that joins a letter."""
    opened = visit(application.members.get().user, **options)
    opened.go(at("section_edit", application, application.call.questions.get(key=KEY).section.key))
    return opened, opened.page.locator(f"#part-{KEY}")


def add(opened, place, name, content):
    place.locator("input[type=file]").set_input_files({"name": name, "mimeType": "application/pdf", "buffer": content})
    place.get_by_role("button", name=ADD).click()
    opened.page.wait_for_load_state()


def test_list_says_by_itself_what_became_of_a_file(visit, application):
    opened, place = open_files(visit, application)
    with busy():
        add(opened, place, "lettre.pdf", pdf(text="La lettre"))
        expect(place.get_by_text(WAITS)).to_be_visible()
        assert opened.flaws() == []
        add(opened, place, "script.pdf", scripted())
        expect(place.get_by_text(WAITS)).to_have_count(2)
        add(opened, place, "trop.pdf", pdf(text="Une de trop"))
        expect(place.get_by_text(TOO_MANY)).to_be_visible()
        opened.expect_status(422)
    # The page that the last refusal left is the same: nobody reloads it.
    expect(place.get_by_role("link", name="lettre.pdf")).to_be_visible(timeout=60_000)
    expect(place.get_by_text("Ce PDF contient un programme (JavaScript).")).to_be_visible(timeout=60_000)
    expect(place.get_by_text(WAITS)).to_have_count(0)
    assert opened.flaws() == []
    place.get_by_role("button", name="Effacer ce message").click()
    expect(place.get_by_text("Ce PDF contient un programme")).to_have_count(0)


def test_page_without_script_says_it_when_it_is_asked_again(visit, application):
    opened, place = open_files(visit, application, java_script_enabled=False)
    with busy():
        add(opened, place, "lettre.pdf", pdf(text="La lettre"))
        expect(place.get_by_text(WAITS)).to_be_visible()
    for _turn in range(60):
        again = place.get_by_role("link", name="rechargez la page")
        if not again.count():
            break
        again.click()
        opened.page.wait_for_timeout(500)
    expect(place.get_by_role("link", name="lettre.pdf")).to_be_visible()


@pytest.mark.parametrize("width", [1280, 375])
def test_pages_of_a_file_that_waits_for_the_antivirus(visit, application, settings, tmp_path, width):
    settings.HDH_CLAMAV = str(tmp_path / "nobody.sock")
    receive(application)
    judging.judge_waiting(seconds=60)
    opened, place = open_files(visit, application, viewport={"width": width, "height": 900})
    expect(place.get_by_text("Ce fichier attend notre antivirus")).to_be_visible()
    assert opened.flaws() == []
    opened.go(at("application_review", application))
    expect(opened.page.get_by_text("1 pièce n’est pas encore dans ce dossier")).to_be_visible()
    assert opened.flaws() == []
    manager = visit(make_ready(power="manager").user, viewport={"width": width, "height": 900})
    manager.go(reverse("operations:quarantine_list", args=[application.call.slug]))
    expect(manager.page.get_by_role("rowheader")).to_have_text(application.reference)
    assert manager.flaws() == []
