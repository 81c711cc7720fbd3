"""Tables of the first stage, one file for each step of it."""

from applications.models.admissibility import Check, CheckAnswer, Conclusion, Outcome, Reopening
from applications.models.application import Answer, Application, Attachment
from applications.models.call import (
    Axis,
    Bucket,
    Call,
    CallBody,
    CallWindow,
    Category,
    ChecklistItem,
    DeadlineExtension,
    Letter,
    RefusalGround,
    Window,
)
from applications.models.form import FormVersion, Question, Section
from applications.models.interest import Interest, InterestDeclaration
from applications.models.people import CaseOfficer, Member
from applications.models.release import HeadTimestamp, Notice, NoticeOpening, PublishedHead, Release
from applications.models.retention import Disposal, DisposedDossier, LegalHold
from applications.models.submission import SealedFile, SealedPartner, Submission, SubmissionBody
from applications.models.upload import Upload

__all__ = [
    "Answer",
    "Application",
    "Attachment",
    "Axis",
    "Bucket",
    "Call",
    "CallBody",
    "CallWindow",
    "CaseOfficer",
    "Category",
    "Check",
    "CheckAnswer",
    "ChecklistItem",
    "Conclusion",
    "DeadlineExtension",
    "Disposal",
    "DisposedDossier",
    "FormVersion",
    "HeadTimestamp",
    "Interest",
    "InterestDeclaration",
    "LegalHold",
    "Letter",
    "Member",
    "Notice",
    "NoticeOpening",
    "Outcome",
    "PublishedHead",
    "Question",
    "RefusalGround",
    "Release",
    "Reopening",
    "SealedFile",
    "SealedPartner",
    "Section",
    "Submission",
    "SubmissionBody",
    "Upload",
    "Window",
]
