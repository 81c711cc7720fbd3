"""The papers of the first stage: receipt, sealed dossier, letter, and the page pictures of an annex.

Each renderer reads sealed or frozen rows only, in at most five statements, for it is called inside the action that
queues it; the worker calls it again and compares digests. A context holds text that is already French, whole numbers
and booleans, so that the same rows give the same digest everywhere.
"""

import datetime
import json

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from applications.dossier.pages import DRAWERS
from applications.dossier.reading import sealed_dossier
from applications.models import SealedFile, Submission
from applications.words import INVENTED, paragraphs
from hdh_portal.ground import french
from hdh_portal.records.documents import Paper, Pictures
from hdh_portal.records.renderers import renderer

HOUR, FIVE_MINUTES = datetime.timedelta(hours=1), datetime.timedelta(minutes=5)

# Receipt ------------------------------------------------------------------------------------------------------------


@renderer("receipt", gettext_noop("Récépissé de dépôt"))
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
        "hour": _hour(arrived, closes),
        "replaced": _replaced(earlier),
        "journal": french.whole_digest(facts["journal"]),
        "dossier": french.whole_digest(facts["dossier"]),
        "short_dossier": french.digest(facts["dossier"]),
        "key": signed["key_id"],
        "elements": _elements(facts),
        "count": _count(facts),
        "mentions": mentions(call),
    }
    name = f"recepisse-{facts['reference']}-v{facts['version']}"
    signed_file = {
        "name": f"{name}.json",
        "about": _("Récépissé signé, qui se vérifie sans le portail"),
        "text": bytes(submission.receipt).decode(),
        "at": facts["recorded_at"],
    }
    return Paper("paper/receipt.html", 2, context, f"{name}.pdf", [signed_file])


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


def _hour(arrived, closes):
    """The drawn hour before the closing, for a deposit in it, else None; places in hundredths, as classes of the sheet.

    The drawing runs from 60 minutes before the closing to 5 minutes after.
    """
    if closes - arrived >= HOUR:
        return None

    def place(before):
        tens, units = divmod(round((HOUR - before) / (HOUR + FIVE_MINUTES) * 100), 10)
        return f"p{tens} u{units}"

    return {
        "ticks": [f"{'whole ' if steps % 3 == 0 else ''}{place(FIVE_MINUTES * steps)}" for steps in range(12, -2, -1)],
        "labels": [
            {"text": french.hour(closes - FIVE_MINUTES * steps), "place": place(FIVE_MINUTES * steps)}
            for steps in (12, 9, 6, 3, 0)
        ],
        "at": place(closes - arrived),
        "clock": french.clock_time(arrived),
        "closing": place(datetime.timedelta()),
    }


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


@renderer("dossier", gettext_noop("Dossier déposé"))
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
        "language": answer["language"],
        "files": files,
    }


def _text_of_column(sections, column):
    found = [answer for section in sections for answer in section["answers"] if answer["column"] == column]
    return " ".join(" ".join(lines) for answer in found for lines in answer["paragraphs"])


# Annexes ------------------------------------------------------------------------------------------------------------


@renderer("annex_pages", gettext_noop("Pages d’une pièce jointe"))
def annex_pages(sealed_file_id):
    """Page pictures of an annex, whatever its format."""
    return annex_pages_of(SealedFile.objects.select_related("file", "submission__application").get(pk=sealed_file_id))


def annex_pages_of(sealed):
    """The same, of a sealed file with its file, version and application."""
    filename = f"annexe-{sealed.submission.application.reference}-{sealed.position + 1}"
    return Pictures(sealed.file, 1, filename, DRAWERS[sealed.file.media_type])
