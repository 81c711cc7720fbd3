"""The announcement of the laureates: its facts by query, the sentences that say them, what keeps it from going out."""

from jury.announcement.completeness import problems
from jury.announcement.content import FORMAT, content_of
from jury.announcement.people import composition, in_published_order
from jury.announcement.published import RENDERER, paper_of, published, published_by_call, published_calls
from jury.announcement.sections import figures_of, sections_of, shown
from jury.announcement.sentences import name_of, partners_sentence, title_of

__all__ = [
    "FORMAT",
    "RENDERER",
    "composition",
    "content_of",
    "figures_of",
    "in_published_order",
    "name_of",
    "paper_of",
    "partners_sentence",
    "problems",
    "published",
    "published_by_call",
    "published_calls",
    "sections_of",
    "shown",
    "title_of",
]
