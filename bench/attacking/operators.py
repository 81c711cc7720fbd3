"""What goes wrong in the hands of those who run the portal: keys, files of nobody, a lock that somebody holds."""

import base64
import contextlib
import os
import secrets
import subprocess
import threading
import time

import psycopg2
from django.conf import settings
from django.db import connection

from bench.attacking.web import Others
from hdh_portal.celery import app
from hdh_portal.ground import clock
from hdh_portal.records import files
from tests.portal.test_service import ROOT, environ
from tests.service.portal import collect_static
from tests.service.processes import free_port

START_SECONDS = 15
DAYS_OLD = 3 * 86_400
LOCK_SECONDS = 20


def weak_keys(stage):
    """`make serve` in production with a key that everybody knows, one that is too short and one that is none."""
    key = base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()
    good = {"SECRET_KEY": secrets.token_urlsafe(48), "HDH_SIGNING_KEY": key}
    bad = ({"SECRET_KEY": "change-me"}, {"HDH_SIGNING_KEY": key[:20]}, {"HDH_SIGNING_KEY": "no base64 at all !"})
    return {"starts": sum(starts(stage, good | one) for one in bad)}


def starts(stage, keys):
    """True if the web processes live on with these keys."""
    told = {
        "HDH_PROFILE": "production",
        "HDH_BASE_URL": "https://portail.example.org",
        "HDH_BIND": f"127.0.0.1:{free_port()}",
        "HDH_STATIC_DIR": collect_static(),
        "EMAIL_URL": "smtp://127.0.0.1:25",
    }
    log = stage.log()
    process = subprocess.Popen(
        ["make", "--silent", "serve"], cwd=ROOT, env=environ(**told, **keys), stdout=log, stderr=log
    )
    try:
        process.wait(timeout=START_SECONDS)
    except subprocess.TimeoutExpired:
        process.terminate()
        process.wait(timeout=30)
        return True
    return False


def orphans(stage):
    """A file that nobody refers to, one that was half written when its process was killed, and one of a dossier."""
    dossier = stage.dossier()
    used = [row.file for row in dossier.application.attachments.select_related("file")]
    nobodys = files.store(b"%PDF-1.4 of nobody", "application/pdf")
    half = settings.DATA_DIR / "files" / ".new-0123456789abcdef"
    half.write_bytes(b"half")
    for path in (half, nobodys.path, *(one.path for one in used)):
        moment = clock.real().timestamp() - DAYS_OLD
        os.utime(path, (moment, moment))
    run_everything()
    lost = sum(not one.path.exists() for one in used)
    connection.close()
    return {"orphans": half.exists() + nobodys.path.exists(), "orphans lost": lost}


def run_everything():
    """Every task of beat once, as if each were due."""
    app.loader.import_default_modules()
    for entry in app.conf.beat_schedule.values():
        app.tasks[entry["task"]]()


def held_lock(stage):
    """Somebody holds the row of a dossier for twenty seconds while it is deposited."""
    dossier, answers = stage.dossier(), []
    digest = dossier.digest()

    def deposit():
        answers.append(dossier.visitor(stage.proxy).post(dossier.path("application_submit"), {"digest": digest}))

    person = threading.Thread(target=deposit, daemon=True)
    with Others(stage) as others, contextlib.closing(psycopg2.connect(stage.database.url)) as link:
        with link.cursor() as cursor:
            row = [dossier.application.pk]
            cursor.execute("SELECT 1 FROM applications_application WHERE id = %s FOR UPDATE", row)
            began = time.monotonic()
            person.start()
            person.join(LOCK_SECONDS)
            waited = time.monotonic() - began
        link.rollback()
    person.join()
    return {"lock": waited, "lock others": len(others.faults)}
