"""The one-time key of a request: its act claims it in its own transaction, and of two equal requests one is done.

Who answers a request offers its key (`offer`); its action claims it. A refusal rolls the claim back with everything
else. On PostgreSQL a second claim waits for the first transaction, on SQLite there is one writer.
"""

import time
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from django.db import IntegrityError

from hdh_portal.ground import clock
from hdh_portal.records.models import OnceKey

PATIENCE = 1.0  # seconds in which the first of two requests has found its answer, where it lives
STEP = 0.05
_current = ContextVar("what the request under way offers", default=None)


class AlreadyDone(Exception):
    """What this request asks for was done by another one that said the same."""


@dataclass
class Offer:
    """The key of one request, if it has one, and whether an act has claimed it.

    `before`: how many acts that may be repeated come before the one that counts.
    """

    digest: str | None = None
    before: int = 0
    is_claimed: bool = False


@contextmanager
def offering():
    """Around one request: yields its `Offer`, which has no key yet."""
    offer = Offer()
    before = _current.set(offer)
    try:
        yield offer
    finally:
        _current.reset(before)


def offer(digest, before=0):
    """Let an action of the request claim this key, the first one after `before` others; returns it."""
    here = _current.get()
    here.digest, here.before = digest, before
    return digest


@contextmanager
def claimed():
    """Around what an act's transaction does: its request's key is taken; `AlreadyDone` if it was taken before.

    A key stands for one act. Of two under one key the second would count as done where a process died between them,
    so a view that saves before it acts says so (`hdh_portal.web.once.saves_first`): RuntimeError otherwise.
    """
    here = _current.get()
    if here is None or here.digest is None:
        yield
        return
    if here.before:
        here.before -= 1
        yield
        return
    if here.is_claimed:
        raise RuntimeError("a second act under one key: say that the view saves first")
    try:
        OnceKey.objects.create(digest=here.digest, at=clock.real())
    except IntegrityError:
        raise AlreadyDone from None
    here.is_claimed = True
    try:
        yield
    except BaseException:
        here.is_claimed = False  # it is rolled back with all the rest
        raise


def settle(digest, location):
    """Say where an act that was done has led; an act that led nowhere may be asked for again."""
    rows = OnceKey.objects.filter(digest=digest, location="")
    if location:
        rows.update(location=location)
    else:
        rows.delete()


def found(digest):
    """The `OnceKey` of an act that is done, or None; waits until it is known where it has led."""
    for _ in range(round(PATIENCE / STEP)):
        row = OnceKey.objects.filter(digest=digest).first()
        if row is None or row.location:
            break
        time.sleep(STEP)
    return row
