"""Many at once: files that inflate to a thousand times their size, and connections that say little for long."""

import contextlib
import functools
import threading
import time

from bench.attacking.web import STRANGER, Others, Visitor, at_once
from bench.depositing.turns import percentile
from tests.hostile.pdf import bomb

CONNECTIONS, CONNECTIONS_SECONDS, EACH_SECONDS = 500, 15, 2
BOMBS_SECONDS = 6


def bombs(stage, count):
    """So many people send it at the same moment; what the others feel until all are answered, and for a while."""
    annex = stage.call.questions.filter(type="file").first().key
    dossiers, content = [stage.dossier() for _n in range(count)], bomb()
    with Others(stage) as others:
        began = time.monotonic()
        answers = at_once([functools.partial(send, stage.proxy, dossier, annex, content) for dossier in dossiers])
        # What was taken in may be judged after its answer.
        time.sleep(max(0, BOMBS_SECONDS - (time.monotonic() - began)))
    for answer in answers:
        answer.of(200, 302, 409, 413, 422, 429)
    return felt(others, f"bombs {count}")


def send(port, dossier, annex, content):
    visitor = dossier.visitor(port, source=STRANGER)
    return visitor.upload(dossier.path("attachment_add", annex), "annexe.pdf", content)


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
