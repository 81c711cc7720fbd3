import re

import pytest
from allauth.mfa.models import Authenticator
from django.urls import reverse

from applications import checks, interests, releases
from applications.actions.admissibility import (
    conclude_check,
    confirm_release,
    propose_release,
    save_check,
    take_check,
)
from applications.actions.draft import attach_file
from applications.actions.interest import declare_interest
from applications.actions.people import remove_officer
from applications.models import Check, Interest, InterestDeclaration, Outcome, Release
from hdh_portal.records import files
from hdh_portal.records.models import Document, DocumentPage
from tests.applications.officers import conclude, disagree, make_ready, reconcile, refused_point, write
from tests.factories import (
    CLOSED,
    OPEN,
    deposit,
    make_deposited,
    make_draft,
    make_officer,
    owner_of,
    paris,
    pdf_upload,
    the_call,
)

pytestmark = pytest.mark.django_db
PAGES = "applications.documents.annex_pages"


@pytest.fixture(autouse=True)
def on_the_day(now_is):
    """The procedure's clock stands on the fourth of June 2020."""
    now_is(paris(2020, 6, 4, 10, 7))


@pytest.fixture
def sign_in(client):
    """Sign an officer in, with a second factor; returns the client."""

    def enter(officer):
        Authenticator.objects.get_or_create(user=officer.user, type="totp", defaults={"data": {"secret": "x"}})
        client.force_login(officer.user)
        return client

    return enter


def at(name, application_or_call, *args):
    if hasattr(application_or_call, "reference"):
        args = (application_or_call.reference, *args)
        application_or_call = application_or_call.call
    return reverse(f"applications:{name}", args=[application_or_call.slug, *args])


def words(response):
    text = re.sub(r"<[^>]+>", " ", response.content.decode().split("<main")[1])
    return re.sub(r"\s+([.,])", r"\1", " ".join(text.replace("\u00a0", " ").replace("\u202f", " ").split()))


# Interests ---------------------------------------------------------------------------------------------------------


def test_list_of_interests_says_names_and_nothing_else(sign_in):
    application = make_deposited(acronym="RÉTINALIS")
    client = sign_in(make_officer())
    page = words(client.get(at("interest_declare", application.call)))
    assert "RÉTINALIS" in page and "Ovélia" in page
    assert "300 000" not in page and application.reference not in page


def test_declaring_opens_the_list_without_the_named_dossier(sign_in):
    tied, free = make_deposited(acronym="LIÉ"), make_deposited(acronym="LIBRE")
    officer = make_officer()
    client = sign_in(officer)
    digest = interests.list_digest(interests.shown_to(officer))
    data = {"application": [tied.pk], "digest": digest, "read": "on"}
    response = client.post(at("interest_declare_save", tied.call), data)
    assert response.url == at("check_list", tied.call)
    page = words(client.get(response.url))
    assert "LIBRE" in page and "LIÉ" not in page and "1 dossier" in page
    assert client.get(at("check_edit", tied)).status_code == 404
    assert client.get(at("check_edit", free)).status_code == 200
    assert "Votre déport" in words(client.get(at("interest_declare", tied.call)))


def test_declaring_without_confirming_keeps_the_ticks(sign_in):
    tied = make_deposited()
    client = sign_in(make_officer())
    response = client.post(at("interest_declare_save", tied.call), {"application": [tied.pk], "digest": "x"})
    assert response.status_code == 422
    assert f'value="{tied.pk}" id="lien-{tied.pk}" checked' in response.content.decode()
    response = client.post(
        at("interest_declare_save", tied.call), {"application": [tied.pk], "digest": "x", "read": "on"}
    )
    assert response.status_code == 409
    assert "La liste a changé depuis cette page" in words(response)
    assert not InterestDeclaration.objects.exists()


@pytest.mark.parametrize("name", ["check_list", "officer_home", "interest_declare"])
def test_nothing_shows_before_the_closing(sign_in, now_is, name):
    application = make_deposited(acronym="RÉTINALIS")
    client = sign_in(make_officer())
    now_is(paris(2020, 6, 1, 11, 59, 59))
    page = words(client.get(at(name, application.call)))
    assert "RÉTINALIS" not in page
    assert "lundi 1 er juin 2020 à 12 h 00" in page or "lundi 1er juin 2020 à 12 h 00" in page


@pytest.mark.parametrize("name", ["check_list", "officer_home"])
def test_nothing_shows_before_the_declaration(sign_in, name):
    application = make_deposited(acronym="RÉTINALIS")
    client = sign_in(make_officer())
    page = words(client.get(at(name, application.call)))
    assert "RÉTINALIS" not in page
    assert "Déclarer mes liens" in page
    assert client.get(at("check_edit", application)).status_code == 404


def test_interest_declared_on_a_dossier_closes_it(sign_in):
    application = make_deposited()
    officer = make_ready()
    client = sign_in(officer)
    assert client.get(at("check_interest", application)).status_code == 200
    assert client.post(at("check_interest_declare", application)).url == at("check_list", application.call)
    assert Interest.objects.filter(user=officer.user, application=application, kind="declared").exists()
    for name in ("check_edit", "check_interest"):
        assert client.get(at(name, application)).status_code == 404
    for name in ("check_take", "check_save", "check_conclude", "check_give_back", "check_interest_declare"):
        assert client.post(at(name, application)).status_code == 404


# The list ----------------------------------------------------------------------------------------------------------


def test_views_count_and_hold_the_same(sign_in):
    officer, colleague = make_ready(name="Alix"), make_ready(name="Camille")
    other = make_ready(body=1)
    todo, begun, done, split = (make_deposited(acronym=name) for name in ("LIBRE", "PRIS", "FAIT", "SCINDÉ"))
    take_check(begun, colleague, by=colleague.user, at=CLOSED)
    conclude(done, officer)
    disagree(split, officer, other)
    client = sign_in(officer)
    page = words(client.get(at("check_list", todo.call)))
    assert "À contrôler 1 En cours 1 Faits 2 Tous 4" in page
    assert "LIBRE" in page and "PRIS" not in page
    assert "pris par Camille" in words(client.get(at("check_list", todo.call) + "?vue=en-cours"))
    faits = words(client.get(at("check_list", todo.call) + "?vue=faits"))
    assert "FAIT" in faits and "SCINDÉ" in faits and "À concilier" in faits
    assert client.get(at("check_list", todo.call) + "?vue=a-concilier").status_code == 404
    manager = make_ready(power="manager")
    page = words(sign_in(manager).get(at("check_list", todo.call) + "?vue=a-concilier"))
    assert "À concilier 1" in page and "1 dossier," in page


def test_filters_keep_the_view(sign_in):
    one = make_deposited(acronym="UN", axis="application")
    make_deposited(acronym="DEUX", axis="population")
    client = sign_in(make_ready())
    page = words(client.get(at("check_list", one.call) + "?vue=tous&axe=population"))
    assert "DEUX" in page and "UN Réponse" not in page and "1 dossier," in page
    page = words(client.get(at("check_list", one.call) + "?vue=tous&categorie=association"))
    assert "Aucun dossier ne correspond à ces filtres" in page


@pytest.mark.parametrize("count", [1, 3])
def test_list_costs_the_same_for_one_and_three(sign_in, django_assert_num_queries, count):
    officer, other = make_ready(), make_ready(body=1)
    for _turn in range(count):
        application = make_deposited()
        conclude(application, officer)
        conclude(application, other)
    client = sign_in(officer)
    url = at("check_list", application.call) + "?vue=tous"
    client.get(url)
    with django_assert_num_queries(14):
        client.get(url)


def test_other_call_and_other_people_get_404(sign_in, client):
    application = make_deposited()
    stranger = make_officer(the_call("autre"))
    removed = make_ready()
    remove_officer(removed, by=None, at=CLOSED)
    for officer in (stranger, removed):
        for name in ("officer_home", "check_list", "interest_declare", "outcome_list", "release_preview"):
            assert sign_in(officer).get(at(name, application.call)).status_code == 404
        assert sign_in(officer).get(at("check_edit", application)).status_code == 404
    client.force_login(owner_of(application))
    assert client.get(at("officer_home", application.call)).status_code == 404


def test_ids_of_two_calls_mixed_give_404(sign_in):
    other = make_deposited(the_call("autre"), at=the_call("autre").submission.opens_at)
    make_deposited()
    client = sign_in(make_ready())
    url = reverse("applications:check_edit", args=[the_call().slug, other.reference])
    assert client.get(url).status_code == 404


# The check ---------------------------------------------------------------------------------------------------------


def test_take_then_write_then_conclude_then_next(sign_in):
    first, second = make_deposited(acronym="PREMIER"), make_deposited(acronym="SECOND")
    officer = make_ready()
    client = sign_in(officer)
    assert "Prendre ce contrôle" in words(client.get(at("check_edit", first)))
    assert client.post(at("check_take", first)).url == at("check_edit", first)
    html = client.get(at("check_edit", first)).content.decode()
    assert 'name="item-on_time" value="yes"' in html and 'value="yes" class="form-check-input" id=' in html
    keys = first.call.checklistitem_set.values_list("key", flat=True)
    data = {f"item-{key}": "yes" for key in keys} | {"conclusion": "admissible", "ground": "", "reason": ""}
    response = client.post(at("check_conclude", first), data)
    assert response.url == at("check_edit", first)
    assert Check.objects.get().is_done
    response = client.get(response.url)
    assert "Votre contrôle est conclu." in words(response)
    html = response.content.decode()
    assert re.search(rf'class="btn btn-primary" href="{at("check_edit", second)}">Contrôler le dossier suivant', html)


def test_prepared_answers_are_checked_and_say_why(sign_in):
    application = make_deposited()
    officer = make_ready()
    take_check(application, officer, by=officer.user, at=CLOSED)
    html = sign_in(officer).get(at("check_edit", application)).content.decode()
    ticked = set(re.findall(r'name="item-([a-z_]+)" value="(yes|no)"[^>]* checked', html))
    assert ("on_time", "yes") in ticked and ("answers", "no") in ticked
    assert not {key for key, _value in ticked} & {"purpose", "innovation", "public_interest"}


def test_autosave_of_one_field_keeps_the_others(sign_in):
    application = make_deposited()
    officer = make_ready()
    check = take_check(application, officer, by=officer.user, at=CLOSED)
    save_check(check, answers={"on_time": "yes"}, reason="Déjà écrit.", by=officer.user, at=CLOSED)
    client = sign_in(officer)
    response = client.post(at("check_save", application), {"item-letters": "no"}, headers={"HX-Request": "true"})
    assert response.status_code == 200
    assert re.search(r"Enregistré à 10:0\d:\d\d", response.content.decode())
    assert response["Vary"].find("HX-Request") >= 0
    check.refresh_from_db()
    assert (check.reason, check.answers.count()) == ("Déjà écrit.", 2)


def test_autosave_that_is_refused_says_so(sign_in):
    application = make_deposited()
    officer = make_ready()
    conclude(application, officer)
    response = sign_in(officer).post(
        at("check_save", application), {"reason": "Encore."}, headers={"HX-Request": "true"}
    )
    assert response.status_code == 409
    assert 'role="alert"' in response.content.decode()


def test_conclusion_that_lacks_something_loses_nothing(sign_in):
    application = make_deposited()
    officer = make_ready()
    take_check(application, officer, by=officer.user, at=CLOSED)
    client = sign_in(officer)
    response = client.post(
        at("check_conclude", application),
        {"item-on_time": "no", "conclusion": "inadmissible", "ground": "", "reason": "Mes <mots> à moi."},
    )
    assert response.status_code == 422
    html = response.content.decode()
    assert "Mes &lt;mots&gt; à moi." in html
    assert "<title>Erreur\u00a0:" in html
    page = words(response)
    assert "11 réponses sont à corriger" in page and "Choisissez le motif publié." in page
    assert not Check.objects.get().is_done


def test_late_words_on_a_concluded_check_are_shown_again(sign_in):
    application = make_deposited()
    officer = make_ready()
    conclude(application, officer)
    response = sign_in(officer).post(at("check_conclude", application), {"reason": "Trop tard."})
    assert response.status_code == 409
    assert "Trop tard." in response.content.decode() and "il ne change plus" in words(response)


def test_colleague_reads_who_has_it_and_nothing_of_it(sign_in):
    application = make_deposited()
    officer, colleague = make_ready(name="Alix Brun"), make_ready()
    check = take_check(application, officer, by=officer.user, at=CLOSED)
    save_check(check, reason="SECRET", by=officer.user, at=CLOSED)
    client = sign_in(colleague)
    response = client.get(at("check_edit", application))
    assert "Pris par Alix Brun depuis le 4 juin 10:05:00" in words(response)
    assert "SECRET" not in response.content.decode()
    assert client.post(at("check_take", application)).status_code == 409


def test_give_back_returns_to_the_list(sign_in):
    application = make_deposited()
    officer = make_ready()
    take_check(application, officer, by=officer.user, at=CLOSED)
    client = sign_in(officer)
    assert client.post(at("check_give_back", application)).url == at("check_list", application.call)
    assert not Check.objects.exists()


def pages_of(client, application):
    urls = [at("check_edit", application), at("officer_home", application.call)]
    urls += [
        at("check_list", application.call) + f"?vue={view}" for view in ("a-controler", "en-cours", "faits", "tous")
    ]
    return [
        re.sub(r'"csrf[^>]+>|data-now="[^"]+"|\d\d:\d\d:\d\d', "", client.get(url).content.decode()) for url in urls
    ]


def test_other_body_is_blind_whatever_was_concluded(sign_in):
    """Two worlds that differ by what the other body answered read the same until all are in."""
    application = make_deposited()
    officer, other = make_ready(body=0), make_ready(body=1)
    check = take_check(application, other, by=other.user, at=CLOSED)
    client = sign_in(officer)
    nothing = pages_of(client, application)
    write(check, refuse=[refused_point(application)], reason="SECRET")
    assert pages_of(client, application) == nothing

    conclude_check(check, by=other.user, at=CLOSED)
    done = pages_of(client, application)
    assert "Fait, masqué" in done[0] and "SECRET" not in "".join(done)
    assert [page.replace("Fait, masqué", "À faire").count("Irrecevable") for page in done] == [0] * len(done)
    manager = make_ready(power="manager")
    assert "SECRET" not in "".join(pages_of(sign_in(manager), application))
    assert client.get(at("outcome_edit", application)).status_code == 404


def test_all_checks_show_once_all_are_in(sign_in):
    application = make_deposited()
    officer, other = make_ready(body=0), make_ready(body=1)
    conclude(application, other, refuse=[refused_point(application)], reason="La pièce est vide.")
    conclude(application, officer)
    assert "La pièce est vide." in words(sign_in(officer).get(at("check_edit", application)))


# Annexes -----------------------------------------------------------------------------------------------------------


@pytest.fixture
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
    assert f'data-poll="{url}"' in part and "<main" not in part


def test_annex_shows_pages_with_their_text(annexed, sign_in):
    application, file = annexed
    document = Document.objects.get(renderer=PAGES, subject=file.pk)
    picture = files.store(b"\xff\xd8\xff jpeg", "image/jpeg")
    DocumentPage.objects.create(document=document, number=1, file=picture, width=1100, height=1556, text="Total 12 €")
    Document.objects.filter(pk=document.pk).update(state="done")
    client = sign_in(make_ready())
    html = client.get(at("annex_pages", application, file.pk)).content.decode()
    assert "Total 12 €" in html and "data-poll" not in html
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
    assert digest == checks.outcome_digest(Outcome.objects.get())
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
    with django_assert_num_queries(14):
        client.get(url)


# Release -----------------------------------------------------------------------------------------------------------


@pytest.fixture
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
    digest = releases.release_plan(application.call).digest
    client = sign_in(one)
    assert client.post(at("release_propose", application.call), {"digest": digest}).status_code == 302
    assert "Vous avez signé" in words(client.get(at("release_preview", application.call)))
    assert client.post(at("release_confirm", application.call), {"digest": digest}).status_code == 409
    client = sign_in(two)
    assert "Confirmer et communiquer à tous" in words(client.get(at("release_preview", application.call)))
    assert client.get(at("release_journal", application.call)).status_code == 404
    assert client.post(at("release_confirm", application.call), {"digest": digest}).status_code == 302
    assert Release.objects.get().confirmed_by == two.user
    assert "Les issues sont communiquées" in words(client.get(at("release_preview", application.call)))
    assert application.reference in words(client.get(at("release_journal", application.call)))
    assert "Irrecevable" in words(client.get(at("check_list", application.call) + "?vue=tous"))


def test_release_shows_no_number_to_who_is_tied(decided, sign_in):
    application, manager, _other = decided
    declare_interest(application, by=manager.user, at=CLOSED)
    client = sign_in(manager)
    page = words(client.get(at("release_preview", application.call)))
    assert "Cette liste ne vous est pas ouverte" in page and "Irrecevable" not in page
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
    digest = releases.release_plan(application.call).digest
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
