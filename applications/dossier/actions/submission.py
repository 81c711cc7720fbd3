"""The deposit: one transaction writes the sealed version, its journal line, its receipt and the outbox rows."""

from django.utils.translation import gettext as _

from applications import links
from applications.dossier.actions.draft import refuse_outside_window
from applications.dossier.documents import annex_pages_of, dossier_of, receipt_of
from applications.dossier.pages import ANNEX_PAGES
from applications.dossier.reading import DOSSIER, RECEIPT, Sealed, WorkingCopy
from applications.found_interests import write_same_body_interests
from applications.locking import waiting_once
from applications.models import (
    FormVersion,
    Member,
    SealedFile,
    SealedPartner,
    Submission,
    SubmissionBody,
)
from applications.states import State, move_to
from hdh_portal.accounts import identifiers
from hdh_portal.ground import clock
from hdh_portal.records import database, outbox, signing
from hdh_portal.records.actions import action
from hdh_portal.records.exceptions import Refused


@action
def submit_application(application, *, digest, by, at):
    """Seal the working copy that was reviewed; returns its `Submission`.

    `digest`: that of the very snapshot that the person reviewed. `at`: when the request arrived. Equal to the last
    sealed version: the same receipt again, also after the closing (a double click, a lost response). Not equal to the
    working copy: the dossier changed since that page.
    """
    application = _lock_as_editor(application, by)
    last = application.last_seal()
    if last is not None and last.digest == digest and application.state != State.WITHDRAWN:
        return application.last_submission()
    refuse_outside_window(application.call, at, application)
    if not application.is_editable_state:
        raise Refused(_("Ce dossier ne peut plus être déposé."), code="state_is_past", link=links.dossier(application))
    copy = WorkingCopy(application)
    if copy.digest != digest:
        raise Refused(
            _("Le dossier a changé depuis cette page\u00a0: relisez-le, puis déposez-le."),
            code="changed_since_review",
            link=links.review(application),
        )
    if copy.blocking:
        raise Refused(
            _("Il manque des réponses\u00a0: complétez-les, puis déposez."),
            code="incomplete",
            link=links.review(application),
        )
    return _seal(copy, last, by, at)


def _lock_as_editor(application, by):
    """The dossier's row, locked and read again, with its call, by one of its editors: one statement says both."""
    found = Member.objects.select_for_update(of=("application",)).select_related("application__call")
    with waiting_once():
        member = found.filter(application=application, user=by).first()
    if member is None or not member.may_edit:
        raise Refused(
            _("Vous pouvez lire ce dossier, non le déposer."), code="not_an_editor", link=links.dossier(application)
        )
    return member.application


def _seal(copy, last, by, at):
    """Write the version, all that points at it first: the chain is held from its line to the commit, and no longer."""
    submission = Submission(
        pk=database.next_id(Submission),
        application=copy.application,
        version=(last.version if last else 0) + 1,
        form=_form_version(copy, at),
        arrived_at=at,
        digest=copy.digest,
        submitted_by=by,
        **sealed_columns(copy),
    )
    SubmissionBody.objects.create(submission=submission, canonical=copy.canonical.decode())
    files = _seal_parts(submission, copy)
    write_same_body_interests(copy.application, _sirets(copy), at)
    papers, key = _papers(submission, files), signing.current_key()
    _enter(submission, by)
    submission.receipt = signing.sign(signed_facts(copy, submission, last), key)
    submission.save(force_insert=True)
    rows = _leave_work(submission, papers | {(RECEIPT, submission.pk): receipt_of(submission, last)}, by)
    submission.just_sealed = Sealed(last, files, [row for row in rows.values() if row.renderer in (RECEIPT, DOSSIER)])
    return submission


def _enter(submission, by):
    """The dossier is deposited, with a line of the journal that the receipt names."""
    version = {"version": submission.version, "digest": submission.digest}
    submission.recorded_at = clock.now()
    submission.entry = move_to(submission.application, State.SUBMITTED, by=by, at=submission.arrived_at, **version)


def _form_version(copy, at):
    """The call's form as it is now; of several first deposits at one moment one writes it and the others find it."""
    digest, call = copy.form.digest, copy.call
    found = FormVersion.objects.filter(call=call, digest=digest).first()
    if found is not None:
        return found
    first = {"number": call.form_versions.count() + 1, "sections": copy.form.data, "at": at}
    return FormVersion.objects.get_or_create(call=call, digest=digest, defaults=first)[0]


def sealed_columns(copy):
    """The pipeline's own columns, from the answers that fill them."""
    columns = copy.by_column
    lead = columns.get("lead") or {}
    categories = {category.key: category for category in copy.form.categories}
    return {
        "acronym": columns.get("acronym") or copy.application.reference,
        "title": columns.get("title") or "",
        "axis": copy.form.axes.get(columns.get("axis")),
        "amount_cents": columns.get("amount"),
        "duration_months": columns.get("duration"),
        "lead_name": lead.get("name", ""),
        "lead_siret": _siret_of(lead),
        "lead_category": categories.get(lead.get("category")),
    }


def signed_facts(copy, submission, last):
    """What the signed receipt says. No position: that would tell how many rivals there are."""
    return {
        "call": copy.call.slug,
        "call_title": copy.call.title,
        "reference": copy.application.reference,
        "version": submission.version,
        "replaces": last.version if last else None,
        "arrived_at": submission.arrived_at.astimezone(clock.PARIS).isoformat(timespec="milliseconds"),
        "recorded_at": submission.recorded_at.astimezone(clock.PARIS).isoformat(timespec="milliseconds"),
        "closes_at": copy.call.submission.closes_at.astimezone(clock.PARIS).isoformat(),
        "dossier": copy.digest,
        "dossier_size": len(copy.canonical),
        "files": [{name: file[name] for name in ("name", "sha256", "size")} for file in copy.snapshot["files"]],
        "journal": submission.entry.hash,
    }


def _seal_parts(submission, copy):
    partners = copy.by_column.get("partners") or []
    SealedPartner.objects.bulk_create(
        SealedPartner(submission=submission, position=i, name=partner["name"], siret=_siret_of(partner))
        for i, partner in enumerate(partners)
    )
    attached = [(key, one) for key in sorted(copy.attachments) for one in copy.attachments[key]]
    return SealedFile.objects.bulk_create(
        SealedFile(submission=submission, question_key=key, position=i, name=one.name, file=one.file)
        for i, (key, one) in enumerate(attached)
    )


def _sirets(copy):
    """Establishments of the lead and the partners, where one is said."""
    organisations = [copy.by_column.get("lead") or {}, *(copy.by_column.get("partners") or [])]
    return [siret for one in organisations if (siret := _siret_of(one))]


def _siret_of(organisation):
    """Its SIRET, or an empty text: a body without one stands in the answers, by what identifies it."""
    identifier = organisation.get("siret", "")
    return identifier if identifiers.kind_of(identifier) == identifiers.SIRET else ""


def _papers(submission, files):
    """The sealed dossier and the page pictures of its annexes."""
    pictures = {(ANNEX_PAGES, file.pk): annex_pages_of(file) for file in files}
    return {(DOSSIER, submission.pk): dossier_of(submission)} | pictures


def _leave_work(submission, papers, by):
    """The papers, the receipt among them, and the mail: rows now, work later; returns the rows of the papers."""
    about = outbox.about(submission.application)
    rows = outbox.queue_works(papers, lambda _renderer, _subject: about, awaited=(RECEIPT,))
    outbox.queue_messages(
        "receipt_mail",
        [outbox.Parcel(submission.pk, by.email, _key_of(submission), about)],
        document=rows[RECEIPT, submission.pk],
    )
    return rows


def _key_of(submission):
    return f"recepisse-{submission.application.reference}-v{submission.version}"
