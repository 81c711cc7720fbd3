"""Tables of the third stage, one file for each step of it."""

from jury.models.announcement import Announcement
from jury.models.decision import Decision, Deliberation
from jury.models.hearing import Hearing, Opinion, OpinionMark, Presence
from jury.models.jury import Jury, JuryField, Sitting
from jury.models.people import Juror, JurorDeclaration

__all__ = [
    "Announcement",
    "Decision",
    "Deliberation",
    "Hearing",
    "Juror",
    "JurorDeclaration",
    "Jury",
    "JuryField",
    "Opinion",
    "OpinionMark",
    "Presence",
    "Sitting",
]
