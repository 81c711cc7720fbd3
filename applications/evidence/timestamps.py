"""Time stamps of published heads by an authority of the outside (RFC 3161): asked for, read, verified.

The imprint is the head itself: it is the SHA-256 of its line, and that line is what is sent through the hash. Anybody
can verify an answer with `openssl ts -verify -digest HEAD -in ANSWER -CAfile CERTIFICATES`.
"""

import datetime
import logging
import urllib.error
import urllib.request
from pathlib import Path

from cryptography import x509
from django.conf import settings
from django.db import IntegrityError
from django.utils.translation import gettext as _
from rfc3161_client import HashAlgorithm, TimestampRequestBuilder, VerificationError, VerifierBuilder
from rfc3161_client import decode_timestamp_response as decoded

from applications.models import HeadTimestamp, PublishedHead
from hdh_portal.ground import clock
from hdh_portal.records import journal
from hdh_portal.records.models import JournalEntry

SECONDS = 10
LARGEST = 100_000  # bytes of an answer: with a chain of certificates it has some thousands
AT_ONCE = 10
TOLERANCE = datetime.timedelta(minutes=2)
log = logging.getLogger(__name__)


def stamp_heads():
    """Ask for the stamps that are missing; what fails is asked for again by the next sweep. Outside any transaction."""
    if not settings.HDH_TIMESTAMP_URL:
        return
    for head in PublishedHead.objects.filter(timestamp=None).select_related("call").order_by("id")[:AT_ONCE]:
        try:
            _stamp(head)
        except (OSError, ValueError, VerificationError) as error:
            log.warning("the head %s has no time stamp yet: %s", head.pk, type(error).__name__)
            return  # The authority is away or answers badly: the others wait with it.


def _stamp(head):
    entry = JournalEntry.objects.get(chain=head.call.chain_id, position=head.length)
    builder = TimestampRequestBuilder().data(journal.content(entry)).hash_algorithm(HashAlgorithm.SHA256)
    asked = builder.build()
    request = urllib.request.Request(  # noqa: S310 (the settings let web addresses in alone)
        settings.HDH_TIMESTAMP_URL, asked.as_bytes(), {"Content-Type": "application/timestamp-query"}
    )
    with urllib.request.urlopen(request, timeout=SECONDS) as response:  # noqa: S310
        answer = response.read(LARGEST)
    verifier(asked.nonce).verify(decoded(answer), bytes.fromhex(head.head))
    stamped_at = decoded(answer).tst_info.gen_time
    try:
        HeadTimestamp.objects.create(head=head, answer=answer, stamped_at=stamped_at, received_at=clock.real())
    except IntegrityError:
        log.info("the head %s was stamped by another worker", head.pk)


def verifier(nonce=None):
    """Verifier by the certificates of the settings; raises `OSError` or `ValueError` where there are none."""
    certificates = x509.load_pem_x509_certificates(Path(settings.HDH_TIMESTAMP_CA).read_bytes())
    return VerifierBuilder(roots=list(certificates), nonce=nonce).build()


def faults():
    """What is wrong with the stamps, as French sentences; a head without one is no fault."""
    stamps = HeadTimestamp.objects.select_related("head__call").order_by("id")
    if not stamps:
        return
    try:
        trusted = verifier()
    except (OSError, ValueError):
        yield _(
            "Les horodatages ne se vérifient qu’avec les certificats de l’autorité\u00a0: indiquez HDH_TIMESTAMP_CA."
        )
        return
    for stamp in stamps.iterator(chunk_size=200):
        if reason := _fault(stamp, trusted):
            yield _("%(slug)s\u00a0: l’horodatage de la tête «\u202f%(occasion)s\u202f» %(reason)s.") % {
                "slug": stamp.head.call.slug,
                "occasion": stamp.head.occasion,
                "reason": reason,
            }


def _fault(stamp, trusted):
    try:
        answer = decoded(bytes(stamp.answer))
        imprint, stamped_at = answer.tst_info.message_imprint.message, answer.tst_info.gen_time
    except ValueError:
        return _("est illisible")
    if imprint != bytes.fromhex(stamp.head.head):
        return _("est celui d’une autre empreinte")
    if stamped_at != stamp.stamped_at or not _is_within(stamp, stamped_at):
        return _("ne tombe pas à l’instant de sa publication")
    try:
        trusted.verify(answer, imprint)
    except VerificationError:
        return _("n’est pas signé par l’autorité")
    return ""


def _is_within(stamp, stamped_at):
    return stamp.head.at - TOLERANCE <= stamped_at <= stamp.received_at + TOLERANCE
