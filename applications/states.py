"""The states of a dossier: what each is called, which form a group, which follows which, and the one way to the next.

Nothing else writes the column (`tests/applications/test_states.py`). It stands under the models, which build on it.
"""

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hdh_portal.records import journal
from hdh_portal.records.exceptions import Refused


class State(models.TextChoices):
    """Where a dossier stands in the funnel, as all may know it."""

    DRAFT = "draft", gettext_lazy("Brouillon — non déposé")
    SUBMITTED = "submitted", gettext_lazy("Déposé")
    ADMISSIBLE = "admissible", gettext_lazy("Recevable")
    INADMISSIBLE = "inadmissible", gettext_lazy("Irrecevable")
    SHORTLISTED = "shortlisted", gettext_lazy("Présélectionné")
    NOT_SHORTLISTED = "not_shortlisted", gettext_lazy("Non présélectionné")
    LAUREATE = "laureate", gettext_lazy("Lauréat")
    RESERVE = "reserve", gettext_lazy("Liste complémentaire")
    NOT_SELECTED = "not_selected", gettext_lazy("Non retenu")
    WITHDRAWN = "withdrawn", gettext_lazy("Retiré")
    DECLINED = "declined", gettext_lazy("Désisté")
    EXCLUDED = "excluded", gettext_lazy("Exclu")


# Groups -------------------------------------------------------------------------------------------------------------

# The working copy may still lead to a deposit (the window is the action's business).
EDITABLE = (State.DRAFT, State.SUBMITTED)
# Nobody selects among these: never deposited, or taken back.
NO_CANDIDATES = (State.DRAFT, State.WITHDRAWN)
# Waits for a decision.
RUNNING = (State.SUBMITTED, State.ADMISSIBLE, State.SHORTLISTED, State.RESERVE)
# Was shortlisted and is still in the procedure, or has come out of it.
HEARD = (State.SHORTLISTED, State.LAUREATE, State.RESERVE, State.NOT_SELECTED, State.DECLINED)
# Has passed the first stage and stays in the list of the second.
EVALUATED = (State.ADMISSIBLE, State.NOT_SHORTLISTED, *HEARD)
# Has left the procedure: nobody scores or reads it any more.
GONE = (State.WITHDRAWN, State.EXCLUDED)
# Gets no aid, unless a place of the reserve becomes free.
NOT_RETAINED = (
    *(State.INADMISSIBLE, State.NOT_SHORTLISTED, State.NOT_SELECTED, State.RESERVE),
    *(State.WITHDRAWN, State.DECLINED, State.EXCLUDED),
)

# Transitions --------------------------------------------------------------------------------------------------------

TRANSITIONS = {
    State.DRAFT: {State.SUBMITTED, State.WITHDRAWN},
    # A deposit that replaces another leaves the state as it is.
    State.SUBMITTED: {State.SUBMITTED, State.ADMISSIBLE, State.INADMISSIBLE, *GONE},
    State.ADMISSIBLE: {State.SHORTLISTED, State.NOT_SHORTLISTED, *GONE, State.SUBMITTED},
    State.INADMISSIBLE: {State.SUBMITTED},
    State.SHORTLISTED: {State.LAUREATE, State.RESERVE, State.NOT_SELECTED, *GONE, State.ADMISSIBLE},
    State.NOT_SHORTLISTED: {State.ADMISSIBLE},
    State.RESERVE: {State.LAUREATE, State.DECLINED, State.EXCLUDED, State.SHORTLISTED},
    State.LAUREATE: {State.DECLINED, State.EXCLUDED, State.SHORTLISTED},
    State.NOT_SELECTED: {State.SHORTLISTED},
    # Its owner takes it back until the closing: a draft as a draft, a deposit as the deposit that it was.
    State.WITHDRAWN: {State.DRAFT, State.SUBMITTED},
    State.DECLINED: set(),
    State.EXCLUDED: set(),
}
# The line of the journal says the new state: `application_submitted`; two acts have a verb of their own.
VERBS = {
    (State.WITHDRAWN, State.DRAFT): "draft_restored",
    (State.WITHDRAWN, State.SUBMITTED): "deposit_restored",
}


def may_move_to(application, state):
    """True if a dossier can go from where it stands to a state."""
    if application.state == State.WITHDRAWN and (state == State.DRAFT) != application.withdrawn_draft:
        return False
    return state in TRANSITIONS[application.state]


def move_to(application, state, *, by, at, **said):
    """Take a dossier, whose row is locked, to a state; returns the line of its call's journal.

    `said`: what that line says beside the dossier and its two states (ids and digests). The last thing that an act
    writes, for the line locks the chain. Raises `Refused` where no transition leads there.
    """
    if not may_move_to(application, state):
        raise Refused(_("Ce dossier a changé d’état\u00a0: relisez-le, puis recommencez."), code="state_is_past")
    before, state = State(application.state), State(state)
    if state != before:
        application.state, application.withdrawn_draft = state, (before, state) == (State.DRAFT, State.WITHDRAWN)
        application.save(update_fields=["state", "withdrawn_draft"])
    states = {"from": before.value, "to": state.value}
    verb = VERBS.get((before, state), f"application_{state}")
    return journal.append(application.chain_id, verb, by=by, at=at, application=application.reference, **said, **states)


# Shown --------------------------------------------------------------------------------------------------------------

# Outline and icon: three states that a candidate must not confuse differ three times.
TAGS = {
    State.DRAFT: ("draft", "ring"),
    State.SUBMITTED: ("done", "seal"),
    State.ADMISSIBLE: ("done", "check"),
    State.INADMISSIBLE: ("stop", "cross"),
    State.SHORTLISTED: ("know", "up"),
    State.NOT_SHORTLISTED: ("", "minus"),
    State.LAUREATE: ("laureate", "star"),
    State.RESERVE: ("know", "list"),
    State.NOT_SELECTED: ("", "minus"),
    State.WITHDRAWN: ("", "out"),
    State.DECLINED: ("", "out"),
    State.EXCLUDED: ("stop", "cross"),
}
CHANGED = {"kind": "changed", "icon": "half", "text": gettext_lazy("Modifié depuis le dépôt")}


def tag_of(state):
    """`{"kind", "icon", "text"}` of a state, for `includes/_tag.html`."""
    kind, icon = TAGS[State(state)]
    return {"kind": kind, "icon": icon, "text": State(state).label}


def tag_for_candidate(application, last, digest):
    """The tag on each page of a dossier: « Modifié depuis le dépôt » while the working copy differs from `last`.

    `last`: the sealed version that counts, or None. `digest`: that of the working copy.
    """
    if application.state == State.SUBMITTED and last is not None and last.digest != digest:
        return CHANGED
    return tag_of(application.state)
