"""The officers' lists: what is to check for one's body, under way, done, to reconcile, and which comes next.

All of it stands on `open_to`: a dossier in which the person has an interest is in no row, count or neighbour. Of
another body's check nothing is read but whether it is done.
"""

from dataclasses import dataclass

from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, Subquery, Value, prefetch_related_objects
from django.db.models.functions import Concat
from django.utils.translation import gettext_lazy as _

from applications.admissibility.reading import is_shown, with_progress
from applications.models import Application, Check, SealedPartner, Submission
from applications.states import State, tag_of
from hdh_portal.ground.alphabet import Alphabetical, alphabetical
from hdh_portal.ground.text import clean

TO_CHECK, UNDER_WAY, DONE, TO_RECONCILE, ALL = "a-controler", "en-cours", "faits", "a-concilier", "tous"
LABELS = {
    TO_CHECK: _("À contrôler"),
    UNDER_WAY: _("En cours"),
    DONE: _("Faits"),
    TO_RECONCILE: _("À concilier"),
    ALL: _("Tous"),
}


def checks_here(officer):
    """True if the person's power and body let them check in this call."""
    return officer.may_check and officer.call.is_checked_by(officer.body_id)


def views_for(officer, *, checks_here):
    """Keys of the views that this person has. `checks_here`: their body checks and their power lets them."""
    keys = [TO_CHECK, UNDER_WAY, DONE] if checks_here else []
    return [*keys, *([TO_RECONCILE] if officer.is_manager else []), ALL]


def dossiers(officer, at):
    """Dossiers open to the officer, last arrived first, with `is_all_in`, `is_final`, `is_to_reconcile`, `arrived_at`,
    `last_id`, and of the officer's body `is_taken`, `is_mine`, `is_done`."""
    last = Submission.objects.filter(application=OuterRef("pk")).order_by("-version")
    own = Check.objects.filter(application=OuterRef("pk"), body=officer.body)
    rows = with_progress(Application.objects.open_to(officer, at), officer.call).select_related("outcome")
    return rows.annotate(
        last_id=Subquery(last.values("pk")[:1]),
        arrived_at=Subquery(last.values("arrived_at")[:1]),
        is_taken=Exists(own),
        is_mine=Exists(own.filter(officer=officer, done_at=None)),
        is_done=Exists(own.filter(done_at__isnull=False)),
    ).order_by("-arrived_at", "-pk")


def condition(view):
    """What a view holds, as a condition on `dossiers`."""
    open_still = Q(state=State.SUBMITTED)
    return {
        TO_CHECK: open_still & Q(is_taken=False),
        UNDER_WAY: Q(is_taken=True, is_done=False),
        DONE: Q(is_done=True),
        TO_RECONCILE: open_still & Q(is_to_reconcile=True),
        ALL: Q(),
    }[view]


def counts(rows, views):
    """`{view: number of dossiers}` (one statement)."""
    named = {view.replace("-", "_"): Count("pk", filter=condition(view)) for view in views}
    found = rows.order_by().aggregate(**named)
    return {view: found[view.replace("-", "_")] for view in views}


def is_checking(rows):
    """True while one of `dossiers` waits for its decision on admissibility, or none is there yet."""
    return rows.order_by().filter(state=State.SUBMITTED).exists() or not rows.order_by().exists()


SIREN = 9  # digits from which a number is looked for among those of the bodies
MOST_WORDS = 8  # of a search
LONGEST = 200  # characters of it
ORDERS = {  # key in the address: (expression on the last version, words of the order)
    "projet": (Alphabetical("acronym"), _("Par acronyme, de A à Z.")),
    "-projet": (Alphabetical("acronym"), _("Par acronyme, de Z à A.")),
    "porteur": (Alphabetical("lead_name"), _("Par porteur, de A à Z.")),
    "-porteur": (Alphabetical("lead_name"), _("Par porteur, de Z à A.")),
    "axe": (F("axis__position"), _("Par axe, du premier au dernier.")),
    "-axe": (F("axis__position"), _("Par axe, du dernier au premier.")),
    "aide": (F("amount_cents"), _("De la plus petite aide demandée à la plus grande.")),
    "-aide": (F("amount_cents"), _("De la plus grande aide demandée à la plus petite.")),
    "depose": (F("arrived_at"), _("Les premiers arrivés d’abord.")),
    "-depose": (F("arrived_at"), _("Les derniers arrivés d’abord.")),
}
LATEST = "-depose"


@dataclass(frozen=True)
class Wanted:
    """What a person asks of the list: one of `views_for`, an axis, a published category, words, one of `ORDERS`."""

    view: str
    axis: str = ""
    bucket: str = ""
    words: str = ""
    order: str = LATEST

    @property
    def is_filtered(self):
        """True where not all dossiers of the view are asked for."""
        return bool(self.axis or self.bucket or self.words)

    @property
    def order_words(self):
        return ORDERS[self.order][1]


def asked(data, view):
    """The `Wanted` of an address, `view` where it names none; an order that there is not is the usual one."""
    order = data.get("tri", LATEST)
    return Wanted(
        view=data.get("vue", view),
        axis=clean(data.get("axe", "")),
        bucket=clean(data.get("categorie", "")),
        words=clean(data.get("q", "")).strip()[:LONGEST],
        order=order if order in ORDERS else LATEST,
    )


def listed(rows, wanted):
    """Ids of the dossiers that are asked for, in the order that is asked for; `rows`: of `dossiers`."""
    last = Submission.objects.filter(pk=OuterRef("last_id"))
    found = rows.filter(condition(wanted.view)).alias(number=Alphabetical("reference"))
    if wanted.axis:
        found = found.filter(Exists(last.filter(axis__key=wanted.axis)))
    if wanted.bucket:
        found = found.filter(Exists(last.filter(lead_category__bucket__key=wanted.bucket)))
    for word in alphabetical(wanted.words).split()[:MOST_WORDS]:
        found = found.filter(_says(word, last))
    return _in_order(found, last, wanted.order).values_list("pk", flat=True)


def _in_order(rows, last, order):
    """Rows by one of `ORDERS`, what has no value at the end, equals as they arrived, the last first."""
    if order == LATEST:
        return rows
    key = F("by")
    way = key.desc(nulls_last=True) if order.startswith("-") else key.asc(nulls_last=True)
    by = Subquery(last.annotate(by=ORDERS[order][0]).values("by")[:1])
    return rows.annotate(by=by).order_by(way, "-arrived_at", "-pk")


def _says(word, last):
    """Condition: a dossier's number, its acronym, title, bodies or one of their SIREN says this word of a search.

    `word`: as `alphabetical` gives it, which fills numbers with zeros; it keeps the last ten digits of a SIRET.
    """
    said = Alphabetical(Concat("acronym", Value(" "), "title", Value(" "), "lead_name"))
    partners = SealedPartner.objects.filter(submission=OuterRef("last_id")).annotate(said=Alphabetical("name"))
    found = Q(number__contains=word) | Exists(last.annotate(said=said).filter(said__contains=word))
    found |= Exists(partners.filter(said__contains=word))
    digits = word.lstrip("0")
    if word.isdigit() and len(digits) >= SIREN:
        found |= Exists(last.filter(lead_siret__startswith=digits)) | Exists(partners.filter(siret__startswith=digits))
    return found


@dataclass(frozen=True)
class Row:
    """One line: the dossier, its sealed version, a tag for each checking body, and a tag of its outcome or None.

    `opinion`: what the checks have found, or None, whatever became of the dossier since.
    """

    application: object
    submission: object
    bodies: list
    outcome: dict | None
    opinion: dict | None


def on_page(rows, pks):
    """The dossiers of one page, in its order, with all that `dossiers` adds: read for these ids alone."""
    found = {row.pk: row for row in rows.filter(pk__in=list(pks))}
    return [found[pk] for pk in pks if pk in found]


def shown(page, officer):
    """The lines of one page of `dossiers` (two statements beside its own, whatever its length)."""
    page = list(page)
    prefetch_related_objects(page, Prefetch("checks", Check.objects.select_related("officer__user")))
    sealed = Submission.objects.filter(pk__in=[row.last_id for row in page])
    submissions = sealed.select_related("axis", "lead_category__bucket").in_bulk()
    return [_row(row, submissions[row.last_id], officer) for row in page]


def _row(row, submission, officer):
    tags = body_tags(row.checks.all(), officer, is_all_in=row.is_all_in)
    return Row(row, submission, tags, outcome_tag(row), opinion_tag(row))


def body_tags(rows, officer, *, is_all_in):
    """For each checking body `{"name", "kind", "icon", "text", "who"}`: of another one only whether it is done."""
    found = {check.body_id: check for check in rows}
    return [
        {"name": body.organisation.short_name, **_body_tag(found.get(body.organisation_id), body, officer, is_all_in)}
        for body in officer.call.checking_bodies
    ]


def _body_tag(check, body, officer, is_all_in):
    is_own = body.organisation_id == officer.body_id
    if check is not None and check.is_done:
        if is_shown(check, officer, is_all_in=is_all_in):
            return {"kind": "done", "icon": "check", "text": _("Fait"), "who": ""}
        return {"kind": "", "icon": "lock", "text": _("Fait, masqué"), "who": ""}
    if check is not None and is_own:
        who = "" if check.officer_id == officer.pk else str(check.officer.user)
        return {"kind": "know", "icon": "half", "text": _("En cours"), "who": who}
    return {"kind": "", "icon": "ring", "text": _("À faire"), "who": ""}


def outcome_tag(application):
    """The tag of an outcome that all bodies know, None while a check is missing; once it is told, that of the dossier.

    `application`: of `dossiers`.
    """
    return opinion_tag(application) if application.state == State.SUBMITTED else tag_of(application.state)


def opinion_tag(application):
    """The tag of what the checks have found, whatever became of the dossier."""
    if application.is_final:
        refused = application.outcome.conclusion == "inadmissible"
        kind, icon = ("stop", "cross") if refused else ("done", "check")
        return {"kind": kind, "icon": icon, "text": application.outcome.get_conclusion_display()}
    if application.is_to_reconcile:
        return {"kind": "limit", "icon": "alert", "text": _("À concilier")}
    return None


def queue(officer, at):
    """Ids of what this officer has to check: first what they began, then what nobody took, the oldest first."""
    rows = dossiers(officer, at).filter(condition(TO_CHECK) | Q(is_mine=True, state=State.SUBMITTED))
    return list(rows.order_by("-is_mine", F("arrived_at"), "pk").values_list("reference", flat=True))


def neighbours(references, reference):
    """`(place from 1 or None, previous, next)` of a dossier in a queue; outside it, the first one is next."""
    if reference not in references:
        return None, None, references[0] if references else None
    place = references.index(reference)
    before = references[place - 1] if place else None
    after = references[place + 1] if place + 1 < len(references) else None
    return place + 1, before, after
