"""Verifying a receipt: anybody may bring a file, so it is small, judged at once, and nothing of it stays."""

import io
import json
import time
import zlib

import pikepdf
import pytest
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from applications.dossier.actions.uploading import attach_file
from applications.evidence.receipts import LARGEST
from hdh_portal.desk.views.proof import LARGEST as LARGEST_FILE
from hdh_portal.ground import french
from hdh_portal.records import tasks
from hdh_portal.records.models import Document
from tests import pace
from tests.factories import OPEN, PDF, deposit, make_draft, owner_of, pdf_upload

pytestmark = pytest.mark.django_db
CHECK = reverse("desk:receipt_verify_check")
SHELL = '{"format":"hdh-recepisse-1","digests":%s,"key_id":"a","signature":"","receipt":%s}'


def brought(client, content):
    return client.post(CHECK, {"receipt": SimpleUploadedFile("recepisse.json", content)})


def filled(before, item, after):
    """Text of the largest size that is taken: `item` as often as it fits."""
    times = (LARGEST - len(before) - len(after)) // len(item)
    return (before + item * times + after).encode()


def table(length):
    return json.dumps({f"{number}": 0 for number in range(length)})


WORST = {
    "deep lists": b"[" * LARGEST,
    "deep tables": filled('{"a":', '{"a":', ""),
    "deep enough to be read": (SHELL % ("{}", '{"a":' + "[" * 450 + "]" * 450 + "}")).encode(),
    "many fields": (SHELL % ("{}", table(1500))).encode(),
    "many digests": (SHELL % (table(1500), "{}")).encode(),
    "many lists": filled(
        '{"format":"hdh-recepisse-1","digests":{},"key_id":"a","signature":"","receipt":{"a":[', "[],", "0]}}"
    ),
    "points": filled(
        '{"format":"hdh-recepisse-1","digests":{},"key_id":"a","signature":"","receipt":{"a":[', "1e-7,", "0]}}"
    ),
    "whole numbers": filled(
        '{"format":"hdh-recepisse-1","digests":{},"key_id":"a","signature":"","receipt":{"a":[', "7,", "0]}}"
    ),
    "texts": filled(
        '{"format":"hdh-recepisse-1","digests":{},"key_id":"a","signature":"","receipt":{"a":[', '"é",', "0]}}"
    )[:LARGEST],
    "a huge number": (SHELL % ("{}", '{"a":' + "9" * 15_000 + "}")).encode(),
    "no number": (SHELL % ("{}", '{"a":NaN}')).encode(),
    "halves of a character": (SHELL % ("{}", '{"\\ud800":"\\udfff"}')).encode(),
    "a NUL": (SHELL % ("{}", '{"a\\u0000":"\\u0000"}')).encode(),
    "no text": bytes(range(256)) * (LARGEST // 256),
}


@pytest.mark.parametrize("name", WORST)
def test_worst_file_is_judged_in_a_twentieth_of_a_second(client, name):
    took = []
    for _n in range(5):
        began = time.thread_time()
        answer = brought(client, WORST[name])
        took.append(time.thread_time() - began)
        assert answer.status_code == 200 and "n’est pas authentique" in answer.text
    assert min(took) < 0.05 * pace.slowness(), took


def test_more_than_a_receipt_can_weigh_is_refused_unread(client):
    answer = brought(client, b" " * (LARGEST_FILE + 100_000))
    assert answer.status_code == 413
    assert "un récépissé pèse 250\u00a0ko au plus" in answer.text
    assert "un récépissé signé pèse 16\u00a0ko au plus" in brought(client, b" " * (LARGEST + 1)).text


def test_nothing_is_kept_of_a_receipt(client, django_assert_num_queries):
    with django_assert_num_queries(1):  # the public keys
        brought(client, b"{}")
    assert Session.objects.count() == 0 and not client.cookies.get("session")


@pytest.mark.embedded
def test_largest_receipt_of_a_call_fits(client):
    """As many files as the call takes, each with the longest name."""
    application = make_draft()
    owner, call = owner_of(application), application.call
    for question in call.questions.filter(type="file"):
        for number in range(application.attachments.filter(question=question).count(), question.rules["max_count"]):
            content = PDF.replace(b"200 200", f"{question.pk:03} {number:03}".encode())
            attach_file(application, question, pdf_upload(f"{'é' * 116}.pdf", content), by=owner, at=OPEN)
    receipt = bytes(deposit(application).receipt)
    assert len(receipt) <= LARGEST
    assert "Ce récépissé est authentique" in brought(client, receipt).text


# The PDF ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def made():
    """A deposit, and its receipt as the worker makes it."""
    submission = deposit(make_draft())
    row = Document.objects.get(renderer="receipt", subject=submission.pk)
    tasks.render_document(row.pk)
    row.refresh_from_db()
    return submission, row.file.path.read_bytes()


@pytest.mark.embedded
def test_pdf_of_a_receipt_carries_the_signed_bytes_and_verifies(client, made):
    submission, content = made
    with pikepdf.open(io.BytesIO(content)) as pdf:
        [name] = pdf.attachments
        assert name == f"recepisse-{submission.application.reference}-v1.json"
        assert pdf.attachments[name].get_file().read_bytes() == bytes(submission.receipt)
    answer = brought(client, content)
    assert "Ce récépissé est authentique" in answer.text
    assert "comparez ce qui suit à ce que le PDF montre" in answer.text
    assert submission.application.reference in answer.text
    assert french.moment_ms(submission.arrived_at).replace("1er", "1<sup>er</sup>") in answer.text


@pytest.mark.embedded
def test_pdf_whose_receipt_was_forged_or_taken_out_is_told(client, made):
    submission, content = made
    forged = bytes(submission.receipt).replace(b'"version":1', b'"version":2')
    with pikepdf.open(io.BytesIO(content)) as pdf:
        [name] = pdf.attachments
        del pdf.attachments[name]
        bare = io.BytesIO()
        pdf.save(bare)
        pdf.attachments[name] = pikepdf.AttachedFileSpec(pdf, forged, filename=name)
        changed = io.BytesIO()
        pdf.save(changed)
    assert "Le numéro de version a changé depuis la signature." in brought(client, changed.getvalue()).text
    answer = brought(client, bare.getvalue())
    assert (answer.status_code, "Ce PDF ne contient plus le récépissé signé" in answer.text) == (422, True)


@pytest.mark.parametrize("stream", [zlib.compress(b'{"digests"' + b" " * 10_000_000), zlib.compress(b"x" * 2000), b"x"])
def test_hostile_pdf_is_judged_in_a_twentieth_of_a_second(client, stream):
    one = b"stream\n" + stream + b"\nendstream\n"
    content = b"%PDF-1.7\n" + one * ((LARGEST_FILE - 10) // len(one))
    took = []
    for _n in range(5):
        began = time.thread_time()
        answer = brought(client, content)
        took.append(time.thread_time() - began)
        assert "est authentique." not in answer.text
    assert min(took) < 0.05 * pace.slowness(), took
