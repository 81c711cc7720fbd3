"""The journal: one hash-chained line for every act, written as the last statements of its transaction."""

import contextlib
import datetime
import functools
import logging
from contextvars import ContextVar

from django.conf import settings
from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _

from hdh_portal.ground import clock, metrics
from hdh_portal.records.canonical import canonical, sha256
from hdh_portal.records.models import Chain, JournalEntry

log = logging.getLogger(__name__)
# Two machines that write one chain may differ by so much before it is worth a word.
BACKWARDS = datetime.timedelta(seconds=2)
_later = ContextVar("lines of the journal that wait for the end of their act", default=None)


def new_chain(name):
    """A chain of its own, empty."""
    return Chain.objects.create(name=name)


def portal_chain():
    """The chain of what belongs to no call."""
    return Chain.objects.get_or_create(name="portail")[0]


def append(chain_id, verb, *, by, at, **data):
    """Write one line and move the head; locks the chain until the transaction ends. Returns the `JournalEntry`.

    `by`: user, user id or None. `data`: ids and digests only, never a person's words. Inside `lines_last` the line is
    written when that ends, and None is returned.
    """
    if (later := _later.get()) is not None:
        later.append(functools.partial(append, chain_id, verb, by=by, at=at, **data))
        return None
    last = JournalEntry.objects.filter(chain=OuterRef("pk")).order_by("-position").values("recorded_at")[:1]
    with metrics.chain_seconds.time():
        chain = Chain.objects.select_for_update(of=("self",)).annotate(last_at=Subquery(last)).get(pk=chain_id)
    entry = JournalEntry(
        chain=chain,
        position=chain.length + 1,
        occurred_at=at,
        recorded_at=clock.now(),
        actor_id=getattr(by, "pk", by),
        verb=verb,
        data=data,
        previous=chain.head,
    )
    if _runs_backwards(chain.last_at, entry.recorded_at):
        log.error("the journal runs backwards: chain %s, line %s", chain_id, entry.position)
    entry.hash = digest(entry)
    entry.save(force_insert=True)
    chain.head, chain.length = entry.hash, entry.position
    chain.save(update_fields=["head", "length"])
    return entry


@contextlib.contextmanager
def lines_last():
    """For an act made of parts that each have a line: the lines are written after all that the parts write, in order.

    The chain's lock, which all acts of a call share, is then held from there to the commit alone.
    """
    later = []
    token = _later.set(later)
    try:
        yield
    finally:
        _later.reset(token)
    for write in later:
        write()


def _runs_backwards(before, after):
    """True if a line was written earlier than the one before it; the demonstration's clock may go back."""
    return before is not None and before - after > BACKWARDS and not settings.HDH_DEMO


def backwards(chain):
    """A French sentence for each line that was written before its predecessor. The chain is whole all the same."""
    before = None
    rows = chain.entries.order_by("position").values_list("position", "recorded_at")
    for position, recorded_at in rows.iterator(chunk_size=2000):
        if _runs_backwards(before, recorded_at):
            seconds = (before - recorded_at).total_seconds()
            yield _("%(name)s\u00a0: l’horloge recule de %(seconds)s s à la ligne %(position)s.") % {
                "name": chain.name,
                "seconds": f"{seconds:.0f}",
                "position": position,
            }
        before = recorded_at


def digest(entry):
    """SHA-256 of everything the line says, the hash before it included."""
    return sha256(content(entry))


def content(entry):
    """The bytes of which a line's hash is the SHA-256."""
    return canonical(
        {
            "chain": entry.chain_id,
            "position": entry.position,
            "occurred_at": entry.occurred_at.astimezone(clock.PARIS).isoformat(),
            "recorded_at": entry.recorded_at.astimezone(clock.PARIS).isoformat(),
            "actor": entry.actor_id,
            "verb": entry.verb,
            "data": entry.data,
            "previous": entry.previous,
        }
    )


def verify(chain):
    """Faults of one chain as French sentences, empty if none: gaps, changed lines, a wrong head."""
    faults, previous, position = [], "0" * 64, 0
    for entry in chain.entries.order_by("position").iterator(chunk_size=500):
        position += 1
        if entry.position != position:
            faults.append(
                _("%(name)s\u00a0: la ligne %(position)s manque, la suivante porte le numéro %(following)s.")
                % {"name": chain.name, "position": position, "following": entry.position}
            )
            position = entry.position
        if entry.previous != previous:
            faults.append(
                _("%(name)s\u00a0: la ligne %(position)s ne suit pas la ligne précédente.")
                % {"name": chain.name, "position": entry.position}
            )
        if digest(entry) != entry.hash:
            faults.append(
                _("%(name)s\u00a0: le contenu de la ligne %(position)s a changé.")
                % {"name": chain.name, "position": entry.position}
            )
        previous = entry.hash
    if (chain.length, chain.head) != (position, previous):
        faults.append(
            _("%(name)s\u00a0: la tête annonce %(length)s lignes, le journal en compte %(position)s.")
            % {"name": chain.name, "length": chain.length, "position": position}
        )
    return faults
