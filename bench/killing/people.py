"""People who deposit one version after the other, and the ledger in which they note what they were told."""

import itertools
import re
import threading
from dataclasses import dataclass, field

from django.urls import reverse

from applications.dossier.actions.uploading import attach_file
from applications.dossier.reading import WorkingCopy
from hdh_portal.ground import clock
from hdh_portal.records.canonical import canonical, sha256
from tests.factories import make_draft, owner_of, pdf_upload
from tests.service.portal import TOKEN, insist, signed_in

RECEIPT_FILE = re.compile(r'href="([^"]+/recepisse\.json)"')


@dataclass
class Act:
    """A request that may be sent as often as wanted."""

    path: str
    cookies: str
    fields: dict | None = None


@dataclass
class Ledger:
    """What was told outside the portal: the only truth that the portal is held against.

    `told`: bytes of the receipt of each acknowledged deposit, by reference and digest of what was deposited.
    `again`: deposits that were told to be there already, because their first answer had been lost.
    `forgotten`: deposits that were refused because an answer that had been told to be saved was not.
    """

    told: dict = field(default_factory=dict)
    again: list = field(default_factory=list)
    forgotten: list = field(default_factory=list)
    unheard: list = field(default_factory=list)
    errors: list = field(default_factory=list)

    def __len__(self):
        return len(self.told) + len(self.forgotten)

    def in_vain(self, error):
        """Note a try without an answer, or the page of an error."""
        (self.unheard if error is None else self.errors).append(error)


class Dossier:
    """A complete draft of a person, and what they know of it: its text, from which they reckon each digest."""

    def __init__(self, call):
        application = make_draft(call, at=clock.real())
        owner = owner_of(application)
        annex = call.questions.filter(type="file").first()
        attach_file(application, annex, pdf_upload(), by=owner, at=clock.real())
        self.reference, self.cookies = application.reference, signed_in(owner)
        self.body = WorkingCopy(application).snapshot
        title = call.questions.select_related("section").get(column="title")
        self.title, self.section = title.key, title.section.key

    def rewritten(self, title):
        """The digest of the dossier once its title is changed."""
        self.body["answers"][self.title] = title
        return sha256(canonical(self.body))

    def act(self, name, *args, **fields):
        path = reverse(f"applications:{name}", args=[self.reference, *args])
        return Act(path, self.cookies, fields | {"csrfmiddlewaretoken": TOKEN})


class Person(threading.Thread):
    """Rewrites, deposits and takes the receipt away, with one dossier after the other, while there are turns left."""

    def __init__(self, port, dossiers, turns, ledger):
        super().__init__(daemon=True)
        self.port, self.dossiers, self.turns, self.ledger = port, itertools.cycle(dossiers), turns, ledger

    def run(self):
        for turn in self.turns:
            self.deposit(next(self.dossiers), f"Dépôt numéro {turn}")

    def deposit(self, dossier, title):
        digest = dossier.rewritten(title)
        self.insist(dossier.act("section_save", dossier.section, **{dossier.title: title}))
        page = self.insist(dossier.act("application_submit", digest=digest))
        if page.status != 200:
            self.ledger.forgotten.append(page)
            return
        if "est déjà déposé sous le n°" in page.text:
            self.ledger.again.append(digest)
        receipt = self.insist(Act(RECEIPT_FILE.search(page.text)[1], dossier.cookies))
        self.ledger.told[dossier.reference, digest] = receipt.text.encode()

    def insist(self, act):
        return insist(act, self.port, self.ledger.in_vain)
