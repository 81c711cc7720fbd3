"""Two worlds that differ in one secret of the evaluation or of the jury, as those read them who may not know it."""

from dataclasses import dataclass

import pytest
from django.urls import reverse

from hdh_portal.ground import clock
from hdh_portal.records.models import Document, Message
from hdh_portal.records.outbox import queue_message
from jury.hearings.actions.opinion import save_opinion
from jury.hearings.actions.presences import record_presence
from jury.models import Hearing, Juror
from reviews.scoring.worklist import LABELS
from reviews.shortlist.actions import place_dossier
from tests.permissions import addresses, crawling
from tests.permissions.addresses import ROUTES
from tests.permissions.built import selection_world
from tests.permissions.selection_table import ROWS
from tests.permissions.selection_world import ACTORS, DUE, HEARD, HEARING, SelectionWorld, make_documents
from tests.permissions.table import ROWS as FIRST_ROWS
from tests.permissions.world import ACTORS as FIRST
from tests.permissions.world import LATER
from tests.reviews.makers import RANKED, SCORING
from tests.reviews.marking import rule, write
from tests.worlds import world_of_module

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]
REAL = LATER  # the one instant at which both worlds are read
# Pages in which nothing is read but settings, and one that opens by a link of its own.
PLAIN = (
    *("contact", "legal_notice", "personal_data", "accessibility", "site_map", "healthz", "public_keys"),
    *("receipt_verify", "invitation", "attempt_lookup"),
)
# Who stands for a person in the table of the first stage.
THERE = {"officer": "first", "bound": "manager", "shut": "secretary"}
THERE |= dict.fromkeys(("scorer", "silent"), "rapporteur")
THERE |= dict.fromkeys(("juror", "mute", "recused", "president"), "juror")


def gets_of(reader):
    """Routes of pages that let this person in at some moment; all others are one and the same 404, says the table."""
    columns = ((FIRST_ROWS, FIRST.index(THERE.get(reader, reader))), (ROWS, ACTORS.index(reader)))
    rows = [(row, row.letters[column]) for table, column in columns for row in table if row.method == "GET"]
    found = {row.route for row, letter in rows if letter not in "-.L"}
    return sorted(one for one in found if ":" in one and one.partition(":")[2] not in PLAIN and one[:8] != "accounts")


@pytest.fixture(scope="module")
def built(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), world_of_module(selection_world) as world:
        yield world


@pytest.fixture
def world(built, monkeypatch):
    """The world at one instant: its clock stands still, at the scoring unless a secret says otherwise."""
    monkeypatch.setattr(clock, "real", lambda: REAL)
    monkeypatch.setattr(clock, "offset", lambda: built.now - REAL)
    built.now = SCORING
    return built


# Secrets ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Secret:
    """Two acts of which one happens at a moment; then it is `now`.

    `dossier`: what it is about; `readers`: who may not know it; `circle`: papers and mails that it makes for those who
    may; `besides`: routes of which every act changes what they say.
    """

    moment: str
    acts: tuple
    dossier: str
    readers: tuple
    now: object
    circle: tuple = ()
    besides: tuple = ()


def nothing(world):
    """Nothing happens."""


def sends(dossier, mark, *, hidden=False):
    """Another rapporteur, who was given the dossier, sends a sheet with this mark, or only writes it (None)."""

    def happen(world):
        rule(world.call, marks_visible_after_send=not hidden)
        if mark is None:
            write(world.give(dossier, "fourth"), 4.0)
        else:
            world.send(dossier, "fourth", mark, transmissible=f"Noté {mark}.")

    return happen


def gives(dossier, name):
    """A dossier is given to this rapporteur."""
    return lambda world: world.give(dossier, name)


def places(name, is_in):
    """A dossier is moved into the list or out of it by hand."""
    return lambda world: place_dossier(world.dossiers[name], is_in, "Le secret.", by=world.people["signer"], at=RANKED)


def freezes(moved):
    """The shortlist is frozen, as the rule has it or with one dossier in and another out."""

    def happen(world):
        for name, is_in in (("out", True), ("spare", False)) if moved else ():
            by = world.people["signer"]
            place_dossier(world.dossiers[name], is_in, "Le secret.", by=by, at=RANKED)
        world.sign_list()
        world.freeze_list()

    return happen


def notes(notes, leaning, mark):
    """A juror writes for themselves."""

    def happen(world):
        criteria = world.call.criterion_set.values_list("key", flat=True)
        save_opinion(
            Hearing.objects.select_related("application__call").get(application=world.dossiers["live"]),
            marks=dict.fromkeys(criteria, mark),
            notes=notes,
            leaning=leaning,
            by=world.people["juror"],
            at=HEARING,
        )

    return happen


LAUREATE = ("laureate", {"amount_cents": 10_000_000})
LESS = ("laureate", {"amount_cents": 9_000_000})
REFUSED = ("not_selected", {"reason": "Le secret."})
OTHERWISE = ("not_selected", {"reason": "Un autre secret."})


def decides(decision, *steps):
    """Everything is heard and decided, one dossier like this; then the steps that follow."""

    def happen(world):
        world.hear_all()
        conclusion, fields = decision
        for name in ("heard", "live", "coming", "theirs"):
            world.decide(name, *((conclusion,) if name == "heard" else ()), **(fields if name == "heard" else {}))
        for step in steps:
            step(world)
            make_documents()

    return happen


FROZEN = (SelectionWorld.sign_decisions, SelectionWorld.freeze_decisions)
SIGNED = (*FROZEN, SelectionWorld.sign_results)
RELEASED = (*SIGNED, SelectionWorld.release_results)


def leaves(seat, *steps):
    """A juror leaves the room of the hearing that is under way, or nobody does; then all goes on to the end."""

    def happen(world):
        if seat:
            hearing = Hearing.objects.select_related("application__call").get(application=world.dossiers["live"])
            juror = Juror.objects.get(call=world.call, seat=seat)
            record_presence(hearing, juror, "left", by=world.people["clerk"], at=HEARING)
        decides(LAUREATE, *steps)(world)

    return happen


SHEET = ("score_sheet",)
CANDIDATES = ("owner", "other")
SECRETS = {
    "a mark of another rapporteur": Secret(
        "scoring",
        (sends("begun", 4.0), sends("begun", 1.0)),
        "begun",
        ("scorer", "silent", "owner", "officer", "juror", "bound", "anonymous"),
        SCORING,
    ),
    "a mark of another rapporteur that the call hides": Secret(
        "scoring", (sends("sent", 4.0, hidden=True), sends("sent", 1.0, hidden=True)), "sent", ("scorer",), SCORING
    ),
    "that another rapporteur has sent": Secret(
        "scoring", (sends("begun", None), sends("begun", 4.0)), "begun", ("scorer", "owner", "juror"), SCORING, SHEET
    ),
    "a shortlist that is frozen, not told": Secret(
        "over",
        (freezes(False), freezes(True)),
        "spare",
        (*CANDIDATES, "scorer", "officer", "juror", "anonymous"),
        RANKED,
    ),
    "who scores a dossier, to who is recused from it": Secret(
        "scoring", (gives("spare", "idle"), gives("spare", "fourth")), "spare", ("bound", "owner"), SCORING
    ),
    "a place in the list, to who is recused from it": Secret(
        "over", (places("spare", True), places("spare", False)), "spare", ("bound", *CANDIDATES, "officer"), RANKED
    ),
    "what a juror notes": Secret(
        "hearing",
        (notes("Oui.", "favourable", 4.0), notes("Non.", "unfavourable", 1.0)),
        "live",
        ("president", "secretary", "manager", "mute", "admin", "owner"),
        HEARING,
    ),
    "a decision that is confirmed": Secret(
        "hearing",
        (decides(LAUREATE), decides(REFUSED)),
        "heard",
        ("recused", "mute", "shut", "officer", "anonymous"),
        HEARD,
    ),
    "a decision that is frozen": Secret(
        "hearing",
        (decides(LAUREATE, *FROZEN), decides(REFUSED, *FROZEN)),
        "heard",
        (*CANDIDATES, "scorer"),
        HEARD,
    ),
    # Once frozen, what was decided is open to every juror; why it was, is not to who is recused.
    "the reason of a decision that is frozen": Secret(
        "hearing",
        (decides(REFUSED, *FROZEN), decides(OTHERWISE, *FROZEN)),
        "heard",
        (*CANDIDATES, "scorer", "bound", "recused", "shut", "mute"),
        HEARD,
    ),
    "a decision that a manager has signed": Secret(
        "hearing",
        (decides(LAUREATE, *SIGNED), decides(REFUSED, *SIGNED)),
        "heard",
        (*CANDIDATES, "anonymous", "officer", "scorer"),
        DUE,
    ),
    "the amount of a laureate": Secret(
        "hearing",
        (decides(LAUREATE, *SIGNED), decides(LESS, *SIGNED)),
        "heard",
        ("owner", "anonymous"),
        DUE,
    ),
    "who was in the room": Secret(
        "hearing",
        (leaves(None, *RELEASED), leaves(8, *RELEASED)),
        "live",
        ("owner", "scorer", "anonymous"),
        DUE,
        besides=("desk:journal_head",),  # The head that the release publishes stands for the whole chain.
    ),
}


# Reading everything ---------------------------------------------------------------------------------------------------


def starts(world, reader, dossier):
    """Every page that lets the reader in, for the dossier of the secret; a list with its views; what does not exist."""
    yield "/n-existe/"
    for route in gets_of(reader):
        yield addresses.address(world, route, dossier)
        if "stage" in ROUTES[route]:
            yield from (addresses.address(world, route, dossier, stage=slug) for slug in ("preselection", "resultats"))
    if reader in ("scorer", "silent"):
        yield from (f"{reverse('reviews:worklist', args=[world.call.slug])}?vue={view}" for view in LABELS)


def read(world, secret, act, readers, route=None):
    """`({reader: what is read}, rows of the outbox)` once an act has happened; of one route alone, if given."""
    world.arrive()
    with crawling.happened(world, act):
        make_documents()
        world.arrive()
        world.now, dossier = secret.now, world.dossiers[secret.dossier]
        if route:
            path = addresses.address(world, route, dossier)
            found = {one: crawling.crawl(world, one, [path], follow=False) for one in readers}
        else:
            found = {one: crawl(world, one, secret) for one in readers}
        return found, outbox(secret.circle)


def crawl(world, reader, secret):
    """Everything but dossiers that are no part of the secret, and annexes, which were sealed long before it."""
    known = {world.dossiers[name].reference for name in (secret.dossier, "theirs")}
    left_out = {row.reference for row in world.dossiers.values()} - known
    left_out |= {addresses.address(world, route, world.dossiers[secret.dossier]) for route in secret.besides}
    first = [path for path in starts(world, reader, world.dossiers[secret.dossier]) if path not in left_out]
    return crawling.crawl(world, reader, first, {*left_out, "/annexes/"})


def outbox(circle):
    """What waits or was made: kinds, subjects and addresses, but of papers and mails in the circle of a secret."""
    papers = Document.objects.exclude(renderer__in=circle).values_list("renderer", "subject")
    mails = Message.objects.exclude(renderer__in=circle).values_list("renderer", "subject", "to")
    return sorted(papers.order_by()), sorted(mails.order_by())


def differences(world, secret, readers, route=None):
    """`({reader: addresses of what is not the same in both worlds}, is the outbox the same)`."""
    with world.at(secret.moment):
        (one, left), (other, right) = (read(world, secret, act, readers, route) for act in secret.acts)
    return {reader: crawling.unlike(one[reader], other[reader]) for reader in readers}, left == right


@pytest.mark.parametrize("name", SECRETS)
def test_secret_changes_no_byte_for_who_may_not_know(world, name):
    secret = SECRETS[name]
    found = differences(world, secret, secret.readers)
    assert found == ({reader: [] for reader in secret.readers}, True)


# Negative controls ----------------------------------------------------------------------------------------------------

WHO_MAY_KNOW = {
    "a mark of another rapporteur": ("manager", "reviews:ranking"),
    "a shortlist that is frozen, not told": ("manager", "reviews:shortlist"),
    "what a juror notes": ("juror", "jury:hearing_detail"),
    "a decision that is frozen": ("recused", "jury:minutes"),
    "the reason of a decision that is frozen": ("juror", "jury:minutes"),
    "a decision that a manager has signed": ("president", "jury:deliberation"),
    "who was in the room": ("secretary", "jury:minutes_pdf"),
}


@pytest.mark.parametrize("name", WHO_MAY_KNOW)
def test_who_may_know_reads_two_worlds(world, name):
    reader, route = WHO_MAY_KNOW[name]
    found, _same = differences(world, SECRETS[name], [reader], route)
    assert found[reader] == [(addresses.address(world, route, world.dossiers[SECRETS[name].dossier]), "page")]


def test_rapporteur_who_has_sent_reads_the_others_where_the_call_shows_them(world):
    shown = Secret("scoring", (sends("sent", 4.0), sends("sent", 1.0)), "sent", ("scorer",), SCORING)
    found, _same = differences(world, shown, shown.readers, "reviews:sheet_edit")
    assert found["scorer"] != []


def test_template_that_leaks_is_found(world, settings, tmp_path):
    """The candidate's page shows a decision that is not told."""
    shown = "{% if application.decision %}{{ application.decision.conclusion }}{% endif %}"
    crawling.leak(settings, tmp_path, "applications/dossier/application_detail.html", shown)
    secret, path = SECRETS["a decision that is frozen"], world.dossiers["heard"].get_absolute_url()
    assert differences(world, secret, ["owner"]) == ({"owner": [(path, "page")]}, True)


def test_mail_that_leaves_too_early_is_found(world):
    """Written to a candidate once the decision is recorded."""

    def writes(world):
        decides(LAUREATE)(world)
        queue_message("decision_mail", 1, to=world.people["owner"].email, key="trop-tôt")

    secret = Secret("hearing", (decides(REFUSED), writes), "heard", (), HEARD)
    assert differences(world, secret, ()) == ({}, False)


def test_crawl_reaches_the_pages_of_a_person(world):
    secret = SECRETS["what a juror notes"]
    with world.at("hearing"):
        world.now = secret.now
        found = crawl(world, "juror", secret)
    reached = {path for (path, _kind), (status, _headers, _body) in found.items() if status == 200}
    assert addresses.address(world, "jury:hearing_dossier", world.dossiers["theirs"]) in reached
    assert addresses.address(world, "jury:annex_file", world.dossiers["live"]) in reached
    assert len(reached) > 15
