"""From an empty data folder to a demonstration that stands at a stage; what was played once is not played again."""

import time

from django.core.management import call_command
from django.db import connection
from django.utils.translation import gettext as _

from applications.models import Call
from hdh_portal.demo import replay, stages
from hdh_portal.records import outbox
from hdh_portal.records.models import Document

STEP_PERCENT = 10
SILENT_SECONDS = 90


class NotADemonstration(Exception):
    """The data folder holds something else; the sentence says what to do."""


def prepare(last, write):
    """Make the copies of every stage up to `last` that are missing; `write(text)` shows how far it is."""
    _throw_away_old(write)
    missing = [stage for stage in stages.all_stages() if stage.at <= last.at and not stage.copy.exists()]
    if not missing:
        return
    _go_to_start_of(missing[0])
    for stage in missing:
        _play(stage, write)


def _throw_away_old(write):
    """Copies of another edition (other texts, other tables), and a first replay that was cut off, are made anew."""
    made, unfinished = stages.folder() / "edition", stages.folder() / "unfinished"
    is_old = made.exists() and made.read_text() != stages.edition()
    if is_old:
        write(_("La démonstration a changé\u00a0: elle est rejouée.\n"))
        for stage in stages.kept():
            stage.copy.unlink()
    if is_old or (unfinished.exists() and not stages.kept()):
        _forget_live()
    made.write_text(stages.edition())


def _forget_live():
    connection.close()
    path = stages.live_path()
    for suffix in ("", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


def _go_to_start_of(stage):
    """The live database as the stage before left it, or empty."""
    before = [other for other in stages.kept() if other.at < stage.at]
    if before:
        stages.restore(before[-1])
        return
    call_command("migrate", interactive=False, verbosity=0)
    if Call.objects.exists():
        raise NotADemonstration(
            _(
                "Ce dossier de données contient déjà un appel qui n’est pas celui de la démonstration. "
                "Donnez-en un autre, vide\u00a0: HDH_DATA_DIR=chemin."
            )
        )


def _play(stage, write):
    unfinished = stages.folder() / "unfinished"
    unfinished.touch()
    before = [other.at for other in stages.all_stages() if other.at < stage.at]
    started, shown = time.monotonic(), 0
    write(f"{stage.name:15}")

    def report(done, total):
        nonlocal shown
        while shown < 100 * done // total // STEP_PERCENT * STEP_PERCENT:
            shown += STEP_PERCENT
            write(f" {shown} %")

    replay.play(before[-1] if before else None, stage.at, report)
    stages.store(stage)
    unfinished.unlink()
    write(_("  (%(seconds)s s)\n") % {"seconds": round(time.monotonic() - started)})


def wait_for_documents(write):
    """Wait until the worker has made every paper, those that were put off too; False if nothing moves any more."""
    outbox.take_up()
    waiting = Document.objects.filter(state=Document.State.QUEUED)
    left, moved = waiting.count(), time.monotonic()
    write(_("documents à faire\u00a0: %(left)s\n") % {"left": left})
    while left and time.monotonic() - moved < SILENT_SECONDS:
        time.sleep(1)
        now = waiting.count()
        if now != left:
            if now // 50 != left // 50:
                write(_("documents à faire\u00a0: %(left)s\n") % {"left": now})
            left, moved = now, time.monotonic()
    stages.carry_work()
    return not left
