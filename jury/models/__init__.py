"""Tables of the third stage, one file for each step of it."""

from jury.models.announcement import Announcement
from jury.models.decision import Decision, Deliberation, DeliberationPart
from jury.models.hearing import Hearing, HearingStep, Opinion, OpinionMark, Presence
from jury.models.jury import Jury, JuryField, Sitting
from jury.models.people import Juror, JurorDeclaration
from jury.models.rider import Rider

__all__ = [
    "Announcement",
    "Decision",
    "Deliberation",
    "DeliberationPart",
    "Hearing",
    "HearingStep",
    "Juror",
    "JurorDeclaration",
    "Jury",
    "JuryField",
    "Opinion",
    "OpinionMark",
    "Presence",
    "Rider",
    "Sitting",
]
