"""What a rapporteur of the demonstration thinks of a dossier: marks, comments, opinion, the same at every replay.

Everything is a share of the call's scale, 0 to 1, until it is put on a step of it. Nothing here touches the database.
"""

import functools
from statistics import fmean

from hdh_portal.demo.people import dossiers
from hdh_portal.demo.script import number, pick, script

# From this share of the scale on a mark is middling, or high, and a mean makes a dossier possible, or first.
MIDDLE, HIGH = 0.45, 0.7
POSSIBLE, FIRST = 0.5, 0.72
# One dossier in so many divides its rapporteurs: what the first, second and third find above or below the others.
DIVIDED, APART = 8, (0.14, -0.26, 0.0)
INTERNAL = 3


def criteria():
    """Keys of the call's criteria, in its order."""
    return [row["code"] for row in script("call")["evaluation"]["criteria"]]


@functools.cache
def listed():
    """Acronyms of those that are shortlisted: the laureates and the invented ones of the file."""
    laureates = [row.acronym for row in dossiers().values() if row.is_laureate]
    return frozenset([*laureates, *script("course")["shortlist"]["invented"]])


def marks(acronym, seat, place):
    """`{criterion key: mark}` on the call's scale; `place`: of the sheet among the dossier's own, from 0."""
    fixed = script("course")["shortlist"]["equal"].get(acronym)
    if fixed:
        return dict(zip(criteria(), fixed[place % len(fixed)], strict=True))
    hidden = script("course")["scoring"]["quality"]
    base = _quality(acronym) + _around(seat, hidden["severity"])
    if acronym not in listed() and number(f"{acronym} divides", DIVIDED) == 0:
        base += APART[place % len(APART)]
    unequal = _unequal(acronym, hidden["unequal"])
    return {
        key: _on_scale(base + unequal[key] + _around(f"{seat} {acronym} {key}", hidden["stray"])) for key in criteria()
    }


@functools.cache
def _quality(acronym):
    """The dossiers of the list lie evenly, the others thicker in the middle of their part of the scale."""
    hidden = script("course")["scoring"]["quality"]
    least, most = hidden["listed" if acronym in listed() else "others"]
    first = number(f"{acronym} quality", 1_001)
    second = first if acronym in listed() else number(f"{acronym} luck", 1_001)
    return (least + (most - least) * (first + second) / 2_000) / 100


def _around(key, most):
    """A share of the scale of [-most, most] hundredths that hangs on `key`."""
    return (number(key, 2 * most * 100 + 1) / 100 - most) / 100


@functools.cache
def _unequal(acronym, most):
    """`{criterion key: share}`: where a dossier is strong and where weak, nothing in all."""
    found = {key: _around(f"{acronym} {key}", most) for key in criteria()}
    middle = sum(found.values()) / len(found)
    return {key: share - middle for key, share in found.items()}


def _on_scale(share):
    scale = script("call")["evaluation"]
    least, most, step = scale["mark_min"], scale["mark_max"], scale["mark_step"]
    steps = round(min(max(share, 0), 1) * (most - least) / step)
    return least + steps * step


def _share(mark):
    scale = script("call")["evaluation"]
    return (mark - scale["mark_min"]) / (scale["mark_max"] - scale["mark_min"])


# Words --------------------------------------------------------------------------------------------------------------


def comments(acronym, seat, given):
    """`{criterion key: text}` for the marks given, each marked as invented."""
    texts = script("texts")["comments"]
    found = {}
    for key, mark in given.items():
        level = "high" if _share(mark) >= HIGH else "middle" if _share(mark) >= MIDDLE else "low"
        found[key] = _invented(pick(f"{acronym} {seat} {key}", texts[key][level]))
    return found


def opinion(given):
    """The opinion that the mean of the marks makes."""
    # Tenths have no exact binary form: in another order the same marks would fall on the other side of a threshold.
    mean = round(fmean(map(_share, given.values())), 9)
    return "first" if mean >= FIRST else "possible" if mean >= POSSIBLE else "no"


def transmissible(acronym, seat, given):
    """One or two sentences that the team may read."""
    return _invented(pick(f"{acronym} {seat} team", script("texts")["transmissible"][opinion(given)]))


def internal(acronym, seat, given):
    """A note for the selection on one sheet in three, else empty."""
    if number(f"{acronym} {seat} internal", INTERNAL):
        return ""
    return _invented(pick(f"{acronym} {seat} note", script("texts")["internal"][opinion(given)]))


def notes(acronym, seat):
    """What a juror notes at a hearing."""
    return _invented(pick(f"{acronym} {seat} heard", script("texts")["hearing"]["notes"]))


def leaning(acronym, seat):
    """What a juror leans to after it."""
    return pick(f"{acronym} {seat} leaning", ["favourable", "reserved", "unfavourable"])


def _invented(text):
    return f"{text} {script('texts')['short_mark']}"
