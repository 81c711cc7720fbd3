"""Reading a dossier: the working copy as its candidate edits it, the sealed one as everyone else sees it.

Both are shown from the same canonical body, so that what was reviewed, what was sealed and what is checked are one.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db.models import Prefetch, prefetch_related_objects
from django.utils.functional import cached_property

from applications.models import Attachment, Member, Notice, Release, SealedFile, Submission
from applications.questions.form import problems
from applications.questions.reading import form_of, shown
from applications.questions.types import EMPTY, row_ids, type_of
from applications.states import State, tag_for_candidate
from hdh_portal.records.canonical import canonical, sha256
from hdh_portal.records.models import Document, JournalEntry

FORMAT = 1
RECEIPT, DOSSIER = "receipt", "dossier"
FILES = Prefetch("attachments", Attachment.objects.select_related("file"))


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
    def partners(self):
        """`{row id: name}` of the partners, in their order."""
        rows = self.by_column.get("partners") or []
        return {one: row.get("name", "") for one, row in zip(row_ids(rows), rows, strict=True)}

    @cached_property
    def snapshot(self):
        """The canonical body: what a deposit seals."""
        return {
            "format": FORMAT,
            "call": self.call.slug,
            "reference": self.application.reference,
            "form": self.form.digest,
            "answers": self._sealed_answers(),
            "files": [
                {
                    "question": key,
                    "name": attachment.name,
                    "sha256": attachment.file.sha256,
                    "size": attachment.file.size,
                    "media_type": attachment.file.media_type,
                    **self._place_of(attachment),
                }
                for key in sorted(self.attachments)
                for attachment in self.attachments[key]
            ],
        }

    def _place_of(self, attachment):
        """`{"partner": place}` of the partner whose file it is; nothing where it is nobody's alone."""
        places = list(self.partners)
        return {"partner": places.index(attachment.slot)} if attachment.slot in places else {}

    def _sealed_answers(self):
        kinds = {question.key: type_of(question) for question in self.form.questions.values()}
        return {key: kinds[key].sealed(value) for key, value in self.stored.items() if value not in EMPTY}

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
        return problems(self.call, self.sections, self.stored, self.attachments, self.form.fields)

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


class Sealed(NamedTuple):
    """What a receipt shows beside its version: the one that it replaces or None, its files, its papers."""

    earlier: object
    files: list
    documents: list


def sealed_parts(submission):
    """The `Sealed` of a version: that which its deposit left on it, else read."""
    return getattr(submission, "just_sealed", None) or Sealed(
        submission.application.submissions.filter(version=submission.version - 1).first(),
        list(SealedFile.objects.filter(submission=submission).select_related("file")),
        list(Document.objects.filter(renderer__in=[RECEIPT, DOSSIER], subject=submission.pk)),
    )


# Of one's own -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class OwnDossier:
    """A dossier as its members see it in a list.

    `last`: the sealed version that counts, or None; `role`: of the person, in words; `notices`: what was told, newest
    first; `withdrawn_at`: the instant of its withdrawal, or None.
    """

    copy: WorkingCopy
    last: Submission | None
    role: str
    notices: list
    withdrawn_at: datetime | None

    @property
    def application(self):
        return self.copy.application

    @property
    def acronym(self):
        return self.copy.by_column.get("acronym") or self.application.reference

    @property
    def title(self):
        return self.copy.by_column.get("title") or ""

    @property
    def lead(self):
        """Name of the leading organisation, empty while it is not said."""
        return (self.copy.by_column.get("lead") or {}).get("name", "")

    @property
    def partners(self):
        """How many organisations take part beside the lead."""
        return len(self.copy.by_column.get("partners") or [])

    @property
    def tag(self):
        return tag_for_candidate(self.application, self.last, self.copy.digest)

    @property
    def decision(self):
        """The notice of the newest decision, or None."""
        return newest_decision(self.notices)


def own_dossiers(user, applications):
    """The `OwnDossier` of each of these dossiers of a person, in as many statements as for one."""
    copies = working_copies(applications)
    rows = [copy.application for copy in copies]
    last = {one.application_id: one for one in Submission.objects.counting().filter(application__in=rows)}
    members = Member.objects.filter(user=user, application__in=rows)
    roles = {member.application_id: member.get_role_display() for member in members}
    notified = {}
    for notice in Notice.objects.filter(application__in=rows).select_related("document", "opening"):
        notified.setdefault(notice.application_id, []).append(notice)
    withdrawn = withdrawals(rows)
    for copy in copies:
        if copy.application.pk in last:
            last[copy.application.pk].application = copy.application
    return [
        OwnDossier(copy, last.get(row.pk), roles[row.pk], notified.get(row.pk, []), withdrawn.get(row.reference))
        for copy, row in zip(copies, rows, strict=True)
    ]


def newest_decision(notices):
    """The newest notice that tells a decision, of notices with the newest first, or None."""
    return next((notice for notice in notices if notice.kind in Release.Stage.values), None)


def withdrawals(applications):
    """`{reference: instant}` of the last withdrawal of those of these dossiers that are withdrawn, from the journal."""
    gone = [row for row in applications if row.state == State.WITHDRAWN]
    if not gone:
        return {}
    lines = JournalEntry.objects.filter(
        chain__in={row.chain_id for row in gone},
        verb=f"application_{State.WITHDRAWN}",
        data__application__in=[row.reference for row in gone],
    )
    return {line.data["application"]: line.occurred_at for line in lines.order_by("position")}
