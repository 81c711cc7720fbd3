"""What is attacked: the processes of the portal on servers of their own, with calls and people of ours."""

import contextlib
import datetime
import itertools
from dataclasses import dataclass
from pathlib import Path

from django.core.management import call_command
from django.db import connection
from django.urls import reverse

from applications.dossier.actions.draft import save_answers
from applications.dossier.reading import WorkingCopy
from applications.models import Application
from bench.attacking.web import HONEST, Visitor
from bench.killing.servers import Server
from hdh_portal.ground import clock
from tests.factories import make_draft, owner_of
from tests.portal.test_service import running
from tests.service.portal import load_call_that_closes, serving, signed_in
from tests.service.proxy import proxied

DAY = datetime.timedelta(days=1)
numbers = itertools.count(1)


class Dossier:
    """A complete draft, its owner's cookies, and the ways to its acts."""

    def __init__(self, call, *, at=None, **answers):
        self.application = make_draft(call, at=at or clock.real(), **answers)
        self.owner = owner_of(self.application)
        self.cookies = signed_in(self.owner)
        title = call.questions.select_related("section").get(column="title")
        self.title, self.section = title.key, title.section.key
        connection.close()

    def path(self, name, *args):
        return reverse(f"applications:{name}", args=[self.application.reference, *args])

    def visitor(self, port, **more):
        return Visitor(port, cookies=self.cookies, **({"source": HONEST} | more))

    def digest(self):
        """That of the working copy, as the review shows it."""
        fresh = Application.objects.select_related("call").get(pk=self.application.pk)
        found = WorkingCopy(fresh).digest
        connection.close()
        return found

    def deposit_again(self, port):
        """Deposit a version that never was before."""
        save_answers(self.application, {self.title: f"Titre {next(numbers)}"}, by=self.owner, at=clock.real())
        return self.visitor(port).post(self.path("application_submit"), {"digest": self.digest()})


@dataclass
class Stage:
    """Servers, processes and ports. `web`: gunicorn's own port; `proxy`: nginx's."""

    folder: Path
    database: Server
    redis: Server
    web: int
    proxy: int
    call: object

    def dossier(self, **answers):
        return Dossier(self.call, **answers)

    def call_that_closes(self, at):
        """One more call, open until an instant of the real clock."""
        call = load_call_that_closes(at, self.folder, name=f"appel{next(numbers)}-clos")
        connection.close()
        return call

    def working(self, **variables):
        """Worker and beat, for the time of a `with`."""
        stack = contextlib.ExitStack()
        for target in ("worker", "beat"):
            stack.enter_context(running(target, log=self.log(), **variables))
        return stack

    def log(self):
        return (self.folder / "processes.log").open("a")


@contextlib.contextmanager
def installed(folder, database, redis):
    """The portal, served behind its proxy: gives a `Stage`."""
    call_command("migrate", verbosity=0)
    call = load_call_that_closes(clock.real() + DAY, folder)
    connection.close()
    with (folder / "web.log").open("w") as log:
        told = {"HDH_TRUSTED_PROXY": "127.0.0.1", "HDH_WEB_PROCESSES": "2"}
        pages = folder / "data" / "proxy"
        with serving(log=log, **told) as (_process, web), proxied(web, folder, pages) as proxy:
            yield Stage(folder, database, redis, web, proxy, call)
