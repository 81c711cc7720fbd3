"""Many at once: files that inflate to a thousand times their size, and connections that say little for long."""

import contextlib
import functools
import threading
import time
import zlib

import pikepdf

from bench.attacking.web import STRANGER, Others, Visitor, at_once
from bench.depositing.turns import percentile
from tests.hostile.pdf import AS_IS, pdf

ZEROS, STREAMS = 760_000_000, 4
CONNECTIONS, CONNECTIONS_SECONDS, EACH_SECONDS = 500, 15, 2
BOMBS_SECONDS, PAUSE_SECONDS = 12, 0.5


@functools.cache
def bomb():
    """A PDF of 0.8 MB with 760 MB of zeros in four streams, none of which is beyond a limit by itself."""

    def add(document):
        raw = zlib.compress(bytes(ZEROS // STREAMS), 9)
        streams = [pikepdf.Stream(document, raw, Filter=pikepdf.Name.FlateDecode) for _n in range(STREAMS)]
        document.pages[0].obj["/Scans"] = pikepdf.Array([document.make_indirect(stream) for stream in streams])

    return pdf(add, **AS_IS)


def bombs(stage, count):
    """So many people send it at the same moment, and again once they are answered; what the others feel meanwhile."""
    annex = stage.call.questions.filter(type="file").first().key
    dossiers, content = [stage.dossier() for _n in range(count)], bomb()
    with Others(stage) as others:
        until = time.monotonic() + BOMBS_SECONDS
        at_once([functools.partial(send_again, stage.proxy, dossier, annex, content, until) for dossier in dossiers])
    return felt(others, f"bombs {count}")


def send_again(port, dossier, annex, content, until):
    """Join the file to a dossier, then to the same again, until it is late."""
    visitor, path = dossier.visitor(port, source=STRANGER), dossier.path("attachment_add", annex)
    while time.monotonic() < until:
        visitor.upload(path, "annexe.pdf", content).of(200, 302, 409, 413, 422, 429)
        time.sleep(PAUSE_SECONDS)


def felt(others, prefix):
    """The numbers of the others, under the keys of an attack."""
    found = {f"{prefix} health": percentile(others.health, 95), f"{prefix} faults": len(others.faults)}
    return found | ({f"{prefix} deposit": percentile(others.deposits, 95)} if others.deposits else {})


def ten_bombs(stage):
    return bombs(stage, 10)


def forty_bombs(stage):
    return bombs(stage, 40)


def slow_connections(stage):
    """Half of them never end their head, half never end their body, all from one machine."""
    crowd = Crowd(Visitor(stage.proxy, source=STRANGER, timeout=20))
    with Others(stage, deposits=False) as others:
        crowd.start()
        time.sleep(CONNECTIONS_SECONDS)
    crowd.over.set()
    crowd.join()
    return felt(others, "slow")


class Crowd(threading.Thread):
    """Opens its connections one after the other and sends a sign on each from time to time, until `over` is set."""

    def __init__(self, visitor):
        super().__init__(daemon=True)
        self.visitor, self.over, self.links = visitor, threading.Event(), []
        whole = visitor.head("POST", "/", 100_000)
        self.halves = (whole[:-2], whole)

    def run(self):
        for place in range(CONNECTIONS):
            with contextlib.suppress(OSError):
                self.links.append(self.visitor.connect())
                self.links[-1].sendall(self.halves[place % 2])
        while not self.over.wait(EACH_SECONDS):
            for link in self.links:
                with contextlib.suppress(OSError):
                    link.sendall(b"x")
        for link in self.links:
            link.close()
