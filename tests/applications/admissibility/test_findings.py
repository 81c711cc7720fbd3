import pytest

from applications.admissibility.findings import findings, version_to_check
from applications.dossier.actions.uploading import attach_file
from applications.findings import Finding
from applications.models import Call, CallWindow, Submission
from hdh_portal.records.models import Document
from tests.factories import OPEN, deposit, make_deposited, make_draft, owner_of, paris, pdf_upload, siret, the_call

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]
PAGES = "annex_pages"


def found(application):
    rows = findings(version_to_check(application))
    return {key: (row.answer, row.text.replace("\u00a0", " ").replace("\u202f", " ")) for key, row in rows.items()}


def annexed(**answers):
    application = make_draft(**answers)
    question = application.call.questions.get(key="financial_annex")
    attach_file(application, question, pdf_upload(), by=owner_of(application), at=OPEN)
    deposit(application)
    return application


def test_whole_dossier_prepares_every_answer_the_portal_can_see():
    application = annexed()
    Document.objects.filter(renderer=PAGES).update(state="done")
    assert found(application) == {
        "on_time": ("yes", "oui, 3 jours 2 h 48 min avant"),
        "answers": ("yes", "30 sur 30"),
        "files": ("yes", "1 sur 1"),
        "letters": ("yes", "aucun partenaire"),
        "amount": ("yes", "300 000,00 €, au plus 300 000 €"),
        "duration": ("yes", "12 mois, de 12 à 24 mois"),
        "siret": ("yes", "1 sur 1"),
        "sharing": ("yes", "2 réponses sur 2"),
    }


def test_missing_answers_are_named():
    application = make_deposited(legal_representative="")
    answer, text = found(application)["answers"]
    assert (answer, text) == (
        "no",
        "28 sur 30 : il manque « Représentant légal du porteur », « Annexe financière »",
    )


@pytest.mark.parametrize(
    ("answers", "finding"),
    [
        ({"sharing_plan": ""}, ("", "1 réponse sur 2")),
        ({"sharing_plan": "", "shared_assets": []}, ("no", "aucune réponse sur le partage")),
    ],
)
def test_sharing_is_counted(answers, finding):
    assert found(make_deposited(**answers))["sharing"] == finding


@pytest.mark.parametrize(
    ("state", "finding"),
    [
        ("queued", ("", "1 pièce en préparation")),
        ("failed", ("", "à vérifier : annexe.pdf ne s’affiche pas")),
        ("done", ("yes", "1 sur 1")),
    ],
)
def test_files_are_readable_once_their_pages_are_drawn(state, finding):
    application = annexed()
    Document.objects.filter(renderer=PAGES).update(state=state)
    assert found(application)["files"] == finding


def test_dossier_without_files_says_so():
    assert found(make_deposited())["files"] == ("yes", "aucune pièce jointe")


def test_limits_are_those_of_the_call():
    application = make_deposited()
    Call.objects.filter(pk=application.call_id).update(max_grant_cents=29_999_999, min_months=13)
    rows = found(application)
    assert rows["amount"] == ("no", "300 000,00 €, soit 0,01 € de trop")
    assert rows["duration"] == ("no", "12 mois, de 13 à 24 mois")


@pytest.mark.parametrize(
    ("closes_at", "finding"),
    [
        (paris(2020, 5, 29, 9, 12), ("no", "non, 0 s après")),
        (paris(2020, 5, 29, 9, 12, 1), ("yes", "oui, 1 s avant")),
        (paris(2020, 5, 29, 9, 11, 35), ("no", "non, 25 s après")),
    ],
)
def test_closing_is_half_open(closes_at, finding):
    application = make_deposited()
    CallWindow.objects.filter(call=application.call, kind="submission").update(closes_at=closes_at)
    assert found(application)["on_time"] == finding


def test_wrong_siret_of_a_partner_is_named():
    partner = {"name": "Laboratoire Marivaux", "siret": siret(12), "category": "university"}
    application = make_deposited(partners=[partner])
    version = version_to_check(application)
    version.partners.all()[0].siret = "12345678901234"
    row = findings(version)["siret"]
    assert (row.answer, row.text) == ("no", "1 sur 2\u00a0: à vérifier pour Laboratoire Marivaux")


def test_call_without_findings_asks_everything():
    call = the_call("autre")
    application = make_deposited(call, at=call.submission.opens_at)
    rows = found(application)
    assert set(rows) == {"on_time", "answers"}


def test_findings_read_the_version_that_counts(django_assert_num_queries):
    application = make_deposited()
    version = version_to_check(application)
    assert version == Submission.objects.get()
    with django_assert_num_queries(4):
        assert isinstance(findings(version)["on_time"], Finding)
