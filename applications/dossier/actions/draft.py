"""The draft: created, written, withdrawn and taken back; nothing of it is sealed here. Its files: `uploading`."""

import secrets

from django.db.models import JSONField, Value
from django.utils.translation import gettext as _

from applications import links
from applications.dossier import limits
from applications.locking import lock, wait_for, wait_once
from applications.models import Answer, Application, Interest, Member
from applications.questions.reading import form_of
from applications.questions.types import EMPTY, type_of
from applications.states import GONE, State, may_move_to, move_to
from hdh_portal.ground import french
from hdh_portal.records import journal, outbox
from hdh_portal.records.actions import action
from hdh_portal.records.exceptions import Refused
from hdh_portal.web import saving

NOT_COUNTED = (State.DRAFT, *GONE)  # no version of theirs is examined


@action
def create_application(call, *, once=None, by, at):
    """A draft and its owner. Refused outside the window of deposits, and without a verified address.

    `once`: digest of the one-time key of the form (`web.once`): sent twice it makes one draft, which comes back.
    """
    refuse_outside_window(call, at)
    if not by.has_verified_address():
        raise Refused(
            _("Confirmez d’abord votre adresse\u00a0: ouvrez le courriel que le portail vous a envoyé."),
            code="address_not_verified",
            link=links.address(),
        )
    limits.lock(by)
    if once and (found := Application.objects.filter(call=call, begun_with=once).first()):
        return found
    limits.refuse_another_draft(call, by)
    row = {"reference": free_reference(call), "created_at": at, "begun_with": once}
    application = Application.objects.create(call=call, **row)
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


def refuse_outside_window(call, at, application=None):
    """Refuse what comes before the opening or after the closing, saying first what counts, then by how much.

    `application`: the dossier on which something was to be done, where there is one.
    """
    window = call.submission
    if window.is_over(at):
        late = french.left(at, window.closes_at)
        counts = application.last_seal() if application and application.state not in NOT_COUNTED else None
        sentence = (
            _("Votre version %(number)s, déposée le %(when)s, compte. La clôture est passée depuis %(late)s.")
            if counts
            else _("La clôture est passée depuis %(late)s. Votre brouillon reste lisible.")
        )
        words = {"late": late} | (
            {"number": counts.version, "when": french.moment(counts.arrived_at)} if counts else {}
        )
        raise Refused(sentence % words, code="window_over")
    if not window.is_open(at):
        raise Refused(
            _("Les dépôts ouvrent le %(day)s.") % {"day": french.instant(window.opens_at)}, code="window_not_open"
        )


def refuse_unless_editable(application, by, at):
    """Refuse writing after the closing, in a state that is past, or by a reader."""
    _refuse_unless_edited_by(Member.objects.filter(application=application, user=by).first(), application, at)


def _refuse_unless_edited_by(member, application, at):
    refuse_outside_window(application.call, at, application)
    if not application.is_editable_state:
        raise Refused(_("Ce dossier ne peut plus être modifié."), code="state_is_past", link=links.dossier(application))
    if member is None or not member.may_edit:
        raise Refused(
            _("Vous pouvez lire ce dossier, non le modifier."), code="not_an_editor", link=links.dossier(application)
        )


@action
def save_answers(application, typed, *, seen=None, by, at):
    """Keep what was typed, also where it is wrong; returns the `saving.Merge` with the stored rows. Not journaled.

    `typed`: `{field name: JSON value}`, or the whole value of a question under its key; unknown names are left out.
    `seen`: what the page showed (`saving.Seen`); None where no page stands behind the values. Each answer locks its
    own row, a first one too: of two people who write it at one moment the second finds what the first wrote.
    """
    wait_once()
    found = Member.objects.select_related("application__call").filter(application=application, user=by).first()
    application = found.application if found else Application.objects.select_related("call").get(pk=application.pk)
    _refuse_unless_edited_by(found, application, at)
    questions = form_of(application.call).questions.values()
    cells = {question: _in_cells(question, typed) for question in questions}
    cells = {question: parts for question, parts in cells.items() if parts or question.key in typed}
    stored = _locked(application, cells)
    first = [question for question, parts in cells.items() if question.pk not in stored and _says(parts)]
    if first:
        _make_room(application, first, at)
        stored |= _locked(application, first)
    merged, changed = saving.Merge(), []
    for question, parts in cells.items():
        answer, kind = stored.get(question.pk), type_of(question)
        before = kind.cells(question, answer.value if answer else None)
        if question.key in typed:  # a whole answer: what it does not say is taken back
            parts = dict.fromkeys(before, "") | parts
        by_whom = {"by": answer.saved_by, "at": answer.saved_at} if answer else {}
        found = merged.join(saving.merge(parts, before, seen, **by_whom))
        if found.written and answer:
            answer.value = kind.gathered(question, before | found.written)
            changed.append(answer)
    _write(changed, by, at)
    return merged


def _in_cells(question, typed):
    """What was typed of one question, field by field."""
    kind = type_of(question)
    if question.key in typed:
        return kind.cells(question, typed[question.key])
    if kind.is_one_field:
        return {}
    return {name: value for name, value in typed.items() if name.startswith(f"{question.key}-")}


def _says(cells):
    return any(value not in EMPTY for value in cells.values())


def _locked(application, questions):
    rows = Answer.objects.select_for_update(of=("self",)).select_related("saved_by")
    rows = rows.filter(application=application, question__in=list(questions))
    return {answer.question_id: answer for answer in rows}


def _make_room(application, questions, at):
    """An empty row for each question that has none yet, so that there is one to lock: who comes second waits for it.

    All wait for the dossier first: of two that waited for one another's row, the second would wait twice as long.
    """
    wait_for(application)
    blank = {"application": application, "value": _json(None), "version": 0, "saved_at": at}
    Answer.objects.bulk_create((Answer(question=question, **blank) for question in questions), ignore_conflicts=True)


def _json(value):
    """The value for the column: None is JSON's null there, not SQL's (an answer that was taken back)."""
    return Value(None, JSONField()) if value is None else value


def _write(answers, by, at):
    """All answers in one statement."""
    for answer in answers:
        answer.pk, answer.value, answer.version = None, _json(answer.value), answer.version + 1
        answer.saved_by, answer.saved_at = by, at
    Answer.objects.bulk_create(
        answers,
        update_conflicts=True,
        unique_fields=["application", "question"],
        update_fields=["value", "saved_at", "saved_by", "version"],
    )


def state_of(application, last):
    """What the page of a withdrawal shows of the dossier: a draft, or the version that counts."""
    return {"state": [application.state, last and last.version]}


@action
def withdraw_application(application, *, seen=None, by, at):
    """Withdraw a draft or a deposit, as its page showed it; its owner can take it back until the closing."""
    application = lock(application)
    if not Member.objects.filter(application=application, user=by, role=Member.Role.OWNER).exists():
        raise Refused(
            _("Seule la personne responsable du dossier peut le retirer."),
            code="not_the_owner",
            link=links.dossier(application),
        )
    if not may_move_to(application, State.WITHDRAWN):
        raise Refused(_("Ce dossier ne peut plus être retiré."), code="state_is_past", link=links.dossier(application))
    saving.refuse_unless_shown(seen, state_of(application, application.last_seal()))
    line = move_to(application, State.WITHDRAWN, by=by, at=at)
    about = outbox.about(application)
    outbox.queue_messages(
        "withdrawal_mail",
        [
            outbox.Parcel(line.pk, member.user.email, f"retrait-{line.pk}-{member.user_id}", about)
            for member in application.members.select_related("user")
        ],
    )
    return application


@action
def restore_application(application, *, by, at):
    """Take back what was withdrawn, until the closing: a draft as a draft, a deposit with its sealed versions."""
    application = lock(application)
    refuse_outside_window(application.call, at, application)
    if not Member.objects.filter(application=application, user=by, role=Member.Role.OWNER).exists():
        raise Refused(
            _("Seule la personne responsable du dossier peut le reprendre."),
            code="not_the_owner",
            link=links.dossier(application),
        )
    state = State.DRAFT if application.withdrawn_draft else State.SUBMITTED
    if application.state != State.WITHDRAWN:
        raise Refused(
            _("Ce dossier n’est pas retiré\u00a0: vous n’avez rien à reprendre."),
            code="state_is_past",
            link=links.dossier(application),
        )
    move_to(application, state, by=by, at=at)
    return application
