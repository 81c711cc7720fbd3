"""The findings of a sealed version, as an officer reads them: they prepare the answers of the checklist."""

import json

from django.db.models import Prefetch

from applications.dossier.pages import ANNEX_PAGES
from applications.findings import Body, Facts, JoinedFile, findings_of
from applications.models import SealedFile, Submission
from hdh_portal.records.models import Document


def version_to_check(application):
    """The sealed version that counts, with all that a check shows and findings read (four statements)."""
    sealed = Submission.objects.select_related("axis", "lead_category__bucket", "body", "form")
    sealed = sealed.prefetch_related("partners", Prefetch("files", SealedFile.objects.select_related("file")))
    submission = sealed.filter(application=application).order_by("-version").first()
    submission.application = application
    return submission


def findings(submission):
    """`{item key: Finding}` for the checklist items that name one; `submission`: of `version_to_check`."""
    items = [item for item in submission.application.call.checklistitem_set.all() if item.finding]
    return findings_of(items, _facts(submission)) if items else {}


def _facts(submission):
    call, body = submission.application.call, getattr(submission, "body", None)
    content = json.loads(body.canonical) if body else {"answers": {}, "files": []}
    places = [file.get("partner") for file in content["files"]] or [None] * len(submission.files.all())
    files = list(submission.files.all())
    states = _states(files)
    return Facts(
        call,
        list(call.questions.all()),
        content["answers"],
        # They were sealed in the order in which the body lists them.
        [JoinedFile(one.question_key, one.name, places[one.position]) for one in files],
        Body(submission.lead_name, submission.lead_siret),
        [Body(partner.name, partner.siret) for partner in submission.partners.all()],
        submission.amount_cents,
        submission.duration_months,
        arrived_at=submission.arrived_at,
        unread=tuple(one.name for one in files if one.pk in states and states[one.pk].has_failed),
        drawing=sum(one.pk not in states or not states[one.pk].is_ready for one in files),
    )


def _states(files):
    """`{sealed file id: Document}` of their page pictures, one statement where there is a file."""
    if not files:
        return {}
    rows = Document.objects.filter(renderer=ANNEX_PAGES, subject__in=[file.pk for file in files])
    return {row.subject: row for row in rows.order_by("id")}
