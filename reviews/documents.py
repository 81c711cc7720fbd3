"""The papers of the second stage: one rapporteur's sheet, the consolidated sheet of a dossier.

`score_sheet` and `consolidated_sheet` are the renderers that the worker calls; `score_sheets` and
`consolidated_sheets` read the same for many subjects in as many statements. A single sheet is a picture of frozen
rows; the consolidated one follows its sheets, and gives the place of the dossier once the list is frozen. Contexts hold
text that is already French and whole numbers, so that the same rows give the same digest everywhere.
"""

import statistics

from django.db.models import Count, OuterRef, Prefetch, Subquery
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from applications.models import Submission
from applications.words import paragraphs
from hdh_portal.ground import french
from hdh_portal.records.canonical import sha256
from hdh_portal.records.documents import Paper
from hdh_portal.records.renderers import renderer
from reviews.marks import scale_of, weighted_mean
from reviews.models import Mark, ScoreSheet, ShortlistEntry

SCORE_SHEET = "score_sheet"
CONSOLIDATED = "consolidated_sheet"
# A ruler with more steps than this is drawn with ten divisions: they could not be told apart on 34 mm.
MOST_STEPS = 20


# One sheet ----------------------------------------------------------------------------------------------------------


@renderer("score_sheet", gettext_noop("Fiche de notation"))
def score_sheet(sheet_id):
    """The paper of one sent sheet: marks, comments, opinion, both boxes; and which version it replaces, if any."""
    return score_sheets([sheet_id])[sheet_id]


def score_sheets(sheet_ids):
    """`{sheet id: Paper}` of many sent sheets, in three statements."""
    rows = ScoreSheet.objects.filter(pk__in=sheet_ids).select_related(
        "submission__axis", "submission__application__call__evaluation", "reopened_by"
    )
    return {sheet.pk: _score_sheet(sheet) for sheet in _with_marks(rows.prefetch_related("submission__partners"))}


def _with_marks(sheets):
    """Sheets with who wrote them and their marks, in the order of sending (the marks come in one more statement)."""
    marks = Prefetch("marks", Mark.objects.select_related("criterion").order_by("criterion__position"))
    rows = sheets.select_related("assignment__rapporteur__user", "assignment__body").prefetch_related(marks)
    return rows.order_by("sent_at", "pk")


def _score_sheet(sheet):
    submission, rapporteur = sheet.submission, sheet.assignment.rapporteur
    evaluation, marks = submission.application.call.evaluation, list(sheet.marks.all())
    context = {
        **_facts(submission),
        "rapporteur": str(rapporteur),
        "body": sheet.assignment.body.name,
        "sheet_version": sheet.version,
        "replaced": _replaced(sheet),
        "sent": french.moment(sheet.sent_at),
        "sent_day": french.day(sheet.sent_at),
        "scale": _scale(evaluation),
        "weights": _weights(marks),
        "ticks": _ticks(evaluation),
        "marks": [
            {
                "label": _criterion(number, mark.criterion),
                "mark": mark_text(mark.value, evaluation),
                "ruler": _ruler([mark.value], None, evaluation),
                "comment": paragraphs(mark.comment),
            }
            for number, mark in enumerate(marks, 1)
        ],
        "mean": mean_text(mean_of(sheet)),
        "opinion": sheet.get_opinion_display(),
        "transmissible": paragraphs(sheet.transmissible),
        "internal": paragraphs(sheet.internal),
    }
    filename = f"fiche-{context['reference']}-{sheet.pk}.pdf"
    return Paper("paper/score_sheet.html", 1, context, filename)


def _replaced(sheet):
    if sheet.version == 1:
        return ""
    return _("remplace la version %(version)s, rouverte par %(name)s\u00a0: %(reason)s") % {
        "version": sheet.version - 1,
        "name": sheet.reopened_by,
        "reason": sheet.reopened_reason,
    }


# All sheets of a dossier --------------------------------------------------------------------------------------------


@renderer("consolidated_sheet", gettext_noop("Fiche consolidée"))
def consolidated_sheet(application_id):
    """The paper of all counting sheets of a dossier: table of marks, place, comments by criterion, both boxes."""
    return consolidated_sheets([application_id])[application_id]


def consolidated_sheets(application_ids):
    """`{application id: Paper}` of many deposited dossiers of one call or several, in five statements."""
    sealed = Submission.objects.counting().filter(application__in=application_ids)
    sealed = sealed.select_related("axis", "application__call__evaluation").prefetch_related("partners")
    counting = ScoreSheet.objects.counting().filter(assignment__application__in=application_ids)
    sheets = {}
    for sheet in _with_marks(counting):
        sheets.setdefault(sheet.assignment.application_id, []).append(sheet)
    entries = _frozen_entries(application_ids)
    return {
        submission.application_id: _consolidated(
            submission, sheets.get(submission.application_id, []), entries.get(submission.application_id)
        )
        for submission in sealed
    }


def _frozen_entries(application_ids):
    """`{application id: line of the frozen list}`, each with `among`: how many lines the list has (one statement)."""
    others = ShortlistEntry.objects.filter(shortlist=OuterRef("shortlist")).order_by().values("shortlist")
    rows = ShortlistEntry.objects.filter(application__in=application_ids, shortlist__confirmed_at__isnull=False)
    rows = rows.select_related("shortlist").annotate(among=Subquery(others.annotate(n=Count("pk")).values("n")))
    return {row.application_id: row for row in rows}


def _consolidated(submission, sheets, entry):
    evaluation = submission.application.call.evaluation
    criteria = _by_criterion(sheets)
    context = {
        **_facts(submission),
        "scale": _scale(evaluation),
        "caption": _caption(sheets, evaluation),
        "ticks": _ticks(evaluation),
        "sheets": [
            {
                "rapporteur": str(sheet.assignment.rapporteur),
                "mean": mean_text(mean_of(sheet)),
                "opinion": sheet.get_opinion_display(),
                "transmissible": paragraphs(sheet.transmissible),
                "internal": paragraphs(sheet.internal),
            }
            for sheet in sheets
        ],
        "criteria": [_row(number, marks, evaluation) for number, marks in enumerate(criteria, 1)],
        "comments": [_comments(number, marks, sheets) for number, marks in enumerate(criteria, 1)],
        "place": _place(sheets, entry),
        "until": french.day(max(sheet.sent_at for sheet in sheets)) if sheets else "",
    }
    name = consolidated_name(context["reference"], [sheet.pk for sheet in sheets], is_ranked=entry is not None)
    return Paper("paper/consolidated_sheet.html", 1, context, name)


def consolidated_name(reference, sheet_ids, *, is_ranked):
    """File name of a consolidated paper; it differs with the sheets and the frozen line that it is made of.

    These rows never change once they are there: a `Document` of this name says what would be said now.
    """
    return f"fiche-consolidee-{reference}-{sha256([sorted(sheet_ids), is_ranked])[:8]}.pdf"


def _by_criterion(sheets):
    """`[[Mark, …]]`: for each criterion in its order the marks of the sheets, in theirs."""
    return list(zip(*(sheet.marks.all() for sheet in sheets), strict=True))


def _row(number, marks, evaluation):
    values = [mark.value for mark in marks]
    mean = statistics.fmean(values)
    return {
        "label": _criterion(number, marks[0].criterion),
        "marks": [mark_text(value, evaluation) for value in values],
        "mean": mean_text(mean),
        "ruler": _ruler(values, mean, evaluation),
    }


def _comments(number, marks, sheets):
    said = [
        {"rapporteur": str(sheet.assignment.rapporteur), "paragraphs": paragraphs(mark.comment)}
        for sheet, mark in zip(sheets, marks, strict=True)
    ]
    return {"label": _criterion(number, marks[0].criterion), "said": said}


def _caption(sheets, evaluation):
    if not sheets:
        return ""
    count = len(sheets)
    sentence = ngettext("%(count)s fiche envoyée %(days)s", "%(count)s fiches envoyées %(days)s", count)
    days = [sheet.sent_at for sheet in sheets]
    parts = [
        sentence % {"count": french.number(count), "days": _days(min(days), max(days))},
        _("notes %(scale)s") % {"scale": _scale(evaluation)},
        _weights(sheets[0].marks.all()),
    ]
    return ", ".join(parts)


def _days(first, last):
    if french.day_of(first) == french.day_of(last):
        return _("le %(day)s") % {"day": french.day(first)}
    return _("entre le %(first)s et le %(last)s") % {"first": french.day_month(first), "last": french.day(last)}


def _place(sheets, entry):
    """Where the dossier stands by its sheets; as it was frozen, with its rank, once the list is."""
    means = [mean_of(sheet) for sheet in sheets]
    if entry is not None:
        mean, median, spread, count = entry.mean, entry.median, entry.spread, entry.sheets
    elif means:
        mean, median, spread = statistics.fmean(means), statistics.median(means), max(means) - min(means)
        count = len(means)
    else:
        return {}
    return {
        "now": mean_text(statistics.fmean(means)) if means else "",
        "mean": mean_text(mean),
        "median": mean_text(median),
        "spread": mean_text(spread),
        "sheets": french.number(count),
        "opinions": _opinions(sheets),
        "rank": _rank(entry),
        "frozen": french.day(entry.shortlist.confirmed_at) if entry is not None else "",
    }


def _rank(entry):
    if entry is None:
        return ""
    return _("%(rank)s sur %(among)s") % {"rank": french.number(entry.rank), "among": french.number(entry.among)}


def _opinions(sheets):
    """« 1 à retenir en priorité, 2 à retenir si possible »."""
    given = [sheet.opinion for sheet in sheets]
    counted = [(given.count(value), label) for value, label in ScoreSheet.Opinion.choices if value in given]
    return ", ".join(f"{count}\u00a0{label[:1].lower()}{label[1:]}" for count, label in counted)


# What both say ------------------------------------------------------------------------------------------------------


def _facts(submission):
    """The sealed dossier, in the words of its paper; an absent figure is an empty text."""
    axis, months = submission.axis, submission.duration_months
    return {
        "reference": submission.application.reference,
        "version": submission.version,
        "acronym": submission.acronym,
        "title": submission.title,
        "lead": submission.lead_name,
        "partners": ", ".join(partner.name for partner in submission.partners.all()),
        "amount": "" if submission.amount_cents is None else french.euros(submission.amount_cents),
        "duration": "" if months is None else f"{months}\u00a0{_('mois')}",
        "axis": "" if axis is None else f"{axis.position}, {axis.short_label}",
        "call": submission.application.call.title,
    }


def _criterion(number, criterion):
    return f"{number}. {capfirst(criterion.label)}"


def mean_of(sheet):
    """The weighted mean of a sheet read with its marks, or None while nothing is marked."""
    marks = sheet.marks.all()
    return weighted_mean([mark.value for mark in marks], [mark.criterion.weight for mark in marks])


def _weights(marks):
    """« poids égaux », or the weight of each criterion in its order."""
    weights = [mark.criterion.weight for mark in marks]
    if len(set(weights)) < 2:
        return _("poids égaux")
    return _("poids %(weights)s") % {"weights": "\u202f; ".join(french.number(weight) for weight in weights)}


def mark_text(value, evaluation):
    """« 4,0 »: a mark with as many decimals as the call's steps have; nothing while it is not given."""
    decimals = len(f"{evaluation.mark_step:.6f}".rstrip("0").partition(".")[2])
    return "" if value is None else french.decimal(value, decimals)


def mean_text(value):
    """« 3,83 »; nothing of an absent mean."""
    return "" if value is None else french.decimal(value, 2)


def _scale(evaluation):
    """« de 0 à 5 »."""
    return _("de %(low)s à %(high)s") % {
        "low": french.number(evaluation.mark_min),
        "high": french.number(evaluation.mark_max),
    }


# Rulers: classes of `paper.css`, for a picture beside its numbers ---------------------------------------------------


def _ticks(evaluation):
    """Classes of the divisions of the scale: one a step, the whole marks longer."""
    steps = scale_of(evaluation)
    if len(steps) > MOST_STEPS + 1:
        return [f"{_from(number / 10)}{' whole' if number % 5 == 0 else ''}" for number in range(11)]
    return [f"{_from(_share(step, evaluation))}{' whole' if step == int(step) else ''}" for step in steps]


def _ruler(values, mean, evaluation):
    """Classes that place the marks, their mean (None for one mark alone) and their spread on the scale."""
    shares = [_share(value, evaluation) for value in values]
    low, high = min(shares), max(shares)
    return {
        "rings": [_from(share) for share in sorted(set(shares))],
        "spread": f"{_from(low)} {_until(high)}" if high > low else "",
        "mean": "" if mean is None else _from(_share(mean, evaluation)),
    }


def _share(value, evaluation):
    return (value - evaluation.mark_min) / (evaluation.mark_max - evaluation.mark_min)


def _from(share):
    """`p7 u6`: tens and units of the hundredths from the left end."""
    tens, units = divmod(round(share * 100), 10)
    return f"p{tens} u{units}"


def _until(share):
    """The same, from the right end."""
    tens, units = divmod(100 - round(share * 100), 10)
    return f"q{tens} v{units}"
