"""Reading a dossier: the working copy as its candidate edits it, the sealed one as everyone else sees it.

Both are shown from the same canonical body, so that what was reviewed, what was sealed and what is checked are one.
"""

import json
from dataclasses import dataclass, field

from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from applications.dossier_form import problems
from applications.models import Question
from hdh_portal import french
from hdh_portal.records.canonical import canonical, sha256

FORMAT = 1
Type = Question.Type


def form_of(call):
    """`[(section, [questions])]` of a call, two statements."""
    questions = {}
    for question in call.questions.all():
        questions.setdefault(question.section_id, []).append(question)
    return [(section, questions.get(section.pk, [])) for section in call.section_set.all()]


def form_as_data(call, sections):
    """The form as JSON, categories included: what a `FormVersion` keeps."""
    return {
        "categories": {category.key: category.label for category in call.category_set.all()},
        "sections": [
            {
                "key": section.key,
                "title": section.label,
                "questions": [
                    {
                        "key": question.key,
                        "label": question.label,
                        "type": question.type,
                        "column": question.column,
                        "choices": dict(question.choices),
                        "unit": question.rules.get("unit", ""),
                    }
                    for question in questions
                ],
            }
            for section, questions in sections
        ],
    }


@dataclass
class WorkingCopy:
    """The candidate's dossier, read once: answers, files, digest, what is missing."""

    application: object
    call: object = field(init=False)

    def __post_init__(self):
        self.call = self.application.call

    @cached_property
    def sections(self):
        return form_of(self.call)

    @cached_property
    def form(self):
        return form_as_data(self.call, self.sections)

    @cached_property
    def stored(self):
        """`{question key: value}`."""
        rows = self.application.answers.select_related("question").all()
        return {answer.question.key: answer.value for answer in rows}

    @cached_property
    def attachments(self):
        """`{question key: [Attachment]}`."""
        found = {}
        for attachment in self.application.attachments.select_related("file", "question").all():
            found.setdefault(attachment.question.key, []).append(attachment)
        return found

    @cached_property
    def by_column(self):
        """`{column: value}` of the pipeline's own columns."""
        return {
            question.column: self.stored.get(question.key)
            for _section, questions in self.sections
            for question in questions
            if question.column
        }

    @cached_property
    def snapshot(self):
        """The canonical body: what a deposit seals."""
        return {
            "format": FORMAT,
            "call": self.call.slug,
            "reference": self.application.reference,
            "form": sha256(self.form),
            "answers": {key: value for key, value in self.stored.items() if value not in (None, "", [], {})},
            "files": [
                {
                    "question": key,
                    "name": attachment.name,
                    "sha256": attachment.file.sha256,
                    "size": attachment.file.size,
                    "media_type": attachment.file.media_type,
                }
                for key in sorted(self.attachments)
                for attachment in self.attachments[key]
            ],
        }

    @cached_property
    def canonical(self):
        return canonical(self.snapshot)

    @cached_property
    def digest(self):
        """SHA-256 of the canonical body: equal digests are equal dossiers."""
        return sha256(self.canonical)

    @cached_property
    def problems(self):
        """Everything to mend, in the order of the form."""
        return problems(self.call, self.sections, self.stored, self.attachments)

    @property
    def blocking(self):
        """What keeps the dossier from being deposited."""
        return [problem for problem in self.problems if problem.blocks]

    def shown(self):
        """The dossier as it would be sealed, ready to read."""
        return shown(json.loads(self.canonical), self.form)


def sealed_dossier(submission):
    """A sealed version, ready to read; None where its body was erased."""
    body = getattr(submission, "body", None)
    return shown(json.loads(body.canonical), submission.form.sections) if body else None


def shown(body, form):
    """`{"sections": [{"key", "title", "answers": [{key, label, type, column, value, text, files}]}]}`.

    `text` is plain text in French, line ends as LF, empty where nothing was answered.
    """
    files = {}
    for position, file in enumerate(body["files"]):
        files.setdefault(file["question"], []).append(file | {"position": position})
    return {
        "sections": [
            {
                "key": section["key"],
                "title": section["title"],
                "answers": [
                    {
                        "key": question["key"],
                        "label": question["label"],
                        "type": question["type"],
                        "column": question["column"],
                        "value": body["answers"].get(question["key"]),
                        "text": answer_text(question, body["answers"].get(question["key"]), form),
                        "files": files.get(question["key"], []),
                    }
                    for question in section["questions"]
                ],
            }
            for section in form["sections"]
        ]
    }


def answer_text(question, value, form):
    """An answer as plain French text."""
    if value in (None, "", [], {}):
        return ""
    kind = question["type"]
    if kind == Type.CHOICE:
        return "\n".join(question["choices"].get(key, key) for key in (value if isinstance(value, list) else [value]))
    if kind == Type.MONEY and isinstance(value, int):
        return french.euros_cents(value)
    if kind == Type.NUMBER and isinstance(value, int):
        return f"{french.number(value)}\u00a0{question['unit']}".rstrip("\u00a0")
    if kind == Type.ORGANISATION:
        return organisation_text(value, form)
    if kind == Type.PARTNERS:
        return "\n".join(organisation_text(partner, form) for partner in value)
    return str(value)


def organisation_text(value, form):
    """« Dénomination, catégorie, SIRET 999 990 013 00016 »."""
    parts = [value.get("name", ""), form["categories"].get(value.get("category"), "")]
    if value.get("siret"):
        parts.append(_("SIRET %(number)s") % {"number": french.siret(value["siret"])})
    return ", ".join(part for part in parts if part)
