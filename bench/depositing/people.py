"""People who save, read again and deposit, one after the other, and what they waited for each answer."""

import contextlib
import http.client
import itertools
import re
import threading
import time

from django.urls import reverse

from applications.dossier.reading import WorkingCopy
from applications.models import Application
from applications.questions.form import SectionForm
from tests.factories import owner_of
from tests.service.portal import TOKEN, Sender, signed_in

DIGEST = re.compile(r'name="digest" value="([0-9a-f]{64})"')
SAVE, REVIEW, DEPOSIT, HEALTH = "save a section", "review", "deposit", "/healthz"
ACTS = (SAVE, REVIEW, DEPOSIT, HEALTH)
EACH_SECONDS = 0.2
texts = itertools.count(1)


class Dossier:
    """A complete draft: what its owner types in one section, and the addresses of the three acts."""

    def __init__(self, application):
        application = Application.objects.select_related("call").get(pk=application.pk)
        copy, self.cookies = WorkingCopy(application), signed_in(owner_of(application))
        section, questions = max(copy.sections, key=lambda one: sum(q.type == "long_text" for q in one[1]))
        form = SectionForm(section, questions, copy.stored, call=application.call)
        self.fields = {"csrfmiddlewaretoken": TOKEN} | form.data
        self.prose = next(question.key for question in questions if question.type == "long_text")
        self.save = reverse("applications:section_save", args=[application.reference, section.key])
        self.review = reverse("applications:application_review", args=[application.reference])
        self.deposit = reverse("applications:application_submit", args=[application.reference])

    def rewritten(self):
        """The fields of the section as pairs, one of which says what it never said before."""
        fields = self.fields | {self.prose: f"{self.fields[self.prose][:-10]} {next(texts)}"}
        return [
            (name, one) for name, value in fields.items() for one in (value if isinstance(value, list) else [value])
        ]


class Waits:
    """Seconds that people waited, by act; answers that were not those of the act are counted as faults."""

    def __init__(self):
        self.seconds, self.faults, self.whole = {act: [] for act in ACTS}, [], []

    def ask(self, act, port, cookies, path, fields=None, *, wanted=200):
        """Send and wait; returns the answer, or None if it is none of the act."""
        began, answer = time.perf_counter(), None
        sender = Sender(port, cookies=cookies)
        with contextlib.suppress(OSError, http.client.HTTPException), contextlib.closing(sender.connection):
            answer = sender.send("POST" if fields else "GET", path, fields).answer()
        self.seconds[act].append(time.perf_counter() - began)
        if answer is not None and answer.status == wanted:
            return answer
        self.faults.append((act, answer and answer.status))
        return None


class Person(threading.Thread):
    """Goes through the three acts with their dossier while there are turns left."""

    def __init__(self, port, dossier, turns, waits):
        super().__init__(daemon=True)
        self.port, self.dossier, self.turns, self.waits = port, dossier, turns, waits

    def run(self):
        for _turn in self.turns:
            if self.sequence():
                self.waits.whole.append(self)

    def sequence(self):
        """True if the dossier was deposited and its receipt came."""
        one = self.dossier
        if not self.ask(SAVE, one.save, one.rewritten(), wanted=302):
            return False
        page = self.ask(REVIEW, one.review)
        found = page and DIGEST.search(page.text)
        if not found:
            return False
        answer = self.ask(DEPOSIT, one.deposit, {"csrfmiddlewaretoken": TOKEN, "digest": found[1]})
        return bool(answer and "Votre dossier est déposé sous le n°" in answer.text)

    def ask(self, act, path, fields=None, wanted=200):
        return self.waits.ask(act, self.port, self.dossier.cookies, path, fields, wanted=wanted)


class Watch(threading.Thread):
    """Asks `/healthz` five times a second, as whoever watches the portal does, until `over` is set."""

    def __init__(self, port, waits):
        super().__init__(daemon=True)
        self.port, self.waits, self.over = port, waits, threading.Event()

    def run(self):
        while not self.over.wait(EACH_SECONDS):
            self.waits.ask(HEALTH, self.port, "", "/healthz")
