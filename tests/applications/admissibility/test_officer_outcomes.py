import re

import pytest
from django.urls import reverse

from applications.admissibility.reading import outcome_digest
from applications.dossier.actions.uploading import attach_file
from applications.interests.actions import declare_interest
from applications.models import Outcome, Release
from applications.release.actions import confirm_release, propose_release
from applications.release.reading import release_plan
from hdh_portal.records import files
from hdh_portal.records.models import Document, DocumentPage
from tests.applications.officers import at, conclude, disagree, make_ready, reconcile, refused_point, words
from tests.factories import (
    CLOSED,
    OPEN,
    deposit,
    make_deposited,
    make_draft,
    owner_of,
    paris,
    pdf_upload,
)
from tests.worlds import world

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]
PAGES = "annex_pages"


@pytest.fixture(autouse=True)
def on_the_day(now_is):
    """The procedure's clock stands on the fourth of June 2020."""
    now_is(paris(2020, 6, 4, 10, 7))


# Annexes -----------------------------------------------------------------------------------------------------------


@pytest.fixture
@world
def annexed():
    application = make_draft()
    question = application.call.questions.get(key="financial_annex")
    attach_file(application, question, pdf_upload("Budget é.pdf"), by=owner_of(application), at=OPEN)
    submission = deposit(application)
    application.refresh_from_db()
    return application, submission.files.get()


def test_annex_says_that_its_pages_are_being_made(annexed, sign_in):
    application, file = annexed
    client = sign_in(make_ready())
    url = at("annex_pages", application, file.pk)
    assert "Les pages sont en préparation." in words(client.get(url))
    part = client.get(url, headers={"HX-Request": "true"}).content.decode()
    assert f'hx-get="{url}"' in part and "<main" not in part


def test_annex_shows_pages_with_their_text(annexed, sign_in):
    application, file = annexed
    document = Document.objects.get(renderer=PAGES, subject=file.pk)
    picture = files.store(b"\xff\xd8\xff jpeg", "image/jpeg")
    DocumentPage.objects.create(document=document, number=1, file=picture, width=1100, height=1556, text="Total 12 €")
    Document.objects.filter(pk=document.pk).update(state="done")
    client = sign_in(make_ready())
    html = client.get(at("annex_pages", application, file.pk)).content.decode()
    assert "Total 12 €" in html and "hx-get" not in html
    response = client.get(at("annex_page_image", application, file.pk, 1))
    assert (response["Content-Type"], response["X-Content-Type-Options"]) == ("image/jpeg", "nosniff")
    assert b"".join(response.streaming_content) == b"\xff\xd8\xff jpeg"
    assert client.get(at("annex_page_image", application, file.pk, 2)).status_code == 404


def test_annex_that_failed_is_asked_for_again(annexed, sign_in):
    application, file = annexed
    Document.objects.filter(renderer=PAGES).update(state="failed", tries=5)
    client = sign_in(make_ready())
    assert "Préparer de nouveau les pages" in words(client.get(at("annex_pages", application, file.pk)))
    assert client.post(at("annex_prepare", application, file.pk)).status_code == 302
    assert Document.objects.get(renderer=PAGES).state == "queued"


def test_annex_file_is_an_inert_attachment(annexed, sign_in):
    application, file = annexed
    response = sign_in(make_ready()).get(at("annex_file", application, file.pk))
    assert response["Content-Disposition"] == "attachment; filename*=utf-8''Budget%20%C3%A9.pdf"
    assert response["Content-Security-Policy"].startswith("sandbox")
    response.close()


def test_annex_of_another_dossier_or_a_closed_one_is_404(annexed, sign_in):
    application, file = annexed
    other = make_deposited()
    officer = make_ready()
    client = sign_in(officer)
    names = [("annex_pages", ()), ("annex_file", ()), ("annex_page_image", (1,))]
    for name, more in names:
        assert client.get(at(name, other, file.pk, *more)).status_code == 404
    declare_interest(application, by=officer.user, at=CLOSED)
    for name, more in names:
        assert client.get(at(name, application, file.pk, *more)).status_code == 404
    assert client.post(at("annex_prepare", application, file.pk)).status_code == 404


# Reconciliation ----------------------------------------------------------------------------------------------------


def test_reconciliation_by_two_managers(sign_in):
    application = make_deposited(acronym="SCINDÉ")
    disagree(application, make_ready(body=0), make_ready(body=1))
    one, two = make_ready(power="manager"), make_ready(power="manager")
    client = sign_in(one)
    assert "À décider" in words(client.get(at("outcome_list", application.call)))
    assert "désaccord" in words(client.get(at("outcome_edit", application)))
    response = client.post(at("outcome_decide", application), {"conclusion": "inadmissible", "reason": "Mes mots."})
    assert response.status_code == 422 and "Mes mots." in response.content.decode()
    data = {"conclusion": "admissible", "ground": "", "reason": "La pièce y est."}
    assert client.post(at("outcome_decide", application), data).status_code == 302
    assert "Confirmer cette décision" not in words(client.get(at("outcome_edit", application)))
    client = sign_in(two)
    html = client.get(at("outcome_edit", application)).content.decode()
    digest = re.search(r'name="digest" value="([0-9a-f]{64})"', html)[1]
    assert digest == outcome_digest(Outcome.objects.get())
    assert client.post(at("outcome_confirm", application), {"digest": digest}).status_code == 302
    assert "décidé et confirmé" in words(client.get(at("outcome_list", application.call)))
    assert client.get(at("outcome_edit", application)).status_code == 200


def test_reconciliation_is_closed_to_officers_and_explained_to_who_checked(sign_in):
    application = make_deposited()
    checker = make_ready(body=0, power="manager")
    disagree(application, checker, make_ready(body=1))
    page = words(sign_in(checker).get(at("outcome_edit", application)))
    assert "Vous avez contrôlé ce dossier" in page and "Enregistrer ma décision" not in page
    officer = make_ready()
    for name in ("outcome_edit", "outcome_decide", "outcome_confirm"):
        method = sign_in(officer).get if name == "outcome_edit" else sign_in(officer).post
        assert method(at(name, application)).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_reconciliation_list_costs_the_same(sign_in, django_assert_num_queries, count):
    first, second = make_ready(body=0), make_ready(body=1)
    managers = make_ready(power="manager"), make_ready(power="manager")
    for _turn in range(count):
        application = make_deposited()
        disagree(application, first, second)
        reconcile(application, *managers)
    client = sign_in(managers[0])
    url = at("outcome_list", application.call)
    client.get(url)
    with django_assert_num_queries(12):
        client.get(url)


# Release -----------------------------------------------------------------------------------------------------------


@pytest.fixture
@world
def decided():
    application = make_deposited(acronym="RÉTINALIS")
    first, second = make_ready(body=0), make_ready(body=1)
    for officer in (first, second):
        conclude(application, officer, refuse=[refused_point(application)], reason="L’annexe manque.")
    return application, make_ready(power="manager"), make_ready(power="manager")


def test_release_page_shows_counts_letters_and_what_is_missing(decided, sign_in):
    application, manager, _other = decided
    client = sign_in(manager)
    page = words(client.get(at("release_preview", application.call)))
    assert "Irrecevable 1" in page and "Signer cette liste" in page
    letter = words(client.get(at("release_letter", application)))
    assert "L’annexe manque." in letter and "Décision sur la recevabilité" in letter
    missing = make_deposited(acronym="MANQUANT")
    page = words(client.get(at("release_preview", application.call)))
    assert "MANQUANT" in page and "Signer cette liste" not in page
    assert client.get(at("release_letter", missing)).status_code == 404


def test_release_by_two_in_the_browser(decided, sign_in):
    application, one, two = decided
    digest = release_plan(application.call).digest
    client = sign_in(one)
    assert client.post(at("release_propose", application.call), {"digest": digest}).status_code == 302
    assert "Vous avez signé" in words(client.get(at("release_preview", application.call)))
    assert client.post(at("release_confirm", application.call), {"digest": digest}).status_code == 409
    client = sign_in(two)
    assert "Confirmer et publier les décisions" in words(client.get(at("release_preview", application.call)))
    assert client.get(at("release_journal", application.call)).status_code == 404
    assert client.post(at("release_confirm", application.call), {"digest": digest}).status_code == 302
    assert Release.objects.get().confirmed_by == two.user
    assert "Les décisions sont publiées" in words(client.get(at("release_preview", application.call)))
    assert application.reference in words(client.get(at("release_journal", application.call)))
    assert "Irrecevable" in words(client.get(at("check_list", application.call) + "?vue=tous"))
    home = words(client.get(at("officer_home", application.call)))
    assert "L’évaluation est en cours" in home and "rien à faire" not in home


def test_an_interest_closes_its_letter_and_not_the_release(decided, sign_in):
    application, manager, _other = decided
    declare_interest(application, by=manager.user, at=CLOSED)
    client = sign_in(manager)
    page = words(client.get(at("release_preview", application.call)))
    assert "Votre déport" in page
    assert client.get(at("release_letter", application)).status_code == 404


def test_release_is_closed_to_officers(decided, sign_in):
    application, _one, _two = decided
    client = sign_in(make_ready())
    for name in ("release_preview", "release_journal"):
        assert client.get(at(name, application.call)).status_code == 404
    for name in ("release_propose", "release_confirm"):
        assert client.post(at(name, application.call)).status_code == 404
    assert client.get(at("release_letter", application)).status_code == 404


def candidate_pages(client, application):
    client.force_login(owner_of(application))
    urls = [
        reverse("applications:application_list"),
        reverse("applications:application_detail", args=[application.reference]),
    ]
    urls += [reverse("desk:my_space"), reverse("desk:call_detail", args=[application.call.slug])]
    return [re.sub(r'"csrf[^>]+>|data-now="[^"]+"', "", client.get(url).content.decode()) for url in urls]


def test_candidate_reads_the_same_until_the_release(client):
    application = make_deposited()
    before = candidate_pages(client, application)
    for body in (0, 1):
        conclude(application, make_ready(body=body), refuse=[refused_point(application)], reason="SECRET")
    managers = make_ready(power="manager"), make_ready(power="manager")
    digest = release_plan(application.call).digest
    propose_release(application.call, digest, by=managers[0].user, at=CLOSED)
    assert candidate_pages(client, application) == before
    confirm_release(application.call, digest, by=managers[1].user, at=CLOSED)
    assert candidate_pages(client, application) != before


@pytest.mark.parametrize("power", ["officer", "manager", "secretary"])
def test_home_opens_to_every_power(sign_in, power):
    application = make_deposited()
    client = sign_in(make_ready(power=power))
    assert client.get(at("officer_home", application.call)).status_code == 200
    assert client.get(at("check_list", application.call)).status_code == 200
    assert client.get(at("check_edit", application)).status_code == 200
