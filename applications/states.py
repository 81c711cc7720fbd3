"""The words, outline and icon of a dossier's state: three that a candidate must not confuse differ three times."""

from django.utils.translation import gettext_lazy as _

from applications.models.application import State

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
CHANGED = {"kind": "changed", "icon": "half", "text": _("Modifié depuis le dépôt")}


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
