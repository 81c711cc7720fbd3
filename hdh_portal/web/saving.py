"""Saving field by field: what a person changed is written, each field against what their page showed of it.

A page carries, in the hidden field `seen`, a mark of each value that it shows. What comes back is merged three ways:
a field that says what the page showed was not touched, and what stands there now stays; one that was changed is
written where the page showed what stands; where something else stands by now, both texts are shown and the person
chooses (`includes/_clashes.html`), while everything else of the save is kept.

A field is named as in HTML (`title`, `partners-3f9a-name`, `mark-quality`); its value is JSON, or a float.
"""

import contextlib
import functools
import json
import re
from dataclasses import dataclass, field

from django import forms
from django.http import QueryDict
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from hdh_portal.ground import differences, french
from hdh_portal.records.canonical import sha256
from hdh_portal.records.exceptions import Refused

SEEN = "seen"
CHOICE = (
    "keep-"  # the radio buttons of a field in conflict: `mine`, `theirs` or `both`, and the mark of what was theirs
)
BOTH = "both-"  # the text that a person made of both
SENT = "sent-"  # what earlier requests of the page carried of a field, of which it has no answer: JSON of the values
SIDES = ("mine", "theirs", "both")
NOTHING = (None, "", [], {})


def mark(value):
    """What a page carries of a value: the same for equal values, "" for every empty one."""
    return "" if value in NOTHING else sha256(json.dumps(value, sort_keys=True).encode())[:16]


@dataclass(frozen=True)
class Seen:
    """What a page showed: `marks` by field; `left`: fields of which the person chose what stands.

    `sent`: `{field: marks}` of what the page itself had sent before and heard nothing of. `both`: texts made of two.
    """

    marks: dict
    left: frozenset = frozenset()
    sent: dict = field(default_factory=dict)
    both: dict = field(default_factory=dict)

    def of(self, name, theirs):
        """The mark that the page shows of a field: what it sent itself and now stands is no surprise to it."""
        return theirs if theirs in self.sent.get(name, ()) else self.marks.get(name, "")


def seen_in(data):
    """The `Seen` of a posted form, choices included; None for a request that came with none."""
    if SEEN not in data:
        return None
    marks, left = _marks(data[SEEN]), set()
    for name in data:
        side, _space, shown = data[name].partition(" ")
        if name.startswith(CHOICE) and side in SIDES:
            marks[name.removeprefix(CHOICE)] = shown
            if side == "theirs":
                left.add(name.removeprefix(CHOICE))
    sent = {name: _marks_of(data.getlist(SENT + name)) for name in _after(SENT, data)}
    return Seen(marks, frozenset(left), sent, {name: data[BOTH + name] for name in _after(BOTH, data)})


def with_both(data):
    """Posted fields in which each text that a person made of two stands in the place of their own."""
    chosen = [name for name in _after(BOTH, data) if data.get(CHOICE + name, "").startswith("both ")]
    if not chosen:
        return data
    data = data.copy()
    for name in chosen:
        data[name] = data[BOTH + name]
    data._mutable = False
    return data


def _after(prefix, data):
    return [name.removeprefix(prefix) for name in data if name.startswith(prefix)]


def _marks_of(sent):
    """Marks of what was sent of a field, `[JSON of its values]`: a text, a number, several choices, none."""
    found = set()
    for values in sent:
        with contextlib.suppress(ValueError, TypeError, IndexError, RecursionError):
            values = [value for value in json.loads(values) if isinstance(value, str)]
            found |= {mark("".join(values[:1]).strip()), mark([value for value in values if value])}
            found.add(mark(float(values[0])))
    return found


def _marks(text):
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):  # Nobody's page: whatever stands there was not shown by it.
        return {}
    pairs = found.items() if isinstance(found, dict) else ()
    return {name: shown for name, shown in pairs if isinstance(shown, str)}


def sent_in(form, data):
    """Names of the fields of a form that were sent: what came back, and of what the page showed the unticked boxes."""
    seen = seen_in(data)
    shown = seen.marks if seen else {}
    sent = (name for name in form.fields if name in data or name in shown)
    return {name for name in sent if not form.fields[name].widget.value_omitted_from_data(data, {}, name)}


@dataclass
class Merge:
    """`written`: values to write, by field; `clashes`: `{field: (mine, theirs)}`; `marks`: of what is now agreed.

    `behind`: fields that the person left as the page showed them, while something else stands.
    `said`: who saved what stands in a field in conflict, and when: `(person or None, instant or None)`.
    """

    written: dict = field(default_factory=dict)
    clashes: dict = field(default_factory=dict)
    marks: dict = field(default_factory=dict)
    behind: set = field(default_factory=set)
    said: dict = field(default_factory=dict)

    def join(self, other):
        """Take in the merge of one row; returns what was taken in."""
        for name in ("written", "clashes", "marks", "behind", "said"):
            getattr(self, name).update(getattr(other, name))
        return other


def merge(typed, current, seen, *, by=None, at=None):
    """The `Merge` of typed values with those that stand, both `{field: value}`, as `by` saved them at that instant.

    `seen`: None where no page stands behind the values: all of them are written.
    """
    found = Merge()
    for name, value in typed.items():
        mine, theirs = mark(value), mark(current.get(name))
        shown = theirs if seen is None else seen.of(name, theirs)
        is_left = seen is not None and name in seen.left
        if mine == theirs:
            found.marks[name] = mine
        elif shown == theirs and not is_left:
            found.written[name], found.marks[name] = value, mine
        elif shown != theirs and (is_left or shown != mine):
            found.clashes[name], found.said[name] = (value, current.get(name)), (by, at)
        elif shown != theirs:
            found.behind.add(name)
    return found


class Clashing(Refused):
    """A field of an act that is taken whole is in conflict: nothing of it is saved. `merged`: the `Merge`."""

    def __init__(self, merged):
        super().__init__(waiting_words(len(merged.clashes)), code="changed_since_page")
        self.merged = merged


def whole(typed, current, seen, *, by=None, at=None):
    """All values of an act that is taken whole: what was changed, over what stands. `Clashing` where both changed."""
    merged = merge(typed, current, seen, by=by, at=at)
    if merged.clashes:
        raise Clashing(merged)
    return {name: value if name in merged.marks else current.get(name) for name, value in typed.items()}


def is_current(seen, current):
    """True if the page showed what stands."""
    return seen is None or all(seen.marks.get(name, "") == mark(value) for name, value in current.items())


def refuse_unless_shown(seen, current):
    """Refuse an act on what its page did not show: what stands now is read first."""
    if not is_current(seen, current):
        raise Refused(
            _("Ce que montrait la page a changé depuis que vous l’avez ouverte\u00a0: relisez-la, puis recommencez."),
            code="changed_since_page",
        )


def says_the_same(values, current, seen):
    """True if an act would write what stands, which its page did not show: it was done by another request meanwhile."""
    return values == current and not is_current(seen, current)


def carried(current, merged=None, seen=None):
    """The text of the hidden field: marks of what stands; of a field in conflict, of what the page showed before.

    `seen` without `merged`: nothing was saved, and the page goes on from what it showed.
    """
    marks = {name: mark(value) for name, value in current.items()}
    shown_before = seen.marks if seen else {}
    for name in merged.clashes if merged else shown_before:
        marks[name] = shown_before.get(name, "")
    return json.dumps(marks, separators=(",", ":"), sort_keys=True)


def refuse_behind(merged, sentence):
    """Refuse to seal what the page did not show: what stands in fields that another page wrote is read first."""
    if merged.behind:
        raise Refused(sentence, code="changed_since_page")


def posted_again(make, posted, merged=None):
    """The form of a page that was not taken as a whole: what stands, with what was posted in its place.

    `make(data)`: the form, of what stands if `data` is None. `merged`: of a save; fields that the person did not change
    show what stands.
    """
    fresh, data = make(None), QueryDict(mutable=True)
    for name in fresh.fields:
        value = fresh[name].value()
        data.setlist(name, value if isinstance(value, list) else ["" if value is None else str(value)])
    for name in fresh.fields if merged is None else {**merged.written, **merged.clashes}:
        if name in posted:
            data.setlist(name, posted.getlist(name))
    return make(data)


@dataclass(frozen=True)
class Clash:
    """Two texts for one field, as a page shows them. `mark`: of theirs; `by`, `at`: who saved it and when, if known.

    `both`: of texts, one made of the two, to correct; None where there is nothing to make one of.
    """

    name: str
    label: str
    mine: str
    theirs: str
    mark: str
    by: object = None
    at: object = None
    both: str | None = None

    @functools.cached_property
    def parts(self):
        """Both texts, `[(text, is it in this one only)]` each."""
        return differences.marked(self.mine, self.theirs)

    @property
    def mine_parts(self):
        return self.parts[0]

    @property
    def theirs_parts(self):
        return self.parts[1]


def clashes(merged, form, words=None, seen=None):
    """`[Clash]` in the order of the form.

    `words(name, value)`: a value as people read it, where the form's own field does not say it. `seen`: of a page on
    which a person had begun to make one text of two.
    """
    begun = seen.both if seen else {}
    return [
        Clash(
            name=name,
            label=_label(form.fields[name]),
            mine=_words(form.fields[name], name, mine, words),
            theirs=_words(form.fields[name], name, theirs, words),
            mark=mark(theirs),
            by=merged.said[name][0],
            at=merged.said[name][1],
            both=begun.get(name, _both(form.fields[name], mine, theirs)),
        )
        for name in form.fields
        if name in merged.clashes
        for mine, theirs in [merged.clashes[name]]
    ]


def _both(one, mine, theirs):
    """One text made of two, where a person writes texts into the field."""
    return differences.united(mine, theirs) if isinstance(one.widget, forms.Textarea) and mine and theirs else None


def _label(one):
    group = getattr(one, "group", "")
    return f"{group}, {one.label}" if group else str(one.label)


def _words(one, name, value, words):
    if value in NOTHING:
        return ""
    if words:
        return words(name, value)
    choices = dict(getattr(one, "choices", ()))
    values = value if isinstance(value, list) else [value]
    said = (choices.get(each) or one.prepare_value(each) for each in values)
    return "\n".join(str(one.label if each is True else each) for each in said)


def written_in(form, data):
    """`[(label, text)]` of the texts, not the choices, that somebody wrote into a form which takes nothing any more."""
    sent = [(_label(form.fields[name]), data[name].strip()) for name in form.fields if name in data]
    return [(label, text) for label, text in sent if re.search(r"\s", text)]


def shown(form, current, merged=None, seen=None, *, words=None, save_url=""):
    """What a page shows for `includes/_seen.html` and `_saved.html`, with the fields in conflict after a save.

    `save_url`: where choices are sent, if the form's own address does more than save.
    """
    found = clashes(merged, form, words, seen) if merged else []
    return {
        "seen": carried(current, merged, seen),
        "clashes": found,
        "unsaved": waiting_words(len(found)),
        "save_url": save_url,
    }


# What an autosave is answered ----------------------------------------------------------------------------------------


def saved(request, merged, form, at, *, words=None):
    """The state of saving, with the marks that the page takes and the fields in conflict: 200, or 409 with these."""
    found = clashes(merged, form, words)
    said = {"seen": json.dumps(merged.marks), "clashes": found, "at": at, "problem": waiting_words(len(found))}
    return _answer(request, said | {"read": json.dumps(_read_back(form, request.POST))}, status=409 if found else 200)


def _read_back(form, posted):
    """`{field name: sentence}` of the fields that say what they read in what was typed."""
    sent = {name: one for name, one in form.fields.items() if name in posted and hasattr(one, "read_back")}
    return {name: one.read_back(posted[name]) for name, one in sent.items()}


def refused(request, refusal):
    """Why nothing of it was saved: 422 where a field is at fault, else 409."""
    problem = next(iter(refusal.fields.values()), refusal.sentence)
    return _answer(request, {"problem": problem}, status=422 if refusal.fields else 409)


def waiting_words(count):
    """« 2 réponses attendent votre choix », "" of none."""
    if not count:
        return ""
    return french.ngettext(
        "%(count)s\u00a0réponse attend votre choix", "%(count)s\u00a0réponses attendent votre choix", count
    )


def _answer(request, said, status):
    context = {"at": None, "problem": "", "seen": "", "read": "", "clashes": [], "save_url": request.path} | said
    response = render(request, "includes/_saved.html", context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response
