"""Signs that the packaged font does not have: written out in brackets, so that no other font is ever pulled in.

What people typed is never lost in silence: `≥` becomes `[>=]`, `β` `[bêta]`, any other sign its code `[U+4E2D]`. The
exact text stands in the sealed dossier, under its digest; the paper says so where it wrote a sign out.
Signs that only look another way (a ligature, a letter of full width, a thin space) become what they stand for.
"""

import re
import unicodedata

GREEK = (
    *("alpha", "bêta", "gamma", "delta", "epsilon", "zêta", "êta", "thêta", "iota", "kappa", "lambda", "mu", "nu"),
    *("xi", "omicron", "pi", "rhô", "sigma", "sigma", "tau", "upsilon", "phi", "chi", "psi", "oméga"),
)
NAMED = {
    **{chr(0x3B1 + place): name for place, name in enumerate(GREEK)},
    **{chr(0x391 + place): name.capitalize() for place, name in enumerate(GREEK)},
    **{"≤": "<=", "≥": ">=", "≠": "différent de", "≈": "environ", "≡": "équivaut à", "∞": "infini", "√": "racine"},
    **{"→": "->", "←": "<-", "↔": "<->", "⇒": "=>", "⇐": "<=", "⇔": "<=>", "↑": "hausse", "↓": "baisse"},
    **{"∑": "somme", "∏": "produit", "∫": "intégrale", "∂": "d", "∆": "Delta", "∈": "appartient à", "∅": "vide"},
    **{"✓": "coché", "✔": "coché", "☑": "coché", "☒": "coché", "✗": "croix", "✘": "croix", "☐": "case vide"},
}
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


class Pen:
    """Writes JSON values in the signs of one font (a set of code points); `has_named`: it put something in brackets."""

    def __init__(self, signs):
        self.signs = signs
        self.has_named = False

    def write(self, value):
        """The value with every text as plain `str`, never "safe", in signs that the font has."""
        if isinstance(value, str):
            return self._text(value)
        if isinstance(value, dict):
            return {key: self.write(item) for key, item in value.items()}
        if isinstance(value, list | tuple):
            return [self.write(item) for item in value]
        return value

    def _text(self, text):
        text = unicodedata.normalize("NFC", "".join(text)).replace("\r\n", "\n").replace("\r", "\n")
        if all(self._has(sign) for sign in text):
            return text
        marked = "".join(self._sign(sign) for sign in text)
        marked = RAISED.sub(lambda run: "^" + run[0].replace("\x04", ""), marked)
        marked = LOWERED.sub(lambda run: "_" + run[0].replace("\x05", ""), marked)
        return NAMES.sub(lambda run: "[" + run[0][1:-1].replace("\x03\x02", " ") + "]", marked)

    def _has(self, sign):
        return sign in "\n\t" or ord(sign) in self.signs

    def _sign(self, sign):
        """The sign, or what it stands for; marks \\x02 to \\x05 are turned into brackets, ^ and _ by the run."""
        if self._has(sign):
            return sign
        if sign in PLAIN:
            return PLAIN[sign]
        if unicodedata.category(sign) == "Zs":
            return " "
        return self._equal(sign) or self._name(sign)

    def _equal(self, sign):
        kind = unicodedata.decomposition(sign).partition(" ")[0]
        plain = unicodedata.normalize("NFKC", sign)
        if not all(self._has(part) for part in plain):
            return ""
        if kind in ("<super>", "<sub>") and len(plain) == 1:
            return ("\x04" if kind == "<super>" else "\x05") + plain
        return plain if kind in SAME_MEANING else ""

    def _name(self, sign):
        self.has_named = True
        return f"\x02{NAMED.get(sign) or f'U+{ord(sign):04X}'}\x03"
