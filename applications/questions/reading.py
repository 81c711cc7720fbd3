"""The form of a call as data: its sections and questions, and an answer as plain French text."""

import functools

from django.utils.functional import cached_property

from applications.models import Axis, Category, Question
from applications.questions.form import simple_fields
from applications.questions.types import EMPTY, TYPES, QuestionType
from applications.questions.types.base import language_of
from hdh_portal.records.canonical import sha256


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
    def fields(self):
        """`{question key: field}` by which answers are judged."""
        return simple_fields(self.questions.values())

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


def shown(body, form):
    """`{"sections": [{"key", "title", "answers": [{key, label, type, column, language, value, text, files}]}]}`.

    `text` is plain text in French, line ends as LF, empty where nothing was answered. A file says `whose` it is, where
    it stands at the place of a partner.
    """
    files, partners = {}, _partners_of(body, form)
    for position, file in enumerate(body["files"]):
        whose = partners[file["partner"]]["name"] if "partner" in file else ""
        files.setdefault(file["question"], []).append(file | {"position": position, "whose": whose})
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
                        "language": language_of(question["key"]),
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


def _partners_of(body, form):
    """The answer to the question that fills the column of the partners."""
    asked = (question for section in form["sections"] for question in section["questions"])
    key = next((question["key"] for question in asked if question["column"] == "partners"), "")
    return body["answers"].get(key) or []


def answer_text(question, value, form):
    """An answer as plain French text; one whose type is gone since it was sealed is read as it stands."""
    return "" if value in EMPTY else TYPES.get(question["type"], QuestionType()).text(question, value, form)
