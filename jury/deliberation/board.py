"""What the deliberation shows one person: the lines that are open to them, their next act, and the budget bar.

Who has an interest in a dossier of the set, or has not declared yet, is shown sums and counts of the other dossiers,
and no rank: it would show where theirs stands. Once frozen, what was decided is shown to all of them.
"""

from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.models import Interest
from applications.states import State, tag_of
from hdh_portal.ground import french
from hdh_portal.ground.figures import rounded
from jury.deliberation.reading import RESERVE, dossiers_of
from jury.deliberation.signatures import DeliberationSigning
from jury.dossiers import dossiers_open_to
from jury.permissions import can_read_set
from jury.seats.presiding import presiding, presiding_over_all
from reviews.documents import mean_text

TIED, UNDECLARED = gettext_lazy("Votre déport"), gettext_lazy("À déclarer")
CEILING = 92  # where the envelope stands on the bar, in hundredths of its width


# Acts on the whole set, as its signing calls them.
SIGNED = {"propose": "sign", "freeze": "confirm", "proposed": "wait"}
ACTS = {act: name for name, act in SIGNED.items()}


@dataclass(frozen=True)
class Row:
    """One row of the table. A closed one has `why` it is closed, its name, and once frozen its `tag` and amount."""

    name: str
    reference: str
    why: str = ""
    line: object = None
    tag: dict | None = None
    rank: int | None = None
    mean: str = ""
    recused: str = ""
    amount_cents: int | None = None
    is_next: bool = False


@dataclass(frozen=True)
class Act:
    """The one thing that a person may do now: `name` of its part of the page, `line` that it is about, or None."""

    name: str
    line: object = None


def _why_closed(application, *, has_interest):
    if has_interest:
        return TIED
    return _("Retiré") if application.state == State.WITHDRAWN else UNDECLARED


class Board:
    """The deliberation of a call as one `permissions.Person` may see it; statements do not grow with its lines."""

    def __init__(self, person, plan):
        self.person, self.plan = person, plan
        opened = set(dossiers_open_to(person).order_by().values_list("pk", flat=True))
        self.lines = [line for line in plan.lines if line.application.pk in opened]
        self.closed = [line for line in plan.lines if line.application.pk not in opened]
        self.shows_all = can_read_set(person, dossiers_of(plan.call, plan.deliberation))
        # What sums and counts are of.
        opened = {line.application.pk for line in self.lines}
        self.shown = plan.part(opened) if self.is_part else plan
        self.signing = DeliberationSigning(plan.call)
        self.next = self._next()

    @property
    def is_waiting_for_declaration(self):
        """True for a juror to whom nothing is open yet, although not all of it is closed by an interest."""
        return not self.lines and any(row.why == UNDECLARED for row in self.rows)

    @property
    def is_part(self):
        """True while sums and counts leave out what is closed to the person."""
        return not self.shows_all and not self.plan.is_frozen

    @property
    def has_begun(self):
        """True once a hearing that is open to the person has begun."""
        return any(line.hearing is not None and line.hearing.started_at is not None for line in self.lines)

    @cached_property
    def rows(self):
        """Open lines by rank of the evaluation, then closed ones by reference, so that their place tells nothing."""
        with_interest = set(
            Interest.objects.current()
            .filter(user=self.person.user, application__in=[line.application for line in self.closed])
            .values_list("application_id", flat=True)
        )
        shut = [
            Row(
                line.submission.acronym,
                line.application.reference,
                why=_why_closed(line.application, has_interest=line.application.pk in with_interest),
                tag=self.tag(line) if self.plan.is_frozen else None,
                amount_cents=line.amount_cents if self.plan.is_frozen else None,
            )
            for line in sorted(self.closed, key=lambda line: line.application.reference)
        ]
        return [self._row(line) for line in self.lines] + shut

    def _row(self, line):
        return Row(
            line.submission.acronym,
            line.application.reference,
            line=line,
            tag=self.tag(line),
            rank=line.entry.rank if self.shows_all else None,
            mean=mean_text(line.entry.mean),
            amount_cents=line.amount_cents,
            recused=", ".join(str(seat.juror.user) for seat in line.recused),
            is_next=self.next.line is line,
        )

    def tag(self, line):
        """Where a decision stands, in words; a rank of the reserve list for who may read them all, or once frozen."""
        if line.decision is None:
            text = _("À délibérer") if line.is_heard else _("À entendre")
            return {"kind": "", "icon": "ring", "text": text}
        if line.fault:
            return {"kind": "limit", "icon": "alert", "text": _("À reprendre")}
        tag = tag_of(line.decision.conclusion)
        if line.decision.conclusion == RESERVE and (self.shows_all or self.plan.is_frozen):
            tag |= {"text": _("Complémentaire, %(rank)s") % {"rank": line.decision.rank}}
        return tag

    # The next act

    def _next(self):
        """The `Act` of this person."""
        if self.plan.is_frozen:
            return Act("frozen")
        for act in (self._to_record, self._to_confirm, self._to_sign):
            if found := act():
                return found
        return Act("wait")

    @cached_property
    def signature(self):
        """The part of the page where the whole is signed, or None."""
        act = SIGNED.get(self.next.name)
        if act is None:
            return None
        ids = self.shares and self.shares.of(self.person.user)
        return self.signing.part(act, self.plan.deliberation, self.plan, ids)

    @cached_property
    def shares(self):
        """Who signs what where no two people are free of all (`applications.signatures.Shares`), or None."""
        return self.signing.shares({line.application.pk for line in self.plan.lines})

    def _to_record(self):
        line = next((line for line in self.lines if line.waits_for_record), None)
        return Act("record", line) if line and self.person.is_secretary else None

    def _to_confirm(self):
        found = (line for line in self.lines if self.may_confirm(line))
        line = next(found, None)
        return Act("confirm", line) if line else None

    def may_confirm(self, line):
        """True for who presides over this dossier and did not record its decision."""
        seat, juror = presiding(line.room), self.person.juror
        is_mine = juror is not None and seat is not None and seat.pk == juror.pk
        return line.waits_for_confirmation and is_mine and line.decision.decided_by_id != self.person.user.pk

    def _to_sign(self):
        """The act of who may sign all decisions, or a part of them; only once nothing is missing."""
        if not self.plan.is_complete:
            return None
        if self.shares is not None:
            name = self.signing.act_of(self.person.user, self.shares, self.plan.deliberation, self.plan)
            return Act(ACTS[name]) if name else None
        return self._to_propose() or self._to_freeze() if self.shows_all else None

    def _to_propose(self):
        if not self.person.is_secretary:
            return None
        stands = self.plan.is_proposed and self.signing.stands(self.plan.deliberation)
        return Act("proposed" if stands else "propose")

    def _to_freeze(self):
        if not (self.person.juror and self.plan.is_proposed):
            return None
        seat = presiding_over_all(self.plan.call)
        is_mine = seat is not None and seat.pk == self.person.juror.pk
        is_first = self.plan.deliberation.decided_by_id == self.person.user.pk
        if is_mine and not is_first and self.signing.stands(self.plan.deliberation):
            return Act("freeze")
        return Act("proposed")


# The budget bar -----------------------------------------------------------------------------------------------------


def budget(plan):
    """`blocks` `[{x, width, is_confirmed}]`, `ticks` `[{x, is_major}]`, `labels` `[{x, text}]`, `ceiling`.

    Positions in hundredths as SVG lengths; one block a laureate, in the order of the table. Money is whole cents.
    """
    envelope, blocks, used = plan.jury.envelope_cents, [], 0
    for line in plan.laureates:
        width = max(_share(line.amount_cents, envelope) - 0.4, 0.2)
        block = {"x": _length(_share(used, envelope)), "width": _length(width)}
        blocks.append(block | {"is_confirmed": line.decision.is_confirmed})
        used += line.amount_cents
    step = _step(envelope)
    marks = range(0, envelope + 1, step // 10)
    return {
        "blocks": blocks,
        "has_hollow": not all(block["is_confirmed"] for block in blocks),
        "ceiling": _length(CEILING),
        "ceiling_text": _amount(envelope),
        "ticks": [{"x": _length(_share(at, envelope)), "is_major": at % step == 0} for at in marks],
        "labels": [
            {"x": _length(_share(at, envelope)), "text": _amount(at)}
            for at in range(step, envelope, step)
            if envelope - at > step * 0.6
        ],
    }


def _share(cents, envelope):
    return cents / envelope * CEILING


def _length(value):
    return f"{round(value, 2):g}%"


def _step(envelope):
    """The round amount of the long ticks: 1, 2 or 5 at the head, from three to eight of them in the envelope."""
    step = 100
    while True:
        for factor in (1, 2, 5):
            if envelope <= step * factor * 4:
                return step * factor
        step *= 10


def _amount(cents):
    """« 3 M€ », « 50 K€ »: short, for a tick."""
    euros = cents // 100
    if euros >= 10**6:
        return f"{french.number(rounded(euros / 10**6, 2))}\u00a0M€"
    return f"{french.number(rounded(euros / 1000, 2))}\u00a0K€" if euros >= 1000 else french.euros(cents)
