"""Reading a dossier: the working copy as its candidate edits it, the sealed one as everyone else sees it.

Both are shown from the same canonical body, so that what was reviewed, what was sealed and what is checked are one.
"""

import json

from django.db.models import Prefetch, prefetch_related_objects
from django.utils.functional import cached_property

from applications.models import Attachment
from applications.questions.form import problems
from applications.questions.reading import form_of, shown
from applications.questions.types import EMPTY
from hdh_portal.records.canonical import canonical, sha256

FORMAT = 1
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
    def snapshot(self):
        """The canonical body: what a deposit seals."""
        return {
            "format": FORMAT,
            "call": self.call.slug,
            "reference": self.application.reference,
            "form": self.form.digest,
            "answers": {key: value for key, value in self.stored.items() if value not in EMPTY},
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
