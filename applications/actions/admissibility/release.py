"""The release: two people sign the digest of one and the same list, then all candidates learn it in one transaction."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from applications import permissions
from applications.actions.evidence import seal_attempts
from applications.actions.interest import officer_of
from applications.documents import letters_for
from applications.models import Application, Conclusion, Member, Notice, Release
from applications.models.application import TRANSITIONS, State
from applications.releases import STAGE, release_plan, signature_stands
from hdh_portal.records import journal, outbox
from hdh_portal.records.actions import action
from hdh_portal.records.exceptions import Refused

LETTER = "applications.documents.letter"
MAIL = "applications.emails.admissibility"


@action
def propose_release(call, digest, *, by, at):
    """Sign the release first: `digest` is that of the list and letters as this person saw them. Nothing is told yet."""
    _lock_set(call)
    officer = _signer(call, by)
    release = _release(call)
    if release is not None and release.confirmed_at is not None:
        raise Refused(_("Les issues sont déjà communiquées\u00a0: relisez-les dans la liste."), code="already_released")
    plan = _plan(call, digest)
    if release is None:
        release = Release(call=call, stage=STAGE)
    elif not signature_stands(release) or release.digest != plan.digest:
        pass  # A signature that fell, or one under another list, gives way to this one.
    elif permissions.can_confirm_release(officer, release):
        raise Refused(
            _("%(name)s a déjà signé cette même liste\u00a0: confirmez-la.") % {"name": release.decided_by},
            code="already_proposed",
        )
    else:
        return release
    release.digest, release.decided_by, release.decided_at = plan.digest, by, at
    release.save()
    journal.append(call.chain_id, "release_proposed", by=by, at=at, release=release.pk, digest=plan.digest)
    return release


@action
def confirm_release(call, digest, *, by, at):
    """Sign the release second and do it: states one by one, notices, letters, mails and journal, all or nothing."""
    applications = _lock_set(call)
    officer = _signer(call, by)
    release = _release(call)
    if release is None:
        raise Refused(
            _("Personne n’a encore signé\u00a0: signez la liste, une autre personne confirmera."), code="not_proposed"
        )
    if release.confirmed_at is not None:
        raise Refused(_("Les issues sont déjà communiquées\u00a0: relisez-les dans la liste."), code="already_released")
    if not permissions.can_confirm_release(officer, release):
        raise Refused(
            _("Vous avez signé en premier\u00a0: une autre personne qui gère l’appel confirme."), code="same_person"
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
    plan = _plan(call, digest)
    if release.digest != plan.digest:
        raise Refused(
            _(
                "La liste a changé depuis la première signature\u00a0: signez-la de nouveau, "
                "puis une autre personne confirmera."
            ),
            code="changed_since_proposal",
        )
    _tell(plan, at)
    release.confirmed_by, release.confirmed_at = by, at
    release.save(update_fields=["confirmed_by", "confirmed_at"])
    _move(applications, plan, release, by, at)
    _journal_done(release, plan, by, at)
    return release


def _lock_set(call):
    """The deposited dossiers, locked in the order of their ids: no check and no decision comes between."""
    dossiers = Application.objects.select_for_update(of=("self",)).filter(call=call, state=State.SUBMITTED)
    return list(dossiers.order_by("pk"))


def _signer(call, user):
    """The office of a person who may sign; who is tied to any dossier of the set signs nothing."""
    officer = officer_of(call, user)
    if not officer.is_manager:
        raise Refused(_("La communication est signée par deux personnes qui gèrent l’appel."), code="not_allowed")
    if not permissions.can_sign_release(officer, call):
        raise Refused(
            _(
                "%(name)s a un lien avec un dossier de la liste et ne peut pas la signer. "
                "Une autre personne qui gère l’appel signe."
            )
            % {"name": user},
            code="signer_has_interest",
        )
    return officer


def _release(call):
    rows = Release.objects.select_for_update(of=("self",)).select_related("decided_by", "call")
    return rows.filter(call=call, stage=STAGE).first()


def _plan(call, digest):
    """What would be released now; refused while something is missing or if it is not what the person saw."""
    plan = release_plan(call)
    if plan.undecided:
        count = len(plan.undecided)
        sentence = ngettext(
            "%(count)s dossier n’a pas encore d’issue\u00a0: attendez les contrôles et les conciliations.",
            "%(count)s dossiers n’ont pas encore d’issue\u00a0: attendez les contrôles et les conciliations.",
            count,
        )
        raise Refused(sentence % {"count": count}, code="incomplete")
    if not plan.outcomes:
        raise Refused(
            _("Aucun dossier n’est à communiquer\u00a0: attendez qu’un dossier déposé ait son issue."),
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
    papers = letters_for(plan.outcomes, at=at)
    letters = outbox.queue_documents(LETTER, {row.pk: paper for row, paper in zip(plan.outcomes, papers, strict=True)})
    Notice.objects.bulk_create(
        Notice(
            application=outcome.application,
            kind=STAGE,
            text=notice_text(outcome.conclusion),
            document=letters[outcome.pk],
            at=at,
        )
        for outcome in plan.outcomes
    )
    members = Member.objects.filter(application__in=[outcome.application_id for outcome in plan.outcomes])
    outbox.queue_messages(MAIL, [_parcel(member) for member in members.select_related("user", "application")])


def _parcel(member):
    key = f"recevabilite-{member.application.reference}-{member.user_id}"
    return member.application_id, member.user.email, key


def notice_text(conclusion):
    """What the candidate's page says, beside the letter that says all."""
    if conclusion == Conclusion.ADMISSIBLE:
        return _("Votre dossier est recevable\u00a0: il remplit les conditions de l’appel et passe à l’étape suivante.")
    return _("Votre dossier n’est pas recevable. Le courrier donne le motif, la raison et les voies de recours.")


def _move(applications, plan, release, by, at):
    """Each dossier goes to its state by itself, with its own line in the journal."""
    conclusions = {outcome.application_id: outcome for outcome in plan.outcomes}
    for application in applications:
        outcome, before = conclusions[application.pk], application.state
        if outcome.conclusion not in TRANSITIONS[before]:
            raise Refused(
                _("Un dossier a changé d’état\u00a0: relisez la liste, puis signez-la."), code="changed_since_page"
            )
        application.state = State(outcome.conclusion)
        application.save(update_fields=["state"])
        journal.append(
            release.call.chain_id,
            f"application_{outcome.conclusion}",
            by=by,
            at=at,
            application=application.reference,
            outcome=outcome.pk,
            release=release.pk,
            **{"from": before, "to": application.state},
        )


def _journal_done(release, plan, by, at):
    data = {"release": release.pk, "digest": release.digest, "counts": plan.counts}
    journal.append(release.call.chain_id, "release_done", by=by, at=at, **data)
    seal_attempts(release.call, f"release {STAGE}", by, at)
