"""The release of a stage: two people sign the digest of one and the same list, then all learn it in one transaction.

The same for every stage: `stage` is a `Release.Stage`; what is a stage's own stands in its `StageRelease`.
"""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from applications.heads import seal_attempts
from applications.models import Application, Member, Notice, Release
from applications.officers import officer_of
from applications.permissions import can_confirm_release, can_sign_release
from applications.release.letters import letters_for
from applications.release.reading import release_plan, signature_stands, stage_of
from applications.states import move_to
from hdh_portal.ground import french
from hdh_portal.records import journal, outbox
from hdh_portal.records.actions import action
from hdh_portal.records.exceptions import Refused

MAIL = "decision_mail"


@action
def propose_release(call, digest, stage=Release.Stage.ADMISSIBILITY, *, by, at):
    """Sign the release first: `digest` is that of the list and letters as this person saw them. Nothing is told yet."""
    stage = stage_of(stage)
    _lock_set(call, stage)
    officer = _signer(call, by)
    release = _release(call, stage)
    if release is not None and release.confirmed_at is not None:
        raise Refused(_("Les issues sont déjà communiquées\u00a0: relisez-les dans la liste."), code="already_released")
    plan = _plan(call, stage, digest, at)
    if release is None:
        release = Release(call=call, stage=stage.key)
    elif not signature_stands(release) or release.digest != plan.digest:
        pass  # A signature that fell, or one under another list, gives way to this one.
    elif can_confirm_release(officer, release):
        raise Refused(
            _("%(name)s a déjà signé cette même liste\u00a0: confirmez-la.") % {"name": release.decided_by},
            code="already_proposed",
        )
    else:
        return release
    release.digest, release.decided_by, release.decided_at = plan.digest, by, at
    release.save()
    data = {"release": release.pk, "stage": stage.key, "digest": plan.digest}
    journal.append(call.chain_id, "release_proposed", by=by, at=at, **data)
    return release


@action
def confirm_release(call, digest, stage=Release.Stage.ADMISSIBILITY, *, by, at):
    """Sign the release second and do it: states one by one, notices, letters, mails and journal, all or nothing."""
    stage = stage_of(stage)
    applications = _lock_set(call, stage)
    officer = _signer(call, by)
    release = _release(call, stage)
    if release is None:
        raise Refused(
            _("Personne n’a encore signé\u00a0: signez la liste, une autre personne confirmera."), code="not_proposed"
        )
    if release.confirmed_at is not None:
        raise Refused(_("Les issues sont déjà communiquées\u00a0: relisez-les dans la liste."), code="already_released")
    if not can_confirm_release(officer, release):
        raise Refused(
            _("Vous avez signé en premier\u00a0: un autre gestionnaire de l’appel confirme."), code="same_person"
        )
    if not signature_stands(release):
        raise Refused(
            _(
                "La première signature ne vaut plus\u00a0: "
                "cette personne a quitté son rôle, ou a un lien avec un dossier. "
                "Signez la liste, une autre personne confirmera."
            ),
            code="first_signature_fell",
        )
    plan = _plan(call, stage, digest, at)
    if release.digest != plan.digest:
        raise Refused(
            _(
                "La liste a changé depuis la première signature\u00a0: signez-la de nouveau, "
                "puis une autre personne confirmera."
            ),
            code="changed_since_proposal",
        )
    with french.official():
        _tell(plan, at)
    release.confirmed_by, release.confirmed_at = by, at
    release.save(update_fields=["confirmed_by", "confirmed_at"])
    more = stage.also(call, at)
    _move(applications, release, plan, by, at)
    _journal_done(release, plan, more, by, at)
    return release


def _lock_set(call, stage):
    """The dossiers of the set, locked in the order of their ids: no act of the stage comes between."""
    dossiers = Application.objects.select_for_update(of=("self",)).filter(call=call, state=stage.from_state)
    return list(dossiers.order_by("pk"))


def _signer(call, user):
    """The office of a person who may sign; who is tied to any dossier of the set signs nothing."""
    officer = officer_of(call, user)
    if not officer.is_manager:
        raise Refused(_("La communication est signée par deux gestionnaires de l’appel."), code="not_allowed")
    if not can_sign_release(officer, call):
        raise Refused(
            _(
                "%(name)s n’a pas déclaré ses liens, ou en a un avec un dossier de la liste. "
                "Un autre gestionnaire de l’appel signe."
            )
            % {"name": user},
            code="signer_has_interest",
        )
    return officer


def _release(call, stage):
    rows = Release.objects.select_for_update(of=("self",)).select_related("decided_by", "call")
    return rows.filter(call=call, stage=stage.key).first()


def _plan(call, stage, digest, at):
    """What would be released now; refused while something is missing or if it is not what the person saw."""
    stage.refuse(call, at)
    plan = release_plan(call, stage.key)
    if plan.undecided:
        count = len(plan.undecided)
        sentence = ngettext(
            "%(count)s dossier attend encore sa décision\u00a0: rien n’est communiqué avant.",
            "%(count)s dossiers attendent encore leur décision\u00a0: rien n’est communiqué avant.",
            count,
        )
        raise Refused(sentence % {"count": count}, code="incomplete")
    if not plan.outcomes:
        raise Refused(
            _("Aucun dossier n’est à communiquer\u00a0: attendez qu’un dossier ait son issue."),
            code="nothing_to_release",
        )
    if digest != plan.digest:
        raise Refused(
            _("La liste ou un courrier a changé depuis cette page\u00a0: relisez-la, puis signez."),
            code="changed_since_page",
        )
    return plan


def _tell(plan, at):
    """Letters, notices and mails of all candidates: rows now, work later. The letters bear the day of `at`."""
    stage, outcomes = plan.stage, plan.outcomes
    papers = letters_for(stage, outcomes, at=at)
    told_of = {row.pk: outbox.about(row.application) for row in outcomes}
    made = {row.pk: paper for row, paper in zip(outcomes, papers, strict=True)}
    letters = outbox.queue_documents(stage.letter, made, told_of.get)
    Notice.objects.bulk_create(
        Notice(
            application=outcome.application,
            kind=stage.key,
            text=stage.notice_text(outcome),
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


def _move(applications, release, plan, by, at):
    """Each dossier goes to its state by itself, with a line in the journal."""
    outcomes = {outcome.application_id: outcome for outcome in plan.outcomes}
    with journal.lines_last():
        for application in applications:
            outcome = outcomes[application.pk]
            told = {"release": release.pk, "outcome": outcome.pk}
            move_to(application, outcome.conclusion, by=by, at=at, **told)


def _journal_done(release, plan, more, by, at):
    """A line for the release, and the head that is published with it."""
    data = {"release": release.pk, "stage": release.stage, "digest": release.digest, "counts": plan.counts}
    journal.append(release.call.chain_id, "release_done", by=by, at=at, **data, **more)
    seal_attempts(release.call, f"release {release.stage}", by, at)
