"""Judge a PDF: what is wrong with it, or how many pages it has. Runs in the sandbox.

First every deflated stream of its bytes is unfolded within a budget, before a library parses it (and unfolds some by
itself): what is made to swell ends there, in a few tenths of a second.

The whole object graph is walked from the trailer's Root with pikepdf: a scan of the indirect objects alone misses
scripts that stand in direct dictionaries. A key is judged where it stands, and an empty container is nothing. Keys and
action types are those of ISO 32000-1, 12.6 and 7.11.4.
"""

import mmap
import re
import zlib

import pikepdf

from applications.dossier.confined import PDF_HEAD, Found, scripts
from applications.dossier.confined.archives import is_archive

LARGEST_WALK = 1_000_000
LARGEST_STREAM = 200_000_000
LARGEST_TOTAL = 1_000_000_000
TAIL = 1024
CHUNK = 1_048_576
LARGEST_RATIO = 200  # scans of written pages stay far below it; deflate can reach 1032
SMALL_STREAM, SMALL_TOTAL = 40_000_000, 100_000_000  # below these no ratio is a danger
BLANKS = b"\0\t\n\f\r "
END = re.compile(rb"startxref\s+[0-9]+(?=\s|%|$)(?:\s*%%EOF)?")
STREAM = re.compile(rb"\bstream\r?\n(?=[\x08-\x78])")

# What a dictionary must not be, by its action type /S.
FORBIDDEN_ACTIONS = {
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
# What an annotation must not be, by its /Subtype, and a stream by its /Type.
FORBIDDEN_ANNOTATIONS = {"/RichMedia": "media", "/Movie": "media", "/Sound": "media", "/3D": "media"}
FORBIDDEN_STREAMS = {"/EmbeddedFile": "embedded", "/Sound": "media", "/3D": "media"}

# Where a dictionary stands, which says what its keys are. A key that an author chose (a font called /JS, a state of a
# check box called /EF) means nothing by its name; the keys of an action, a form or a specification of a file do.
ORDINARY, CATALOGUE, FORM, RESOURCES, LOOKS, CHOSEN, STRUCTURE = range(7)
LEADS_TO = {
    "/AcroForm": FORM,
    "/Resources": RESOURCES,
    "/DR": RESOURCES,
    "/AP": LOOKS,
    "/StructTreeRoot": STRUCTURE,
    "/SE": STRUCTURE,
    "/SD": STRUCTURE,
    **dict.fromkeys(("/CharProcs", "/RoleMap", "/ClassMap", "/Dests", "/PieceInfo"), CHOSEN),
    **dict.fromkeys(("/Colorants", "/Solidities", "/DotGain"), CHOSEN),
}
OUT_OF_STRUCTURE = ("/Obj", "/Pg", "/AF", "/Metadata")


def facts(path, max_pages):
    """`{"pages": n}`, or `{"refused": code, "detail": …}`. 1 ≤ n ≤ max_pages."""
    try:
        _look_around(path)
        _weigh(path)
        return _look_inside(path, max_pages)
    except Found as found:
        return found.verdict()


def _look_around(path):
    """Refuse what stands before or after the PDF: a file that is two things at once, or one that was cut off.

    Blanks before it, zeros after it and a last line that is missing are read over, as every viewer does.
    """
    if is_archive(path):
        raise Found("polyglot")
    with open(path, "rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        if not PDF_HEAD.match(data[:TAIL]):
            raise Found("polyglot")
        size = len(data)
        while size and not data[max(0, size - CHUNK) : size].strip(BLANKS):
            size -= CHUNK
        size = max(0, size)
        end = data[max(0, size - CHUNK) : size].rstrip(BLANKS)[-4 * TAIL :]
    ends = [found.end() for found in END.finditer(end)]
    if not ends:
        raise Found("unreadable")
    if len(end) - ends[-1] > TAIL:
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
    """A file that opens without a password is read, whatever rights it keeps back: nobody here changes it."""
    try:
        pdf = pikepdf.open(path)
    except pikepdf.PasswordError:
        raise Found("encrypted") from None
    except pikepdf.PdfError as error:
        # Rights that a certificate or another program keeps: no reader here has the key.
        raise (Found("encrypted", "otherwise") if "encrypt" in str(error) else Found("unreadable")) from None
    with pdf:
        pages = len(pdf.pages)
        if pages == 0:
            raise Found("unreadable")
        if pages > max_pages:
            raise Found("too_many_pages", pages)
        _walk(pdf.Root)
        return {"pages": pages}


def _walk(root):
    """Visit all that can be reached from the root: each indirect thing once for each kind of place it stands in."""
    waiting, seen, weighed, total, visits = [(root, CATALOGUE)], set(), set(), 0, 0
    while waiting:
        thing, place = waiting.pop()
        visits += 1
        if visits > LARGEST_WALK:
            raise Found("too_heavy")
        if thing.is_indirect:
            if (thing.objgen, place) in seen:
                continue
            seen.add((thing.objgen, place))
        if isinstance(thing, pikepdf.Stream) and thing.objgen not in weighed:
            weighed.add(thing.objgen)
            total += _unfolded(thing, LARGEST_TOTAL - total)
        waiting.extend(_inside(thing, place))


def _inside(thing, place):
    """`[(value, place)]` of what a thing holds; a stream is never a list of names that an author chose."""
    if isinstance(thing, pikepdf.Array):
        return [(item, place) for item in thing if isinstance(item, pikepdf.Object)]
    if isinstance(thing, pikepdf.Stream):
        return _judged(thing, ORDINARY)
    return _judged(thing, place) if isinstance(thing, pikepdf.Dictionary) else []


def _judged(dictionary, place):
    """`[(value, place)]` of a dictionary that are to be visited, if nothing in it is forbidden where it stands."""
    if place not in (CHOSEN, RESOURCES, LOOKS):
        _judge_keys(dictionary, place)
    return [(value, _place_of(key, place)) for key, value in dictionary.items() if isinstance(value, pikepdf.Object)]


def _place_of(key, place):
    """Where the value of a key stands, by the place of its dictionary."""
    if place in (RESOURCES, LOOKS):
        return CHOSEN
    if place == CHOSEN:
        return ORDINARY
    if place == STRUCTURE and key not in OUT_OF_STRUCTURE:
        return LEADS_TO.get(key, STRUCTURE)
    return LEADS_TO.get(key, ORDINARY)


def _judge_keys(dictionary, place):
    kind = str(dictionary.get("/S", "")) if place != STRUCTURE else ""  # there it is the role of a piece of text
    if "/JS" in dictionary:
        if scripts.acts(dictionary["/JS"]):
            raise Found("script")
    elif kind == "/JavaScript":
        raise Found("script")
    if kind in FORBIDDEN_ACTIONS:
        raise Found(FORBIDDEN_ACTIONS[kind])
    if place == FORM and _holds(dictionary.get("/XFA")):
        raise Found("xfa")
    if place == CATALOGUE and not _is_harmless(dictionary.get("/OpenAction")):
        raise Found("action")
    if not _are_harmless(dictionary.get("/AA")):
        raise Found("action")
    _judge_contents(dictionary)


def _judge_contents(dictionary):
    """Refuse a file in the file, and what moves or sounds; a specification that names a file holds none."""
    if isinstance(dictionary.get("/EF"), pikepdf.Dictionary) and _holds(dictionary["/EF"]):
        raise Found("embedded")
    if _holds(dictionary.get("/RichMediaContent")):
        raise Found("media")
    if isinstance(dictionary, pikepdf.Stream):
        kind = FORBIDDEN_STREAMS.get(str(dictionary.get("/Type", "")))
    else:
        kind = "/Rect" in dictionary and FORBIDDEN_ANNOTATIONS.get(str(dictionary.get("/Subtype", "")))
    if kind:
        raise Found(kind)


def _holds(container):
    """True unless a container is missing or empty: programs that take something out leave its container behind."""
    if isinstance(container, pikepdf.Stream):
        return bool(container.read_raw_bytes().strip())
    if isinstance(container, pikepdf.Dictionary | pikepdf.Array):
        return len(container) > 0
    return container is not None


def _is_harmless(action):
    """True for "show this page first", which typesetting programs write into honest files, and for nothing else.

    An action that is a script or a launch is named by the walk with its own code, so it may pass here.
    """
    if not isinstance(action, pikepdf.Dictionary):
        return True
    kind = str(action.get("/S", ""))
    return kind in ("/JavaScript", *FORBIDDEN_ACTIONS) or (kind == "/GoTo" and "/Next" not in action)


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
