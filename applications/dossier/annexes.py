"""Annexes of a sealed version for whoever may read it, at the addresses of the role in which they read.

Pages are pictures made by the worker; the file itself leaves as an attachment, inert in the browser.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse

from applications.dossier.pages import ANNEX_PAGES
from applications.dossier.reading import sealed_dossier
from applications.models import SealedFile
from applications.permissions import is_restricted_to
from hdh_portal.ground import clock
from hdh_portal.records import outbox
from hdh_portal.records.models import Document, DocumentPage

# Answers that the head of the page already shows.
ABOVE = ("acronym", "title", "axis", "amount", "duration")


# Below the address of an annex: asking for its pages again, the file itself. A picture is the number of its page.
PREPARE, ITSELF, PICTURE = "preparer/", "fichier/", "{number}.jpg"


@dataclass(frozen=True)
class Reader:
    """A role in which annexes are read; each names its own, and `views.annexes.annex_paths` makes its addresses.

    `find`: `(request, slug, reference) -> (application, what its pages show)` of a dossier that is open to the person,
    or 404. `is_open`: `(application, user, at) -> bool`, asked again by the act. `pages`: the route of an annex;
    `dossier`: the route of the page from which one comes. `template`: the page of an annex.
    """

    find: Callable
    is_open: Callable
    pages: str
    dossier: str
    template: str

    def address(self, application, pk):
        """Where the pages of an annex are read, by the id of its `SealedFile`."""
        return reverse(self.pages, args=[application.call.slug, application.reference, pk])

    def back(self, application):
        """Where the dossier is read."""
        return reverse(self.dossier, args=[application.call.slug, application.reference])


@dataclass(frozen=True)
class Annex:
    """One annex: its `SealedFile`, the `Document` of its pages or None, its `DocumentPage`s, its address.

    `whose`: name of the partner whose it is, empty where it is nobody's alone.
    """

    file: SealedFile
    document: Document | None
    pages: list
    address: str
    whose: str = ""

    @property
    def is_in_preparation(self):
        return self.document is None or self.document.state == Document.State.QUEUED

    @property
    def has_failed(self):
        return self.document is not None and self.document.has_failed

    @property
    def prepare(self):
        return self.address + PREPARE

    @property
    def itself(self):
        return self.address + ITSELF

    @property
    def pictures(self):
        """`[(address, DocumentPage)]`."""
        return [(self.address + PICTURE.format(number=page.number), page) for page in self.pages]


def annexes(submission, address_of):
    """The `Annex`es of a sealed version (three statements); pages without their text."""
    files = list(submission.files.select_related("file"))
    documents = {
        row.subject: row
        for row in Document.objects.filter(renderer=ANNEX_PAGES, subject__in=[f.pk for f in files]).order_by("id")
    }
    outbox.hurry(documents.values())
    pages = {}
    for page in DocumentPage.objects.defer("text").filter(document__in=documents.values()):
        pages.setdefault(page.document_id, []).append(page)
    found = []
    for file in files:
        document = documents.get(file.pk)
        found.append(Annex(file, document, pages.get(document.pk, []) if document else [], address_of(file.pk)))
    return found


def dossier_read_by(user, application, submission, reader):
    """The content of a sealed version for whoever may look it up; None where it was erased or is closed to them."""
    if is_restricted_to(user, application, clock.now()):
        return None
    joined = annexes(submission, lambda pk: reader.address(application, pk))
    return _with_annexes(sealed_dossier(submission), joined)


def _with_annexes(dossier, joined):
    """The dossier as it is read, each answer with its annexes (`joined`, in the order in which they were sealed)."""
    if dossier is None:
        return None
    for section in dossier["sections"]:
        section["answers"] = [answer for answer in section["answers"] if answer["column"] not in ABOVE]
        for answer in section["answers"]:
            answer["annexes"] = [replace(joined[file["position"]], whose=file["whose"]) for file in answer["files"]]
    return dossier | {"sections": [section for section in dossier["sections"] if section["answers"]]}


def sealed_file(user, application, pk):
    """A file of the version that counts of a dossier whose content is open to the person, or 404."""
    if is_restricted_to(user, application, clock.now()):
        raise Http404
    files = SealedFile.objects.select_related("file", "submission").filter(submission=application.last_submission())
    return get_object_or_404(files, pk=pk)


def pages_of(file, address):
    """The `Annex` of a file, its pages with their text; the worker is told that somebody looks."""
    document = Document.objects.filter(renderer=ANNEX_PAGES, subject=file.pk).order_by("-id").first()
    outbox.hurry([document] if document else [])
    return Annex(file, document, list(document.pages.select_related("file")) if document else [], address)


def picture_of(file, number):
    """One `DocumentPage` of an annex, or 404."""
    found = DocumentPage.objects.select_related("file").filter(
        document__renderer=ANNEX_PAGES, document__subject=file.pk, number=number
    )
    page = found.order_by("-document_id").first()
    if page is None:
        raise Http404
    return page
