"""What would be frozen as the shortlist now: the lines, what each team would be told, what is missing, the digest."""

from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from applications.signatures import digest_of_set
from hdh_portal.ground import french
from hdh_portal.records.canonical import sha256
from reviews.documents import mean_text
from reviews.models import ScoreSheet
from reviews.ranking.reading import Board, board


@dataclass(frozen=True)
class Problem:
    """One thing that keeps the list from being frozen: a stable word, and a sentence for the person."""

    code: str
    sentence: str


@dataclass(frozen=True)
class ShortlistPlan:
    """What two people would sign of a ranking; texts and digest are read once they are asked for."""

    call: object
    board: Board

    @cached_property
    def refusal_texts(self):
        """`{application id: text}`, what a team that is not shortlisted would read of its sheets (one statement)."""
        return texts_of_refusals(self.board)

    @cached_property
    def digest(self):
        """It changes with whatever would be written."""
        return _digest(self.board, self.refusal_texts)

    def digest_of(self, ids):
        """SHA-256 of what a person signs to whom only the dossiers of these ids are open; that of all, if all are.

        Marks, placements and texts, neither ranks nor places in the list: these follow by the rule, and would tell
        where the closed dossiers stand.
        """
        opened = [line for line in self.lines if line.application_id in ids]
        return (
            self.digest if len(opened) == len(self.lines) else _digest_of_part(self.board, self.refusal_texts, opened)
        )

    @property
    def lines(self):
        """Every line of the ranking, best first."""
        return self.board.lines

    @property
    def shortlist(self):
        """The list as it is signed, or None."""
        return self.board.shortlist

    @cached_property
    def chosen(self):
        """The lines that are in."""
        return [line for line in self.lines if line.is_in]

    @cached_property
    def moved(self):
        """The lines that somebody placed by hand."""
        return [line for line in self.lines if line.placement]

    @cached_property
    def open(self):
        """Equals across the cut line that nobody decided."""
        return [line for line in self.lines if line.is_open]

    @cached_property
    def waiting(self):
        """Dossiers that are not in and that nobody placed outside: they could take a place."""
        return [line for line in self.lines if not line.is_in and not line.placement]

    @cached_property
    def without_sheet(self):
        """Dossiers of which no sheet counts and which nobody placed: they keep the list from being frozen."""
        return [line for line in self.lines if not line.sheets and not line.placement]

    @cached_property
    def few(self):
        """Dossiers with a sheet, but fewer than the call wants: told, no reason to wait."""
        wanted = self.board.evaluation.sheets_per_dossier
        return [line for line in self.lines if 0 < line.sheets < wanted]

    def problems(self, at, shut=frozenset()):
        """What keeps the list from being frozen at an instant, as `[Problem]`; empty once it may be.

        `shut`: ids of dossiers that are closed to who reads, of which it is said only that something is missing.
        """
        unread, undecided = _apart(self.without_sheet, shut), _apart(self.open, shut)
        found = [self._too_early(at), self._nothing(), self._unread(unread[0]), self._undecided(undecided[0])]
        if unread[1] or undecided[1]:
            sentence = _("Un dossier qui vous est fermé est à compléter\u00a0: un autre gestionnaire s’en charge.")
            found.append(Problem("elsewhere", sentence))
        found.append(self._wrong_count())
        return [problem for problem in found if problem is not None]

    def _too_early(self, at):
        window = self.board.evaluation
        if window.is_over(at):
            return None
        sentence = _("L’évaluation est ouverte jusqu’au %(day)s inclus\u00a0: la liste se fige ensuite.")
        return Problem("window_open", sentence % {"day": french.day(window.last_moment)})

    def _nothing(self):
        if self.lines:
            return None
        return Problem("nothing_to_freeze", _("Aucun dossier n’est recevable\u00a0: il n’y a rien à présélectionner."))

    def _unread(self, lines):
        count = len(lines)
        sentence = ngettext(
            "%(count)s dossier n’a aucune fiche\u00a0: faites-le évaluer, ou placez-le avec une raison.",
            "%(count)s dossiers n’ont aucune fiche\u00a0: faites-les évaluer, ou placez-les avec une raison.",
            count,
        )
        return Problem("no_sheet", sentence % {"count": count}) if count else None

    def _undecided(self, lines):
        count = len(lines)
        sentence = ngettext(
            "%(count)s dossier à égalité de part et d’autre de la ligne de coupe est à départager\u00a0: "
            "placez-le avec une raison.",
            "%(count)s dossiers à égalité de part et d’autre de la ligne de coupe sont à départager\u00a0: "
            "placez-les avec une raison.",
            count,
        )
        return Problem("with_interest", sentence % {"count": count}) if count else None

    def _wrong_count(self):
        # While equals are open the count cannot be right: they are what is to decide first.
        found, wanted = len(self.chosen), self.board.size
        if self.open or found == wanted:
            return None
        if found < wanted and not self.waiting:
            return None  # Places stay empty, with the reason of each dossier that was placed outside.
        sentence = _("%(found)s pour %(wanted)s\u00a0: faites entrer ou sortir un dossier, avec une raison.")
        names = {
            "found": french.ngettext(
                "%(count)s\u00a0dossier placé dans la liste", "%(count)s\u00a0dossiers placés dans la liste", found
            ),
            "wanted": french.ngettext("%(count)s\u00a0place", "%(count)s\u00a0places", wanted),
        }
        return Problem("wrong_count", sentence % names)


def _apart(lines, shut):
    """`(lines that are open, lines that are closed)`."""
    opened = [one for one in lines if one.application_id not in shut]
    return opened, [one for one in lines if one.application_id in shut]


def shortlist_plan(call):
    """Read what would be frozen now."""
    return ShortlistPlan(call, board(call))


def texts_of_refusals(found):
    """`{application id: text}` of a live `Board`: means, comments in the order of sending, without a name, or both.

    The call says which (`refusals_show`). A team to which that gives nothing reads that others stand before it.
    """
    parts = found.evaluation.refusals_show
    pks = {sheet.pk: line.application_id for line in found.lines for sheet in line.marked}
    rows = ScoreSheet.objects.counting().filter(assignment__application__call=found.evaluation.call_id)
    texts = {line.application_id: [_means(line, found)] for line in found.lines if line.sheets and "marks" in parts}
    comments = {}
    for pk, text in rows.order_by("sent_at", "id").values_list("pk", "transmissible"):
        if pk in pks and text.strip() and "comments" in parts:
            comments.setdefault(pks[pk], []).append(text.strip())
    for pk, given in comments.items():
        texts.setdefault(pk, []).extend(map(_comment, range(1, len(given) + 1), given))
    size = sum(line.is_in for line in found.lines)
    return {line.application_id: _text_of_refusal(texts.get(line.application_id, []), size) for line in found.lines}


def _text_of_refusal(texts, size):
    """The text of one team; `size`: how many dossiers are in the list, fewer than its places where some stay empty."""
    if not texts and not size:
        return _("Aucun dossier n’est présélectionné.")
    if not texts:
        sentence = ngettext(
            "Le classement des dossiers selon les critères de l’appel n’en présélectionne qu’un, "
            "et ce n’est pas le vôtre.",
            "Le classement des dossiers selon les critères de l’appel ne place pas le vôtre "
            "parmi les %(size)s présélectionnés.",
            size,
        )
        return sentence % {"size": french.number(size)}
    return "\n\n".join(texts)


def _comment(number, text):
    return _("Appréciation %(number)s\u00a0: %(text)s") % {"number": number, "text": text}


def _means(line, found):
    """« Moyenne : 3,61 sur 5 » and the mean of each criterion under it, a line each."""
    whole = _("Moyenne de vos fiches\u00a0: %(mean)s sur %(most)s") % {
        "mean": mean_text(line.mean),
        "most": french.decimal(found.evaluation.mark_max, 0),
    }
    each = [f"{one.label}\u00a0: {mean_text(line.criteria.get(one.key))}" for one in found.criteria]
    return "\n".join([whole, *each])


def _digest(found, texts):
    evaluation = found.evaluation
    return digest_of_set(
        evaluation.call,
        {
            "call": evaluation.call.slug,
            "rules": [evaluation.tie_break, evaluation.shortlist_size],
            "criteria": [[one.key, one.weight] for one in found.criteria],
            "lines": [_signed(line, texts[line.application_id]) for line in found.lines],
        },
    )


def _digest_of_part(found, texts, lines):
    evaluation = found.evaluation
    lines = sorted(lines, key=lambda line: line.reference)
    return digest_of_set(
        evaluation.call,
        {
            "call": evaluation.call.slug,
            "rules": [evaluation.tie_break, evaluation.shortlist_size],
            "criteria": [[one.key, one.weight] for one in found.criteria],
            "part": [[line.reference, *_own(line), texts[line.application_id]] for line in lines],
        },
    )


def _signed(line, text):
    """What two people sign of one line: its place, each mark of each sheet, the placement, what its team would read."""
    return [line.reference, line.rank, line.mean, line.rule, line.is_in, line.is_open, *_own(line), text]


def _own(line):
    """What a line says of its dossier alone: each mark of each sheet, the placement."""
    moved = line.placement and [line.placement.is_shortlisted, line.placement.reason]
    return [[sheet.pk, *sheet.marks] for sheet in line.marked], moved


def entries_digest(entries):
    """SHA-256 of the lines of a frozen list, in the order of their ranks."""
    return sha256([_line(entry) for entry in sorted(entries, key=lambda entry: entry.rank)])


def _line(entry):
    figures = [entry.mean, entry.median, entry.spread, entry.lowest, entry.sheets]
    return [
        entry.rank,
        entry.application_id,
        figures,
        entry.is_shortlisted,
        entry.is_equal,
        entry.reason,
        entry.refusal_text,
    ]
