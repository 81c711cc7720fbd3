"""Published heads are stamped by an authority of the outside; a stamp that is forged or swapped is named."""

import datetime

import pytest
from django.urls import reverse

from applications.evidence import timestamps, verification
from applications.heads import publish_head
from applications.models import HeadTimestamp
from applications.tasks import publish_heads
from hdh_portal.ground import clock
from tests.applications.evidence.authority import Authority
from tests.factories import the_call
from tests.service.processes import free_port

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("horodatage") / "autorite")


@pytest.fixture
def asked(authority, settings):
    """The portal asks this authority and trusts its root."""
    with authority.serving() as address:
        settings.HDH_TIMESTAMP_URL, settings.HDH_TIMESTAMP_CA = address, str(authority.ca)
        yield authority


def published(occasion="closing"):
    # In the transaction of the test: what it says is the same as in the action's own.
    return publish_head(the_call(), occasion, by=None, at=clock.real())


def changed(head, **values):
    """The stamp of a head as somebody with the database's password would leave it."""
    HeadTimestamp.objects.filter(head=head).update(**values)


def test_head_is_stamped_by_the_sweep_and_a_stranger_can_verify_it(asked):
    head = published()
    timestamps.stamp_heads()
    stamp = HeadTimestamp.objects.get(head=head)
    assert asked.verify(head.head, bytes(stamp.answer))
    assert not asked.verify("0" * 64, bytes(stamp.answer))
    assert list(verification.faults()) == []
    before = asked.asked
    timestamps.stamp_heads()
    assert asked.asked == before


def test_authority_that_is_away_costs_nothing_and_is_asked_again(authority, settings):
    settings.HDH_TIMESTAMP_CA = str(authority.ca)
    settings.HDH_TIMESTAMP_URL = f"http://127.0.0.1:{free_port()}/"
    head = published()
    publish_heads()
    assert (HeadTimestamp.objects.count(), list(verification.faults())) == (0, [])
    with authority.serving() as address:
        settings.HDH_TIMESTAMP_URL = address
        publish_heads()
    assert HeadTimestamp.objects.filter(head=head).exists()


def test_answer_of_another_authority_is_not_kept(tmp_path, asked, settings):
    published()
    stranger = Authority(tmp_path / "etrangere")
    with stranger.serving() as address:
        settings.HDH_TIMESTAMP_URL = address
        timestamps.stamp_heads()
    assert (stranger.asked, HeadTimestamp.objects.count()) == (1, 0)


def test_swapped_stamp_is_named(asked, unguarded, faults):
    first, second = published("un"), published("deux")
    timestamps.stamp_heads()
    unguarded("applications_headtimestamp")
    changed(first, answer=HeadTimestamp.objects.get(head=second).answer)
    assert faults() == [
        f"{first.call.slug}\u00a0: l’horodatage de la tête «\u202fun\u202f» est celui d’une autre empreinte."
    ]


def test_stamp_of_another_authority_is_named(tmp_path, asked, unguarded, settings, faults):
    head = published()
    timestamps.stamp_heads()
    stranger = Authority(tmp_path / "etrangere")
    settings.HDH_TIMESTAMP_CA = str(stranger.ca)
    assert faults() == [
        f"{head.call.slug}\u00a0: l’horodatage de la tête «\u202fclosing\u202f» n’est pas signé par l’autorité."
    ]
    unguarded("applications_headtimestamp")
    changed(head, answer=b"0\x03\x02\x01\x00")
    assert faults() == [f"{head.call.slug}\u00a0: l’horodatage de la tête «\u202fclosing\u202f» est illisible."]


def test_flipped_byte_of_the_signature_is_named(asked, unguarded, faults):
    head = published()
    timestamps.stamp_heads()
    answer = bytearray(HeadTimestamp.objects.get(head=head).answer)
    answer[-1] ^= 1
    unguarded("applications_headtimestamp")
    changed(head, answer=bytes(answer))
    assert faults() == [
        f"{head.call.slug}\u00a0: l’horodatage de la tête «\u202fclosing\u202f» n’est pas signé par l’autorité."
    ]


@pytest.mark.parametrize("field", ["stamped_at", "received_at"])
def test_instant_that_was_moved_is_named(field, asked, unguarded, faults):
    head = published()
    timestamps.stamp_heads()
    unguarded("applications_headtimestamp")
    changed(head, **{field: head.at - datetime.timedelta(days=1)})
    told = "ne tombe pas à l’instant de sa publication"
    assert faults() == [f"{head.call.slug}\u00a0: l’horodatage de la tête «\u202fclosing\u202f» {told}."]


def test_stamps_without_certificates_are_named(asked, settings):
    published()
    timestamps.stamp_heads()
    settings.HDH_TIMESTAMP_CA = ""
    assert [fault for fault in verification.faults() if "HDH_TIMESTAMP_CA" in fault]


def test_public_page_shows_the_stamp_and_gives_its_file(asked, client):
    head = published()
    page = reverse("desk:journal_head", args=[head.call.slug])
    assert "horodatage" not in client.get(page).text.lower()
    timestamps.stamp_heads()
    file = reverse("desk:journal_head_timestamp", args=[head.head])
    assert file in client.get(page).text
    answer = client.get(file)
    assert asked.verify(head.head, b"".join(answer))
    assert answer["Content-Disposition"] == f'attachment; filename="{head.head}.tsr"'
    assert client.get(reverse("desk:journal_head_timestamp", args=["0" * 64])).status_code == 404
