"""Many at once: files that inflate to a thousand times their size, and connections that say little for long."""

import contextlib
import functools
import threading
import time
import zlib

from bench.attacking.web import STRANGER, Others, Visitor, at_once
from bench.depositing.turns import percentile

ZEROS = 760_000_000
CONNECTIONS, CONNECTIONS_SECONDS, EACH_SECONDS = 500, 15, 2
AT_LEAST_SECONDS = 5


@functools.cache
def bomb():
    """A PDF of 0.8 MB whose one page draws 760 MB of zeros."""
    packer, chunk = zlib.compressobj(9), bytes(1_000_000)
    stream = b"".join(packer.compress(chunk) for _n in range(ZEROS // len(chunk))) + packer.flush()
    objects = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Contents 4 0 R>>",
        b"<</Length %d/Filter/FlateDecode>>stream\n%s\nendstream" % (len(stream), stream),
    )
    body, places = b"%PDF-1.4\n", []
    for number, one in enumerate(objects, start=1):
        places.append(len(body))
        body += b"%d 0 obj%s\nendobj\n" % (number, one)
    lines = b"".join(b"%010d 00000 n \n" % place for place in places)
    table = b"xref\n0 5\n0000000000 65535 f \n" + lines
    return body + table + b"trailer<</Size 5/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % len(body)


def bombs(stage, count):
    """So many people send it at the same moment; what the others feel meanwhile."""
    annex = stage.call.questions.filter(type="file").first().key
    dossiers, content = [stage.dossier() for _n in range(count)], bomb()
    with Others(stage) as others:
        began = time.monotonic()
        at_once(
            [
                functools.partial(
                    dossier.visitor(stage.proxy, source=STRANGER).upload,
                    dossier.path("attachment_add", annex),
                    f"annexe-{place}.pdf",
                    content,
                )
                for place, dossier in enumerate(dossiers)
            ]
        )
        # What was taken in may be judged after its answer: the others are asked on for a while.
        time.sleep(max(AT_LEAST_SECONDS, AT_LEAST_SECONDS * 2 - (time.monotonic() - began)))
    return felt(others, f"bombs {count}")


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
