"""Deposit: the review, the act, the receipt and its files."""

from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST, require_safe

from applications.dossier.actions.submission import submit_application
from applications.dossier.documents import mentions
from applications.dossier.readiness import points_of
from applications.dossier.reading import DOSSIER, RECEIPT, sealed_parts, withdrawals
from applications.dossier.views.draft import frame, own_application, sealed_frame, section_states
from applications.models import Application, Submission
from applications.states import RUNNING
from hdh_portal.records import outbox
from hdh_portal.records.exceptions import Refused
from hdh_portal.records.models import Document
from hdh_portal.web import downloads, once


def _review(request, application, *, status=200, refusal=None):
    context = frame(application)
    copy, last = context["copy"], context["last"]
    files = [one for attached in copy.attachments.values() for one in attached]
    points = points_of(copy) if context["editable"] else []
    context |= {
        "points": points,
        "failing": [point for point in points if point.fails],
        "digest": copy.digest,
        "problems": copy.problems,
        "blocking": copy.blocking,
        "wanted": [one for one in copy.problems if not one.blocks],
        "sections": section_states(copy),
        "dossier": copy.shown(),
        "files": files,
        "files_size": sum(one.file.size for one in files),
        "unchanged": last is not None and last.digest == copy.digest,
        "pending": list(application.uploads.pending()),
        "refusal": refusal,
    }
    return render(request, "applications/dossier/application_review.html", context, status=status)


@require_safe
def application_review(request, reference):
    """Read once what will be sealed, then deposit it."""
    return _review(request, own_application(request, reference))


@require_POST
@once.may_be_repeated
def application_submit(request, reference):
    """The deposit. Its response is the receipt: a reload or a second click shows the same one."""
    # The action reads the rest under its lock.
    own = get_object_or_404(Application.objects.of(request.user).only("call"), reference=reference)
    try:
        submission = submit_application(
            own, digest=request.POST.get("digest", ""), by=request.user, at=request.arrived_at
        )
    except Refused as refusal:
        return _review(request, own_application(request, reference), status=409, refusal=refusal)
    return _receipt(request, submission, submission)


def own_submission(request, reference, version):
    """A sealed version of one's own dossier, or 404."""
    application = own_application(request, reference)
    found = Submission.objects.select_related("form", "entry", "body", "axis", "lead_category")
    submission = get_object_or_404(found, application=application, version=version)
    submission.application = application
    return submission


def _receipt(request, submission, last):
    """The page of a receipt; `last`: the version that counts."""
    just_made, parts = hasattr(submission, "just_sealed"), sealed_parts(submission)
    if request.method != "POST":  # Whoever deposits has the receipt; the rest is for who comes back.
        outbox.hurry(parts.documents)
    context = (sealed_frame(submission) if just_made else frame(submission.application, last)) | {
        "submission": submission,
        "again": request.method == "POST" and not just_made,
        "just_made": just_made,
        "earlier": parts.earlier,
        "files": parts.files,
        "body_size": len(submission.body.canonical.encode()) if hasattr(submission, "body") else None,
        "documents": {document.renderer: document for document in parts.documents},
        "counts": last.pk == submission.pk,
        "law": mentions(submission.application.call),
        "is_waiting": submission.application.state in RUNNING,
        "withdrawn_at": withdrawals([submission.application]).get(submission.application.reference),
    }
    return render(request, "applications/dossier/submission_receipt.html", context)


@require_safe
def submission_receipt(request, reference, version):
    """The receipt of a version."""
    submission = own_submission(request, reference, version)
    return _receipt(request, submission, submission.application.last_submission())


@require_safe
def submission_receipt_file(request, reference, version):
    """The signed receipt, verifiable without the portal."""
    submission = own_submission(request, reference, version)
    name = f"recepisse-{reference}-v{version}.json"
    return downloads.bytes_download(bytes(submission.receipt), name, "application/json")


@require_safe
def submission_answers_file(request, reference, version):
    """The sealed answers, byte for byte: the digest « Réponses » of the receipt is that of this file."""
    body = getattr(own_submission(request, reference, version), "body", None)
    if body is None:  # Erased when it was due.
        raise Http404
    return downloads.bytes_download(
        body.canonical.encode(), f"reponses-{reference}-v{version}.json", "application/json"
    )


@require_safe
def submission_receipt_pdf(request, reference, version):
    """The receipt as a PDF, once the worker has made it."""
    return _paper(own_submission(request, reference, version), RECEIPT)


@require_safe
def submission_dossier_pdf(request, reference, version):
    """The sealed dossier as a PDF, once the worker has made it."""
    return _paper(own_submission(request, reference, version), DOSSIER)


def _paper(submission, renderer):
    found = Document.objects.filter(renderer=renderer, subject=submission.pk, file__isnull=False)
    document = found.select_related("file").order_by("-id").first()
    if document is None:
        raise Http404
    return downloads.file_download(document.file, document.filename)
