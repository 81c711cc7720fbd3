"""Who can sign the acts that are still to come, and whether there are enough of them: told weeks ahead.

Each stage says what it will ask signatures for (`HDH_COMING_ACTS`, in the order of the pipeline); the page is one.
"""

import functools
from dataclasses import dataclass, field

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from applications.models import CaseOfficer, Interest, InterestDeclaration, Release, Submission
from applications.release.reading import release_stages
from hdh_portal.accounts.models import SECOND_FACTORS
from hdh_portal.ground.alphabet import Alphabetical


@dataclass(frozen=True)
class Signer:
    """A person who may have to sign. `role`: what they are, in a word; `why_not`: what keeps them from it, or ""."""

    name: str
    role: str
    why_not: str = ""


@dataclass(frozen=True)
class Coming:
    """One act to come. `name`: the verb; `url`: its page.

    `needs`: `[(how many are needed, [Signer])]`: two of the same people, or one of each kind.
    `note`: how it is signed, where that is not by two people for the whole.
    """

    name: str
    url: str
    needs: list = field(default_factory=list)
    note: str = ""

    @property
    def signers(self):
        """Everybody, those who can first."""
        people = [one for _number, some in self.needs for one in some]
        return sorted(people, key=lambda one: bool(one.why_not))

    @property
    def wanted(self):
        """How many signatures it takes."""
        return sum(number for number, _some in self.needs)

    @property
    def able(self):
        """How many people can sign now."""
        return sum(not one.why_not for one in self.signers)

    @property
    def is_possible(self):
        """True while each kind of signature has people enough, or while it is signed in parts (`note`)."""
        return bool(self.note) or all(sum(not one.why_not for one in some) >= number for number, some in self.needs)


@functools.cache
def _stages():
    return [import_string(path) for path in settings.HDH_COMING_ACTS]


def coming_acts(call, viewer):
    """Every `Coming` of a call as its managers may read it; `viewer`: the user who does."""
    return [act for of_stage in _stages() for act in of_stage(call, viewer)]


def with_factor(rows):
    """Adds to rows with a `user`: `has_factor`; who has none cannot reach the page on which one signs."""
    factors = Authenticator.objects.filter(user=OuterRef("user"), type__in=SECOND_FACTORS)
    return rows.select_related("user").annotate(has_factor=Exists(factors))


def hindrance(user, *, has_factor, has_declared, recusals=()):
    """Why a person cannot sign now, in a few words, or ""; `recusals`: names of the dossiers that keep them from it."""
    if not user.is_active:
        return _("compte bloqué")
    # In the demonstration whoever becomes somebody passes for having one: nobody there has a password.
    if not has_factor and not settings.HDH_DEMO:
        return _("second facteur à poser")
    if not has_declared:
        return _("liens d’intérêts à déclarer")
    return _("déport\u00a0: %(names)s") % {"names": ", ".join(recusals)} if recusals else ""


def recusals(dossiers, viewer):
    """`{user id: [acronym]}` of the interests that stand in some dossiers (a queryset).

    A dossier that is closed to who reads is not named to them: « un dossier qui vous est fermé ».
    """
    rows = Interest.objects.current().filter(application__in=dossiers.order_by()).order_by("application_id")
    pairs = list(rows.values_list("user_id", "application_id").distinct())
    sealed = Submission.objects.counting().filter(application__in={pk for _user, pk in pairs})
    names = dict(sealed.order_by().values_list("application_id", "acronym"))
    shut = {pk for user, pk in pairs if user == viewer.pk}
    found = {}
    for user, pk in pairs:
        name = _("un dossier qui vous est fermé") if pk in shut and user != viewer.pk else names.get(pk, "")
        found.setdefault(user, []).append(name)
    return found


def officers(call, power, with_interest=None):
    """The officers of a power as `Signer`s; `tied`: `recusals` of a set that nobody with an interest in it signs."""
    with_interest, declared = with_interest or {}, Exists(InterestDeclaration.objects.filter(officer=OuterRef("pk")))
    rows = CaseOfficer.objects.in_office().filter(call=call, power=power).select_related("body")
    rows = with_factor(rows).annotate(has_declared=declared).order_by(Alphabetical("user__name"), "pk")
    return [
        Signer(
            str(one.user),
            one.body.short_name,
            hindrance(
                one.user,
                has_factor=one.has_factor,
                has_declared=one.has_declared,
                recusals=with_interest.get(one.user_id, ()),
            ),
        )
        for one in rows
    ]


def managers(call, with_interest=None):
    """The managers of a call as `Signer`s."""
    return officers(call, CaseOfficer.Power.MANAGER, with_interest)


def in_parts(signing, dossiers):
    """How a `Signing` is signed where no two are free of all that may be in its set (a queryset).

    "" where two are, and where even in parts some dossier would not find two signatures.
    """
    ids = dict(dossiers.order_by("pk").values_list("pk", "reference"))
    shares = signing.shares(ids)
    if shares is None:
        return ""
    people = {*shares.first, *shares.second}
    signed = {one: shares.first.get(one, frozenset()) | shares.second.get(one, frozenset()) for one in people}
    if not shares.cover(signed, ids):
        return ""
    return _(
        "Par parts\u00a0: chacun signe les dossiers qui lui sont ouverts, et chaque dossier trouve deux signatures."
    )


def releases(call, viewer):
    """The releases that are not done: two managers each, whatever they have an interest in."""
    done = set(Release.objects.filter(call=call, confirmed_at__isnull=False).values_list("stage", flat=True))
    left = [stage for stage in release_stages() if stage.key not in done]
    people = managers(call) if left else []
    return [
        Coming(
            _("Publier les décisions\u00a0: %(stage)s") % {"stage": stage.label},
            reverse("applications:release_preview", args=[call.slug, stage.slug]),
            [(2, people)],
        )
        for stage in left
    ]
