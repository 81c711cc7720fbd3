"""The score sheet: written bit by bit, sent once, reopened by a manager into a new version."""

from django.db.models import Prefetch
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from applications.locking import lock
from applications.officers import officer_of
from applications.questions.fields import clean_text
from hdh_portal.ground import clock, french, wording
from hdh_portal.records import journal, outbox
from hdh_portal.records.actions import action
from hdh_portal.records.canonical import sha256
from hdh_portal.records.exceptions import Refused
from hdh_portal.web import saving
from hdh_portal.web.forms import name_of
from reviews import links, permissions
from reviews.assigning.reading import is_frozen
from reviews.marks import is_on_scale
from reviews.models import Mark, ScoreSheet
from reviews.scoring.actions.declaration import own, refuse_outside_window, refuse_unless_evaluated

LONGEST_TEXT = 5000
PAPER = "score_sheet"
# Opinions with which a dossier may well be refused: its letter then needs a reason that the team may read.
REFUSING = (ScoreSheet.Opinion.POSSIBLE, ScoreSheet.Opinion.NO)


# Writing ------------------------------------------------------------------------------------------------------------


@action
def save_sheet(
    assignment, *, marks=None, comments=None, opinion=None, transmissible=None, internal=None, seen=None, by, at
):
    """Keep what was written so far, also where it is not complete; never journaled. Returns the `ScoreSheet`.

    `marks`: `{criterion key: mark or None}`, `comments`: `{criterion key: text}`; keys left out stay. Of the others
    None leaves a field as it is, "" empties it. What says the same as a sheet that was sent is no change: that sheet.
    `seen`: what the page showed; the sheet comes back with its `merged` (`saving.Merge`).
    """
    assignment = own(assignment, by)
    criteria = {criterion.key: criterion for criterion in assignment.application.call.criterion_set.all()}
    marks, comments = marks or {}, {key: _text(value) for key, value in (comments or {}).items()}
    texts = {"transmissible": transmissible, "internal": internal}
    texts = {name: _text(value) for name, value in texts.items() if value is not None}
    words = texts if opinion is None else texts | {"opinion": opinion}
    sheet = last_sheet(assignment)
    current, typed = fields_of(sheet), _named(marks, comments) | words
    if sheet is not None and sheet.is_sent:
        if any(saving.mark(value) != saving.mark(current.get(name)) for name, value in typed.items()):
            raise _already_sent(sheet)
        sheet.merged = saving.Merge()
        return sheet
    _refuse_unless_open(assignment, by, at)
    _refuse_unknown({*marks, *comments}, criteria, opinion)
    _refuse_unfit(assignment.application.call.evaluation, marks, comments, texts)
    saved_at = sheet.saved_at if sheet else None
    merged = saving.merge(typed, current, seen, by=assignment.rapporteur.user, at=saved_at)
    sheet = sheet or _first(assignment, at)
    sheet.saved_at, sheet.merged = at, merged
    changed = {name: value for name, value in merged.written.items() if name in words}
    for name, value in changed.items():
        setattr(sheet, name, value)
    sheet.save(update_fields=["saved_at", *changed] if sheet.pk else None)
    marks = {key: value for key, value in marks.items() if name_of("mark", key) in merged.written}
    comments = {key: value for key, value in comments.items() if name_of("comment", key) in merged.written}
    _write(sheet, criteria, marks, comments)
    return sheet


def _text(text):
    """Typed text in its normal form, without the one sign that no database keeps."""
    return clean_text(text.replace("\x00", ""))


def last_sheet(assignment):
    """The last version of an assignment's sheet, or None before anything was written."""
    versions = ScoreSheet.objects.filter(assignment=assignment).order_by("-version")
    sheet = versions.prefetch_related(Prefetch("marks", Mark.objects.select_related("criterion"))).first()
    if sheet is not None:
        sheet.assignment = assignment
    return sheet


def _first(assignment, at):
    submission = assignment.application.last_submission()
    return ScoreSheet(assignment=assignment, submission=submission, version=1, begun_at=at)


def _refuse_unless_open(assignment, by, at):
    """Refuse outside the window, where a link closes the dossier, and before the declaration."""
    refuse_unless_evaluated(assignment, by, at)
    if not assignment.is_open:
        raise Refused(
            _("Déclarez d’abord que vous n’avez pas de lien avec ce projet\u00a0: le dossier s’ouvre ensuite."),
            code="not_declared",
            link=links.declaration(assignment.application),
        )


def _already_sent(sheet):
    return Refused(
        _("Votre fiche est envoyée depuis le %(at)s\u00a0: elle ne change plus. Qui gère l’appel peut la rouvrir.")
        % {"at": french.short_instant(sheet.sent_at)},
        code="already_sent",
    )


def fields_of(sheet):
    """A sheet (or None) field by field, under the names that its page gives them."""
    if sheet is None:
        return {}
    rows = sheet.marks.all()
    named = _named({row.criterion.key: row.value for row in rows}, {row.criterion.key: row.comment for row in rows})
    return named | {name: getattr(sheet, name) for name in ("opinion", "transmissible", "internal")}


def _named(marks, comments):
    named = {name_of("mark", key): value for key, value in marks.items()}
    return named | {name_of("comment", key): text for key, text in comments.items()}


def _refuse_unknown(keys, criteria, opinion):
    if keys - set(criteria):
        raise Refused(_("Ce critère n’est pas de cet appel\u00a0: rechargez la page."), code="unknown_value")
    if opinion is not None and opinion not in ("", *ScoreSheet.Opinion.values):
        raise Refused(_("Choisissez un des avis proposés."), code="unknown_value")


def _refuse_unfit(evaluation, marks, comments, texts):
    """Refuse marks that are not on the scale and texts that are too long, each beside its field."""
    off = {key: value for key, value in marks.items() if value is not None and not is_on_scale(value, evaluation)}
    found = {("mark", key): _off_scale(evaluation) for key in off}
    named = {("comment", key): text for key, text in comments.items()} | texts
    found |= {name: _too_long(text) for name, text in named.items() if len(text) > LONGEST_TEXT}
    if found:
        code = "off_scale" if off else "too_long"
        raise Refused(next(iter(found.values())), code=code, fields=found)


def _off_scale(evaluation):
    return _("Choisissez une note de l’échelle\u00a0: de %(low)s à %(high)s, %(step)s.") % {
        "low": french.number(evaluation.mark_min),
        "high": french.number(evaluation.mark_max),
        "step": wording.step(evaluation.mark_step),
    }


def _too_long(text):
    over = len(text) - LONGEST_TEXT
    return _("Ce texte compte %(used)s caractères\u00a0: retirez-en %(over)s.") % {
        "used": french.number(len(text)),
        "over": french.number(over),
    }


def _write(sheet, criteria, marks, comments):
    """Write the criteria that were given, in one statement."""
    keys = {*marks, *comments}
    if not keys:
        return
    rows = {row.criterion_id: row for row in sheet.marks.all()}
    changed = []
    for key in sorted(keys, key=lambda key: criteria[key].position):
        row = rows.get(criteria[key].pk) or Mark(sheet=sheet, criterion=criteria[key])
        row.value = marks.get(key, row.value)
        row.comment = comments.get(key, row.comment)
        changed.append(Mark(sheet=sheet, criterion=criteria[key], value=row.value, comment=row.comment))
    Mark.objects.bulk_create(
        changed, update_conflicts=True, unique_fields=["sheet", "criterion"], update_fields=["value", "comment"]
    )


# Sending ------------------------------------------------------------------------------------------------------------


@action
def send_sheet(assignment, *, by, at):
    """Send the sheet: every criterion has its mark and its comment, and there is an opinion. Returns the `ScoreSheet`.

    With an opinion that may end in a refusal there is a text for the team, whose letter it motivates.

    Sent twice it is sent once: the same sheet comes back. From then on it never changes, unless a manager reopens it.
    """
    assignment = own(assignment, by)
    sheet = last_sheet(assignment)
    if sheet is not None and sheet.is_sent and assignment.is_open:
        return sheet
    _refuse_unless_open(assignment, by, at)
    _refuse_frozen(assignment.application.call)
    problems = _problems(assignment.application.call, sheet)
    if problems:
        count = len(problems)
        sentence = ngettext(
            "%(count)s réponse est à compléter avant d’envoyer votre fiche.",
            "%(count)s réponses sont à compléter avant d’envoyer votre fiche.",
            count,
        )
        raise Refused(sentence % {"count": count}, code="incomplete", fields=problems)
    sheet.sent_at = at
    sheet.save(update_fields=["sent_at"])
    outbox.queue_document(PAPER, sheet.pk, outbox.about(assignment.application))
    _journal(sheet, "sheet_sent", by, at, digest=sheet_digest(sheet))
    return sheet


def _problems(call, sheet):
    """`{form field: sentence}` of what keeps a sheet (or None) from being sent, in the order of the page."""
    rows = {} if sheet is None else {row.criterion_id: row for row in sheet.marks.all()}
    found = {}
    for criterion in call.criterion_set.all():
        row = rows.get(criterion.pk) or Mark()
        if row.value is None or not is_on_scale(row.value, call.evaluation):
            found["mark", criterion.key] = _("Choisissez une note.")
        if len(row.comment) < call.evaluation.minimum_comment:
            found["comment", criterion.key] = _too_short(row.comment, call.evaluation.minimum_comment)
    if sheet is None or not sheet.opinion:
        found["opinion"] = _("Indiquez votre avis d’ensemble.")
    elif sheet.opinion in REFUSING and not sheet.transmissible.strip():
        found["transmissible"] = _(
            "Écrivez ce que le candidat lira si son dossier n’est pas présélectionné\u00a0: un refus se motive."
        )
    return found


def _too_short(comment, least):
    if not comment:
        sentence = ngettext(
            "Écrivez un commentaire de %(least)s caractère au moins.",
            "Écrivez un commentaire de %(least)s caractères au moins.",
            least,
        )
        return sentence % {"least": french.number(least)}
    sentence = ngettext(
        "Ce commentaire compte %(used)s caractère\u00a0: il en faut au moins %(least)s.",
        "Ce commentaire compte %(used)s caractères\u00a0: il en faut au moins %(least)s.",
        len(comment),
    )
    return sentence % {"used": french.number(len(comment)), "least": french.number(least)}


def sheet_digest(sheet):
    """SHA-256 of a sent sheet: its marks, comments, opinion and both texts; `marks` come with their criterion."""
    return sha256(
        {
            "sheet": sheet.pk,
            "assignment": sheet.assignment_id,
            "version": sheet.version,
            "submission": sheet.submission_id,
            "marks": {row.criterion.key: [row.value, row.comment] for row in sheet.marks.all()},
            "opinion": sheet.opinion,
            "transmissible": sheet.transmissible,
            "internal": sheet.internal,
            "sent_at": sheet.sent_at.astimezone(clock.PARIS).isoformat(),
        }
    )


# Reopening ----------------------------------------------------------------------------------------------------------


@action
def reopen_sheet(sheet, reason, *, by, at):
    """Give a sent sheet back to its rapporteur: a new version that says the same and is not sent; the old one stays.

    Only who manages, only while the evaluation is open and the shortlist is not frozen. The rapporteur is told by mail.
    """
    application = lock(sheet.assignment.application)
    if not permissions.can_manage_dossier(officer_of(application.call, by), application):
        raise Refused(_("Une fiche est rouverte par un gestionnaire sans lien avec ce dossier."), code="not_allowed")
    sheet = _to_reopen(sheet, application, at)
    reason = _text(reason)
    if not reason or len(reason) > LONGEST_TEXT:
        sentence = _too_long(reason) if reason else _("Écrivez la raison pour laquelle cette fiche est rouverte.")
        raise Refused(sentence, code="no_reason", fields={"reason": sentence})
    anew = ScoreSheet.objects.create(
        **{name: getattr(sheet, name) for name in ("assignment", "submission", "opinion", "transmissible", "internal")},
        version=sheet.version + 1,
        begun_at=at,
        saved_at=at,
        reopened_by=by,
        reopened_reason=reason,
    )
    Mark.objects.bulk_create(
        Mark(sheet=anew, criterion_id=row.criterion_id, value=row.value, comment=row.comment)
        for row in sheet.marks.all()
    )
    to = sheet.assignment.rapporteur.user.email
    about = outbox.about(sheet.assignment.application)
    outbox.queue_message("reopening_mail", anew.pk, to=to, key=f"fiche-rouverte-{anew.pk}", about=about)
    _journal(anew, "sheet_reopened", by, at, before=sheet.pk)
    return anew


def _to_reopen(sheet, application, at):
    """The sheet read again, if it is the one that counts and the time to change it is not over."""
    counting = ScoreSheet.objects.counting().select_related("assignment__rapporteur__user")
    found = counting.filter(pk=sheet.pk, assignment__rapporteur__removed_at=None).first()
    if found is None:
        raise Refused(
            _("Cette fiche n’est pas une fiche envoyée qui compte\u00a0: rechargez la liste."),
            code="not_sent",
            link=links.sheets(application.call),
        )
    found.assignment.application = application
    refuse_outside_window(application.call.evaluation, at)
    _refuse_frozen(application.call)
    return found


def _refuse_frozen(call):
    if is_frozen(call):
        raise Refused(_("La présélection est figée\u00a0: aucune fiche ne change plus."), code="frozen")


def _journal(sheet, verb, by, at, **data):
    assignment = sheet.assignment
    data |= {"application": assignment.application.reference, "assignment": assignment.pk, "version": sheet.version}
    journal.append(assignment.chain_id, verb, by=by, at=at, sheet=sheet.pk, rapporteur=assignment.rapporteur_id, **data)
