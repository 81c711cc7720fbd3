"""What a release of the admissibility would tell: the dossiers of the set, what is missing, counts, and its digest."""

from collections import Counter
from dataclasses import dataclass
from functools import cached_property

from applications import checks, permissions
from applications.models import Application, CaseOfficer, Conclusion, Letter, Release, Submission
from applications.models.application import State
from hdh_portal.records.canonical import sha256

STAGE = Release.Stage.ADMISSIBILITY


@dataclass(frozen=True)
class ReleasePlan:
    """`outcomes`: those that stand, each with its application; `undecided`: dossiers without one, by reference."""

    call: object
    outcomes: list
    undecided: list
    digest: str

    @cached_property
    def counts(self):
        """`{"admissible": n, "inadmissible": n}`."""
        counted = Counter(outcome.conclusion for outcome in self.outcomes)
        return {conclusion: counted[conclusion] for conclusion in Conclusion.values}

    @property
    def is_complete(self):
        """True when every deposited dossier has an outcome that stands, and there is at least one."""
        return bool(self.outcomes) and not self.undecided


def release_plan(call):
    """Read what would be released now (five statements). The digest changes with anything a letter would say."""
    submitted = Application.objects.filter(call=call, state=State.SUBMITTED).order_by("reference")
    outcomes = list(
        checks.final_outcomes()
        .filter(application__call=call, application__state=State.SUBMITTED)
        .select_related("application__call", "ground")
        .order_by("application__reference")
    )
    decided = {outcome.application_id for outcome in outcomes}
    undecided = [row for row in submitted if row.pk not in decided]
    return ReleasePlan(call, outcomes, undecided, _digest(call, outcomes, undecided))


def _digest(call, outcomes, undecided):
    versions = Submission.objects.counting().filter(application__call=call).values_list("application_id", "digest")
    sealed = dict(versions)
    letters = Letter.objects.filter(call=call, kind__in=Conclusion.values).order_by("kind")
    return sha256(
        {
            "call": [call.slug, call.title],
            "contact": call.texts.get("contact"),
            "receipt": call.texts.get("receipt"),
            "letters": [[letter.kind, letter.subject, letter.body] for letter in letters],
            "undecided": [row.reference for row in undecided],
            "outcomes": [_line(outcome, sealed.get(outcome.application_id)) for outcome in outcomes],
        }
    )


def _line(outcome, sealed):
    ground = [outcome.ground.key, outcome.ground.label, outcome.ground.text] if outcome.ground else []
    return [outcome.application.reference, sealed, outcome.conclusion, ground, outcome.reason]


def release_of(call):
    """The call's release of the admissibility: proposed, confirmed, or None."""
    rows = Release.objects.select_related("decided_by", "confirmed_by").filter(call=call, stage=STAGE)
    return rows.first()


def signature_stands(release):
    """True while the first signer still may sign: in office as a manager, without interest in the set."""
    officers = CaseOfficer.objects.in_office().filter(call=release.call_id, user=release.decided_by_id)
    officer = officers.first()
    return officer is not None and permissions.can_sign_release(officer, release.call)


def is_released(call):
    """True once the outcomes are told to all."""
    return Release.objects.filter(call=call, stage=STAGE, confirmed_at__isnull=False).exists()


def outcome_to_show(plan, reference):
    """The standing outcome of one dossier of the set, or None."""
    return next((one for one in plan.outcomes if one.application.reference == reference), None)
