"""Bodies that are fed over the closing, and stamps that nobody should believe."""

import contextlib
import datetime
import functools
import http.client
import time
from urllib.parse import urlencode

from django.db import connection

from applications.models import Answer, Submission
from bench.attacking.stage import Dossier
from bench.attacking.web import FORM, STRANGER, at_once, read, with_token
from hdh_portal.ground import clock

AHEAD = datetime.timedelta(seconds=12)
AFTER = datetime.timedelta(seconds=3)
LAST, PIECE_SECONDS = 40, 0.5
TYPED = "Texte qui n’était pas là à la clôture"


def slow_bodies(stage):
    """Deposits and sections opened before the closing and finished three seconds after it."""
    closing = (clock.real() + AHEAD).replace(microsecond=0)
    call = stage.call_that_closes(closing)
    doors = {"proxy": {"port": stage.proxy, "tls": True}, "bare": {"port": stage.web, "tls": False}}
    deposits, sections = ({name: Dossier(call) for name in doors} for _kind in range(2))
    acts = [
        (one, one.path("application_submit"), {"digest": one.digest()}, doors[name]) for name, one in deposits.items()
    ]
    acts += [(one, *typing(one), doors[name]) for name, one in sections.items()]
    honest = Dossier(call).deposit_again(stage.proxy)
    if clock.real() > closing - datetime.timedelta(seconds=1):
        raise SystemExit("The machine was too slow to open the bodies before the closing.")
    at_once([functools.partial(feed, *act, closing) for act in acts])
    sealed = set(Submission.objects.filter(application__call=call).values_list("application", flat=True))
    kept = Answer.objects.filter(application__call=call, value=TYPED).count()
    connection.close()
    early = {f"instant {name}": int(one.application.pk in sealed) for name, one in deposits.items()}
    return early | {"instant section": kept, "instant honest": int(honest.status != 200)}


def depositing(dossier):
    """Address and fields of the deposit."""
    return dossier.path("application_submit"), {"digest": dossier.digest()}


def typing(dossier):
    """Address and fields of the autosave of one answer."""
    return dossier.path("section_save", dossier.section), {dossier.title: TYPED}


def feed(dossier, path, fields, door, closing):
    """Send most of a body before the closing, and its last bytes one by one until it has been over for a while."""
    body, late = urlencode(with_token(fields)).encode(), closing + AFTER
    visitor = dossier.visitor(**door)
    with contextlib.suppress(OSError, http.client.HTTPException), contextlib.closing(visitor.connect()) as link:
        link.sendall(visitor.head("POST", path, len(body), Content_Type=FORM) + body[:-LAST])
        for place in range(len(body) - LAST, len(body) - 1):
            if clock.real() < late:
                time.sleep(PIECE_SECONDS)
            link.sendall(body[place : place + 1])
        time.sleep(max(0, (late - clock.real()).total_seconds()))
        link.sendall(body[-1:])
        read(link)


def stamps(stage):
    """After the closing, with a proxy's stamp that is in the future, three minutes old, or a stranger's."""
    closed = (clock.real() - datetime.timedelta(seconds=180)).replace(microsecond=0)
    call = stage.call_that_closes(closed)
    before = closed - datetime.timedelta(hours=1)
    forged = {
        "old": (closed.timestamp() - 1, "127.0.0.1"),
        "future": (clock.real().timestamp() + 60, "127.0.0.1"),
        "stranger": (closed.timestamp() - 1, STRANGER),
    }
    believed = 0
    for stamp, source in forged.values():
        dossier = Dossier(call, at=before)
        answer = dossier.visitor(stage.web, tls=False, source=source).post(
            *depositing(dossier), X_Request_Start=f"t={stamp:.3f}"
        )
        believed += answer.of(200, 409).status == 200
    return {"stamps": believed}
