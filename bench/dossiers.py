"""The data of the measures, written in bulk: only here, only into the temporary database of `pages.py`."""

import datetime
import itertools

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator

from applications.dossier.actions.uploading import attach_file
from applications.models import (
    Answer,
    Application,
    Attachment,
    Check,
    CheckAnswer,
    Interest,
    InterestDeclaration,
    Member,
    Outcome,
    SealedFile,
    SealedPartner,
    Submission,
    SubmissionBody,
)
from hdh_portal.accounts.models import User
from hdh_portal.records import journal
from hdh_portal.records.models import Document, DocumentPage, JournalEntry
from tests import factories

CHUNK = 1_000
# Of 23 dossiers in a row: 12 agreed, 1 to reconcile, 2 begun by one body, the rest untouched.
AGREED, SPLIT, BEGUN = range(12), (12,), (13, 14)
WORDS = "données de santé, cohortes et entrepôts hospitaliers, modèles d’apprentissage, évaluation clinique, partage "
numbers = itertools.count(1)


def texts(call):
    """Answers to the long questions, at four fifths of their limit, as people fill them."""
    long = [question for question in call.questions.all() if question.type == "long_text"]
    return {q.key: (WORDS * 60)[: q.rules["limit"] * 4 // 5].strip() for q in long}


def partners(call):
    """Two partners with valid numbers."""
    category = call.category_set.first().key
    return [{"name": f"Partenaire {n}", "siret": factories.siret(400 + n), "category": category} for n in (1, 2)]


def typed(call):
    """Every answer of a complete dossier."""
    own = {question.key: partners(call) for question in call.questions.all() if question.type == "partners"}
    return factories.complete_answers(call, **texts(call), **own)


def model_dossier(call):
    """One dossier through the real actions, deposited: the others are its copies."""
    application = factories.make_draft(call, **typed(call))
    optional = call.questions.filter(type="file").exclude(required="deposit").first()
    if optional is not None:
        owner = factories.owner_of(application)
        attach_file(application, optional, factories.pdf_upload(), by=owner, at=factories.OPEN)
    factories.deposit(application)
    return application


def drafts(call, model, count):
    """`count` complete drafts of people of their own, in bulk; `[(application, owner)]`."""
    people = _people(count)
    rows = _applications(call, people, state="draft")
    answers, joined = list(model.answers.all()), list(model.attachments.all())
    Answer.objects.bulk_create(
        [Answer(application=row, question_id=a.question_id, value=a.value) for row in rows for a in answers],
        batch_size=CHUNK,
    )
    Attachment.objects.bulk_create(
        Attachment(application=row, question_id=a.question_id, file_id=a.file_id, name=a.name, added_by=user)
        for row, user in zip(rows, people, strict=True)
        for a in joined
    )
    return list(zip(rows, people, strict=True))


def deposited(call, model, count):
    """`count` deposited dossiers, copies of the model's sealed version, in bulk; returns their applications."""
    made = []
    while len(made) < count:
        size = min(CHUNK, count - len(made))
        people = _people(size)
        made += _seal(call, model.last_submission(), _applications(call, people, state="submitted"), people)
    return made


def _people(count):
    people = User.objects.bulk_create(
        User(email=f"candidat{n}@exemple.fr", name=f"Candidat {n}", password="!")
        for n in itertools.islice(numbers, count)
    )
    EmailAddress.objects.bulk_create(EmailAddress(user=u, email=u.email, verified=True, primary=True) for u in people)
    return people


def _applications(call, people, *, state):
    rows = Application.objects.bulk_create(
        Application(call=call, reference=f"{call.reference_prefix}-{1_000_000 + u.pk}", state=state, created_at=at())
        for u in people
    )
    owned = list(zip(rows, people, strict=True))
    Member.objects.bulk_create(Member(application=row, user=u, role="owner", since=at()) for row, u in owned)
    Interest.objects.bulk_create(Interest(application=row, user=u, kind="member", declared_at=at()) for row, u in owned)
    return rows


def at(shift=0):
    """An instant inside the window of deposits."""
    return factories.OPEN + datetime.timedelta(seconds=shift)


def _seal(call, sealed, rows, people):
    axes, entries = list(call.axis_set.all()), _lines(call.chain, rows)
    submissions = Submission.objects.bulk_create(
        copy_of(sealed, Submission, application=row, entry=entry, submitted_by=user, arrived_at=at(row.pk % 200_000),
              acronym=f"PROJET {row.pk}", axis=axes[row.pk % len(axes)], digest=f"{row.pk:064x}")
        for row, entry, user in zip(rows, entries, people, strict=True)
    )  # fmt: skip
    for model, related in ((SubmissionBody, [sealed.body]), (SealedPartner, sealed.partners.all())):
        model.objects.bulk_create(copy_of(one, model, submission=new) for new in submissions for one in related)
    files = SealedFile.objects.bulk_create(
        copy_of(one, SealedFile, submission=new) for new in submissions for one in sealed.files.all()
    )
    _pictures(files)
    return rows


def copy_of(row, model, **changes):
    """A new row with the fields of another one."""
    fields = {field.attname: getattr(row, field.attname) for field in model._meta.concrete_fields}
    for name in changes:
        fields.pop(model._meta.get_field(name).attname, None)
    return model(**(fields | {"id": None} | changes))


def _lines(chain, rows):
    """Journal lines of deposits, chained as `journal.append` chains them."""
    chain.refresh_from_db()
    entries = []
    for row in rows:
        said = {"verb": "application_submitted", "data": {"application": row.reference}}
        place = {"chain": chain, "position": chain.length + 1, "previous": chain.head}
        entry = JournalEntry(**place, **said, occurred_at=at(), recorded_at=at())
        entry.hash = journal.digest(entry)
        chain.head, chain.length = entry.hash, entry.position
        entries.append(entry)
    chain.save()
    return JournalEntry.objects.bulk_create(entries)


def _pictures(files):
    """Three page pictures for each annex, as the worker leaves them; any stored file stands for a picture."""
    documents = Document.objects.bulk_create(
        Document(renderer="annex_pages", subject=file.pk, state="done", queued_at=at(),
                 digest=f"{file.pk:064x}", filename=f"annexe-{file.pk}")
        for file in files
    )  # fmt: skip
    DocumentPage.objects.bulk_create(
        (DocumentPage(document=document, number=n, file_id=file.file_id, width=1100, height=1556, text=WORDS)
         for document, file in zip(documents, files, strict=True) for n in (1, 2, 3)),
        batch_size=CHUNK,
    )  # fmt: skip


def officers(call):
    """`{"first": [...], "second": [...], "managers": [...]}`: of each body, and two managers; all have declared."""
    made = {
        "first": [factories.make_officer(call, body=0) for _turn in range(3)],
        "second": [factories.make_officer(call, body=1) for _turn in range(3)],
        "managers": [factories.make_officer(call, body=0, power="manager") for _turn in range(2)],
    }
    for officer in itertools.chain.from_iterable(made.values()):
        Authenticator.objects.get_or_create(user=officer.user, type="totp", defaults={"data": {"secret": "x"}})
        InterestDeclaration.objects.create(officer=officer, list_digest="0" * 64, at=factories.CLOSED)
    return made


def checks(call, applications, made):
    """Checks and outcomes of part of the dossiers: most agreed, some in disagreement, some begun."""
    sealed = {row.application_id: row.pk for row in Submission.objects.counting().only("application_id")}
    ground, rows = call.refusalground_set.first(), []
    for place, application in enumerate(applications):
        kind = place % 23
        if kind in BEGUN:
            rows.append(_check(application, sealed, made["first"][place % 3], done=False))
        elif kind in AGREED or kind in SPLIT:
            rows.append(_check(application, sealed, made["first"][place % 3]))
            other = {"conclusion": "inadmissible", "ground": ground, "reason": "La pièce manque."}
            rows.append(_check(application, sealed, made["second"][place % 3], **(other if kind in SPLIT else {})))
    written = Check.objects.bulk_create(rows, batch_size=CHUNK)
    items = list(call.checklistitem_set.all())
    CheckAnswer.objects.bulk_create(
        (CheckAnswer(check_row=row, item=item, value="yes") for row in written for item in items), batch_size=CHUNK
    )
    agreed = [row for place, row in enumerate(applications) if place % 23 in AGREED]
    Outcome.objects.bulk_create(
        (Outcome(application=row, conclusion="admissible", source="agreement", at=factories.CLOSED) for row in agreed),
        batch_size=CHUNK,
    )


def _check(application, sealed, officer, *, done=True, **fields):
    return Check(
        application=application,
        submission_id=sealed[application.pk],
        body=officer.body,
        officer=officer,
        taken_at=factories.CLOSED,
        saved_at=factories.CLOSED,
        done_at=factories.CLOSED if done else None,
        **({"conclusion": "admissible" if done else ""} | fields),
    )
