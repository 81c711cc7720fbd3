"""A file that is not judged at once: the page says so, and by itself what became of it."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from applications.dossier import judging
from tests.applications.dossier.test_judging import KEY, TOO_MANY, WAITS, busy, receive, scripted
from tests.applications.officers import make_ready
from tests.browser.test_candidate import at
from tests.factories import OPEN, make_draft, make_user, the_call
from tests.hostile.pdf import pdf

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ADD = "Ajouter cette pièce"


@pytest.fixture
def application(now_is):
    """Its files of one question stand in one list, not one at the place of each partner."""
    now_is(OPEN)
    question = the_call().questions.get(key=KEY)
    question.rules["per_partner"] = False
    question.save(update_fields=["rules"])
    return make_draft(owner=make_user("Maude Trel"))


def open_files(visit, application, key=KEY, **options):
    """The page with the files of a dossier, as its owner sees it; the field that joins one to a question."""
    opened = visit(application.members.get().user, **options)
    opened.go(at("section_edit", application, application.call.questions.get(key=key).section.key))
    return opened, opened.page.locator(f"#part-{key}")


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


def open_annex(visit, application):
    """The field of the one file that a question asks for, still empty."""
    question = application.call.questions.filter(type="file", rules__max_count=1).first()
    application.attachments.filter(question=question).delete()
    return open_files(visit, application, question.key)


def choose(place, name, content):
    place.locator("input[type=file]").set_input_files({"name": name, "mimeType": "", "buffer": content})


def test_what_would_be_refused_is_said_when_a_file_is_chosen(visit, application, tmp_path):
    opened, place = open_annex(visit, application)
    for name, content, said in (
        ("lettre.pdf", bytes(6_200_000), "Ce fichier pèse 6,2\u00a0Mo. La limite est de 5\u00a0Mo"),
        ("à peine.pdf", bytes(5_000_001), "Ce fichier pèse 5\u202f000\u202f001\u00a0octets."),
        ("vide.pdf", b"", "Ce fichier est vide."),
        ("lettre.exe", b"MZ", "Le format «\u202f.exe\u202f» n’est pas accepté ici."),
        ("lettre", b"x", "Le nom de ce fichier ne dit pas son format."),
    ):
        (tmp_path / name).write_bytes(content)
        place.locator("input[type=file]").set_input_files(tmp_path / name)
        expect(place.get_by_role("alert")).to_contain_text(said)
        expect(place.locator("input[type=file]")).to_have_attribute("aria-invalid", "true")
    assert opened.flaws() == []
    place.get_by_role("button", name=ADD).click()
    expect(place.get_by_role("alert")).to_be_visible()
    choose(place, "lettre.pdf", pdf(text="La lettre"))
    expect(place.get_by_role("alert")).to_have_count(0)


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (413, "Ce fichier est trop lourd pour être reçu"),
        (502, "Le portail ne répond pas"),
        (504, "Le portail met trop de temps à répondre"),
        (None, "L’envoi s’est interrompu"),
    ],
)
def test_answer_of_the_proxy_is_a_sentence_beside_the_field(visit, application, status, said):
    opened, place = open_annex(visit, application)
    body = "<html><body><h1>Bad Gateway</h1></body></html>"
    answer = (lambda route: route.fulfill(status=status, body=body)) if status else (lambda route: route.abort())
    opened.page.route("**/ajouter/", answer)
    choose(place, "lettre.pdf", pdf(text="La lettre"))
    place.get_by_role("button", name=ADD).click()
    expect(place.get_by_role("alert")).to_contain_text(said)
    opened.said.clear()  # Chromium names the answer itself.
    expect(place.get_by_role("button", name=ADD)).to_be_enabled()
    opened.page.unroute("**/ajouter/")
    place.get_by_role("button", name=ADD).click()
    expect(place.get_by_role("link", name="lettre.pdf")).to_be_visible()
