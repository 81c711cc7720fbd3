"""Tables of the second stage, one file for each step of it."""

from reviews.models.assignment import Assignment
from reviews.models.evaluation import Criterion, Evaluation, RapporteurBody
from reviews.models.people import Rapporteur
from reviews.models.sheet import Mark, ScoreSheet, sheet_is_sent
from reviews.models.shortlist import Placement, Shortlist, ShortlistEntry, ShortlistPart

__all__ = [
    "Assignment",
    "Criterion",
    "Evaluation",
    "Mark",
    "Placement",
    "Rapporteur",
    "RapporteurBody",
    "ScoreSheet",
    "Shortlist",
    "ShortlistEntry",
    "ShortlistPart",
    "sheet_is_sent",
]
