"""The papers of the first stage: receipt, sealed dossier, letter, and the page pictures of an annex.

Each renderer reads sealed or frozen rows only, in at most four statements, for it is called inside the action that
queues it; the worker calls it again and compares digests. A context holds text that is already French, whole numbers
and booleans, so that the same rows give the same digest everywhere.
"""

import datetime
import json

from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from applications.dossier import sealed_dossier
from applications.models import CallBody, Conclusion, Letter, Outcome, Release, SealedFile, Submission
from applications.pages import DRAWERS
from hdh_portal import french
from hdh_portal.records.documents import Paper, Pictures

INVENTED = "fictif"
# A paragraph of a letter that carries one of these placeholders begins a block under a heading of its own.
HEADINGS = (
    ("reasons", gettext_lazy("Motif")),
    ("remedies", gettext_lazy("Recours")),
    ("contact", gettext_lazy("Service chargé du dossier")),
)


# Receipt ------------------------------------------------------------------------------------------------------------


def receipt(submission_id):
    """The paper of a receipt: a picture of the signed file, with the mentions of R112-11-1 (CRPA)."""
    submission = Submission.objects.select_related("application__call").get(pk=submission_id)
    earlier = Submission.objects.filter(application=submission.application_id, version=submission.version - 1).first()
    return receipt_of(submission, earlier)


def receipt_of(submission, earlier):
    """The same, of a version with its application and call; `earlier`: the version that it replaces, or None."""
    signed = json.loads(bytes(submission.receipt))
    facts, call = signed["receipt"], submission.application.call
    arrived, closes = (datetime.datetime.fromisoformat(facts[name]) for name in ("arrived_at", "closes_at"))
    context = {
        **_names(submission),
        "arrived": french.moment(arrived),
        "arrived_ms": french.moment_ms(arrived),
        "recorded_ms": french.moment_ms(datetime.datetime.fromisoformat(facts["recorded_at"])),
        "ahead": _ahead(closes - arrived),
        "replaced": _replaced(earlier),
        "journal": french.whole_digest(facts["journal"]),
        "dossier": french.whole_digest(facts["dossier"]),
        "short_dossier": french.digest(facts["dossier"]),
        "key": signed["key_id"],
        "elements": _elements(facts),
        "count": _count(facts),
        "mentions": mentions(call),
    }
    return Paper("paper/receipt.html", 1, context, f"recepisse-{facts['reference']}-v{facts['version']}.pdf")


def _names(submission):
    """What every paper of a sealed version begins with."""
    return {
        "reference": submission.application.reference,
        "version": submission.version,
        "acronym": submission.acronym,
        "title": submission.title,
        "lead": submission.lead_name,
        "call": submission.application.call.title,
    }


def _ahead(before_closing):
    """« 17 min 53 s », « 2 jours 17 h 56 min »: how long before the closing the request arrived."""
    if before_closing < datetime.timedelta(days=1):
        return french.lapse(before_closing)
    origin = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)
    return french.left(origin + before_closing, origin)


def _replaced(earlier):
    if earlier is None:
        return ""
    return _("remplace la version %(version)s, arrivée le %(moment)s") % {
        "version": earlier.version,
        "moment": french.moment(earlier.arrived_at),
    }


def _elements(facts):
    answers = {"name": _("Réponses"), "size": facts["dossier_size"], "sha256": facts["dossier"]}
    return [
        {
            "name": element["name"],
            "size": french.size(element["size"]),
            "digest": french.digest(element["sha256"]),
            "whole": french.whole_digest(element["sha256"]),
        }
        for element in (answers, *facts["files"])
    ]


def _count(facts):
    total = facts["dossier_size"] + sum(file["size"] for file in facts["files"])
    count = len(facts["files"]) + 1
    sentence = ngettext("%(count)s élément, %(size)s", "%(count)s éléments, %(size)s", count)
    return sentence % {"count": french.number(count), "size": french.size(total)}


def mentions(call):
    """Service in charge, silence and remedies, as article R112-11-1 of the CRPA wants them in a receipt."""
    texts = call.texts
    sources = texts.get("sources", {})
    return {
        **texts["contact"],
        "silence": texts["receipt"]["silence"],
        "deemed_rejected": french.long_day(datetime.date.fromisoformat(texts["receipt"]["deemed_rejected_on"])),
        "remedies": texts["receipt"]["remedies"],
        "contact_is_invented": any(sources.get(f"contact.{name}") == INVENTED for name in texts["contact"]),
        "day_is_invented": sources.get("receipt.deemed_rejected_on") == INVENTED,
    }


# Sealed dossier -----------------------------------------------------------------------------------------------------


def dossier(submission_id):
    """The paper of a whole sealed version, section by section, with the list of its annexes."""
    return dossier_of(Submission.objects.select_related("application__call", "form", "body").get(pk=submission_id))


def dossier_of(submission):
    """The same, of a version with its application, call, form and body."""
    sections = [
        {"title": section["title"], "answers": [_answer(answer) for answer in section["answers"]]}
        for section in sealed_dossier(submission)["sections"]
    ]
    context = {
        **_names(submission),
        "arrived": french.moment(submission.arrived_at),
        "digest": french.whole_digest(submission.digest),
        "short_digest": french.digest(submission.digest),
        "axis": _text_of_column(sections, "axis"),
        "amount": _text_of_column(sections, "amount"),
        "duration": _text_of_column(sections, "duration"),
        "sections": sections,
        "annexes": [file for section in sections for answer in section["answers"] for file in answer["files"]],
    }
    filename = f"dossier-{submission.application.reference}-v{submission.version}.pdf"
    return Paper("paper/dossier.html", 1, context, filename)


def _answer(answer):
    files = [
        {
            "name": file["name"],
            "size": french.size(file["size"]),
            "digest": french.digest(file["sha256"]),
            "whole": french.whole_digest(file["sha256"]),
            "question": answer["label"],
        }
        for file in answer["files"]
    ]
    return {
        "label": answer["label"],
        "column": answer["column"],
        "paragraphs": paragraphs(answer["text"]),
        "files": files,
    }


def _text_of_column(sections, column):
    found = [answer for section in sections for answer in section["answers"] if answer["column"] == column]
    return " ".join(" ".join(lines) for answer in found for lines in answer["paragraphs"])


def paragraphs(text):
    """Typed text as `[[line, …], …]`: a blank line ends a paragraph, every other line end is kept."""
    blocks = "\n".join(line.rstrip() for line in text.split("\n")).split("\n\n")
    return [block.strip("\n").split("\n") for block in blocks if block.strip()]


# Letters ------------------------------------------------------------------------------------------------------------


def letter(outcome_id):
    """The paper of the letter that tells one outcome; dated by the day of the release."""
    released = Release.objects.filter(
        call=OuterRef("application__call"), stage=Release.Stage.ADMISSIBILITY, confirmed_at__isnull=False
    )
    outcome = (
        Outcome.objects.select_related("application__call", "ground")
        .annotate(released_at=Subquery(released.values("confirmed_at")[:1]))
        .get(pk=outcome_id)
    )
    return letters_for([outcome], at=outcome.released_at)[0]


def letters_for(outcomes, *, at):
    """Papers of the letters of many outcomes of one call, in their order, in three statements.

    `outcomes`: with `application`, its `call` and `ground` selected. `at`: the instant of the release (the `at` of the
    action that confirms it), which the paper bears as its day; None for a preview.
    """
    if not outcomes:
        return []
    call = outcomes[0].application.call
    writing = _Writing(call)
    sealed = {
        submission.application_id: submission
        for submission in Submission.objects.counting().filter(application__in=[o.application_id for o in outcomes])
    }
    papers = []
    for outcome in outcomes:
        context = writing.letter(outcome.application, outcome, sealed[outcome.application_id], at)
        papers.append(Paper("paper/letter.html", 1, context, f"courrier-{outcome.application.reference}.pdf"))
    return papers


def letter_context(application, outcome, *, at=None):
    """What the letter of an outcome says, for a preview before the release (`paper/_letter.html` shows it)."""
    return _Writing(application.call).letter(application, outcome, application.last_submission(), at)


class _Writing:
    """The letters of one call and those who sign them, read once for all its dossiers."""

    def __init__(self, call):
        self.call = call
        self.letters = {row.kind: row for row in Letter.objects.filter(call=call)}
        bodies = CallBody.objects.filter(call=call, checks=True).select_related("organisation")
        self.bodies = [body.organisation.name for body in bodies]

    def letter(self, application, outcome, submission, at):
        """Context of one letter: subject, blocks under their headings, those who sign."""
        values = values_of(self.call, submission, application.reference)
        refused = outcome.conclusion == Conclusion.INADMISSIBLE
        values["reasons"] = reasons(outcome) if refused else ""
        text = self.letters[outcome.conclusion]
        return {
            "reference": application.reference,
            "version": submission.version,
            "acronym": submission.acronym,
            "lead": submission.lead_name,
            "call": self.call.title,
            "arrived": french.moment(submission.arrived_at),
            "day": french.day(at) if at else "",
            "subject": filled(text.subject, values),
            "blocks": _blocks(text.body, values),
            "service": values["service"],
            "bodies": self.bodies,
        }


def reasons(outcome):
    """The published ground and the reason, as paragraphs of text."""
    ground = outcome.ground
    return f"{ground.label}\u00a0: {ground.text}\n\n{outcome.reason}"


def contact_of(call, *names):
    """« Service, adresse électronique, téléphone »: what `names` say of the service, on lines that cut no number."""
    contact = call.texts["contact"]
    return ", ".join(contact[name].replace(" ", "\u00a0") if name == "phone" else contact[name] for name in names)


def values_of(call, submission, reference):
    """What stands for the placeholders that every letter of the call may use."""
    return {
        "reference": reference,
        "acronym": submission.acronym,
        "title": submission.title,
        "lead": submission.lead_name,
        "call": call.title,
        "service": call.texts["contact"]["service"],
        "contact": contact_of(call, "service", "email", "phone", "address"),
        "remedies": call.texts["receipt"]["remedies"],
    }


def filled(text, values):
    """A letter's text with its `{placeholders}` replaced; what people typed is never read as a placeholder."""
    return text.strip().format_map(values)


def _blocks(body, values):
    """The paragraphs of a letter, in their order, under « Décision » and the headings of `HEADINGS`."""
    blocks = [{"heading": _("Décision"), "paragraphs": []}]
    for paragraph in body.strip().split("\n\n"):
        if paragraph.strip() == "{service}":
            continue  # The signature of the paper says it.
        heading = next((str(title) for name, title in HEADINGS if f"{{{name}}}" in paragraph), "")
        if heading:
            blocks.append({"heading": heading, "paragraphs": []})
        blocks[-1]["paragraphs"] += paragraphs(filled(paragraph, values))
    return blocks


# Annexes ------------------------------------------------------------------------------------------------------------


def annex_pages(sealed_file_id):
    """Page pictures of an annex, whatever its format."""
    return annex_pages_of(SealedFile.objects.select_related("file", "submission__application").get(pk=sealed_file_id))


def annex_pages_of(sealed):
    """The same, of a sealed file with its file, version and application."""
    filename = f"annexe-{sealed.submission.application.reference}-{sealed.position + 1}"
    return Pictures(sealed.file, 1, filename, DRAWERS[sealed.file.media_type])
