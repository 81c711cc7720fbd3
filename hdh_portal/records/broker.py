"""The broker: who is told of what is to be done, and how much of it still waits there.

It may be down, silent or have forgotten everything: then it is left in peace for half a minute, and the sweep finds
what it was not told. Queues, and who serves them: `hdh_portal/ground/queues.py`.
"""

import datetime
import logging
from contextlib import contextmanager

from kombu.exceptions import ChannelError, OperationalError

from hdh_portal.celery import app
from hdh_portal.ground import clock

QUIET = datetime.timedelta(seconds=30)
log = logging.getLogger(__name__)
_silent_until = None
_is_spared = False


@contextmanager
def spared():
    """Nothing is put into a queue meanwhile: who replays a whole call says afterwards what is to be made first."""
    global _is_spared
    _is_spared = True
    try:
        yield
    finally:
        _is_spared = False


def notify(task, pk, queue, **options):
    """Tell a worker of one row; returns whether the broker took it. `options`: of Celery's `send_task`."""
    global _silent_until
    if _is_spared:
        return True
    if _silent_until and clock.real() < _silent_until:
        return False
    try:
        # Not `current_app`: it is another application in every thread but the first.
        app.send_task(task, args=[pk], queue=queue, **options)
        _silent_until = None
    except (OperationalError, OSError):
        _silent_until = clock.real() + QUIET
        log.warning("the broker did not answer; the sweep will find row %s of %s", pk, task)
        return False
    return True


def length(queue):
    """How many messages wait in a queue, what a worker has in hand left out; None where the broker does not answer."""
    try:
        with app.connection_for_write() as connection:
            return connection.default_channel.queue_declare(queue, passive=True).message_count
    except ChannelError:  # A queue is there once something was put into it.
        return 0
    except (OperationalError, OSError):
        return None
