"""The types of question that a call may ask, each a class that says all of itself: a new one is a class and a line.

What a file of a call may name, what a page asks, what is judged, sealed, printed and exported follows from this table.
"""

from applications.questions.types.base import EMPTY, QuestionType
from applications.questions.types.file import File
from applications.questions.types.organisations import Organisation, Partners, row_ids
from applications.questions.types.simple import Choice, LongText, Money, Number, Text

TYPES = {one.key: one for one in (Text(), LongText(), Choice(), Number(), Money(), File(), Organisation(), Partners())}


def type_of(question):
    """The type of a question. Raises LookupError for one that no code knows: it is never taken for another."""
    if question.type not in TYPES:
        raise LookupError(f"{question.type!r}, the type of the question {question.key!r}, is none of {list(TYPES)}.")
    return TYPES[question.type]


__all__ = ["EMPTY", "TYPES", "File", "QuestionType", "row_ids", "type_of"]
