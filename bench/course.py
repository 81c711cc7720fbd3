"""From the deposits to the announcement: each stage is filled, its pages are asked, its table is printed."""

import os

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client

from applications.models import Application
from bench import dossiers, evaluated, journeys, judged, measuring, selection
from tests import factories

# Above this many dossiers each page is asked fewer times: the lists are slow enough to be told apart.
MANY = 1_000


def signed_in(user):
    """The session cookie of a person."""
    client = Client()
    client.force_login(user)
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


def deposits(scene):
    """The first stage, filled by `run`."""
    return [*journeys.public(scene), *journeys.candidate(scene), *journeys.officer(scene)]


def exports(scene):
    """Every dossier is admissible and scored, every paper is made."""
    evaluated.admit(scene.call, scene.managers)
    scene.evaluated = evaluated.evaluate(scene.call)
    file = scene.model.last_submission().files.first().file
    evaluated.print_papers(scene.call, scene.manager, file)
    return selection.exports(scene)


def evaluation(scene):
    """The same, while sheets are written."""
    return [*selection.rapporteur(scene), *selection.managing(scene)]


def hearings(scene):
    """The shortlist is frozen and told, the jury sits."""
    scene.room = judged.convene(scene.call, evaluated.shortlist(scene.call, scene.managers))
    return [*selection.frozen(scene), *selection.hearing(scene)]


def decisions(scene):
    """All dossiers are heard and decided."""
    judged.deliberate(scene.room)
    return selection.deliberation(scene)


def results(scene):
    """The results are told."""
    judged.publish(scene.room, scene.managers)
    return selection.notified(scene)


STAGES = (
    ("Deposits and checks", deposits),
    ("Exports", exports),
    ("Evaluation", evaluation),
    ("Hearings", hearings),
    ("Deliberation", decisions),
    ("Results", results),
)


def filled(size):
    """The `Scene` of a call with so many deposited dossiers, most of them checked."""
    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    call = factories.the_call()
    model = dossiers.model_dossier(call)
    sealed = dossiers.deposited(call, model, size - 1)
    made = dossiers.officers(call)
    dossiers.checks(call, [model, *sealed], made)
    return journeys.Scene(call, model, made, signed_in)


def run(options, size):
    """Measure each stage with `size` dossiers, print; returns `{(stage, page, who): milliseconds at pace 1}`."""
    scene, found = filled(size), {}
    rounds = options.rounds if size <= MANY else max(1, options.rounds // 3)
    print(f"# {size} dossiers, {connection.vendor}, {os.cpu_count()} processors, medians of {rounds} rounds")
    for title, pages_of in STAGES:
        pages = pages_of(scene)
        _analyze()
        wanted = [page for page in pages if page.is_floor or _is_asked(page, options.page)]
        if not all(page.is_floor for page in wanted):
            found |= _measured(title, wanted, rounds)
        if pages_of is deposits and options.deposits:
            _rates(scene, rounds, options.deposits)
    return found


def _is_asked(page, words):
    return not words or any(word in page.name for word in words)


def _measured(title, pages, rounds):
    print(f"\n## {title} (load {os.getloadavg()[0]:.1f})\n", flush=True)
    rows = measuring.measure([*journeys.floor_pages(), *pages], rounds)
    measuring.show(rows)
    pace = measuring.pace(rows)
    print(f"\nThe machine's pace is {pace:.1f}: it takes so many times longer for the floor than the budgets' did.")
    shown = [row for row in rows if not row.page.is_floor and not row.page.is_export]
    return {(title, row.page.name, row.page.who): row.ms / pace for row in shown}


def _analyze():
    """Let PostgreSQL know what was written in bulk, as its own daemon would in a minute."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def _rates(scene, rounds, count):
    """Deposits one by one and sustained; their dossiers leave the call's set again."""
    before = set(Application.objects.values_list("pk", flat=True))
    scene.opens()
    floor = measuring.measure(journeys.floor_pages(), rounds)
    pace = measuring.pace(floor)
    ms, statements = measuring.act(scene.model, scene.owner, min(rounds, 15))
    print(f"The act of deposit alone: {ms:.1f} ms, {ms / pace:.1f} at pace 1, {statements} SQL (budget 40 ms, 20 SQL).")
    rate = measuring.deposits_a_second(scene.call, scene.model, count)
    print(f"Sustained: {rate:.0f} deposits/s by {measuring.PROCESSES} processes, {connection.vendor}, "
          f"{rate * pace:.0f} at pace 1 (budget 30).")  # fmt: skip
    Application.objects.exclude(pk__in=before).update(state="withdrawn")
