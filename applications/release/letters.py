"""The letters that tell an outcome, whatever the stage: its text from the call, its values from dossier and stage."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.models import Letter, Release, Submission
from applications.words import OF_DECISION, OF_DOSSIER, authority_of, filled, paragraphs, values_of
from hdh_portal.ground import french
from hdh_portal.records.documents import Paper

# A paragraph of a letter that carries one of these placeholders begins a block under a heading of its own.
HEADINGS = {
    "reasons": gettext_lazy("Motif"),
    "conditions": gettext_lazy("Conditions de l’aide"),
    "next_steps": gettext_lazy("Étapes suivantes"),
    "remedies": gettext_lazy("Recours"),
    "contact": gettext_lazy("Service chargé du dossier"),
}
ANNEXED = ("conditions", "next_steps", "remedies", "contact")  # Said after the signature.
SIGNATURE = ("name", "signatory", "quality", "formula", "is_invented")


def letter_of(stage, outcome):
    """The paper of one outcome of a `StageRelease`, as the worker makes it: dated by the day of the release."""
    call = outcome.application.call
    release = Release.objects.filter(call=call, stage=stage.key, confirmed_at__isnull=False).first()
    return letters_for(stage, [outcome], at=release and release.confirmed_at)[0]


def letters_for(stage, outcomes, *, at):
    """Papers of the letters of many outcomes of one call, in their order, in three statements.

    `outcomes`: with `application` and its `call` selected. `at`: the instant of the release (the `at` of the action
    that confirms it), which the paper bears as its day; None for a preview.
    """
    if not outcomes:
        return []
    writing = _Writing(stage, outcomes)
    sealed = {
        submission.application_id: submission
        for submission in Submission.objects.counting()
        .filter(application__in=[o.application_id for o in outcomes])
        .select_related("body")
    }
    papers = []
    for outcome in outcomes:
        context = writing.letter(outcome, sealed[outcome.application_id], at)
        papers.append(Paper("paper/letter.html", 2, context, f"courrier-{outcome.application.reference}.pdf"))
    return papers


def letter_context(stage, outcome, *, at=None):
    """What the letter of an outcome says, for a preview before the release (`paper/_letter.html` shows it)."""
    return _Writing(stage, [outcome]).letter(outcome, outcome.application.last_submission(), at)


class _Writing:
    """The letters of one call and those who sign them, read once for all its dossiers."""

    def __init__(self, stage, outcomes):
        self.stage, self.call = stage, outcomes[0].application.call
        self.letters = {row.kind: row for row in Letter.objects.filter(call=self.call)}
        self.authority = authority_of(self.call)

    def letter(self, outcome, submission, at):
        """Context of one letter: who writes to whom, where and when, subject, blocks under headings, who signs."""
        reference, authority = outcome.application.reference, self.authority
        values = values_of(OF_DOSSIER, self.call, submission, reference) | values_of(OF_DECISION, authority)
        values |= self.stage.letter_values(outcome)
        text = self.letters[outcome.conclusion]
        return {
            "addressee": submission.answer(authority["addressee"]) if authority["addressee"] else "",
            "contact": self.call.texts["contact"],
            "place": authority["place"],
            "long_day": french.long_day(at) if at else "",
            "stage_label": str(self.stage.label),
            "authority": {name: authority[name] for name in SIGNATURE},
            "reference": reference,
            "version": submission.version,
            "acronym": submission.acronym,
            "lead": submission.lead_name,
            "call": self.call.title,
            "arrived": french.moment(submission.arrived_at),
            "day": french.day(at) if at else "",
            "subject": filled(text.subject, values),
            **_blocks(text.body, values),
        }


def _blocks(body, values):
    """The paragraphs of a letter, in their order, under « Décision » and the headings of `HEADINGS`.

    `{"blocks": what is decided and why, "annex": what stands after the signature}`, each `[{"heading", "paragraphs"}]`.
    """
    parts = [("", {"heading": _("Décision"), "paragraphs": []})]
    for paragraph in body.strip().split("\n\n"):
        if paragraph.strip() == "{service}":
            continue  # The head of the paper says it.
        name = next((name for name in HEADINGS if f"{{{name}}}" in paragraph), "")
        if name:
            parts.append((name, {"heading": str(HEADINGS[name]), "paragraphs": []}))
        parts[-1][1]["paragraphs"] += paragraphs(filled(paragraph, values))
    return {
        "blocks": [block for name, block in parts if name not in ANNEXED],
        "annex": [block for name, block in parts if name in ANNEXED],
    }
