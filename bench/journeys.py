"""Which pages are measured, for whom, and their budgets (medians in ms, SQL statements)."""

import itertools
from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse

from applications.admissibility.actions import take_check
from applications.dossier.reading import WorkingCopy
from applications.models import Answer, Application, Check
from hdh_portal.ground import clock
from tests import factories

touches = itertools.count(1)


@dataclass(frozen=True)
class Page:
    """One page. `data`: makes the fields of a POST, None for a GET; `before`: what makes ready for one request.

    `is_export`: streamed, asked fewer times and without compression, its memory is measured too; `times`: its budget
    as a multiple of the floor of one streamed statement.
    """

    name: str
    who: str
    path: str
    ms: int = 0
    sql: int = 0
    cookie: str = ""
    data: Callable | None = None
    before: Callable = lambda: None
    status: int = 200
    is_part: bool = False
    is_floor: bool = False
    is_export: bool = False
    times: float = 0


def stand_at(instant):
    """Let the procedure's clock show an instant, from now on."""
    shift = instant - clock.real()
    clock.offset = lambda: shift


def retouch(application):
    """Change one answer of the working copy, so that the next deposit seals a new version; returns its digest."""
    title = f"Un titre retouché {next(touches)} fois"
    Answer.objects.filter(application=application, question__column="title").update(value=title)
    return WorkingCopy(Application.objects.get(pk=application.pk)).digest


class Scene:
    """The people and dossiers of the measures. `sign_in`: `user -> cookie`."""

    def __init__(self, call, model, made, sign_in):
        self.call, self.model, self.sign_in = call, model, sign_in
        self.owner = factories.owner_of(model)
        self.opens()
        self.draft = factories.make_draft(call, owner=self.owner)
        factories.make_draft(call, owner=self.owner)
        self.officer, self.managers = made["first"][0], made["managers"]
        self.manager = self.managers[0]
        self.evaluated = self.room = None  # of the second and the third stage, once they are reached

    def opens(self):
        """While deposits are open."""
        stand_at(factories.OPEN)

    def closes(self):
        """While checks are made."""
        stand_at(factories.CLOSED)


def floor_pages():
    """The bare floor."""
    return [
        Page("(floor) an empty page", "nobody", "/empty/", is_floor=True),
        Page("(floor) one statement, 50 rows", "nobody", "/rows/", is_floor=True),
    ]


def floor_of_exports():
    """The bare floor of what is streamed."""
    return Page("(floor) one joined statement, streamed", "nobody", "/marks/", is_floor=True, is_export=True)


def public(scene):
    """What anyone reads."""
    slug, public = scene.call.slug, {"who": "anonymous", "before": scene.opens}
    return [
        Page("home", path="/", ms=4, sql=3, **public),
        Page("call", path=reverse("desk:call_detail", args=[slug]), ms=6, sql=8, **public),
        Page("results", path=reverse("desk:results", args=[slug]), ms=6, sql=8, **public),
        Page("verify a receipt", path=reverse("desk:receipt_verify"), ms=6, sql=8, **public),
        Page("healthz", path="/healthz", **public),
    ]


def candidate(scene):
    """A candidate with a deposited dossier and two drafts."""
    person = {"who": "candidate", "cookie": scene.sign_in(scene.owner), "before": scene.opens}
    reference, deposited = scene.draft.reference, scene.model.reference

    def at(name, reference, *more):
        return reverse(f"applications:{name}", args=[reference, *more])

    def section():
        answers = WorkingCopy(scene.draft).stored
        return {"acronym": "ESSAI", "title": f"Titre {next(touches)}", "axis": answers["axis"], "amount": "268 300"}

    prose = scene.call.questions.filter(type="long_text").first()
    first = scene.call.section_set.first().key
    save = person | {"data": lambda: {prose.key: f"{'Un long paragraphe. ' * 40}{next(touches)}"}, "is_part": True}
    return [
        Page("my space", path=reverse("desk:my_space"), ms=10, sql=8, **person),
        Page("own dossiers", path=reverse("applications:application_list"), ms=10, sql=8, **person),
        Page("dossier, draft", path=at("application_detail", reference), ms=10, sql=10, **person),
        Page("dossier, deposited", path=at("application_detail", deposited), ms=10, sql=10, **person),
        Page("section, short fields", path=at("section_edit", reference, first), ms=12, sql=10, **person),
        Page("section, long texts", path=at("section_edit", reference, prose.section.key), ms=12, sql=10, **person),
        Page("section, saved", path=at("section_save", reference, first), ms=15, status=302,
             **person | {"data": section}),
        Page("autosave of a field", path=at("section_save", reference, prose.section.key), ms=12, sql=6, **save),
        Page("review", path=at("application_review", reference), ms=10, sql=10, **person),
        Page("deposit, whole request", path=at("application_submit", deposited), ms=40,
             **person | {"data": lambda: {"digest": retouch(scene.model)}}),
        Page("receipt", path=at("submission_receipt", deposited, 1), ms=10, sql=10, **person),
    ]  # fmt: skip


def officer(scene):
    """An officer and a manager of the first body, after the closing."""
    slug, ready = scene.call.slug, {"before": scene.closes}
    person = {"who": "officer", "cookie": scene.sign_in(scene.officer.user)} | ready
    manager = {"who": "manager", "cookie": scene.sign_in(scene.manager.user)} | ready
    free = Application.objects.filter(call=scene.call, state="submitted", checks=None).order_by("pk").first()
    check = take_check(free, scene.officer, by=scene.officer.user, at=factories.CLOSED) if free else None
    split = Check.objects.filter(conclusion="inadmissible").select_related("application").order_by("pk").first()
    item = scene.call.checklistitem_set.first().key

    def at(name, *more):
        return reverse(f"applications:{name}", args=[slug, *more])

    pages = [
        Page("my space", path=reverse("desk:my_space"), ms=10, sql=8, **person),
        Page("stage of the call", path=at("officer_home"), ms=10, sql=8, **person),
        Page("list, 50 rows", path=at("check_list") + "?vue=tous", ms=12, sql=8, **person),
        Page("list, in another order", path=at("check_list") + "?vue=tous&tri=porteur", ms=12, sql=8, **person),
        Page("list, searched", path=at("check_list") + "?vue=tous&q=dossier+3", ms=12, sql=8, **person),
        Page("reconciliation, list", path=at("outcome_list"), ms=10, sql=8, **manager),
        Page("release, preview", path=at("release_preview", "recevabilite"), ms=12, sql=8, **manager),
    ]
    if check:
        reference = check.application.reference
        fields = person | {"data": lambda: {f"item-{item}": ["yes", "no"][next(touches) % 2]}, "is_part": True}
        pages += [
            Page("check, with its form", path=at("check_edit", reference), ms=12, sql=10, **person),
            Page("check, one field saved", path=at("check_save", reference), ms=15, **fields),
        ]
    if split:
        path = at("outcome_edit", split.application.reference)
        pages.append(Page("reconciliation, one", path=path, ms=10, sql=10, **manager))
    return pages
