"""What each process counts for Prometheus. No label holds anything of a person or a dossier.

Counted here is only what no table holds; deposits, refusals and queues are read from the database when they are asked
for (`operations.exposition`). Where `HDH_METRICS_BIND` is given, the settings name a folder before this is imported,
and the numbers of every process stand there in files of its own; else they stay in the process, unread.
"""

import functools

from prometheus_client import Counter, Histogram

requests = Counter("hdh_requests", "Requests answered.", ["view", "method", "status"])
request_seconds = Histogram(
    "hdh_request_seconds",
    "Time until the answer was ready.",
    ["view"],
    buckets=(0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60),
)
uploads = Counter("hdh_uploads", "Files judged, by verdict: taken or the code of the refusal.", ["verdict"])
chain_seconds = Histogram(
    "hdh_chain_wait_seconds", "Time waiting for the head of a journal.", buckets=(0.001, 0.01, 0.1, 0.5, 1, 2.5, 5)
)
lock_timeouts = Counter("hdh_lock_timeouts", "Pages and acts that could not have their lock in time.")
mass_readings = Counter("hdh_mass_readings", "Times that one person read more dossiers in an hour than is usual.")


def verdicts(judge):
    """Decorate what judges a file: a result counts as taken, a refusal under its code, an error under its type."""

    @functools.wraps(judge)
    def counted(*args, **others):
        try:
            result = judge(*args, **others)
        except Exception as error:
            uploads.labels(getattr(error, "code", type(error).__name__)).inc()
            raise
        uploads.labels("taken").inc()
        return result

    return counted
