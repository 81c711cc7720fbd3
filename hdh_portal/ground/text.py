"""Typed text, made clean once where it enters: what nobody can see is out before anything is counted or kept.

`static/js/text.js` counts by the same rules: change both together.
"""

import re
import unicodedata

LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
# Controls but tab and line feed, soft hyphens, zero-width signs, marks and overrides of direction, lone surrogates,
# the byte order mark, interlinear marks, non-characters, tags.
UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ud800-\udfff\ufeff"
    "\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e007f]"
)
# A joiner shapes words of Arabic, Persian or Indian scripts and pictures made of several; elsewhere it only hides.
JOINED = "[\u0590-\u1fff\u2190-\U000dffff]"
LOOSE_JOINER = re.compile(f"(?<!{JOINED})[\u200c\u200d]|[\u200c\u200d](?!{JOINED})")


def clean(text):
    """The text in NFC, its line ends as LF, without what cannot be seen. Applied twice it changes nothing."""
    if text.isascii() and text.isprintable():
        return text
    seen = LOOSE_JOINER.sub("", UNSEEN.sub("", LINE_ENDS.sub("\n", text)))
    return unicodedata.normalize("NFC", seen)


def has_unseen(text):
    """True if a sign is in it that nobody types into an address."""
    return UNSEEN.search(text) is not None
