"""Two texts that grew apart from one: what is in only one of them, and both in one text. Pure."""

import re
from difflib import SequenceMatcher

WORD = re.compile(r"\s*\S+|\s+$")  # a word with the white space before it
MOST = 2_000_000  # pairs of words that are compared: longer texts are told apart line by line alone


def marked(mine, theirs):
    """`(parts of mine, parts of theirs)`, each `[(text, is it in this one only)]`, which joined are the text."""
    one, other = _cut(mine, theirs)
    found = ([], [])
    for kind, low, high, start, end in _changes(one, other):
        for side, text in zip(found, ("".join(one[low:high]), "".join(other[start:end])), strict=True):
            if text:
                side.append((text, kind != "equal"))
    return found


def united(mine, theirs):
    """Both texts in one, to be corrected by a person: nothing of either is left out.

    A line that one of them only made longer stands as the longer one; lines that say something else stand one after
    the other, mine first.
    """
    one, other = mine.split("\n"), theirs.split("\n")
    lines = []
    for kind, low, high, start, end in _changes(one, other):
        if kind == "replace" and high - low == end - start:
            for pair in zip(one[low:high], other[start:end], strict=True):
                lines += _one_line(*pair)
        else:
            lines += one[low:high] if kind == "equal" else one[low:high] + other[start:end]
    return "\n".join(lines)


def _one_line(mine, theirs):
    """`[line]` where each only added words to what both say, else both lines."""
    one, other = _cut(mine, theirs)
    changes = _changes(one, other)
    if any(kind == "replace" for kind, *_places in changes) or not any(kind == "equal" for kind, *_places in changes):
        return [line for line in (mine, theirs) if line]
    return ["".join("".join(one[low:high]) or "".join(other[start:end]) for _kind, low, high, start, end in changes)]


def _cut(mine, theirs):
    words = WORD.findall(mine), WORD.findall(theirs)
    if len(words[0]) * len(words[1]) <= MOST:
        return words
    return mine.splitlines(keepends=True), theirs.splitlines(keepends=True)


def _changes(one, other):
    return SequenceMatcher(None, one, other, autojunk=False).get_opcodes()
