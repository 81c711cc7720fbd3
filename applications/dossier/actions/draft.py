"""The draft: created, written, withdrawn and taken back; nothing of it is sealed here. Its files: `uploading`."""

import secrets

from django.db.models import JSONField, Value
from django.utils.translation import gettext as _

from applications.dossier import limits
from applications.locking import lock
from applications.models import Answer, Application, Interest, Member
from applications.questions.types import EMPTY
from applications.states import State, may_move_to, move_to
from hdh_portal.ground import french
from hdh_portal.records import journal
from hdh_portal.records.actions import action
from hdh_portal.records.exceptions import Refused


@action
def create_application(call, *, by, at):
    """A draft and its owner. Refused outside the window of deposits, and without a verified address."""
    refuse_outside_window(call, at)
    if not by.has_verified_address():
        raise Refused(
            _("Confirmez d’abord votre adresse\u00a0: ouvrez le courriel que le portail vous a envoyé."),
            code="address_not_verified",
        )
    limits.refuse_another_draft(call, by)
    application = Application.objects.create(call=call, reference=free_reference(call), created_at=at)
    Member.objects.create(application=application, user=by, role=Member.Role.OWNER, since=at)
    # Being a member is an interest in every selecting role, held now or one day.
    Interest.objects.create(user=by, application=application, kind=Interest.Kind.MEMBER, declared_at=at)
    journal.append(call.chain_id, "application_created", by=by, at=at, application=application.reference)
    return application


def free_reference(call):
    """A reference drawn among the unused numbers of the call: it must not tell how many rivals there are."""
    taken = set(Application.objects.filter(call=call).values_list("reference", flat=True))
    digits = 4 if len(taken) < 8000 else 6
    while True:
        reference = f"{call.reference_prefix}-{secrets.randbelow(10**digits):0{digits}}"
        if reference not in taken:
            return reference


def refuse_outside_window(call, at):
    """Refuse what comes before the opening or after the closing, saying by how much."""
    window = call.submission
    if window.is_over(at):
        late = french.left(at, window.closes_at)
        raise Refused(
            _("La clôture est passée depuis %(late)s. Votre brouillon reste lisible.") % {"late": late},
            code="window_over",
        )
    if not window.is_open(at):
        raise Refused(
            _("Les dépôts ouvrent le %(day)s.") % {"day": french.instant(window.opens_at)}, code="window_not_open"
        )


def refuse_unless_editable(application, by, at):
    """Refuse writing after the closing, in a state that is past, or by a reader."""
    _refuse_unless_edited_by(Member.objects.filter(application=application, user=by).first(), application, at)


def _refuse_unless_edited_by(member, application, at):
    refuse_outside_window(application.call, at)
    if not application.is_editable_state:
        raise Refused(_("Ce dossier ne peut plus être modifié."), code="state_is_past")
    if member is None or not member.may_edit:
        raise Refused(_("Vous pouvez lire ce dossier, non le modifier."), code="not_an_editor")


@action
def save_answers(application, values, *, by, at):
    """Keep what was typed, also where it is wrong; returns the keys of the answers that changed. Not journaled.

    `values`: `{question key: JSON value}`; unknown keys are left out. Each answer locks its own row.
    """
    found = Member.objects.select_related("application__call").filter(application=application, user=by).first()
    application = found.application if found else Application.objects.select_related("call").get(pk=application.pk)
    _refuse_unless_edited_by(found, application, at)
    rows = Answer.objects.select_for_update(of=("self",)).select_related("question")
    stored = {answer.question.key: answer for answer in rows.filter(application=application, question__key__in=values)}
    written = [key for key, answer in stored.items() if answer.value != values[key]]
    first = [key for key, value in values.items() if key not in stored and value not in EMPTY]
    questions = {key: answer.question for key, answer in stored.items()}
    if first:
        questions |= {question.key: question for question in application.call.questions.filter(key__in=first)}
    changed = [key for key in (*written, *first) if key in questions]
    _write(
        Answer(
            application=application,
            question=questions[key],
            value=_json(values[key]),
            version=stored[key].version + 1 if key in stored else 1,
            saved_at=at,
            saved_by=by,
        )
        for key in changed
    )
    return changed


def _json(value):
    """The value for the column: None is JSON's null there, not SQL's (an answer that was taken back)."""
    return Value(None, JSONField()) if value is None else value


def _write(answers):
    """All answers in one statement; two tabs may write a first one at the same moment: the later one wins."""
    Answer.objects.bulk_create(
        answers,
        update_conflicts=True,
        unique_fields=["application", "question"],
        update_fields=["value", "saved_at", "saved_by", "version"],
    )


@action
def withdraw_application(application, *, by, at):
    """Withdraw a draft (its owner can take it back until closing) or a deposit (for good)."""
    application = lock(application)
    if not Member.objects.filter(application=application, user=by, role=Member.Role.OWNER).exists():
        raise Refused(_("Seule la personne responsable du dossier peut le retirer."), code="not_the_owner")
    if not may_move_to(application, State.WITHDRAWN):
        raise Refused(_("Ce dossier ne peut plus être retiré."), code="state_is_past")
    move_to(application, State.WITHDRAWN, by=by, at=at)
    return application


@action
def restore_draft(application, *, by, at):
    """Take back a draft that was withdrawn, until the closing."""
    application = lock(application)
    refuse_outside_window(application.call, at)
    if not Member.objects.filter(application=application, user=by, role=Member.Role.OWNER).exists():
        raise Refused(_("Seule la personne responsable du dossier peut le reprendre."), code="not_the_owner")
    if not may_move_to(application, State.DRAFT):
        raise Refused(_("Un dossier déposé puis retiré ne peut pas être repris."), code="state_is_past")
    move_to(application, State.DRAFT, by=by, at=at)
    return application
