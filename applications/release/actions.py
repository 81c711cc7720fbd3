"""The release of a stage: two people sign the digest of one and the same list, then all learn it in one transaction.

The same for every stage: `stage` is a `Release.Stage`; what is a stage's own stands in its `StageRelease`.
"""

from applications.heads import seal_attempts
from applications.models import Member, Notice, Release
from applications.release.letters import letters_for
from applications.release.reading import stage_of
from applications.release.signatures import ReleaseSigning
from applications.signatures import SECOND
from applications.states import move_to
from hdh_portal.ground import french
from hdh_portal.records import journal, outbox
from hdh_portal.records.actions import action

MAIL = "decision_mail"


@action
def propose_release(call, digest, stage=Release.Stage.ADMISSIBILITY, *, by, at):
    """Sign the release first: `digest` is that of the list and letters as this person saw them. Nothing is told yet."""
    return ReleaseSigning(call, stage_of(stage)).propose(digest, by=by, at=at)


@action
def confirm_release(call, digest, stage=Release.Stage.ADMISSIBILITY, *, by, at):
    """Sign the release second and do it: states one by one, notices, letters, mails and journal, all or nothing."""
    stage = stage_of(stage)
    release, plan = ReleaseSigning(call, stage).confirm(digest, by=by, at=at)
    with french.official():
        _notify(plan, at)
    release.save(update_fields=SECOND)
    more = stage.also(call, at)
    _move(release, plan, by, at)
    _journal_done(release, plan, more, by, at)
    return release


def _notify(plan, at):
    """Letters, notices and mails of all candidates: rows now, work later. The letters bear the day of `at`."""
    stage, outcomes = plan.stage, plan.outcomes
    papers = letters_for(stage, outcomes, at=at)
    about_of = {row.pk: outbox.about(row.application) for row in outcomes}
    made = {row.pk: paper for row, paper in zip(outcomes, papers, strict=True)}
    letters = outbox.queue_documents(stage.letter, made, about_of.get)
    Notice.objects.bulk_create(
        Notice(
            application=outcome.application,
            kind=stage.key,
            text=stage.notice_text(outcome),
            reasons=stage.letter_values(outcome).get("reasons", ""),
            document=letters[outcome.pk],
            at=at,
        )
        for outcome in outcomes
    )
    members = Member.objects.filter(application__in=[outcome.application_id for outcome in outcomes])
    outbox.queue_messages(
        MAIL, [_parcel(stage, member) for member in members.select_related("user", "application__call")]
    )


def _parcel(stage, member):
    key = f"{stage.slug}-{member.application.reference}-{member.user_id}"
    return outbox.Parcel(member.application_id, member.user.email, key, outbox.about(member.application))


def _move(release, plan, by, at):
    """Each dossier goes to its state by itself, with a line in the journal, in the order of their ids."""
    with journal.lines_last():
        for outcome in sorted(plan.outcomes, key=lambda one: one.application_id):
            notified = {"release": release.pk, "outcome": outcome.pk}
            move_to(outcome.application, outcome.conclusion, by=by, at=at, **notified)


def _journal_done(release, plan, more, by, at):
    """A line for the release, and the head that is published with it."""
    data = {"release": release.pk, "stage": release.stage, "digest": release.digest, "counts": plan.counts}
    journal.append(release.call.chain_id, "release_done", by=by, at=at, **data, **more)
    seal_attempts(release.call, f"release {release.stage}", by, at)
