"""Automatic findings: what the portal sees by itself in the sealed version, each with its reason.

A finding prepares an answer of the checklist, which the officer confirms or corrects. It reads sealed rows only; the
limits are those of the call.
"""

import json
from dataclasses import dataclass

from django.db.models import Prefetch
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from applications.dossier.pages import ANNEX_PAGES
from applications.models import Question, SealedFile, Submission
from hdh_portal.accounts import sirene
from hdh_portal.ground import french
from hdh_portal.records.models import Document


@dataclass(frozen=True)
class Finding:
    """`holds`: True, False, or None where the portal cannot tell; `text`: the reason, for the officer."""

    holds: bool | None
    text: str

    @property
    def answer(self):
        """The prepared answer: "yes", "no" or "" where there is none."""
        return {True: "yes", False: "no", None: ""}[self.holds]


@dataclass(frozen=True)
class Sealed:
    """What findings read, gathered in a few statements."""

    submission: object
    call: object
    answers: dict
    files: list
    partners: list
    questions: list


def version_to_check(application):
    """The sealed version that counts, with all that a check shows and findings read (four statements)."""
    sealed = Submission.objects.select_related("axis", "lead_category__bucket", "body", "form")
    sealed = sealed.prefetch_related("partners", Prefetch("files", SealedFile.objects.select_related("file")))
    submission = sealed.filter(application=application).order_by("-version").first()
    submission.application = application
    return submission


def findings(submission):
    """`{item key: Finding}` for the checklist items that name one; `submission`: of `version_to_check`."""
    call = submission.application.call
    items = [item for item in call.checklistitem_set.all() if item.finding]
    if not items:
        return {}
    sealed = _read(submission, call)
    found = {item.key: FINDERS[item.finding](sealed) for item in items if item.finding in FINDERS}
    return {key: finding for key, finding in found.items() if finding is not None}


def _read(submission, call):
    body = getattr(submission, "body", None)
    content = json.loads(body.canonical) if body else {"answers": {}}
    return Sealed(
        submission,
        call,
        content["answers"],
        list(submission.files.all()),
        list(submission.partners.all()),
        list(call.questions.all()),
    )


def on_time(sealed):
    """Deposited before the closing, and by how much."""
    arrived, closes_at = sealed.submission.arrived_at, sealed.call.submission.closes_at
    if arrived < closes_at:
        return Finding(True, _("oui, %(left)s avant") % {"left": french.left(closes_at, arrived)})
    return Finding(False, _("non, %(late)s après") % {"late": french.lapse(arrived - closes_at)})


def required_answers(sealed):
    """Questions that the deposit or the admissibility asks for: how many are answered, and which are not."""
    wanted = [row for row in sealed.questions if row.required != Question.Required.NO]
    joined = {file.question_key for file in sealed.files}
    missing = [row.label for row in wanted if row.key not in sealed.answers and row.key not in joined]
    count = _("%(done)s sur %(all)s") % {"done": len(wanted) - len(missing), "all": len(wanted)}
    if missing:
        names = ", ".join(f"«\u202f{label}\u202f»" for label in missing)
        return Finding(False, _("%(count)s\u00a0: il manque %(names)s") % {"count": count, "names": names})
    return Finding(True, count)


def files_readable(sealed):
    """Annexes whose pages were drawn by the worker."""
    if not sealed.files:
        return Finding(True, _("aucune pièce jointe"))
    drawn = [file.pk for file in sealed.files]
    rows = Document.objects.filter(renderer=ANNEX_PAGES, subject__in=drawn).order_by("id")
    states = {row.subject: row for row in rows}
    failed = [file.name for file in sealed.files if file.pk in states and states[file.pk].has_failed]
    if failed:
        return Finding(None, _("à vérifier\u00a0: %(names)s ne s’affiche pas") % {"names": ", ".join(failed)})
    waiting = [pk for pk in drawn if pk not in states or not states[pk].is_ready]
    if waiting:
        sentence = ngettext("%(n)s pièce en préparation", "%(n)s pièces en préparation", len(waiting))
        return Finding(None, sentence % {"n": len(waiting)})
    return Finding(True, _("%(done)s sur %(all)s") % {"done": len(sealed.files), "all": len(sealed.files)})


def amount_within(sealed):
    """Amount asked for, against the ceiling of the call."""
    amount, most = sealed.submission.amount_cents, sealed.call.max_grant_cents
    if amount is None:
        return Finding(False, _("aucun montant demandé"))
    asked = french.euros_cents(amount)
    if amount > most:
        words = {"asked": asked, "over": french.euros_cents(amount - most)}
        return Finding(False, _("%(asked)s, soit %(over)s de trop") % words)
    return Finding(True, _("%(asked)s, au plus %(most)s") % {"asked": asked, "most": french.euros(most)})


def duration_within(sealed):
    """Duration of the project in months, against the bounds of the call."""
    months, low, high = sealed.submission.duration_months, sealed.call.min_months, sealed.call.max_months
    if months is None:
        return Finding(False, _("aucune durée indiquée"))
    words = {"months": months, "low": low, "high": high}
    text = _("%(months)s mois, de %(low)s à %(high)s mois") % words
    return Finding(low <= months <= high, text)


def siret_valid(sealed):
    """Checksums of the SIRET of lead and partners; whether an establishment is active is not known here."""
    named = [(sealed.submission.lead_name, sealed.submission.lead_siret)]
    named += [(partner.name, partner.siret) for partner in sealed.partners]
    wrong = [name for name, siret in named if not sirene.is_siret(siret)]
    count = _("%(done)s sur %(all)s") % {"done": len(named) - len(wrong), "all": len(named)}
    if wrong:
        words = {"count": count, "names": ", ".join(wrong)}
        return Finding(False, _("%(count)s\u00a0: à vérifier pour %(names)s") % words)
    return Finding(True, count)


def sharing_plan(sealed):
    """Answers of the section that holds the question `sharing_plan`; nothing where the call has no such question."""
    plan = next((row for row in sealed.questions if row.key == "sharing_plan"), None)
    if plan is None:
        return None
    asked = [row for row in sealed.questions if row.section_id == plan.section_id]
    answered = [row for row in asked if row.key in sealed.answers]
    if not answered:
        return Finding(False, _("aucune réponse sur le partage"))
    words = {"done": len(answered), "all": len(asked)}
    text = ngettext("%(done)s réponse sur %(all)s", "%(done)s réponses sur %(all)s", len(answered)) % words
    return Finding(True if len(answered) == len(asked) else None, text)


FINDERS = {
    finder.__name__: finder
    for finder in (
        on_time,
        required_answers,
        files_readable,
        amount_within,
        duration_within,
        siret_valid,
        sharing_plan,
    )
}
