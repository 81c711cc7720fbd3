"""Boring makers of what tests need, through the real actions wherever there is one."""

import datetime
import functools
import itertools
from pathlib import Path

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from applications.dossier.actions.draft import create_application, save_answers
from applications.dossier.actions.submission import submit_application
from applications.dossier.actions.uploading import attach_file
from applications.dossier.reading import WorkingCopy
from applications.models import Call, CaseOfficer
from hdh_portal.accounts.models import Organisation, User
from hdh_portal.callfile import schema
from hdh_portal.callfile.loading import load_call
from hdh_portal.ground import clock
from tests.worlds import opening, world

ROOT = Path(__file__).resolve().parent.parent
CALLS = {
    "2020": ROOT / "hdh_portal" / "demo" / "call-2020.toml",
    "autre": ROOT / "tests" / "data" / "call-autre.toml",
}
PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj\nxref\n0 4\n0000000000 65535 f \n"
    b"0000000009 00000 n \n0000000054 00000 n \n0000000105 00000 n \ntrailer<</Size 4/Root 1 0 R>>\nstartxref\n166\n"
    b"%%EOF\n"
)
_numbers = itertools.count(1)


def paris(*parts):
    """An aware instant in Paris: `paris(2020, 6, 1, 11, 59)`."""
    return datetime.datetime(*parts, tzinfo=clock.PARIS)


OPEN = paris(2020, 5, 29, 9, 12)
CLOSED = paris(2020, 6, 4, 10, 5)


def the_call(name="2020"):
    """The call of a sample file, loaded once."""
    found = Call.objects.filter(slug=_slug(name)).first()
    return found or load_call(schema.read(CALLS[name].read_bytes()), by=None, at=paris(2019, 12, 1, 9)).call


@functools.cache
def _slug(name):
    """Reading a file checks all of it, and every test asks for its call."""
    return schema.read(CALLS[name].read_bytes()).slug


def make_user(name=None, *, email=None, verified=True, **fields):
    """A person whose address is verified; the password is « phrase de passe »."""
    number = next(_numbers)
    user = User.objects.create_user(
        email or f"personne{number}@exemple.fr", "phrase de passe", name=name or f"Personne {number}", **fields
    )
    EmailAddress.objects.create(user=user, email=user.email, verified=verified, primary=True)
    return user


@opening
def session_of(user):
    """Key of a session in which the person is signed in, with a second factor."""
    Authenticator.objects.get_or_create(user=user, type="totp", defaults={"data": {"secret": "x"}})
    client = Client()
    client.force_login(user)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def siret(number):
    """A fictitious SIRET with a valid checksum, one for each number below a million."""
    return _checked(_checked(f"99{number:06}") + "0001")


def siret_of(siren):
    """An establishment of a legal entity."""
    return _checked(f"{siren}0001")


def _checked(digits):
    """The digits with their Luhn digit."""
    total = sum(
        (value * 2 - 9 if value * 2 > 9 else value * 2) if place % 2 == 0 else value
        for place, value in enumerate(map(int, reversed(digits)))
    )
    return digits + str(-total % 10)


def complete_answers(call, **changes):
    """An answer to each question of the call's form that is in order; `changes` by question key."""
    answers = {}
    for question in call.questions.all():
        answers[question.key] = _answer(call, question)
    return answers | changes


def _answer(call, question):
    rules = question.rules
    if question.type in ("text", "long_text"):
        return f"Réponse à « {question.label} »"[: rules["limit"]]
    if question.type == "choice":
        first = question.choices[0][0]
        return [first] if rules.get("multiple") else first
    if question.type == "number":
        return rules["minimum"]
    if question.type == "money":
        return rules["maximum"]
    if question.type == "organisation":
        category = call.category_set.first().key
        return {"name": "Ovélia", "siret": siret(990_013), "category": category}
    return []


def pdf_upload(name="annexe.pdf", content=None):
    """A small honest PDF, each call the same bytes unless given."""
    return SimpleUploadedFile(name, content or PDF, content_type="application/pdf")


@world
def make_draft(call=None, *, owner=None, at=OPEN, **answers):
    """A draft in which everything is answered, files included."""
    call = call or the_call()
    owner = owner or make_user()
    application = create_application(call, by=owner, at=at)
    save_answers(application, complete_answers(call, **answers), by=owner, at=at)
    for question in call.questions.filter(type="file", required="deposit"):
        attach_file(application, question, pdf_upload(), by=owner, at=at)
    return application


def owner_of(application):
    """The person who answers for a dossier."""
    return application.members.get(role="owner").user


def deposit(application, *, at=OPEN, by=None):
    """Deposit the working copy as it stands; returns the `Submission`."""
    by = by or owner_of(application)
    return submit_application(application, digest=WorkingCopy(application).digest, by=by, at=at)


@world
def make_deposited(call=None, *, at=OPEN, **answers):
    """A dossier that has been deposited."""
    application = make_draft(call, at=at, **answers)
    deposit(application, at=at)
    application.refresh_from_db()
    return application


def make_officer(call=None, *, body=0, power="officer", user=None, name=None, factor=True):
    """A case officer in office for the call's n-th checking body, with a second factor; who declared nothing yet."""
    call = call or the_call()
    organisation = body
    if isinstance(body, int):
        organisation = Organisation.objects.filter(callbody__call=call, callbody__checks=True).order_by(
            "callbody__position"
        )[body]
    user = user or make_user(name)
    if factor:
        Authenticator.objects.get_or_create(user=user, type="totp", defaults={"data": {"secret": "x"}})
    return CaseOfficer.objects.create(
        call=call,
        user=user,
        body=organisation,
        power=power,
        since=paris(2020, 1, 6, 9),
    )
