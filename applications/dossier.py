"""Reading a dossier: the working copy as its candidate edits it, the sealed one as everyone else sees it.

Both are shown from the same canonical body, so that what was reviewed, what was sealed and what is checked are one.
"""

import functools
import json

from django.db.models import Prefetch, prefetch_related_objects
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from applications.dossier_form import problems
from applications.models import Attachment, Axis, Category, Question
from hdh_portal import french
from hdh_portal.records.canonical import canonical, sha256

FORMAT = 1
FILES = Prefetch("attachments", Attachment.objects.select_related("file"))
Type = Question.Type


@functools.lru_cache(maxsize=64)
def form_as_loaded(call_id, file_digest, loaded_at):
    """The form that one loading of a call's file made."""
    return CallForm(call_id)


def form_of(call):
    """The form of a call as its file stands, shared by all who fill it and read once a process for each loading.

    What it holds is public and never changed; the row of the call, which is read anew each time, says which it is.
    """
    form = form_as_loaded(call.pk, call.file_digest, call.loaded_at)
    call.categories = form.categories
    return form


class CallForm:
    """The form of a call: its sections with their questions, its axes and categories, its data and its digest."""

    def __init__(self, call_id):
        self.call_id = call_id

    @cached_property
    def sections(self):
        """`[(section, [questions])]`, one statement."""
        questions = Question.objects.filter(call=self.call_id).select_related("section")
        found = {}
        for question in questions.order_by("section__position", "position"):
            found.setdefault(question.section_id, (question.section, []))[1].append(question)
        return list(found.values())

    @cached_property
    def categories(self):
        """Published categories of organisations, one statement."""
        return list(Category.objects.filter(call=self.call_id))

    @cached_property
    def axes(self):
        """`{key: Axis}`, one statement."""
        return {axis.key: axis for axis in Axis.objects.filter(call=self.call_id)}

    @cached_property
    def questions(self):
        """`{question pk: question}`."""
        return {question.pk: question for _section, questions in self.sections for question in questions}

    @cached_property
    def data(self):
        """The form as JSON, categories included: what a `FormVersion` keeps."""
        return {
            "sections": [
                {"key": section.key, "title": section.label, "questions": [_question_data(q) for q in questions]}
                for section, questions in self.sections
            ],
            "categories": {category.key: category.label for category in self.categories},
        }

    @cached_property
    def digest(self):
        return sha256(self.data)


def _question_data(question):
    return {
        "key": question.key,
        "label": question.label,
        "type": question.type,
        "column": question.column,
        "choices": dict(question.choices),
        "unit": question.rules.get("unit", ""),
    }


def working_copies(applications):
    """The working copies of several dossiers, in as many statements as for one; their calls' forms are shared."""
    applications = list(applications)
    prefetch_related_objects(applications, "answers", FILES)
    return [WorkingCopy(application) for application in applications]


class WorkingCopy:
    """The candidate's dossier, read once: answers, files, digest, what is missing."""

    def __init__(self, application):
        self.application, self.call = application, application.call
        self.form = form_of(self.call)

    @property
    def sections(self):
        return self.form.sections

    @cached_property
    def stored(self):
        """`{question key: value}`."""
        questions = self.form.questions
        return {questions[answer.question_id].key: answer.value for answer in self.application.answers.all()}

    @cached_property
    def attachments(self):
        """`{question key: [Attachment]}`."""
        prefetch_related_objects([self.application], FILES)
        found = {}
        for attachment in self.application.attachments.all():
            found.setdefault(self.form.questions[attachment.question_id].key, []).append(attachment)
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
            "form": self.form.digest,
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
        return shown(json.loads(self.canonical), self.form.data)


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
