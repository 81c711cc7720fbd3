"""The bar: another stage, another role, the mails; in a demonstration only."""

import base64
import json
import re
from collections import Counter

import pytest
from django.core.mail import EmailMessage, get_connection
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, reverse

from hdh_portal.accounts.models import User
from hdh_portal.demo import hastening, roles, stages, visit
from hdh_portal.demo.script import script
from hdh_portal.ground import clock
from hdh_portal.records import outbox
from hdh_portal.records.models import Document, Message
from reviews.models import ScoreSheet

pytestmark = pytest.mark.embedded

STAGE, ROLE, MAILS = "/demonstration/etape/", "/demonstration/role/", "/demonstration/courriels/"
SPACE = "/mon-espace/"


def name_of(client):
    """Who is signed in, None for nobody."""
    pk = client.session.get("_auth_user_id")
    return User.objects.get(pk=pk).name if pk else None


# Roles --------------------------------------------------------------------------------------------------------------


STAGES = [row["name"] for row in script("replay")["stages"]]
BEFORE_THE_JURY = {"public", "officer", "manager", "second-manager"}
AT_THE_JURY = BEFORE_THE_JURY | {"juror", "president", "secretary"}


@pytest.mark.parametrize("stage", STAGES)
def test_every_role_of_a_stage_is_one_click_away(client, demonstration, stage):
    demonstration(stage)
    for role in roles.roles_at(stages.current()):
        answer = client.post(ROLE, {"role": role.key})
        assert (answer.status_code, answer.url) == (302, SPACE if role.email else "/")
        assert client.get(answer.url).status_code == 200
        current = re.findall(r'name="role" value="([a-z-]+)" aria-current', client.get("/").content.decode())
        assert current == [role.key]


@pytest.mark.parametrize(
    ("stage", "offered"),
    [
        ("open", BEFORE_THE_JURY | {"draft", "candidate", "second-officer"}),
        ("released", BEFORE_THE_JURY | {"draft", "candidate", "refused", "second-officer"}),
        ("scoring", BEFORE_THE_JURY | {"candidate", "rapporteur"}),
        ("shortlisted", AT_THE_JURY | {"shortlisted", "not-shortlisted", "rapporteur"}),
        ("jury", AT_THE_JURY | {"shortlisted", "acting-president"}),
        ("deliberating", AT_THE_JURY | {"shortlisted", "acting-president"}),
        ("announced", AT_THE_JURY | {"laureate", "not-selected", "acting-president"}),
    ],
)
def test_role_is_offered_where_it_has_something_to_see(stage, offered):
    assert {role.key for role in roles.roles_at(stages.stage_named(stage))} == offered


def test_stages_stand_in_the_groups_of_the_procedure():
    groups = [stage.group for stage in stages.all_stages()]
    assert groups == [*2 * ["Dépôt"], *2 * ["Recevabilité"], *3 * ["Évaluation"], *2 * ["Jury"], "Annonce"]


@pytest.mark.parametrize(
    ("stage", "key", "address"),
    [
        ("scoring", "rapporteur", "reviews:worklist"),
        ("scoring", "manager", "reviews:sheet_list"),
        ("shortlisted", "manager", "reviews:ranking"),
        ("jury", "juror", "jury:sitting_list"),
        ("jury", "president", "jury:sitting_list"),
        ("jury", "acting-president", "jury:sitting_list"),
        ("jury", "secretary", "jury:sitting_list"),
        ("announced", "secretary", "jury:minutes"),
    ],
)
def test_role_comes_to_its_work_without_a_second_factor(client, demonstration, stage, key, address):
    demonstration(stage)
    client.post(ROLE, {"role": key})
    assert client.get(reverse(address, args=[script("call")["slug"]])).status_code == 200


@pytest.mark.parametrize("key", ["officer", "second-officer", "manager", "second-manager"])
def test_role_counts_as_second_factor(client, demonstration, key):
    demonstration("admissibility")
    client.post(ROLE, {"role": key})
    slug = script("call")["slug"]
    assert client.get(reverse("applications:officer_home", args=[slug])).status_code == 200


def test_account_without_the_bar_still_needs_a_second_factor(client, demonstration):
    demonstration("admissibility")
    user = User.objects.get(email=roles.role_at(stages.current(), "officer").email)
    client.force_login(user)
    answer = client.get(reverse("applications:officer_home", args=[script("call")["slug"]]))
    assert (answer.status_code, answer.url) == (302, reverse("accounts:second_factor"))


def test_new_role_is_a_new_session(client, demonstration):
    demonstration("open")
    client.post(ROLE, {"role": "draft"})
    before = client.session.session_key
    client.post(ROLE, {"role": "candidate"})
    assert client.session.session_key != before
    client.post(ROLE, {"role": "public"})
    assert name_of(client) is None


# Stages -------------------------------------------------------------------------------------------------------------


def test_stage_is_restored_and_the_same_role_signed_in_again(client, demonstration):
    demonstration("open")
    client.post(ROLE, {"role": "officer"})
    answer = client.post(STAGE, {"stage": "released"})
    assert (answer.status_code, answer.url) == (302, SPACE)
    assert (stages.current().name, name_of(client)) == ("released", "Instruction HDH 1")
    assert client.get(SPACE).status_code == 200


def test_role_that_the_stage_does_not_have_becomes_the_public(client, demonstration):
    demonstration("released")
    client.post(ROLE, {"role": "refused"})
    assert name_of(client) is not None
    answer = client.post(STAGE, {"stage": "open"})
    assert (answer.url, name_of(client)) == ("/", None)


def test_account_that_a_stage_does_not_know_is_signed_out(client, demonstration):
    demonstration("open")
    user = User.objects.create_user("quelquun@exemple.fr", name="Quelqu’un")
    client.force_login(user)
    answer = client.post(STAGE, {"stage": "admissibility"})
    assert (answer.url, name_of(client)) == ("/", None)


def notified_at(client, settings, stage):
    """How often the worker was told of each task, and of documents by their renderer, after a switch to a stage."""
    client.post(STAGE, {"stage": stage})
    told = [json.loads(path.read_text()) for path in (settings.BROKER_DIR / "queue").iterdir()]
    tasks = Counter(message["headers"]["task"].rpartition(".")[2] for message in told)
    ids = [one["id"] for one in map(arguments, told) if one["task"] == "render_document"]
    renderers = Counter(Document.objects.filter(pk__in=ids).values_list("renderer", flat=True))
    return tasks, renderers


def arguments(message):
    """Task and id of a message of the folder broker."""
    args, _named, _embedded = json.loads(base64.b64decode(message["body"]))
    return {"task": message["headers"]["task"].rpartition(".")[2], "id": args[0]}


def test_worker_hears_first_of_what_the_roles_have_to_see(client, demonstration, settings):
    demonstration("open")
    tasks, _renderers = notified_at(client, settings, "released")
    candidates = [role for role in roles.roles_at(stages.current()) if role.acronym]
    mails = Message.objects.filter(to__in=[role.email for role in candidates])
    assert tasks["send_message"] == mails.count() > 0
    assert 0 < tasks["render_document"] < 20


def test_worker_hears_first_of_the_jury_s_papers(client, demonstration, settings):
    demonstration("open")
    tasks, renderers = notified_at(client, settings, "jury")
    assert renderers["consolidated_sheet"] == 21
    assert tasks["render_document"] < 40
    _tasks, renderers = notified_at(client, settings, "announced")
    assert renderers["minutes"] == renderers["announcement"] == 1
    _tasks, renderers = notified_at(client, settings, "scoring")
    sent = ScoreSheet.objects.filter(
        assignment__rapporteur__user__email=roles.role_at(stages.current(), "rapporteur").email, sent_at__isnull=False
    )
    assert renderers["score_sheet"] == sent.count() > 3


@pytest.mark.parametrize("stage", ["open", "released", "jury", "announced"])
def test_only_what_the_roles_have_to_see_is_made_unasked(client, demonstration, stage):
    """A sweep after the switch tells of nothing that the switch did not: the rest waits for a page to show it."""
    demonstration("open")
    client.post(STAGE, {"stage": stage})
    waiting = Document.objects.filter(state=Document.State.QUEUED)
    due = set(outbox.waiting(Document, clock.real(), limit=1000))
    assert due == {row.pk for row in hastening._documents(stages.current())}
    assert len(due) < 40 < waiting.count()


def test_paper_that_was_put_off_is_asked_for_by_the_page_that_shows_it(client, demonstration, settings):
    demonstration("open")
    client.post(ROLE, {"role": "manager"})
    client.post(STAGE, {"stage": "jury"})
    due = set(outbox.waiting(Document, clock.real(), limit=1000))
    sheet = ScoreSheet.objects.counting().exclude(pk__in=Document.objects.filter(pk__in=due).values("subject")).first()
    page = reverse("reviews:sheet_dossier", args=[script("call")["slug"], sheet.assignment.application.reference])
    outbox._asked.clear()
    assert client.get(page).status_code == 200
    told = (settings.BROKER_DIR / "queue").glob("*.asked.*")
    ids = {arguments(json.loads(path.read_text()))["id"] for path in told}
    assert ids & set(Document.objects.filter(renderer="score_sheet", subject=sheet.pk).values_list("pk", flat=True))


def test_clock_runs_on_from_the_stage(client, demonstration):
    demonstration("last-minutes")
    page = client.get("/").content.decode()
    assert re.search(r"lundi 1<sup>er</sup>\s+juin 2020, 11\s+h\s+5[01]", page.replace("\xa0", " "))


# Refusals -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("address", "field"), [(STAGE, "stage"), (ROLE, "role")])
def test_unknown_name_answers_404(client, demonstration, address, field):
    demonstration("open")
    assert client.post(address, {field: "nothing"}).status_code == 404
    assert client.post(address).status_code == 404
    assert stages.current().name == "open"


@pytest.mark.parametrize("address", [STAGE, ROLE])
def test_switch_is_a_post_with_its_token(demonstration, address):
    demonstration("open")
    strict = Client(enforce_csrf_checks=True)
    assert strict.get(address).status_code == 405
    assert strict.post(address, {"stage": "released", "role": "manager"}).status_code == 403
    assert stages.current().name == "open"


@pytest.mark.parametrize("address", [STAGE, ROLE])
def test_switch_never_leads_elsewhere(client, demonstration, address):
    demonstration("open")
    elsewhere = {"next": "https://ailleurs.example/", "stage": "open", "role": "draft"}
    answer = client.post(
        f"{address}?next=https://ailleurs.example/", elsewhere, headers={"Referer": "https://a.example/"}
    )
    assert answer.url in (SPACE, "/")


@pytest.mark.parametrize("address", [STAGE, ROLE, MAILS, f"{MAILS}{'a' * 32}/"])
@pytest.mark.parametrize("urls", ["hdh_portal.urls", "tests.demo.urls"])
def test_there_is_nothing_of_it_outside_a_demonstration(client, demonstration, settings, address, urls):
    demonstration("open")
    settings.HDH_DEMO, settings.ROOT_URLCONF = False, urls
    read = address.startswith(MAILS)
    answer = client.get(address) if read else client.post(address, {"stage": "released", "role": "manager"})
    assert answer.status_code == 404
    assert (stages.current().name, name_of(client)) == ("open", None)
    if urls == "hdh_portal.urls":
        with pytest.raises(NoReverseMatch):
            reverse("demo:stage")


def test_bar_itself_asks_the_database_nothing(client, demonstration, settings):
    demonstration("open")
    client.post(ROLE, {"role": "officer"})
    client.get(SPACE)
    with CaptureQueriesContext(connection) as with_bar:
        shown = client.get(SPACE).content.decode()
    settings.MIDDLEWARE = settings.MIDDLEWARE[:-1]
    barless = Client()
    barless.cookies = client.cookies
    with CaptureQueriesContext(connection) as without:
        plain = barless.get(SPACE).content.decode()
    assert ('class="demo"' in shown, 'class="demo"' in plain) == (True, False)
    assert len(with_bar) == len(without)


# Mails --------------------------------------------------------------------------------------------------------------


def send(subject, text="Bonjour"):
    mail = EmailMessage(subject, text, to=["lea@exemple.fr"], connection=get_connection(MAILBOX))
    mail.attach("recepisse.pdf", b"%PDF-1.4", "application/pdf")
    mail.send()


MAILBOX = "hdh_portal.records.mailbox.EmailBackend"


def test_mails_are_listed_newest_first_and_read_as_plain_text(client, demonstration):
    demonstration("open")
    send("Le premier")
    send("Le second <b>", "Voici : http://localhost:8000/comptes/ <script>")
    page = client.get(MAILS).content.decode()
    assert re.findall(r'<a href="/demonstration/courriels/[0-9a-f]{32}/">([^<]*)</a>', page) == [
        "Le second &lt;b&gt;",
        "Le premier",
    ]
    link = re.search(r'"(/demonstration/courriels/[0-9a-f]{32}/)"', page)[1]
    mail = client.get(link).content.decode()
    assert ("<script>" in mail, 'href="http://localhost:8000/comptes/"' in mail, "recepisse.pdf" in mail) == (
        False,
        True,
        True,
    )


def test_mails_of_before_the_switch_go_with_their_stage(client, demonstration):
    demonstration("open")
    send("D’avant")
    demonstration("released")
    assert "D’avant" not in client.get(MAILS).content.decode()


def test_mail_that_is_not_there_answers_404(client, demonstration):
    demonstration("open")
    assert client.get(f"{MAILS}{'a' * 32}/").status_code == 404
    assert client.get(f"{MAILS}secret/").status_code == 404


# Examples -----------------------------------------------------------------------------------------------------------


CHECKS = {"begun", "checked", "to_check", "to_reconcile", "reconciled", "with_interest"}
SHEETS = {"scored", "scoring", "to_score", "to_declare", "stepped_aside", "reopened"}
LIST = {"proposed", "equal"}
HEARINGS = {"under_way", "heard", "to_hear", "noted", "recused"}
RESULT = {"laureate", "reserve", "not_selected"}


@pytest.mark.parametrize(
    ("stage", "there"),
    [
        ("open", {"draft", "candidate", "to_check"}),
        ("last-minutes", {"draft", "candidate", "to_check"}),
        ("admissibility", {"draft", "candidate", *CHECKS} - {"reconciled"}),
        ("released", {"draft", "candidate", "refused", "checked", "reconciled", "with_interest"}),
        ("scoring", {"candidate", "checked", "reconciled", "with_interest", *SHEETS}),
        ("shortlisted", {"checked", "reconciled", "with_interest", "scored", "stepped_aside", "reopened", *LIST}),
        ("jury", {"checked", "reconciled", "with_interest", "reopened", *LIST, *HEARINGS}),
        (
            "announced",
            {"checked", "reconciled", "with_interest", "reopened", *LIST, *RESULT, "heard", "noted", "recused"},
        ),
    ],
)
def test_examples_are_there_at_each_stage(demonstration, stage, there):
    demonstration(stage)
    every = {"draft", "candidate", "refused", *CHECKS, *SHEETS, *LIST, *HEARINGS, *RESULT}
    found = visit.examples()
    assert {key for key in every if key in found} == there
    assert {"withdrawn", "twice"} <= found.keys()
    assert found["annex"] is not None
