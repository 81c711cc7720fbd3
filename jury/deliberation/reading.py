"""Reading the decisions of a jury: who was in the room, what is decided, the sums, what is missing, digests.

Everything here is read for actions and for people without interest in any dossier of the set; a page shows anybody
else only the lines that are open to them, and no sum.
"""

from dataclasses import dataclass, replace
from functools import cached_property

from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext as _

from applications.models import Application, Interest, Submission
from applications.signatures import digest_of_set
from applications.states import State
from hdh_portal.ground import clock
from hdh_portal.records.canonical import sha256
from jury.hearings.reading import Attendance, noted_of, seat_of
from jury.models import Decision, Deliberation, Hearing, Juror, JurorDeclaration, Jury
from jury.permissions import has_interest_in_any

LAUREATE, RESERVE = Decision.Conclusion.LAUREATE, Decision.Conclusion.RESERVE


def dossiers_of(call, deliberation):
    """The set: dossiers still before the jury; once frozen those that were decided, whatever became of them."""
    if deliberation is not None and deliberation.is_frozen:
        return Application.objects.filter(call=call, decision__isnull=False)
    return Application.objects.filter(call=call, state=State.SHORTLISTED)


def decisions_left_behind(call):
    """Decisions, not frozen, on dossiers that have left the procedure: they count for nothing."""
    return Decision.objects.filter(call=call).exclude(application__state=State.SHORTLISTED)


def has_interest_in_set(user, call):
    """True if an interest ties the person to any dossier of the set: no sum, count or bar is for them."""
    dossiers = dossiers_of(call, Deliberation.objects.filter(call=call).first())
    return has_interest_in_any(user, dossiers)


# Digests ------------------------------------------------------------------------------------------------------------


def decision_digest(decision):
    """SHA-256 of what was recorded: who presides posts it, so that both have decided the same."""
    return sha256(_recorded(decision))


def _recorded(decision):
    return {
        "application": decision.application.reference,
        "conclusion": decision.conclusion,
        "amount_cents": decision.amount_cents,
        "requested_cents": decision.requested_cents,
        "cap_cents": decision.cap_cents,
        "rank": decision.rank,
        "reason": decision.reason,
        "present": decision.present,
        "recused": decision.recused,
        "quorum": decision.quorum,
        "decided_by": decision.decided_by_id,
        "decided_at": _instant(decision.decided_at),
    }


def _confirmed(decision):
    confirmed = {
        "presiding": decision.presiding_id,
        "confirmed_by": decision.confirmed_by_id,
        "confirmed_at": decision.confirmed_at and _instant(decision.confirmed_at),
    }
    return _recorded(decision) | confirmed


def _instant(at):
    return at.astimezone(clock.PARIS).isoformat()


# The room -----------------------------------------------------------------------------------------------------------


def rooms(call, applications, *, quorum):
    """`{application id: Attendance}` of several dossiers, the same as `hearings.attendance`, in four statements."""
    seats = list(Juror.objects.filter(call=call).select_related("user").order_by("position"))
    hearings = {one.pk: hearing for one in applications if (hearing := getattr(one, "hearing", None)) is not None}
    noted = noted_of(hearings.values())
    last = {(application, line.juror): line for application, hearing in hearings.items() for line in noted[hearing.pk]}
    people = [seat.user_id for seat in seats if seat.user_id]
    with_interest = Interest.objects.current().filter(application__in=applications, user__in=people)
    pairs = set(with_interest.values_list("application_id", "user_id"))
    return {
        pk: Attendance(
            [
                seat_of(seat, last.get((pk, seat.pk)), hearings.get(pk), has_interest=(pk, seat.user_id) in pairs)
                for seat in seats
            ],
            quorum,
        )
        for pk in (one.pk for one in applications)
    }


# The whole set ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Line:
    """One dossier of the set; `fault`: why its confirmed or recorded decision does not stand, or an empty text."""

    application: Application
    submission: Submission
    hearing: Hearing | None
    decision: Decision | None
    room: Attendance
    fault: str

    @property
    def entry(self):
        """Its line of the frozen ranking: rank, mean."""
        return self.application.shortlist_entry

    @property
    def is_heard(self):
        """True once the jury may decide: the team was heard, or did not come."""
        return self.hearing is not None and self.hearing.is_over

    @property
    def waits_for_record(self):
        """True when the secretary can record now: heard, and nothing stands."""
        return self.is_heard and (self.decision is None or bool(self.fault))

    @property
    def waits_for_confirmation(self):
        return self.decision is not None and not self.decision.is_confirmed and not self.fault

    @property
    def requested_cents(self):
        return self.submission.amount_cents

    @property
    def amount_cents(self):
        return self.decision.amount_cents if self.decision else None

    @property
    def recused(self):
        """Seats that are recused, in their order."""
        return [seat for seat in self.room.seats if seat.is_recused]

    def problem(self):
        """What keeps the set from being frozen, as a sentence, or an empty text."""
        name = {"name": self.submission.acronym}
        if self.decision is None and not self.is_heard:
            return _("%(name)s\u00a0: l’audition n’est pas terminée.") % name
        if self.decision is None:
            return _("%(name)s\u00a0: aucune décision n’est enregistrée.") % name
        if self.fault:
            return _("%(name)s\u00a0: %(fault)s") % {**name, "fault": self.fault}
        if not self.decision.is_confirmed:
            return _("%(name)s\u00a0: la décision enregistrée n’est pas confirmée.") % name
        return ""


@dataclass(frozen=True)
class DeliberationPlan:
    """All dossiers of the set by their rank in the evaluation, and what may be frozen of them. Money is whole cents."""

    call: object
    jury: Jury
    lines: list
    deliberation: Deliberation | None

    @property
    def is_frozen(self):
        return self.deliberation is not None and self.deliberation.is_frozen

    @property
    def is_notified(self):
        """True once the results are released."""
        return any(line.application.state in Decision.Conclusion.values for line in self.lines)

    @cached_property
    def laureates(self):
        """Lines of the laureates."""
        return [line for line in self.lines if line.decision and line.decision.conclusion == LAUREATE]

    @cached_property
    def reserve(self):
        """Lines of the reserve list, in its order."""
        found = [line for line in self.lines if line.decision and line.decision.conclusion == RESERVE]
        return sorted(found, key=lambda line: line.decision.rank)

    @cached_property
    def missing(self):
        """Lines without a decision."""
        return [line for line in self.lines if line.decision is None]

    @property
    def requested_cents(self):
        return sum(line.requested_cents or 0 for line in self.lines)

    @property
    def granted_cents(self):
        return sum(line.amount_cents for line in self.laureates)

    @property
    def left_cents(self):
        return self.jury.envelope_cents - self.granted_cents

    @property
    def places_left(self):
        return self.jury.laureates - len(self.laureates)

    @cached_property
    def problems(self):
        """Sentences: what keeps the set from being frozen."""
        found = [line.problem() for line in self.lines]
        ranks = [line.decision.rank for line in self.reserve]
        if ranks != list(range(1, len(ranks) + 1)):
            found.append(_("La liste complémentaire saute un rang\u00a0: ses rangs se suivent à partir de 1."))
        if self.granted_cents > self.jury.envelope_cents or len(self.laureates) > self.jury.laureates:
            found.append(_("Les lauréats dépassent l’enveloppe ou leur nombre\u00a0: corrigez une décision."))
        return [sentence for sentence in found if sentence]

    def part(self, ids):
        """The same plan with the dossiers of these ids alone: what may be shown to who is closed out of the others."""
        return replace(self, lines=[line for line in self.lines if line.application.pk in ids])

    def digest_of(self, ids):
        """SHA-256 of what a person signs to whom only the dossiers of these ids are open."""
        return self.part(ids).digest

    @property
    def is_complete(self):
        return bool(self.lines) and not self.problems

    @cached_property
    def digest(self):
        """SHA-256 of every decision with its two signers, of what is undecided, and of the limits."""
        rows = sorted(self.lines, key=lambda line: line.application.reference)
        return digest_of_set(
            self.call,
            {
                "call": self.call.slug,
                "quorum": self.jury.quorum,
                "laureates": self.jury.laureates,
                "envelope_cents": self.jury.envelope_cents,
                "decisions": [_confirmed(line.decision) for line in rows if line.decision],
                "undecided": [line.application.reference for line in rows if not line.decision],
            },
        )

    @property
    def is_proposed(self):
        """True while the first signature is under this very set; whether its signer may still sign is the signing's."""
        return self.deliberation is not None and not self.is_frozen and self.deliberation.digest == self.digest


def deliberation_plan(call):
    """Read the whole set, in the same number of statements whatever its size."""
    jury = Jury.objects.get(call=call)
    signers = ("decided_by", "confirmed_by", "presiding__user")
    deliberation = Deliberation.objects.select_related(*signers).filter(call=call).first()
    related = ("shortlist_entry", "hearing__sitting", *(f"decision__{name}" for name in signers))
    rows = list(dossiers_of(call, deliberation).select_related(*related).order_by("shortlist_entry__rank", "reference"))
    sealed = {row.application_id: row for row in Submission.objects.counting().filter(application__in=rows)}
    frozen_at = deliberation.confirmed_at if deliberation else None
    found = rooms(call, rows, quorum=jury.quorum)
    with_interest, late = _signers_with_interest(rows), _interest_since(rows)
    return DeliberationPlan(
        call,
        jury,
        [_line(row, sealed[row.pk], found[row.pk], with_interest, late, frozen_at) for row in rows],
        deliberation,
    )


def _signers_with_interest(applications):
    """Pairs (application id, user id) of standing interests of those who recorded or confirmed a decision."""
    rows = Interest.objects.current().filter(application__in=applications)
    signer = Q(user=F("application__decision__decided_by")) | Q(user=F("application__decision__confirmed_by"))
    return set(rows.filter(signer).values_list("application_id", "user_id"))


def _interest_since(applications):
    """Dossiers whose confirmed decision was taken with a juror who has declared a link since, seated still or not."""
    opened = JurorDeclaration.objects.filter(application=OuterRef("application"), user=OuterRef("user"))
    rows = Interest.objects.current().filter(Exists(opened), application__in=applications)
    since = rows.filter(declared_at__gte=F("application__decision__confirmed_at"))
    return set(since.values_list("application_id", flat=True))


def _line(application, submission, room, with_interest, late, frozen_at):
    hearing, decision = getattr(application, "hearing", None), getattr(application, "decision", None)
    if decision is not None:
        decision.application = application
    fault = _fault(decision, room, with_interest, late) if decision is not None and frozen_at is None else ""
    return Line(application, submission, hearing, decision, room, fault)


def _fault(decision, room, with_interest, late):
    """Why a decision does not stand any more: a signer or a juror has an interest, or the room is another one.

    Who leaves the jury after a confirmed decision changes nothing of it.
    """
    signers = {(decision.application_id, one) for one in (decision.decided_by_id, decision.confirmed_by_id)}
    if signers & with_interest:
        return _("une des personnes qui ont signé a depuis un lien avec ce dossier\u202f; la décision est à reprendre.")
    if decision.is_confirmed and decision.application_id in late:
        return _("une personne qui y a pris part a depuis un lien avec ce dossier\u202f; la décision est à reprendre.")
    if not decision.is_confirmed and (room.present, room.recused) != (decision.present, decision.recused):
        return _("la présence a changé depuis la décision\u202f; elle est à enregistrer de nouveau.")
    return ""
