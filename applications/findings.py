"""What the portal sees by itself in a dossier, point by point of the call's checklist, each with its reason.

A finding prepares the answer of an officer, who confirms or corrects it, and tells the candidate before the deposit
what would make the dossier inadmissible: the same functions, of the sealed version there, of the working copy here.
"""

from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from applications.models import Question
from hdh_portal.accounts import identifiers
from hdh_portal.ground import french


@dataclass(frozen=True)
class Finding:
    """`holds`: True, False, or None where the portal cannot tell; `text`: the reason; `where`: key of the question in
    which it is mended, empty where there is none."""

    holds: bool | None
    text: str
    where: str = ""

    @property
    def answer(self):
        """The prepared answer: "yes", "no" or "" where there is none."""
        return {True: "yes", False: "no", None: ""}[self.holds]


class Body(NamedTuple):
    """An organisation of the dossier."""

    name: str
    siret: str


class JoinedFile(NamedTuple):
    """A file of the dossier; `partner`: place of the partner whose it is, or None."""

    question: str
    name: str
    partner: int | None


@dataclass(frozen=True)
class Facts:
    """What findings read of a dossier.

    `arrived_at`: None before the deposit; `unread`: names of files whose pages could not be drawn; `drawing`: how many
    are being drawn.
    """

    call: object
    questions: list
    answers: dict
    files: list
    lead: Body
    partners: list
    amount_cents: int | None
    duration_months: int | None
    arrived_at: datetime | None = None
    unread: tuple = ()
    drawing: int = 0

    def key_of(self, column):
        """The question that fills a column, empty where the call asks for none."""
        return next((question.key for question in self.questions if question.column == column), "")


def findings_of(items, facts):
    """`{item key: Finding}` for the checklist items that name one."""
    found = {item.key: FINDERS[item.finding](facts) for item in items if item.finding in FINDERS}
    return {key: finding for key, finding in found.items() if finding is not None}


def on_time(facts):
    """Deposited before the closing, and by how much."""
    arrived, closes_at = facts.arrived_at, facts.call.submission.closes_at
    if arrived is None:
        return Finding(True, _("si vous déposez avant le %(closing)s") % {"closing": french.instant(closes_at)})
    if arrived < closes_at:
        return Finding(True, _("oui, %(left)s avant") % {"left": french.left(closes_at, arrived)})
    return Finding(False, _("non, %(late)s après") % {"late": french.lapse(arrived - closes_at)})


def required_answers(facts):
    """Questions that the deposit or the admissibility asks for: how many are answered, and which are not."""
    wanted = [row for row in facts.questions if row.required != Question.Required.NO]
    joined = {file.question for file in facts.files}
    missing = [row for row in wanted if row.key not in facts.answers and row.key not in joined]
    count = _("%(done)s sur %(all)s") % {"done": len(wanted) - len(missing), "all": len(wanted)}
    if missing:
        names = ", ".join(f"«\u202f{row.label}\u202f»" for row in missing)
        text = _("%(count)s\u00a0: il manque %(names)s") % {"count": count, "names": names}
        return Finding(False, text, missing[0].key)
    return Finding(True, count)


def files_readable(facts):
    """Annexes whose pages were drawn by the worker; before the deposit, those that were let in can be read."""
    if not facts.files:
        return Finding(True, _("aucune pièce jointe"))
    if facts.unread:
        return Finding(None, _("à vérifier\u00a0: %(names)s ne s’affiche pas") % {"names": ", ".join(facts.unread)})
    if facts.drawing:
        sentence = ngettext("%(n)s pièce en préparation", "%(n)s pièces en préparation", facts.drawing)
        return Finding(None, sentence % {"n": facts.drawing})
    return Finding(True, _("%(done)s sur %(all)s") % {"done": len(facts.files), "all": len(facts.files)})


def partner_letters(facts):
    """A file of each partner, in the place that bears its name; nothing where the call asks for no such file."""
    asked = [row for row in facts.questions if row.rules.get("per_partner")]
    if not asked:
        return None
    if not facts.partners:
        return Finding(True, _("aucun partenaire"))
    missing, unnamed = [], 0
    for question in asked:
        places = [file.partner for file in facts.files if file.question == question.key]
        missing += [(question.key, body.name) for at, body in enumerate(facts.partners) if at not in places]
        unnamed += places.count(None)
    total = len(asked) * len(facts.partners)
    count = _("%(done)s sur %(all)s") % {"done": total - len(missing), "all": total}
    if not missing:
        return Finding(True, count)
    words = {"count": count, "names": ", ".join(name for _key, name in missing)}
    if unnamed:  # Joined before each had a place of its own: a person sees whose they are.
        return Finding(None, _("%(count)s\u00a0: à vérifier pour %(names)s") % words, missing[0][0])
    return Finding(False, _("%(count)s\u00a0: il manque celle de %(names)s") % words, missing[0][0])


def amount_within(facts):
    """Amount asked for, against the ceiling of the call."""
    amount, most, where = facts.amount_cents, facts.call.max_grant_cents, facts.key_of("amount")
    if amount is None:
        return Finding(False, _("aucun montant demandé"), where)
    asked = french.euros_cents(amount)
    if amount > most:
        words = {"asked": asked, "over": french.euros_cents(amount - most)}
        return Finding(False, _("%(asked)s, soit %(over)s de trop") % words, where)
    return Finding(True, _("%(asked)s, au plus %(most)s") % {"asked": asked, "most": french.euros(most)}, where)


def duration_within(facts):
    """Duration of the project in months, against the bounds of the call."""
    months, low, high = facts.duration_months, facts.call.min_months, facts.call.max_months
    if months is None:
        return Finding(False, _("aucune durée indiquée"), facts.key_of("duration"))
    words = {"months": months, "low": low, "high": high}
    text = _("%(months)s mois, de %(low)s à %(high)s mois") % words
    return Finding(low <= months <= high, text, facts.key_of("duration"))


def siret_valid(facts):
    """Checksums of the SIRET of lead and partners, or what identifies those without one; whether an establishment is
    active is not known here."""
    named = [facts.lead, *facts.partners]
    answered = zip_longest(named, _organisations(facts)[: len(named)], fillvalue={})
    wrong = [body.name for body, answer in answered if not _is_identified(body, answer, facts.call)]
    count = _("%(done)s sur %(all)s") % {"done": len(named) - len(wrong), "all": len(named)}
    if wrong:
        words = {"count": count, "names": ", ".join(wrong)}
        where = facts.key_of("lead" if facts.lead.name in wrong else "partners")
        return Finding(False, _("%(count)s\u00a0: à vérifier pour %(names)s") % words, where)
    return Finding(True, count)


def _organisations(facts):
    """Lead and partners as they were answered, in the order of the rows that are sealed."""
    by_column = {row.column: facts.answers.get(row.key) for row in facts.questions if row.column}
    return [by_column.get("lead") or {}, *(by_column.get("partners") or [])]


def _is_identified(body, answer, call):
    """By a number of one of the known kinds; or a person, where the call takes people as they are."""
    if number := body.siret or answer.get("siret", ""):
        return bool(identifiers.kind_of(number))
    return any(category.is_person and category.key == answer.get("category") for category in call.categories)


def sharing_plan(facts):
    """Answers of the section that holds the question `sharing_plan`; nothing where the call has no such question."""
    plan = next((row for row in facts.questions if row.key == "sharing_plan"), None)
    if plan is None:
        return None
    asked = [row for row in facts.questions if row.section_id == plan.section_id]
    answered = [row for row in asked if row.key in facts.answers]
    if not answered:
        return Finding(False, _("aucune réponse sur le partage"), plan.key)
    words = {"done": len(answered), "all": len(asked)}
    text = ngettext("%(done)s réponse sur %(all)s", "%(done)s réponses sur %(all)s", len(answered)) % words
    return Finding(True if len(answered) == len(asked) else None, text, plan.key)


FINDERS = {
    finder.__name__: finder
    for finder in (
        on_time,
        required_answers,
        files_readable,
        partner_letters,
        amount_within,
        duration_within,
        siret_valid,
        sharing_plan,
    )
}
