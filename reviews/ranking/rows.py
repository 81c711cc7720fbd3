"""The lines of the ranking as a page and as a file show them: texts that are French already, places on a ruler."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.states import State, tag_of
from hdh_portal.ground import french
from hdh_portal.ground.figures import rounded
from reviews.criteria import rule_label
from reviews.documents import mean_text
from reviews.ranking.reading import with_marks
from reviews.tie_break import AXIS_BALANCE, PLACES

PROPOSED = {"kind": "know", "icon": "up", "text": gettext_lazy("Proposé")}
OPEN = {"kind": "limit", "icon": "alert", "text": gettext_lazy("À départager")}
MOVED = {"kind": "changed", "icon": "half", "text": gettext_lazy("Déplacé")}
# A ruler with more whole marks than this names its ends alone.
MOST_LABELS = 11


def tag(line, found):
    """The state tag of a line, or None of one that is simply not proposed. `found`: the `Board`."""
    if found.is_frozen:  # What was moved by hand is known from the shortlist's own page.
        return tag_of(State.SHORTLISTED if line.is_in else State.NOT_SHORTLISTED)
    if found.is_partial:
        return None
    if line.placement:
        return MOVED
    if line.is_open:
        return OPEN
    return PROPOSED if line.is_in else None


def rows(found, lines, before=None, *, is_provisional=False):
    """One page of a `Board` for the table; `before`: the line that stands above the first one, None at the top.

    `is_provisional`: sheets may still come, and so nobody moves a dossier yet.
    """
    shown, size = [], found.evaluation.shortlist_size
    said = (size, size + 1) if cut_reason(found) else ()  # The cut line tells what parts these two.
    for line in with_marks(found, lines):
        is_first_below = found.cut is not None and line.place > size and (before is None or before.place <= size)
        row = {"line": line, "tag": tag(line, found), "is_first_below": is_first_below, "why": _why(line, found)}
        is_equal = found.cut is not None and line.mean == found.cut.mean and line.place not in said
        row |= {"is_beside_cut": is_equal, "is_short": found.is_short(line)}
        shown.append(row | _figures(line, found) | _moves(line, found, is_provisional))
        before = line
    return shown


def _moves(line, found, is_provisional):
    """`moved`: what became of a dossier that was placed by hand; `act`: what may still be done with it."""
    if found.is_partial:
        return {"moved": "", "act": ""}
    if found.is_frozen:
        return {"moved": _("déplacé avec une raison") if line.placement else "", "act": ""}
    moved = line.placement and (_("dans la liste") if line.is_in else _("hors de la liste"))
    act = _("Départager") if line.is_open else _("Déplacer")
    return {"moved": moved or "", "act": "" if is_provisional else act}


def _figures(line, found):
    names = ("mean", "median", "spread")
    return {name: mean_text(getattr(line, name)) for name in names} | {
        "dot": _on_ruler(line.mean, found.evaluation),
        "rings": [_on_ruler(mean, found.evaluation) for mean in sorted(sheet.mean for sheet in line.marked)],
        "said": _said(line),
    }


def _why(line, found):
    """Why a line stands where it stands: as it was frozen, or as it would be; of a part of the ranking, nothing."""
    if found.is_partial:
        return ""
    return line.reason if found.is_frozen else reason_of(line, found.criteria)


def _on_ruler(value, evaluation):
    if value is None:
        return ""
    return french.part_of(value - evaluation.mark_min, evaluation.mark_max - evaluation.mark_min)


def _said(line):
    """The ruler in words."""
    if line.mean is None:
        return _("Aucune fiche")
    sheets = "\u202f; ".join(mean_text(sheet.mean) for sheet in line.marked)
    return _("Moyenne %(mean)s, fiches\u00a0: %(sheets)s") % {"mean": mean_text(line.mean), "sheets": sheets}


def ruler(found):
    """The head of the ruler: whole marks with their names, and where the cut line stands (or an empty text)."""
    evaluation = found.evaluation
    low, high = evaluation.mark_min, evaluation.mark_max
    count = int(high - low)
    steps = [low + at for at in range(count + 1)] if count < MOST_LABELS else [low]
    if steps[-1] != high:
        steps.append(high)
    return {
        "marks": [{"x": _on_ruler(step, evaluation), "text": french.number(step)} for step in steps],
        "cut": _on_ruler(found.cut and found.cut.mean, evaluation),
        "cut_mean": mean_text(found.cut and found.cut.mean),
    }


# The file -----------------------------------------------------------------------------------------------------------

CHUNK = 1000  # lines whose marks are read at once


def table(found):
    """The ranking as lines of texts, the head first."""
    labels = [one.label for one in found.criteria]
    head = [_("Rang"), _("Ex æquo"), _("Numéro"), _("Projet"), _("Titre"), _("Porteur"), _("Axe"), _("Fiches")]
    head += [_("Fiches attendues")]
    head += [_("Moyenne"), _("Médiane"), _("Note la plus basse"), _("Étendue des fiches"), *labels]
    head += [_("Dans la liste"), _("Déplacé"), _("Raison")]
    yield head
    for start in range(0, len(found.lines), CHUNK):
        for line in with_marks(found, found.lines[start : start + CHUNK]):
            yield _cells(line, found)
    for row in found.closed:
        cells = ["", "", row.application.reference, row.acronym, "", row.lead_name, *[""] * (len(head) - 7)]
        yield [*cells, _("Votre déport")]


def _cells(line, found):
    yes = {True: _("oui"), False: _("non")}
    figures = [line.mean, line.median, line.lowest, line.spread]
    figures += [line.criteria.get(one.key) for one in found.criteria]
    state = _("à départager") if line.is_open else yes[line.is_in]
    is_hidden = found.is_partial and not found.is_frozen
    return [
        "" if line.rank is None else str(line.rank),
        "" if found.is_partial else yes[line.is_equal],
        *(line.reference, line.acronym, line.title, line.lead, line.axis),
        str(line.sheets),
        str(found.wanted),
        *("" if value is None else str(rounded(value, 4)).removesuffix(".0").replace(".", ",") for value in figures),
        "" if is_hidden else state,
        "" if found.is_partial else yes[line.placement is not None],
        _why(line, found),
    ]


def reason_of(line, criteria):
    """Why a line stands where the marks alone would not have put it: the placement's, the rule's, or nothing."""
    if line.placement:
        return line.placement.reason
    if line.is_across:
        return _("Ex æquo à la ligne de coupe\u00a0: départagé par décision motivée.")
    if line.is_equal:
        return _("Ex æquo\u00a0: les règles publiées ne départagent pas ces dossiers, leur ordre ne dit rien.")
    if line.parting is None:
        return ""
    sentence = _("À égalité de moyenne (%(mean)s), départagé par %(rule)s.")
    return sentence % {"mean": mean_text(line.mean), "rule": _parted(line.parting, criteria)}


def cut_reason(found):
    """Why the last dossier in stands before the first one out, where both have the same mean; else nothing.

    A placement, or equals that nobody decided yet, say more than the rule: then it is not said.
    """
    size = found.evaluation.shortlist_size
    beside = found.lines[size - 1 : size + 1]
    if found.cut is None or found.is_frozen or len(beside) < 2:
        return ""
    last, first = beside
    if last.mean != first.mean or any(line.placement or line.is_across for line in beside):
        return ""
    values = {"last": last.acronym, "first": first.acronym, "mean": mean_text(last.mean)}
    values["rule"] = _parted(last.parting, found.criteria)
    return _("%(last)s et %(first)s, à égalité (%(mean)s), sont départagés par %(rule)s.") % values


def _parted(parting, criteria):
    """« critère « … » : 4,33 contre 3,50 »; of the axes, dossiers instead of marks."""
    values = {"rule": rule_label(parting.rule, criteria)}
    if parting.rule == AXIS_BALANCE:
        values |= {"own": french.number(parting.own), "other": french.number(parting.other)}
        return _("%(rule)s (dossiers du même axe au-dessus\u00a0: %(own)s contre %(other)s)") % values
    texts = [_apart(value, parting) for value in (parting.own, parting.other)]
    values |= zip(("own", "other"), texts, strict=True)
    return _("%(rule)s\u00a0: %(own)s contre %(other)s") % values


def _apart(value, parting):
    """A figure with two decimals, or with as many more as it takes to tell it from the other one."""
    texts = (
        (french.decimal(value, places), french.decimal(parting.own, places), french.decimal(parting.other, places))
        for places in range(2, PLACES + 1)
    )
    return next((shown for shown, own, other in texts if own != other), french.decimal(value, PLACES))
