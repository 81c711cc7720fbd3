"""What the first stage shows on pages above it: next things to do, navigation, calendar and call page."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from applications.admissibility import worklist
from applications.admissibility.reading import is_any_undecided
from applications.models import Answer, Application, Call, CaseOfficer, InterestDeclaration, Notice, Release, Submission
from applications.states import EDITABLE, State
from hdh_portal.ground import french

NEWS = timedelta(days=30)  # how long a decision stands among what is to be read

# The call's page ------------------------------------------------------------------------------------------------


def calendar(call):
    """Steps of the calendar: `{"key", "label", "when", "note", "from", "until"}`, instants aware."""
    window, checks = call.submission, call.admissibility
    bodies = [body.organisation.name for body in call.bodies.all() if body.checks]
    moved = list(call.extensions.all())
    return [
        {
            "key": "opening",
            "label": _("Ouverture"),
            "when": french.day(window.opens_at),
            "note": "",
            "from": window.opens_at,
            "until": window.opens_at,
        },
        {
            "key": "closing",
            "label": _("Clôture"),
            "when": _("%(day)s, %(hour)s")
            % {"day": french.day(window.closes_at), "hour": french.hour(window.closes_at)},
            "was": french.day(moved[0].old) if moved else "",
            "note": moved[-1].reason if moved else "",
            "limit": True,
            "from": window.closes_at,
            "until": window.closes_at,
        },
        {
            "key": "admissibility",
            "label": _("Recevabilité"),
            "when": french.day_range(checks.opens_at, checks.last_moment),
            "note": ", ".join(bodies),
            "from": checks.opens_at,
            "until": checks.closes_at,
        },
    ]


def call_sections(call):
    """Axes, who may apply, what laureates receive, and the limits of files."""
    texts = call.texts
    return [
        {
            "template": "applications/_call_axes.html",
            "title": _("Les axes"),
            "anchor": "axes",
            "axes": call.axis_set.all(),
        },
        {"template": "applications/_call_who.html", "title": _("Qui peut candidater"), "anchor": "qui", "texts": texts},
        {
            "template": "applications/_call_support.html",
            "title": _("Ce que reçoit un lauréat"),
            "anchor": "aide",
            "texts": texts,
            "call": call,
        },
    ]


# What a person has to do next --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Item:
    """One thing to do: what, why now, where; `due` is the instant it must be done by, or None."""

    title: str
    text: str
    url: str
    label: str
    due: datetime | None


@dataclass(frozen=True)
class Stage:
    """Where a call stands, for the page from which it is steered; a stage that a call has reached gives one.

    `name`: of the stage as it is now. `item`: the next act of this person, or None; then `title` and `text` say what
    goes on, and `label` leads to `url`. `ends`: (what ends, `Window`), or None. `figures`: [(number, what it counts)].
    """

    name: str
    item: Item | None
    title: str
    text: str
    url: str
    label: str
    ends: tuple | None = None
    figures: tuple = ()


def later_stage(officer, at):
    """The `Stage` that the call has reached after its first one, the last of them; None while it is in the first.

    The stages above are asked through `HDH_STEERING`, in the order of the pipeline.
    """
    found = [import_string(path)(officer, at) for path in settings.HDH_STEERING]
    return next((stage for stage in reversed(found) if stage is not None), None)


def items(user, at):
    """The next things to do of a person in the first stage, as candidate and as officer."""
    declared = Exists(InterestDeclaration.objects.filter(officer=OuterRef("pk")))
    offices = CaseOfficer.objects.in_office().filter(user=user).select_related("call", "body")
    offices = offices.annotate(has_declared=declared)
    # Who signs in without a role in a selection is known to hold no office.
    offices = offices.prefetch_related("call__window_set") if getattr(user, "has_role", True) else []
    found = [officer_item(officer, at) for officer in offices]
    mine = _candidate_items(user, at) + _notice_items(user, at) + [item for item in found if item is not None]
    return mine if mine or found else _open_calls(user, at)


def _candidate_items(user, at):
    """Drafts and changed dossiers of calls that are still open, the soonest closing first."""
    last = Submission.objects.filter(application=OuterRef("pk")).order_by("-version")
    changed = Answer.objects.filter(application=OuterRef("pk"), saved_at__gt=OuterRef("arrived_at"))
    mine = (
        Application.objects.of(user)
        .filter(
            state__in=EDITABLE,
            call__window_set__kind="submission",
            call__window_set__opens_at__lte=at,
            call__window_set__closes_at__gt=at,
        )
        .with_names()
        .annotate(arrived_at=Subquery(last.values("arrived_at")[:1]), closes_at=F("call__window_set__closes_at"))
        .annotate(is_changed=Exists(changed))
        .order_by("closes_at", "pk")
    )
    return [_candidate_item(row) for row in mine if row.state == State.DRAFT or row.is_changed]


def _notice_items(user, at):
    """What was told of late on the person's dossiers, the latest first: each is to be read."""
    last = Notice.objects.filter(application=OuterRef("pk")).order_by("-at", "-pk")
    notified = {f"notice_{name}": Subquery(last.values(name)[:1]) for name in ("at", "kind", "text")}
    mine = Application.objects.of(user).annotate(**notified).with_names()
    return [_notice_item(row) for row in mine.filter(notice_at__gt=at - NEWS).order_by("-notice_at", "pk")]


def _notice_item(application):
    """The decision of a stage, which its letter gives, or another notice, which says all by itself."""
    name, url = {"name": application.acronym or application.reference}, application.get_absolute_url()
    if application.notice_kind not in Release.Stage.values:
        return Item(_("lire le message sur %(name)s") % name, application.notice_text, url, _("Lire le message"), None)
    text = _("Publiée le %(day)s, pour toutes les équipes ensemble.") % {"day": french.instant(application.notice_at)}
    return Item(_("lire la décision sur %(name)s") % name, text, url, _("Lire la décision"), None)


def _open_calls(user, at):
    """The open calls in which a person who has nothing else to do here has no dossier yet."""
    window = {"window_set__kind": "submission", "window_set__opens_at__lte": at, "window_set__closes_at__gt": at}
    begun = Application.objects.of(user).filter(call=OuterRef("pk"))
    calls = Call.objects.filter(~Exists(begun), **window).annotate(closes_at=F("window_set__closes_at"))
    text = _("Vous n’avez pas encore de dossier. L’appel «\u202f%(call)s\u202f» est ouvert jusqu’au %(closing)s.")
    return [
        Item(
            _("commencer un dossier"),
            text % {"call": call.title, "closing": french.instant(call.closes_at)},
            call.get_absolute_url(),
            _("Commencer un dossier"),
            call.closes_at,
        )
        for call in calls.order_by("closes_at", "pk")
    ]


def _candidate_item(application):
    name = {"name": application.acronym or application.reference}
    if application.state == State.DRAFT:
        title = _("terminer et déposer %(name)s") % name
        text = _("Ce dossier n’est pas déposé. Clôture le %(day)s.") % {"day": french.instant(application.closes_at)}
    else:
        title = _("déposer de nouveau %(name)s") % name
        text = _("Vous l’avez modifié depuis le dépôt\u00a0: c’est encore la version déposée qui compte.")
    return Item(title, text, application.get_absolute_url(), _("Ouvrir le dossier"), application.closes_at)


def officer_item(officer, at):
    """The next act of an officer (with `has_declared`) in their call, or None while there is nothing to do."""
    call, slug = officer.call, officer.call.slug
    if not call.is_readable(at):
        return None
    due = call.admissibility.closes_at if at < call.admissibility.closes_at else None
    if not officer.has_declared:
        url = reverse("applications:interest_declare", args=[slug])
        text = _("Parcourez la liste des porteurs et des partenaires\u00a0: les dossiers s’ouvrent ensuite.")
        return Item(_("déclarer vos liens d’intérêts"), text, url, _("Déclarer mes liens"), due)
    # Who manages reconciles first: a manager who checks a dossier can no longer decide it.
    return _manager_item(officer, at, due) or _check_item(officer, at, due)


def _check_item(officer, at, due):
    """The first dossier of the officer's queue."""
    references = worklist.queue(officer, at) if worklist.checks_here(officer) else []
    if not references or at < officer.call.admissibility.opens_at:
        return None
    count = len(references)
    title = ngettext(
        "%(count)s dossier attend votre contrôle", "%(count)s dossiers attendent votre contrôle", count
    ) % {"count": french.number(count)}
    oldest = Submission.objects.counting().filter(application__reference=references[0]).first()
    text = _("Le premier est %(name)s, déposé le %(at)s.") % {
        "name": oldest.acronym,
        "at": french.short_instant(oldest.arrived_at),
    }
    url = reverse("applications:check_edit", args=[officer.call.slug, references[0]])
    return Item(title, text, url, _("Contrôler le dossier suivant"), due)


def _manager_item(officer, at, due):
    """What waits for a manager: dossiers to reconcile, then the release."""
    if not officer.is_manager:
        return None
    slug, rows = officer.call.slug, worklist.dossiers(officer, at).order_by()
    numbers = rows.filter(state=State.SUBMITTED).aggregate(
        left=Count("pk", filter=Q(is_final=False)), open=Count("pk", filter=Q(is_to_reconcile=True)), all=Count("pk")
    )
    if numbers["open"]:
        title = ngettext("%(count)s dossier est à concilier", "%(count)s dossiers sont à concilier", numbers["open"])
        text = _("Les organismes sont en désaccord\u00a0: une personne décide, une autre confirme.")
        url = reverse("applications:outcome_list", args=[slug])
        return Item(
            title % {"count": french.number(numbers["open"])}, text, url, _("Voir les dossiers à concilier"), due
        )
    if numbers["all"] and not numbers["left"] and not is_any_undecided(officer.call):
        text = _("Chaque dossier a sa décision. Deux personnes signent, puis tous les candidats l’apprennent ensemble.")
        url = reverse("applications:release_current", args=[slug])
        release = Release.objects.filter(call=officer.call, stage=Release.Stage.ADMISSIBILITY)
        return signature_item(release, officer, _("publier les décisions de recevabilité"), text, url, due)
    return None


def signature_item(signed, officer, title, text, url, due=None):
    """The next of two signatures under a list, or None for who gave the first.

    `signed`: queryset of the one row that bears both (`decided_by`); `text`: what is said before the first.
    """
    row = signed.select_related("decided_by").first()
    if row is None:
        return Item(title, text, url, _("Relire et signer"), due)
    if row.decided_by_id == officer.user_id:
        return None
    text = _("%(who)s a signé. Relisez la même liste, puis confirmez-la.") % {"who": row.decided_by}
    return Item(title, text, url, _("Relire et confirmer"), due)
