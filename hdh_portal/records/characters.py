"""Characters that no packaged font has: written out in brackets, so that no other font is ever pulled in.

What people typed is never lost in silence: a Hebrew letter becomes its code, `[U+05D0]`. The exact text stands in the
sealed dossier, under its digest; the paper says so where it wrote a character out. Names of people print as they are
written: Vietnamese, Turkish, Polynesian, Greek, Cyrillic.
Characters that only look another way (a ligature, a letter of full width, a thin space) become what they stand for.
"""

import re
import unicodedata

PLAIN = {
    **dict.fromkeys("●▪■◦‣∙⁃◼◾\uf0b7\uf0a7", "•"),
    **{"μ": "µ", "‐": "-", "―": "—", "‟": "“", "\u2028": "\n", "\u2029": "\n\n", "\x0b": "\n", "\x0c": "\n"},
    **dict.fromkeys((chr(code) for code in range(0xFE00, 0xFE10)), ""),
    "\ufeff": "",
}
SAME_MEANING = ("<compat>", "<wide>", "<narrow>", "<font>", "<noBreak>")
NAMES = re.compile("(?:\x02[^\x03]*\x03)+")
RAISED = re.compile("(?:\x04[^\x04\x05])+")
LOWERED = re.compile("(?:\x05[^\x04\x05])+")


class Writer:
    """Writes JSON values in some characters (a set of code points); `has_named`: it put something in brackets."""

    def __init__(self, characters):
        self.characters = characters
        self.has_named = False

    def write(self, value):
        """The value with every text as plain `str`, never "safe", in characters that the fonts have."""
        if isinstance(value, str):
            return self._text(value)
        if isinstance(value, dict):
            return {key: self.write(item) for key, item in value.items()}
        if isinstance(value, list | tuple):
            return [self.write(item) for item in value]
        return value

    def _text(self, text):
        text = unicodedata.normalize("NFC", "".join(text)).replace("\r\n", "\n").replace("\r", "\n")
        if all(self._has(character) for character in text):
            return text
        marked = "".join(self._written(character) for character in text)
        marked = RAISED.sub(lambda run: "^" + run[0].replace("\x04", ""), marked)
        marked = LOWERED.sub(lambda run: "_" + run[0].replace("\x05", ""), marked)
        return NAMES.sub(lambda run: "[" + run[0][1:-1].replace("\x03\x02", " ") + "]", marked)

    def _has(self, character):
        return character in "\n\t" or ord(character) in self.characters

    def _written(self, character):
        """The character, or what it stands for; marks \\x02 to \\x05 are turned into brackets, ^ and _ by the run."""
        if self._has(character):
            return character
        if character in PLAIN:
            return PLAIN[character]
        if unicodedata.category(character) == "Zs":
            return " "
        return self._equal(character) or self._name(character)

    def _equal(self, character):
        kind = unicodedata.decomposition(character).partition(" ")[0]
        plain = unicodedata.normalize("NFKC", character)
        if not all(self._has(part) for part in plain):
            return ""
        if kind in ("<super>", "<sub>") and len(plain) == 1:
            return ("\x04" if kind == "<super>" else "\x05") + plain
        return plain if kind in SAME_MEANING else ""

    def _name(self, character):
        self.has_named = True
        return f"\x02U+{ord(character):04X}\x03"
