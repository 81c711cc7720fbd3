"""Names of files as people gave them, through the wire as browsers write them."""

import pytest
from django.urls import reverse

from applications.models import Attachment
from tests.factories import OPEN, make_draft, make_user
from tests.hostile.pdf import pdf

pytestmark = pytest.mark.django_db
KEY = "commitment_letters"
WIRE = (
    '--x\r\nContent-Disposition: form-data; name="file"; filename="{}"\r\nContent-Type: application/pdf\r\n\r\n',
    "\r\n--x--\r\n",
)


@pytest.fixture
def application(client, now_is):
    now_is(OPEN)
    owner = make_user()
    client.force_login(owner)
    application = make_draft(owner=owner)
    application.attachments.filter(question__key=KEY).delete()
    return application


def send(client, application, written, content):
    """Post a file whose name stands so in the header; the names of the files that are joined."""
    body = WIRE[0].format(written).encode() + content + WIRE[1].encode()
    address = reverse("applications:attachment_add", args=[application.reference, KEY])
    answer = client.post(address, body, content_type="multipart/form-data; boundary=x")
    assert answer.status_code == 302
    return [one.name for one in Attachment.objects.filter(application=application, question__key=KEY)]


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Lettre %22signée%22.pdf", 'Lettre "signée".pdf'),
        ('Lettre \\"signée\\".pdf', 'Lettre "signée".pdf'),
        ("devis&notes.pdf", "devis&notes.pdf"),
        ("ville&centre.pdf", "ville&centre.pdf"),
        ("eau&region.pdf", "eau&region.pdf"),
        ("R&amp;D &lt;2&gt;.pdf", "R&amp;D &lt;2&gt;.pdf"),
        ("100 % &#233;tude; v2.pdf", "100 % &#233;tude; v2.pdf"),
        ("deux%0D%0Alignes.pdf", "deux lignes.pdf"),
        ("C:\\\\dossiers\\\\devis.pdf", "devis.pdf"),
        ("../../devis.pdf", "devis.pdf"),
    ],
)
def test_name_is_kept_as_it_was_given(client, application, written, name):
    assert send(client, application, written, pdf(text="Devis")) == [name]
    page = client.get(reverse("applications:section_edit", args=[application.reference, section(application)]))
    assert f">{escaped(name)}</a>" in page.text


def section(application):
    return application.call.questions.get(key=KEY).section.key


def escaped(name):
    return name.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def test_newest_name_wins_for_the_same_bytes(client, application):
    content = pdf(text="La même lettre")
    assert send(client, application, "scan0001.pdf", content) == ["scan0001.pdf"]
    assert send(client, application, "Lettre de Bréval.pdf", content) == ["Lettre de Bréval.pdf"]


def test_download_has_a_name_that_every_system_keeps(client, application):
    send(client, application, "Lettre %22signée%22.pdf", pdf(text="Lettre"))
    attachment = Attachment.objects.get(application=application, question__key=KEY)
    answer = client.get(reverse("applications:attachment_file", args=[application.reference, attachment.pk]))
    answer.close()
    assert answer.headers["Content-Disposition"] == "attachment; filename*=utf-8''Lettre%20_sign%C3%A9e_.pdf"
