"""A typed reader over a parsed TOML table that collects every fault of a file instead of stopping at the first.

Each fault names the dotted key (lists count from 1: `jury.jurors[3].name`), what was found and what is expected. There
are no defaults: a key that is not written is a fault, and so is a key that nobody reads. A faulty value comes back as
None (text as "", a list as []), so that a reader of a file goes on to the end; what was read is used only when
`root.finish()` returned no problem.

The reader also remembers which keys are prose, that is, words that no rule computes with (`Reader.is_prose`).
"""

import datetime
import math
import re
import unicodedata
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hdh_portal.ground.clock import PARIS
from hdh_portal.ground.text import clean

MISSING = object()
CODE = re.compile(r"[a-z][a-z0-9_-]{0,49}")
CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]")
BIGGEST = 2**53


@dataclass(frozen=True)
class Problem:
    """One fault of a file: dotted key, what stands there, what should, and its line where one is known."""

    key: str
    found: str
    expected: str
    line: int | None = None

    def __str__(self):
        if self.line is None:
            return _("%(key)s\u00a0: trouvé %(found)s\u202f; attendu\u00a0: %(expected)s.") % vars(self)
        sentence = _("ligne %(line)s, %(key)s\u00a0: trouvé %(found)s\u202f; attendu\u00a0: %(expected)s.")
        return sentence % vars(self)


@dataclass(frozen=True)
class Remark:
    """What is no fault, yet seldom meant: dotted key, what stands there, why somebody should look again."""

    key: str
    found: str
    why: str
    line: int | None = None

    def __str__(self):
        if self.line is None:
            return _("%(key)s\u00a0: %(found)s, %(why)s.") % vars(self)
        return _("ligne %(line)s, %(key)s\u00a0: %(found)s, %(why)s.") % vars(self)


class Reader:
    """One table of the file; `Reader(parsed)` is its root."""

    def __init__(self, table, path="", root=None):
        self.path = path
        self.root = root or self
        self._table = table
        self._seen = set()
        self._children = []
        self._tables = {}
        if root is None:
            self.problems = []
            self.remarks = []
            self._prose = set()

    # Faults -----------------------------------------------------------------------------------------------------

    def at(self, key):
        """Dotted key of `key` in this table."""
        return f"{self.path}.{key}" if self.path else key

    def problem(self, key, found, expected):
        """Add a fault of one's own; `found` is shown as a value of the file would be."""
        self.root.problems.append(Problem(self.at(key), shown(found), expected))

    def remark(self, key, found, why):
        """Add what is read all the same, and told to whoever loads the file."""
        self.root.remarks.append(Remark(self.at(key), shown(found), why))

    def finish(self):
        """Every problem of the file, the unknown keys last; to be asked of the root when all was read."""
        self._report_unknown()
        return self.root.problems

    def _report_unknown(self):
        for key in self._table:
            if key not in self._seen:
                self.problem(key, self._table[key], _("rien, cette clé est inconnue"))
        for child in self._children:
            child._report_unknown()

    def _value(self, key, kind, expected):
        self._seen.add(key)
        value = self._table.get(key, MISSING)
        wrong = not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool)
        if value is MISSING and self._is_mute():
            return None
        if wrong:
            self.problem(key, value, expected)
            return None
        return value

    def _is_mute(self):
        return isinstance(self._table, _Absent)

    # Prose ------------------------------------------------------------------------------------------------------

    def prose(self, key):
        """Say that `key`, and all below it, is words only."""
        self.root._prose.add(self.at(key))

    def is_prose(self, dotted):
        """Whether this dotted key, or one above it, was read as prose. To be asked of the root."""
        parts = re.split(r"(?=[.\[])", dotted)
        return any("".join(parts[: n + 1]) in self._prose for n in range(len(parts)))

    # Values -----------------------------------------------------------------------------------------------------

    def text(self, key, *, limit=500, empty=False, lines=False):
        """Words for people, at most `limit` characters; `lines` allows line breaks. Prose. "" if faulty."""
        self.prose(key)
        return self._words(key, limit, empty, lines)

    def name(self, key, *, limit=500, empty=False):
        """Text that a rule depends on (a name that is looked up): not prose. "" if faulty."""
        return self._words(key, limit, empty, lines=False)

    def _words(self, key, limit, empty, lines):
        value = self._value(key, str, _("un texte"))
        if value is None:
            return ""
        fault = _text_fault(value, limit, empty, lines)
        if fault:
            self.problem(key, value, fault)
            return ""
        return value

    def texts(self, key, *, least=1, limit=2000):
        """A list of texts. Prose. [] if faulty."""
        self.prose(key)
        values = self._value(key, list, _("une liste de textes"))
        for number, value in enumerate(values or [], 1):
            fault = _text_fault(value, limit) if isinstance(value, str) else _("un texte")
            if fault:
                self.problem(f"{key}[{number}]", value, fault)
        if values is not None and len(values) < least:
            self.problem(key, values, ngettext("au moins %(n)s texte", "au moins %(n)s textes", least) % {"n": least})
        return values or []

    def code(self, key, *, pattern=CODE, expected=None):
        """An identifier: lower case, digits, - and _, or what `pattern` says. None if faulty."""
        expected = expected or _("un identifiant\u00a0: minuscules sans accent, chiffres, - ou _")
        value = self._value(key, str, expected)
        if value is not None and not pattern.fullmatch(value):
            self.problem(key, value, expected)
            return None
        return value

    def integer(self, key, *, least=0, most=BIGGEST):
        """A whole number of [least, most]. None if faulty."""
        expected = _("un entier de %(least)s à %(most)s") % {"least": least, "most": most}
        return self._within(key, self._value(key, int, expected), least, most, expected)

    def number(self, key, *, least, most):
        """A number of [least, most] as a float; « 5 » is read as « 5.0 », in the table too. None if faulty."""
        expected = _("un nombre de %(least)s à %(most)s") % {"least": least, "most": most}
        value = self._value(key, (int, float), expected)
        if isinstance(value, int):
            value = self._table[key] = float(value)
        return self._within(key, value, least, most, expected)

    def _within(self, key, value, least, most, expected):
        if value is not None and not (math.isfinite(value) and least <= value <= most):
            self.problem(key, value, expected)
            return None
        return value

    def says(self, key):
        """Whether a key is written, of the few that may be left out."""
        return key in self._table

    def flag(self, key):
        """`true` or `false`. None if faulty."""
        return self._value(key, bool, _("true ou false"))

    def choice(self, key, options):
        """One of `options` (texts). None if faulty."""
        expected = _("l’un de\u00a0: %(options)s") % {"options": ", ".join(shown(option) for option in options)}
        value = self._value(key, str, expected)
        if value is not None and value not in options:
            self.problem(key, value, expected)
            return None
        return value

    def choices(self, key, options, *, least=1):
        """A list of different `options`, in the file's order; one that is not among them is named. [] if faulty."""
        expected = _("une liste sans répétition, prise dans\u00a0: %(options)s") % {
            "options": ", ".join(shown(option) for option in options)
        }
        values = self._value(key, list, expected)
        if values is None:
            return []
        strange = [value for value in values if not isinstance(value, str) or value not in options]
        if strange or len(set(values)) != len(values) or len(values) < least:
            self.problem(key, strange[0] if strange else values, expected)
            return []
        return values

    def day(self, key):
        """A whole day (local date). None if faulty."""
        expected = _("un jour, par exemple 2031-06-30")
        value = self._value(key, datetime.date, expected)
        if isinstance(value, datetime.datetime):
            self.problem(key, value, expected)
            return None
        return value

    def instant(self, key):
        """An aware datetime with the offset that Paris has then, never midnight (whose day nobody knows).

        None if faulty.
        """
        expected = _("un instant avec son décalage et jamais minuit, par exemple 2031-06-30T12:00:00+02:00")
        value = self._value(key, datetime.datetime, expected)
        if value is None:
            return None
        if value.tzinfo is None or value.time() == datetime.time():
            self.problem(key, value, expected)
            return None
        if value.utcoffset() != value.astimezone(PARIS).utcoffset():
            there = value.replace(tzinfo=PARIS).isoformat()
            self.problem(key, value, _("le décalage de Paris à cet instant, par exemple %(at)s") % {"at": there})
            return None
        return value

    # Tables -----------------------------------------------------------------------------------------------------

    def table(self, key):
        """The `Reader` of a table, the same at every call; if it is not there, one that complains no more."""
        if key not in self._tables:
            self._tables[key] = self._child(key, self._value(key, dict, _("une table")))
        return self._tables[key]

    def items(self, key, *, least=0, most=BIGGEST, unique=()):
        """The `Reader`s of an array of tables; `unique` names the keys whose values may not repeat."""
        values = self._value(key, list, _("une liste de tables"))
        if values is None:
            return []
        if not least <= len(values) <= most:
            span = {"least": least, "most": most}
            few = ngettext("au moins %(least)s élément", "au moins %(least)s éléments", least)
            self.problem(key, values, (few if most == BIGGEST else _("de %(least)s à %(most)s éléments")) % span)
        readers = []
        for number, value in enumerate(values, 1):
            if isinstance(value, dict):
                readers.append(self._child(f"{key}[{number}]", value))
            else:
                self.problem(f"{key}[{number}]", value, _("une table"))
        for name in unique:
            _report_repeated(readers, name)
        return readers

    def plain(self, key, shape):
        """A table of words that no rule computes with, as plain data. Prose.

        `shape` is "text", "text?" (may be empty), "integer", "flag", `[shape]` (a list of texts or tables) or a dict
        of shapes.
        """
        self.prose(key)
        if shape in ("text", "text?"):
            return self.text(key, limit=4000, empty=shape == "text?")
        if shape == "integer":
            return self.integer(key)
        if shape == "flag":
            return self.flag(key)
        if shape == ["text"]:
            return self.texts(key)
        if isinstance(shape, list):
            return [item.fields(shape[0]) for item in self.items(key)]
        return self.table(key).fields(shape)

    def fields(self, shape):
        """Every key of this table by `shape`, a dict."""
        return {key: self.plain(key, inner) for key, inner in shape.items()}

    def all_keys(self):
        """The keys of this table, all counted as read: for a table whose keys are data."""
        self._seen.update(self._table)
        return list(self._table)

    def table_itself(self):
        """The parsed table under this reader, nothing of it counted as read."""
        return self._table

    def _child(self, key, table):
        child = Reader(_Absent() if table is None else table, self.at(key), self.root)
        self._children.append(child)
        return child


class _Absent(dict):
    """A table that is not there: its absence was told once, the keys in it are not missed again."""


def _report_repeated(readers, key):
    seen = set()
    for reader in readers:
        value = reader._table.get(key)
        if isinstance(value, (str, int)) and value in seen:
            reader.problem(key, value, _("une valeur qui ne serve qu’une fois dans la liste"))
        if isinstance(value, (str, int)):
            seen.add(value)


def _text_fault(value, limit, empty=False, lines=False):
    """What is expected of this text if it is not sound, else None."""
    if not value.strip():
        return None if empty and not value else _("un texte qui ne soit pas vide")
    if len(value) > limit:
        return _("un texte de %(limit)s caractères au plus") % {"limit": limit}
    if value != value.strip():
        return _("un texte sans espace au début ni à la fin")
    unseen = clean(value) != unicodedata.normalize("NFC", value)  # and so it would not be kept as it is written
    if unseen or CONTROL.search(value) or ("\n" in value and not lines):
        return _("un texte sans caractère de contrôle ni retour à la ligne")
    if not unicodedata.is_normalized("NFC", value):
        return _("un texte en forme Unicode NFC")
    return None


def shown(value):
    """A value of the file as a person is told of it, on one line and short."""
    if value is MISSING:
        return _("rien")
    if isinstance(value, str):
        text = " ".join(value.split())
        return f"«\u202f{text[:60]}…\u202f»" if len(text) > 60 else f"«\u202f{text}\u202f»"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat()
    if isinstance(value, dict):
        return _("une table")
    if isinstance(value, list):
        return ngettext("une liste de %(n)s élément", "une liste de %(n)s éléments", len(value)) % {"n": len(value)}
    return str(value)
