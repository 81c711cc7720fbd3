"""Judge a PDF: what is wrong with it, or how many pages it has. Runs in the sandbox.

First every deflated stream of its bytes is unfolded within a budget, before a library parses it (and unfolds some by
itself): what is made to swell ends there, in a few tenths of a second.

The whole object graph is walked from the trailer's Root with pikepdf: a scan of the indirect objects alone misses
scripts that stand in direct dictionaries. Keys and action types are those of ISO 32000-1, 12.6 and 7.11.4.
"""

import mmap
import re
import zlib

import pikepdf

from applications.dossier.confined import Found
from applications.dossier.confined.archives import is_archive

LARGEST_WALK = 1_000_000
LARGEST_STREAM = 200_000_000
LARGEST_TOTAL = 1_000_000_000
TAIL = 1024
CHUNK = 1_048_576
LARGEST_RATIO = 200  # scans of written pages stay far below it; deflate can reach 1032
SMALL_STREAM, SMALL_TOTAL = 40_000_000, 100_000_000  # below these no ratio is a danger
STREAM = re.compile(rb"\bstream\r?\n(?=[\x08-\x78])")

# What a dictionary must not hold, by its key.
FORBIDDEN_KEYS = {
    "/JS": "script",
    "/JavaScript": "script",
    "/XFA": "xfa",
    "/EmbeddedFiles": "embedded",
    "/EF": "embedded",
    "/Collection": "embedded",
    "/RichMediaContent": "media",
}
# What a dictionary must not be, by its action type /S.
FORBIDDEN_ACTIONS = {
    "/JavaScript": "script",
    "/Launch": "action",
    "/SubmitForm": "action",
    "/ImportData": "action",
    "/GoToR": "action",
    "/GoToE": "action",
    "/Rendition": "media",
    "/Movie": "media",
    "/Sound": "media",
    "/RichMediaExecute": "media",
}
# What it must not be, by its /Subtype (of annotations) or /Type.
FORBIDDEN_KINDS = {
    "/FileAttachment": "embedded",
    "/EmbeddedFile": "embedded",
    "/RichMedia": "media",
    "/Movie": "media",
    "/Sound": "media",
    "/Screen": "media",
    "/3D": "media",
}


def facts(path, max_pages):
    """`{"pages": n}`, or `{"refused": code, "detail": …}`. 1 ≤ n ≤ max_pages."""
    try:
        _look_around(path)
        _weigh(path)
        return _look_inside(path, max_pages)
    except Found as found:
        return found.verdict()


def _look_around(path):
    """Refuse what stands before or after the PDF: a file that is two things at once, or one that was cut off."""
    with open(path, "rb") as file:
        if file.read(5) != b"%PDF-":
            raise Found("polyglot")
        size = file.seek(0, 2)
        file.seek(max(0, size - 4 * TAIL))
        end = file.read()
    before, marker, after = end.rpartition(b"%%EOF")
    if is_archive(path):
        raise Found("polyglot")
    if not marker or b"startxref" not in before[-TAIL:]:
        raise Found("unreadable")
    if len(after.strip(b"\0\t\n\f\r ")) > TAIL:
        raise Found("polyglot")


def _weigh(path):
    """Refuse a file whose streams unfold beyond measure, one by one or together."""
    with open(path, "rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        total, after = 0, 0
        for found in STREAM.finditer(data):
            if found.end() < after:  # inside the stream before: those bytes only look like a beginning
                continue
            count, length = _inflated(data, found.end(), LARGEST_TOTAL - total)
            total, after = total + count, found.end() + length
            if total > SMALL_TOTAL and total > LARGEST_RATIO * len(data):
                raise Found("bomb")


def _look_inside(path, max_pages):
    try:
        pdf = pikepdf.open(path)
    except pikepdf.PasswordError:
        raise Found("encrypted") from None
    except pikepdf.PdfError:
        raise Found("unreadable") from None
    with pdf:
        if pdf.is_encrypted:
            raise Found("encrypted")
        pages = len(pdf.pages)
        if pages == 0:
            raise Found("unreadable")
        if pages > max_pages:
            raise Found("too_many_pages", pages)
        _walk(pdf.Root)
        return {"pages": pages}


def _walk(root):
    """Visit every dictionary, array and stream that can be reached from the root, each indirect one once."""
    waiting, seen, total, visits = [root], set(), 0, 0
    while waiting:
        thing = waiting.pop()
        visits += 1
        if visits > LARGEST_WALK:
            raise Found("too_heavy")
        if thing.is_indirect:
            if thing.objgen in seen:
                continue
            seen.add(thing.objgen)
        if isinstance(thing, pikepdf.Array):
            waiting.extend(item for item in thing if isinstance(item, pikepdf.Object))
            continue
        if isinstance(thing, pikepdf.Stream):
            total += _unfolded(thing, LARGEST_TOTAL - total)
        elif not isinstance(thing, pikepdf.Dictionary):
            continue
        waiting.extend(_judged(thing))


def _judged(dictionary):
    """The values of a dictionary that are to be visited, if nothing in it is forbidden."""
    values = []
    for key, value in dictionary.items():
        if key in FORBIDDEN_KEYS:
            raise Found(FORBIDDEN_KEYS[key])
        if key == "/OpenAction" and not _is_harmless(value):
            raise Found("action")
        if key == "/AA" and not _are_harmless(value):
            raise Found("action")
        if isinstance(value, pikepdf.Name):
            _judge_name(key, str(value))
        elif isinstance(value, pikepdf.Object):
            values.append(value)
    return values


def _judge_name(key, name):
    table = FORBIDDEN_ACTIONS if key == "/S" else FORBIDDEN_KINDS if key in ("/Subtype", "/Type") else {}
    if name in table:
        raise Found(table[name])


def _is_harmless(action):
    """True for "show this page first", which typesetting programs write into honest files, and for nothing else.

    An action that is a script or a launch is named by the walk with its own code, so it may pass here.
    """
    if not isinstance(action, pikepdf.Dictionary):
        return True
    kind = str(action.get("/S", ""))
    return kind in FORBIDDEN_ACTIONS or (kind == "/GoTo" and "/Next" not in action)


def _are_harmless(actions):
    return not isinstance(actions, pikepdf.Dictionary) or all(_is_harmless(action) for _, action in actions.items())


def _unfolded(stream, budget):
    """Bytes that a deflated stream unfolds to, counted in chunks; a bomb is refused before it is held in memory."""
    filters = stream.get("/Filter")
    names = [str(item) for item in filters] if isinstance(filters, pikepdf.Array) else [str(filters)]
    deflated = [name for name in names if name in ("/FlateDecode", "/Fl")]
    if not deflated:
        return 0
    if len(deflated) > 1:  # nobody deflates twice but to hide a bomb
        raise Found("bomb")
    if names[0] != deflated[0]:  # text filters before it unfold to less than they hold
        return 0
    raw = stream.read_raw_bytes()
    return _inflated(raw, 0, budget)[0]


def _inflated(data, start, budget):
    """(bytes that a deflated stream unfolds to, bytes that it takes from `start`): counted in chunks, none is kept."""
    inflate, count, place = zlib.decompressobj(), 0, start
    try:
        while place < len(data) and not inflate.eof:
            rest = data[place : place + CHUNK // 16]
            place += len(rest)
            while rest and not inflate.eof:
                count += len(inflate.decompress(rest, CHUNK))
                rest = inflate.unconsumed_tail
                taken = place - start - len(rest)
                is_steep = count > SMALL_STREAM and count > LARGEST_RATIO * taken
                if is_steep or count > min(LARGEST_STREAM, budget):
                    raise Found("bomb")
    except zlib.error:
        pass  # A damaged stream is drawn as nothing, and what only looks like one is none: it does no harm.
    return count, place - start - len(inflate.unused_data)
