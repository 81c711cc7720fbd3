"""What a rapporteur of the demonstration thinks of a dossier: marks, comments, opinion, the same at every replay.

Everything is a share of the call's scale, 0 to 1, until it is put on a step of it. Nothing here touches the database.
"""

import functools
from statistics import NormalDist, fmean

from hdh_portal.demo.people import dossiers
from hdh_portal.demo.script import number, pick, script, shuffled

# From this share of the scale on a mark is middling, or high, and a mean makes a dossier possible, or first.
MIDDLE, HIGH = 0.45, 0.7
POSSIBLE, FIRST = 0.5, 0.72
INTERNAL = 3
NORMAL, DRAWS = NormalDist(), 100_003


def criteria():
    """Keys of the call's criteria, in its order."""
    return [row["code"] for row in script("call")["evaluation"]["criteria"]]


@functools.cache
def listed():
    """Acronyms of those that are shortlisted: the laureates and the invented ones of the file."""
    laureates = [row.acronym for row in dossiers().values() if row.is_laureate]
    return frozenset([*laureates, *script("course")["shortlist"]["invented"]])


def marks(acronym, seat, place):
    """`{criterion key: mark}` on the call's scale; `place`: of the sheet among the dossier's own, from 0.

    A juror's marks stray from those of a sheet; `seat`: whose they are.
    """
    rows = _sheets(acronym)
    given = rows[place % len(rows)]
    if not seat.startswith("jury-"):
        return dict(given)
    stray = _panel()["stray"] / 100
    return {key: _on_scale(_share(mark) + stray * _normal(f"{seat} {acronym} {key}")) for key, mark in given.items()}


def _panel():
    return script("course")["scoring"]["panel"]


@functools.cache
def _sheets(acronym):
    """The marks of each sheet of a dossier, by its place: they differ as those of real panels do.

    The mean of them all is fixed beforehand, so that the list comes out whoever scores what: what one sheet finds
    above it, the others find below.
    """
    fixed = script("course")["shortlist"]["equal"].get(acronym)
    if fixed:
        return [dict(zip(criteria(), row, strict=True)) for row in fixed]
    panel, keys = _panel(), criteria()
    places = range(script("call")["evaluation"]["sheets_per_dossier"])
    shifts = _balanced([panel["within"] / 100 * _normal(f"{acronym} sheet {place}") for place in places])
    unequal = _balanced([panel["unequal"] / 100 * _normal(f"{acronym} {key}") for key in keys])
    base, stray = _totals()[acronym] / (_steps() * len(keys) * len(places)), panel["stray"] / 100
    cells = {
        (place, key): round(
            _steps() * (base + shifts[place] + unequal[column] + stray * _normal(f"{acronym} {place} {key}"))
        )
        for place in places
        for column, key in enumerate(keys)
    }
    _fit(cells, _totals()[acronym], acronym)
    return [{key: _mark(cells[place, key]) for key in keys} for place in places]


def _normal(key):
    """A draw of the standard normal distribution that hangs on `key`."""
    return NORMAL.inv_cdf((number(key, DRAWS) + 0.5) / DRAWS)


def _balanced(shares):
    middle = fmean(shares)
    return [share - middle for share in shares]


def _fit(cells, total, acronym):
    """Put counts of steps on the scale, then move some by a step until they sum to the total."""
    for at in cells:
        cells[at] = min(max(cells[at], 0), _steps())
    order = shuffled(acronym, cells)
    while left := total - sum(cells.values()):
        step = 1 if left > 0 else -1
        for at in order[: abs(left)]:
            cells[at] = min(max(cells[at] + step, 0), _steps())
        order = order[abs(left) :] + order[: abs(left)]


@functools.cache
def _totals():
    """`{acronym: steps of all its sheets together}`: as a normal distribution has them, the list above the equals.

    The equals stand on either side of the cut line with one total of their own.
    """
    panel, equal = _panel(), script("course")["shortlist"]["equal"]
    above = [name for name in shuffled("ranks of the list", listed()) if name not in equal]
    below = [name for name in shuffled("ranks", dossiers()) if name not in equal and name not in listed()]
    cells = len(criteria()) * script("call")["evaluation"]["sheets_per_dossier"] * _steps()
    cut = round(sum(map(sum, next(iter(equal.values())))) / script("call")["evaluation"]["mark_step"])
    found = {}
    for place, name in enumerate([*above, *equal, *below]):
        share = 1 - (place + 0.5) / (len(above) + len(equal) + len(below))
        found[name] = round(cells * (panel["middle"] + panel["between"] * NORMAL.inv_cdf(share)) / 100)
    found |= {name: max(found[name], cut + 1) for name in above}
    return found | {name: min(found[name], cut - 1) for name in below}


@functools.cache
def _steps():
    scale = script("call")["evaluation"]
    return round((scale["mark_max"] - scale["mark_min"]) / scale["mark_step"])


def _mark(steps):
    scale = script("call")["evaluation"]
    return scale["mark_min"] + steps * scale["mark_step"]


def _on_scale(share):
    return _mark(round(min(max(share, 0), 1) * _steps()))


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
