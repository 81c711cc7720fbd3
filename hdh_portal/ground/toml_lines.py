"""On which line of a TOML text each key stands: `tomllib` reads values and keeps no places.

The text must be one that `tomllib` has read: what it refuses is not looked for here.
"""

import re

BARE = re.compile(r"[A-Za-z0-9_-]+")
BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
SPACE = re.compile(r"[ \t]*")
# A value that is neither text, list nor table: a number, a date (which may hold one space), true or false.
PLAIN = re.compile(r"[^,\]}#\n]+")
TEXTS = (
    re.compile(r'"""(?:[^"\\]|\\.|"{1,2}(?!"))*"{3,5}', re.DOTALL),
    re.compile(r"'''(?:[^']|'{1,2}(?!'))*'{3,5}", re.DOTALL),
    re.compile(r'"(?:[^"\\\n]|\\.)*"'),
    re.compile(r"'[^'\n]*'"),
)


def lines_of(text):
    """`{dotted key: line}`, lines and lists counted from 1: `{"jury.jurors[3].name": 812, …}`."""
    return _Scanner(text).scan()


def line_of(lines, key):
    """The line of a key, or of the nearest table around it that stands in the text; None where none does."""
    while key and key not in lines:
        key = key[: max(key.rfind("."), key.rfind("["), 0)]
    return lines.get(key)


class _Scanner:
    def __init__(self, text):
        self.text, self.at, self.lines, self.counts = text, 0, {}, {}
        self.line, self.counted = 1, 0

    def scan(self):
        table = ""
        while self._skip(BLANK) < len(self.text):
            if self.text[self.at] == "[":
                table = self._header()
            else:
                self._pair(table)
        return self.lines

    def _skip(self, pattern):
        found = pattern.match(self.text, self.at)
        self.at = found.end() if found else self.at
        return self.at

    def _here(self, key):
        """Note the line of `key`; the first place where a list or a table is begun is its own."""
        self.line += self.text.count("\n", self.counted, self.at)
        self.counted = self.at
        self.lines.setdefault(key, self.line)

    def _header(self):
        is_list = self.text.startswith("[[", self.at)
        start, self.at = self.at, self.at + (2 if is_list else 1)
        *outer, last = self._names("]")
        key = _dotted(self._inside("", outer), last)
        self.at += 2 if is_list else 1
        end, self.at = self.at, start
        self._here(key)
        if is_list:
            self.counts[key] = self.counts.get(key, 0) + 1
            key = f"{key}[{self.counts[key]}]"
            self._here(key)
        self.at = end
        return key

    def _inside(self, key, names):
        """The key that `names` lead to; a list of tables means its last one, as in TOML."""
        for name in names:
            key = _dotted(key, name)
            key = f"{key}[{self.counts[key]}]" if key in self.counts else key
        return key

    def _names(self, end):
        """The parts of a dotted key, up to the sign that ends it."""
        names = []
        while self.text[self._skip(SPACE)] != end:
            start = self.at
            if self.text[self.at] == ".":
                self.at += 1
                continue
            self._skip(TEXTS[2] if self.text[start] == '"' else TEXTS[3] if self.text[start] == "'" else BARE)
            names.append(self.text[start : self.at].strip("\"'"))
        return names

    def _pair(self, table):
        start = self.at
        names = self._names("=")
        end, self.at = self.at, start
        key = self._inside(table, names[:-1])
        key = _dotted(key, names[-1])
        self._here(key)
        self.at = end + 1
        self._value(key)

    def _value(self, key):
        self._skip(SPACE)
        character = self.text[self.at]
        if character == "[":
            self._list(key)
        elif character == "{":
            self._table(key)
        elif character in "\"'":
            next(pattern for pattern in TEXTS if self._skip_if(pattern))
        else:
            self._skip(PLAIN)

    def _skip_if(self, pattern):
        before = self.at
        return self._skip(pattern) > before

    def _list(self, key):
        self.at += 1
        count = 0
        while self.text[self._skip(BLANK)] != "]":
            if self.text[self.at] == ",":
                self.at += 1
                continue
            count += 1
            self._here(f"{key}[{count}]")
            self._value(f"{key}[{count}]")
        self.at += 1

    def _table(self, key):
        self.at += 1
        while self.text[self._skip(BLANK)] != "}":
            if self.text[self.at] == ",":
                self.at += 1
            else:
                self._pair(key)
        self.at += 1


def _dotted(table, name):
    return f"{table}.{name}" if table else name
