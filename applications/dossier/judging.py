"""Judges what was sent, outside the threads of requests: a few at a time on this machine, whoever sends how many.

A judge holds one of `SLOTS` locks, shared by all processes of the machine, claims a row for the time of a lease and
reads its file in the sandbox. A request that finds a slot free waits for its own file, two seconds at most. What finds
none is taken in turn by a thread of its process that lives as long as something waits; what a killed process leaves is
taken when its lease is over: by that thread of any process, or by the worker. Neither Redis nor the worker is needed.
"""

import datetime
import fcntl
import logging
import platform
import threading
import time
from concurrent.futures import ThreadPoolExecutor, wait

from django.conf import settings
from django.db import connection
from django.db.models import F
from django.utils.translation import gettext as _

from applications.dossier.actions.uploading import disk_full, join_file, quarantine_file, refuse_file
from applications.dossier.antivirus import Unscanned
from applications.dossier.uploads import inspect
from applications.models import Upload
from hdh_portal.ground import clock
from hdh_portal.records.exceptions import Refused
from hdh_portal.records.files import FULL

SLOTS = 2
PATIENCE = 2  # seconds that a request waits for its own file
PAUSE = 0.2  # seconds between two looks for a free slot
LEASE = datetime.timedelta(seconds=90)  # over the limits of sandbox and antivirus together
MOST_TRIES = 5
log = logging.getLogger(__name__)
_pool = ThreadPoolExecutor(SLOTS, "judge")


def judge_soon(upload):
    """Judge an upload now if a slot is free, and wait a little for it; the `Upload` then says how far it is."""
    slot = free_slot()
    if slot is None:
        wake()
        return
    if not _claim(upload):
        slot.close()
        return
    reading = _pool.submit(_read, upload, slot)
    if wait([reading], PATIENCE).done:
        _settle(upload, reading.result)
    else:
        reading.add_done_callback(lambda done: _apart(_settle, upload, done.result))


def judge_waiting(seconds):
    """Judge what nobody judges, the oldest first, until there is no more or a time is over."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        upload = Upload.objects.free(clock.real()).select_related("application__call", "question", "person").first()
        if upload is None:
            return
        slot = free_slot()
        if slot is None:
            time.sleep(PAUSE)
        elif _claim(upload):
            _settle(upload, lambda upload=upload, slot=slot: _read(upload, slot))
        else:
            slot.close()


def free_slot():
    """One of the locks of this machine, held until it is closed, or None."""
    folder = settings.DATA_DIR / "locks"
    folder.mkdir(exist_ok=True)
    for number in range(SLOTS):
        slot = (folder / f"judge-{platform.node()}-{number}").open("ab")
        try:
            fcntl.flock(slot, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            slot.close()
        else:
            return slot
    return None


def _claim(upload):
    """Take a row for the time of a lease; returns whether it was free."""
    at = clock.real()
    free = Upload.objects.free(at).filter(pk=upload.pk)
    upload.tries += 1
    return free.update(claimed_until=at + LEASE, tries=F("tries") + 1) == 1


def _read(upload, slot):
    with slot:
        if upload.tries > MOST_TRIES:  # Its lease ran out each time: whoever judged it was killed.
            sentence = _("Ce fichier n’a pas pu être contrôlé. Enregistrez-le de nouveau, puis ajoutez-le.")
            raise Refused(sentence, code="not_judged")
        return inspect(upload.path, upload.name)


def _settle(upload, verdict):
    """Write what a judge found; what went wrong on our side is tried again when the lease is over."""
    try:
        join_file(upload, verdict, by=upload.person, at=upload.arrived_at)
    except Refused as refusal:
        refuse_file(upload, refusal)
    except Unscanned as unscanned:
        quarantine_file(upload, unscanned.reason)
    except OSError as error:
        if error.errno in FULL:
            refuse_file(upload, disk_full())
        else:
            log.error("upload %s was not judged: %s", upload.pk, type(error).__name__)


# The thread that takes what waits -----------------------------------------------------------------------------------

_guard, _asked = threading.Lock(), threading.Event()
_thread = None


def wake():
    """See that somebody in this process takes what waits."""
    global _thread
    with _guard:
        _asked.set()
        if _thread is None or not _thread.is_alive():
            _thread = threading.Thread(target=_apart, args=[_take_in_turn], name="judges", daemon=True)
            _thread.start()


def _take_in_turn():
    """Judge as long as something waits, also what is in the hands of a process that may have been killed."""
    global _thread
    while True:
        _asked.clear()
        judge_waiting(seconds=60)
        if Upload.objects.filter(state=Upload.State.WAITING).exists():
            time.sleep(5 * PAUSE)
            continue
        with _guard:
            if not _asked.is_set():
                _thread = None
                return


def _apart(work, *args):
    """Work in a thread that serves no request: what goes wrong is named in the log; the connection is given back."""
    try:
        work(*args)
    except Exception as error:
        log.error("uploads wait: %s", type(error).__name__)
    finally:
        connection.close()
