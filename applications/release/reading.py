"""What the release of a stage's outcomes would tell: the dossiers of the set, what is missing, counts, and its digest.

Each stage says what is its own in a `StageRelease`; the stages that the portal has are named in the settings, in the
order of the pipeline. Signing, pages, letters and mails are the same for all.
"""

import functools
import types
from collections import Counter
from dataclasses import dataclass, replace
from functools import cached_property

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from applications.admissibility.reading import final_outcomes
from applications.models import Application, Conclusion, Letter, Release, Submission
from applications.signatures import digest_of_set
from applications.states import State
from applications.words import values_of
from hdh_portal.ground.wording import after_colon


class StageRelease:
    """What one stage says of the release of its outcomes.

    An outcome is a row of the stage's own table with `application`, and `conclusion`: the state that the release gives
    the dossier, and the kind of its letter. `key`: of the `Release`; `slug`: the stage in addresses; `from_state`: that
    of every dossier of the set; `conclusions`: what can come out, in the order in which it is counted; `placeholders`:
    `{conclusion: {name: outcome -> text}}` of what is this stage's own in a letter, read from the outcome alone;
    `compulsory`: `{conclusion: names}` of placeholders that such a letter must have, beside the authority that decides;
    `letter`: dotted path of the renderer `outcome id -> Paper`.
    """

    key = slug = from_state = letter = ""
    conclusions = ()
    placeholders = types.MappingProxyType({})
    compulsory = types.MappingProxyType({})

    def outcomes(self, call):
        """Queryset of the outcomes that stand, of dossiers in `from_state`, each with its application, as listed."""
        raise NotImplementedError

    def notified(self, call):
        """The same outcomes once they are released, whatever became of the dossiers since."""
        raise NotImplementedError

    def line(self, outcome):
        """What the digest covers beside reference, sealed version and conclusion: JSON values."""
        return []

    def letter_values(self, outcome):
        """What stands for the placeholders that are this stage's in the letter of one outcome."""
        return values_of(self.placeholders.get(outcome.conclusion, {}), outcome)

    def notice_text(self, outcome):
        """What the candidate's page says, beside the letter that says all."""
        raise NotImplementedError

    def refuse(self, call, at):
        """Raise `Refused` if the outcomes may not be signed or released now, for a reason of this stage alone."""

    def also(self, call, at):
        """What else the release writes, in its transaction; returns what its line in the journal says of it."""
        return {}

    def missing_url(self, call):
        """Where to mend a set in which outcomes are missing: `(name of the page, label)`."""
        raise NotImplementedError

    def preview_url(self, call):
        """What else there is to read before one signs: `(name of the page, label)`, or None."""
        return None

    @property
    def label(self):
        """« recevabilité »."""
        return Release.Stage(self.key).label


@functools.cache
def release_stages():
    """The stages in the order of the pipeline."""
    return [import_string(path)() for path in settings.HDH_RELEASES]


def stage_at(slug):
    """The stage of an address, or None."""
    return next((stage for stage in release_stages() if stage.slug == slug), None)


def stage_of(key):
    """The stage of a `Release.Stage`."""
    return next(stage for stage in release_stages() if stage.key == key)


def current_stage(call):
    """The first stage whose outcomes are not told yet; the last one once all are (one statement)."""
    done = set(Release.objects.filter(call=call, confirmed_at__isnull=False).values_list("stage", flat=True))
    return next((stage for stage in release_stages() if stage.key not in done), release_stages()[-1])


@dataclass(frozen=True)
class ReleasePlan:
    """`outcomes`: those that stand, each with its application; `undecided`: dossiers without one, by reference."""

    stage: StageRelease
    call: object
    outcomes: list
    undecided: list
    digest: str

    @cached_property
    def counts(self):
        """`{conclusion: n}` of each conclusion that the stage knows."""
        return counts_of(self.stage, self.outcomes)

    def without(self, applications):
        """What is left of the set for somebody to whom these dossiers (ids) are closed."""
        return replace(
            self,
            outcomes=[one for one in self.outcomes if one.application_id not in applications],
            undecided=[one for one in self.undecided if one.pk not in applications],
        )

    @property
    def is_complete(self):
        """True when every dossier of the set has an outcome that stands, and there is at least one."""
        return bool(self.outcomes) and not self.undecided


def counts_of(stage, outcomes):
    """`{conclusion: n}` of each conclusion that the stage knows."""
    counted = Counter(outcome.conclusion for outcome in outcomes)
    return {conclusion: counted[conclusion] for conclusion in stage.conclusions}


def release_plan(call, key=Release.Stage.ADMISSIBILITY):
    """Read what would be released now. The digest changes with anything that a letter would say."""
    stage = stage_of(key)
    waiting = Application.objects.filter(call=call, state=stage.from_state).order_by("reference")
    outcomes = list(stage.outcomes(call))
    for outcome in outcomes:
        outcome.application.call = call  # Joined to each row, its texts would be read as often.
    decided = {outcome.application_id for outcome in outcomes}
    undecided = [row for row in waiting if row.pk not in decided]
    return ReleasePlan(stage, call, outcomes, undecided, _digest(stage, call, outcomes, undecided))


def _digest(stage, call, outcomes, undecided):
    versions = Submission.objects.counting().filter(application__call=call).values_list("application_id", "digest")
    sealed = dict(versions)
    letters = Letter.objects.filter(call=call, kind__in=stage.conclusions).order_by("kind")
    return digest_of_set(
        call,
        {
            "call": [call.slug, call.title],
            "stage": stage.key,
            "contact": call.texts.get("contact"),
            "receipt": call.texts.get("receipt"),
            "authority": call.texts["authority"],
            "award": call.texts["award"],
            "letters": [[letter.kind, letter.subject, letter.body] for letter in letters],
            "undecided": [row.reference for row in undecided],
            "outcomes": [
                [one.application.reference, sealed.get(one.application_id), one.conclusion, *stage.line(one)]
                for one in outcomes
            ],
        },
    )


def release_of(call, key=Release.Stage.ADMISSIBILITY):
    """The call's release of a stage: proposed, confirmed, or None."""
    rows = Release.objects.select_related("decided_by", "confirmed_by").filter(call=call, stage=key)
    return rows.first()


def is_released(call, key=Release.Stage.ADMISSIBILITY):
    """True once the outcomes of a stage are told to all."""
    return Release.objects.filter(call=call, stage=key, confirmed_at__isnull=False).exists()


def outcome_to_show(plan, reference):
    """The standing outcome of one dossier of the set, or None."""
    return next((one for one in plan.outcomes if one.application.reference == reference), None)


# The first stage's own ----------------------------------------------------------------------------------------------


def _reasons(outcome):
    return f"{outcome.ground.label}\u00a0: {after_colon(outcome.ground.text)}\n\n{outcome.reason}"


class Admissibility(StageRelease):
    """The outcomes of the checks."""

    key = Release.Stage.ADMISSIBILITY
    slug = "recevabilite"
    from_state = State.SUBMITTED
    conclusions = tuple(Conclusion.values)
    placeholders = types.MappingProxyType({Conclusion.INADMISSIBLE: {"reasons": _reasons}})
    compulsory = types.MappingProxyType({Conclusion.INADMISSIBLE: ("reasons", "remedies")})
    letter = "admissibility_letter"

    def outcomes(self, call):
        """Agreed and confirmed outcomes, by reference."""
        rows = final_outcomes().filter(application__call=call, application__state=self.from_state)
        return rows.select_related("application", "ground").order_by("application__reference")

    def notified(self, call):
        """Outcomes whose notice was written."""
        from_release = {"application__call": call, "application__notices__kind": self.key}
        return final_outcomes().filter(**from_release)

    def line(self, outcome):
        """Ground and reason."""
        ground = [outcome.ground.key, outcome.ground.label, outcome.ground.text] if outcome.ground else []
        return [ground, outcome.reason]

    def notice_text(self, outcome):
        """One sentence."""
        if outcome.conclusion == Conclusion.ADMISSIBLE:
            return _(
                "Votre dossier est recevable\u00a0: il remplit les conditions de l’appel et passe à l’étape suivante."
            )
        return _("Votre dossier n’est pas recevable. Le courrier donne le même motif, et les voies de recours.")

    def missing_url(self, call):
        """Dossiers to reconcile."""
        return "applications:outcome_list", _("Voir les dossiers à concilier")
