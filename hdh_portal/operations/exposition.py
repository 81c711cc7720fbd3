"""The text that Prometheus reads: what each process counted, and what the database and the machine say now.

Processes keep their numbers in files of the data folder, a folder for each machine (`ground.metrics`). Those of a
process that has ended are added to one file, so that a restart neither loses a number nor leaves a file for ever.
"""

import contextlib
import os
from pathlib import Path

from django.db import DatabaseError, connection
from django.db.models import Count
from prometheus_client import CollectorRegistry
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.mmap_dict import MmapedDict
from prometheus_client.multiprocess import MultiProcessCollector

from applications.models import Submission
from hdh_portal.ground import clock
from hdh_portal.operations import readings
from hdh_portal.records import heartbeat
from hdh_portal.records.models import Attempt
from hdh_portal.web import proxy

ENDED = "0"  # stands for the process id in the names of the files that hold what ended processes counted


def registry(folder):
    """Everything, collected anew each time that it is read. `folder`: of this machine's processes."""
    found = CollectorRegistry()
    found.register(Processes(Path(folder)))
    found.register(Portal())
    return found


class Processes:
    """What all processes counted, those of other machines on the same data folder too."""

    def __init__(self, folder):
        self.folder = folder

    def collect(self):
        """The families of the files."""
        gather_ended(self.folder)
        return MultiProcessCollector.merge([str(path) for path in self.folder.parent.glob("*/*.db")])


def gather_ended(folder):
    """Add the files of processes that are no more to one file each kind. One process of a machine does this."""
    for path in folder.glob("*.db"):
        kind, _, pid = path.stem.rpartition("_")
        if pid == ENDED or _lives(int(pid)):
            continue
        total = MmapedDict(str(folder / f"{kind}_{ENDED}.db"))
        with contextlib.closing(total):
            for key, value, at, _place in MmapedDict.read_all_values_from_file(str(path)):
                total.write_value(key, total.read_value(key)[0] + value, at)
        path.unlink()


def _lives(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


class Portal:
    """What is read at the moment of the question; a database that is away leaves the rest, and says so itself."""

    def collect(self):
        """The families, one after the other."""
        yield _gauge("hdh_disk_free_bytes", "Bytes left for the data folder.", readings.disk_free_bytes())
        try:
            found = list(_of_database())
        except DatabaseError:
            found = []
        finally:
            if not connection.in_atomic_block:
                connection.close()  # Each answer has a thread of its own.
        yield _gauge("hdh_database_up", "1 while the database answers.", 1 if found else 0)
        yield from found


def _gauge(name, text, value):
    return GaugeMetricFamily(name, text, value=value)


def _of_database():
    yield CounterMetricFamily("hdh_deposits", "Versions deposited.", value=Submission.objects.count())
    attempts = CounterMetricFamily("hdh_attempts", "Refused acts and failed pages.", labels=["verb", "code"])
    for row in Attempt.objects.order_by().values("verb", "code").annotate(number=Count("pk")):
        attempts.add_metric([row["verb"], row["code"]], row["number"])
    yield attempts
    waiting = GaugeMetricFamily("hdh_queue_length", "Papers and mails that wait.", labels=["kind"])
    again = GaugeMetricFamily("hdh_queue_retrying", "Those that failed once and wait again.", labels=["kind"])
    failed = GaugeMetricFamily("hdh_queue_failed", "Papers and mails given up.", labels=["kind"])
    oldest = GaugeMetricFamily("hdh_queue_age_seconds", "Since when the oldest waits.", labels=["kind"])
    for kind in readings.KINDS:
        queue = readings.queue_of(kind)
        waiting.add_metric([kind], queue.waiting)
        again.add_metric([kind], queue.retrying)
        failed.add_metric([kind], queue.failed)
        oldest.add_metric([kind], queue.oldest_seconds or 0)
    yield from (waiting, again, failed, oldest)
    offset = GaugeMetricFamily("hdh_clock_offset_seconds", "By how much a clock is ahead of ours.", labels=["of"])
    offset.add_metric(["database"], readings.database_clock_offset())
    offset.add_metric(["proxy"], proxy.clock_offset())
    yield offset
    swept = heartbeat.last("sweep")
    if swept is not None:
        age = (clock.real() - swept).total_seconds()
        yield _gauge("hdh_sweep_age_seconds", "Since when nobody swept the outbox.", age)
