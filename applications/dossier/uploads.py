"""Which files are let in: an allow-list by content, never by the name or by what the browser says it is.

`look` judges what costs nothing while a request waits: name, size, first bytes. `inspect` reads a file as a stranger's,
outside the threads of requests (`judging`): its inside in the sandbox (`confined`), then by an antivirus where there is
one. Each either gives what the portal keeps or refuses with a sentence that says what is
wrong and what to do. Nothing is ever repaired: the file that is kept is byte for byte the one that was sent.
"""

import hashlib
import logging
import os
import re
import unicodedata
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from applications.dossier.antivirus import is_clean
from applications.dossier.confined import PDF_HEAD
from hdh_portal.ground import metrics
from hdh_portal.ground.french import ngettext, number, size, spaces
from hdh_portal.records.exceptions import Refused
from hdh_portal.records.sandbox import MEBIBYTE, SandboxFailed, limited

logger = logging.getLogger(__name__)

SECONDS, PATIENCE = 9, 30  # of processor, and of wall clock on a machine that has other things to do
MEMORY_BYTES = 340 * MEBIBYTE  # of address space; what is really used stays below 300 MB (tested)
MOST_REMEMBERED = 500
LARGEST_SIDE = 12_000
MOST_PIXELS = 40_000_000
MOST_PAGES = 60  # of a PDF
LONGEST_NAME = 120
LONGEST_NAME_BYTES = 240


@dataclass(frozen=True)
class Format:
    """One accepted format: its word for people, its media type, its extensions (the first is the usual one)."""

    label: str
    media_type: str
    extensions: tuple
    start: bytes
    reader: str


ZIP_START, OFFICE = b"PK\x03\x04", "applications.dossier.confined.office.facts"
OPEN_XML, OPEN_DOCUMENT = "application/vnd.openxmlformats-officedocument.", "application/vnd.oasis.opendocument."
IMAGE = "applications.dossier.confined.images.facts"
FORMATS = {
    "pdf": Format("PDF", "application/pdf", (".pdf",), b"%PDF-", "applications.dossier.confined.pdf.facts"),
    "xlsx": Format("XLSX", f"{OPEN_XML}spreadsheetml.sheet", (".xlsx",), ZIP_START, OFFICE),
    "ods": Format("ODS", f"{OPEN_DOCUMENT}spreadsheet", (".ods",), ZIP_START, OFFICE),
    "docx": Format("DOCX", f"{OPEN_XML}wordprocessingml.document", (".docx",), ZIP_START, OFFICE),
    "odt": Format("ODT", f"{OPEN_DOCUMENT}text", (".odt",), ZIP_START, OFFICE),
    "png": Format("PNG", "image/png", (".png",), b"\x89PNG\r\n\x1a\n", IMAGE),
    "jpeg": Format("JPEG", "image/jpeg", (".jpg", ".jpeg"), b"\xff\xd8\xff", IMAGE),
}

# What a file is whose content is not that of its name, by its first bytes.
SIGNATURES = (
    (re.compile(rb"MZ|\x7fELF|\xcf\xfa\xed\xfe|#!"), _("d'un programme")),
    (re.compile(rb"%PDF-"), _("d'un document PDF")),
    (re.compile(rb"PK\x03\x04|PK\x05\x06"), _("d'une archive ZIP ou d'un document bureautique")),
    (re.compile(rb"Rar!|7z\xbc\xaf|\x1f\x8b"), _("d'une archive compressée")),
    (re.compile(rb"\x89PNG"), _("d'une image PNG")),
    (re.compile(rb"\xff\xd8\xff"), _("d'une image JPEG")),
    (re.compile(rb"GIF8|RIFF....WEBP|II\*\0|MM\0\*|....ftyp", re.DOTALL), _("d'une image d'un autre format")),
    (re.compile(rb"\xd0\xcf\x11\xe0"), _("d'un document d'un ancien format (DOC, XLS, PPT)")),
    (re.compile(rb"\{\\rt"), _("d'un document RTF")),
    (re.compile(rb"(\xef\xbb\xbf)?\s*(<\?xml.*?)?<svg", re.DOTALL | re.IGNORECASE), _("d'un dessin SVG")),
    (re.compile(rb"(\xef\xbb\xbf)?\s*<(!doctype html|html|head|body|script)", re.IGNORECASE), _("d'une page web")),
)
CONTENTS = {
    "zip": _("d'une archive ZIP"),
    "xlsx": _("d'un classeur XLSX"),
    "docx": _("d'un document DOCX"),
    "ods": _("d'un classeur ODS"),
    "odt": _("d'un document ODT"),
    "other": _("d'un autre format"),
}

SENTENCES = {
    "empty": _("Ce fichier est vide. Ouvrez-le sur votre ordinateur pour le vérifier, puis ajoutez-le de nouveau."),
    "too_big": _("Ce fichier pèse %(size)s. La limite est de %(limit)s : réduisez-le, puis ajoutez-le de nouveau."),
    "no_format": _("Le nom de ce fichier ne dit pas son format. Ajoutez un fichier %(formats)s."),
    "format": _("Le format « %(extension)s » n'est pas accepté ici. Ajoutez un fichier %(formats)s."),
    "mismatch": _(
        "Le nom de ce fichier finit par « %(extension)s », mais son contenu est celui %(content)s. "
        "Enregistrez votre document au format %(format)s, puis ajoutez-le de nouveau."
    ),
    "polyglot": _(
        "Ce fichier contient autre chose avant ou après son contenu %(format)s. "
        "Enregistrez-le de nouveau au format %(format)s depuis votre logiciel, puis ajoutez-le."
    ),
    "unreadable": _(
        "Ce fichier %(format)s est incomplet ou abîmé : il n'a pas pu être lu jusqu'au bout. "
        "Ouvrez-le sur votre ordinateur, enregistrez-le de nouveau, puis ajoutez-le."
    ),
    "encrypted": _(
        "Ce fichier %(format)s est protégé par un mot de passe ou par des droits restreints. "
        "Enregistrez-le sans protection, puis ajoutez-le de nouveau."
    ),
    "encrypted_pdf": _(
        "Ce PDF est protégé par un mot de passe. Enregistrez-le sans protection, puis ajoutez-le de nouveau."
    ),
    "script": _("Ce PDF contient un programme (JavaScript). Imprimez-le vers un nouveau PDF, puis ajoutez ce dernier."),
    "action": _(
        "Ce PDF lance une action à l'ouverture ou vers un autre fichier. "
        "Imprimez-le vers un nouveau PDF, puis ajoutez ce dernier."
    ),
    "embedded": _(
        "Ce fichier en contient un autre (pièce jointe ou objet incorporé). "
        "Retirez-le, ou enregistrez le tout comme un PDF simple, puis ajoutez-le de nouveau."
    ),
    "xfa": _("Ce PDF est un formulaire dynamique (XFA). Imprimez-le vers un nouveau PDF, puis ajoutez ce dernier."),
    "media": _("Ce PDF contient un son, une vidéo ou un objet en 3D. Retirez-le, puis ajoutez le PDF de nouveau."),
    "too_many_pages": _(
        "Ce PDF a %(pages)s. La limite est de %(limit)s : raccourcissez-le, puis ajoutez-le de nouveau."
    ),
    "macro": _(
        "Ce document contient des macros. Enregistrez-le sans macros au format %(format)s, puis ajoutez-le de nouveau."
    ),
    "external": _(
        "Ce document va chercher un modèle, une image ou des données hors de lui-même. "
        "Rompez ces liens, ou enregistrez-le comme un PDF, puis ajoutez-le de nouveau."
    ),
    "entities": _(
        "Ce document contient des définitions XML qui ne sont pas acceptées. "
        "Enregistrez-le de nouveau depuis votre logiciel, puis ajoutez-le."
    ),
    "names": _(
        "Ce document contient des noms de fichiers qui ne sont pas acceptés. "
        "Enregistrez-le de nouveau au format %(format)s depuis votre logiciel, puis ajoutez-le."
    ),
    "bomb": _(
        "Ce fichier devient démesuré quand on le décompresse. "
        "Enregistrez-le de nouveau au format %(format)s depuis votre logiciel, puis ajoutez-le."
    ),
    "too_heavy": _(
        "Ce fichier demande trop de mémoire ou de temps pour être lu. Simplifiez-le ou partagez-le en plusieurs, "
        "puis ajoutez-le de nouveau."
    ),
    "infected": _(
        "L'antivirus a trouvé un programme malveillant dans ce fichier. "
        "Vérifiez votre ordinateur, refaites le document, puis ajoutez-le de nouveau."
    ),
    "dimensions": _(
        "Cette image est trop grande. La limite est de %(side)s points de côté et de %(pixels)s millions de points : "
        "réduisez-la, puis ajoutez-la de nouveau."
    ),
}


@dataclass(frozen=True)
class Inspected:
    """What is known of an accepted file. `format`: key of `FORMATS`; `size`: bytes; `pages`: of a PDF, else None."""

    format: str
    media_type: str
    extension: str
    size: int
    pages: int | None
    clean_name: str


def look(file, name, *, formats, max_bytes):
    """Judge the edges of a file that somebody sent, a binary file; returns its clean name or raises `Refused`.

    `name`: what the sender called it. `formats`: accepted keys of `FORMATS`. `max_bytes`: a file of exactly that size
    is accepted. The file is left at its beginning.
    """
    shown = clean_name(name)
    kind = _format_of(shown, formats)
    length = file.seek(0, os.SEEK_END)
    file.seek(0)
    if length == 0:
        raise _refusal("empty")
    if length > max_bytes:
        raise _too_big(length, max_bytes)
    _judge_start(file, kind, shown)
    file.seek(0)
    return shown


@metrics.verdicts
def inspect(path, shown, *, max_pages=MOST_PAGES):
    """Judge the inside of a file whose edges were judged; returns `Inspected`, or raises `Refused`.

    `shown`: its clean name. `max_pages`: of a PDF. Raises `antivirus.Unscanned` where the antivirus gives no answer.
    """
    kind = _format_of(shown, FORMATS)
    facts = _facts(path, kind, max_pages)
    if "refused" in facts:
        raise _verdict(facts, kind, shown, max_pages)
    if not is_clean(path):
        raise _refusal("infected")
    extension = os.path.splitext(shown)[1]
    return Inspected(kind, FORMATS[kind].media_type, extension, os.path.getsize(path), facts.get("pages"), shown)


def accepted(formats):
    """The labels of some formats for people: « PDF, XLSX ou ODS »."""
    labels = [FORMATS[key].label for key in formats]
    return labels[0] if len(labels) == 1 else f"{', '.join(labels[:-1])} {_('ou')} {labels[-1]}"


def said_before(formats, max_bytes):
    """`{name: sentence}` that the page shows when a file is chosen: those of `look`, with `{size}` and `{extension}`
    for what only the browser knows then."""
    too_big = {"limit": size(max_bytes), "size": "{size}"}
    return {
        "empty": _refusal("empty").sentence,
        "too_big": _refusal("too_big", **too_big).sentence,
        "too_big_by_little": _refusal("too_big", **too_big | {"limit": _octets(max_bytes)}).sentence,
        "octets": _octets(2).replace("2", "{count}"),
        "format": _refusal("format", extension="{extension}", formats=accepted(formats)).sentence,
        "no_format": _refusal("no_format", formats=accepted(formats)).sentence,
    }


def extensions(formats):
    """The extensions of some formats, for the `accept` attribute of a file field: « .pdf,.jpg,.jpeg »."""
    return ",".join(extension for key in formats for extension in FORMATS[key].extensions)


# Inside a file ----------------------------------------------------------------------------------------------------


def _judge_start(file, kind, shown):
    """The first bytes must be those of the format; a PDF that begins after something else is two things at once."""
    start = file.read(2048)
    if start.startswith(FORMATS[kind].start) or (kind == "pdf" and PDF_HEAD.match(start)):
        return
    if kind == "pdf" and b"%PDF-" in start[:1024]:
        raise _refusal("polyglot", format="PDF")
    # A protected Office document is wrapped in an old compound file that names its `EncryptedPackage`.
    is_wrapped = FORMATS[kind].reader == OFFICE and start.startswith(b"\xd0\xcf\x11\xe0")
    if is_wrapped and "EncryptedPackage".encode("utf-16-le") in start + file.read():
        raise _refusal("encrypted", format=FORMATS[kind].label)
    content = next((words for pattern, words in SIGNATURES if pattern.match(start)), CONTENTS["other"])
    raise _mismatch(kind, shown, content)


_sound = {}


def _facts(path, kind, max_pages):
    """What is known of the content. A file found sound is known again by its SHA-256: a form that many send is read
    once. A refusal is never remembered, for it may come from a busy machine."""
    with open(path, "rb") as file:
        key = (hashlib.file_digest(file, "sha256").hexdigest(), kind, max_pages)
    facts = _sound.get(key) or _read(path, kind, max_pages)
    if "refused" not in facts and len(_sound) < MOST_REMEMBERED:
        _sound[key] = facts
    return facts


def _read(path, kind, max_pages):
    """What the reader says in the sandbox; that a reader dies or gives up is an answer too, and is logged."""
    reader = FORMATS[kind].reader
    arguments = {IMAGE: (kind, LARGEST_SIDE, MOST_PIXELS), OFFICE: (kind,)}.get(reader, (max_pages,))
    try:
        bounds = {"seconds": SECONDS, "patience": PATIENCE, "memory_bytes": MEMORY_BYTES}
        return limited(reader, str(path), *arguments, reads=[path], **bounds)
    except SandboxFailed as failure:
        if "ModuleNotFoundError" in failure.detail:  # our installation is broken, not the file
            raise
        logger.warning("A file of format %s was not read: %s", kind, failure)
        return {"refused": "unreadable" if failure.reason == "error" else "too_heavy"}


# Words ------------------------------------------------------------------------------------------------------------


def _refusal(code, **details):
    """`Refused` with our sentence; what comes from the sender is put in after the spaces are set, and never touched."""
    by_password = code == "encrypted" and details.get("format") == "PDF" and not details.get("detail")
    sentence = SENTENCES["encrypted_pdf" if by_password else code]
    return Refused(spaces(str(sentence)) % details, code=code)


def _too_big(length, limit):
    """Both sizes in the same words, to the byte where rounding would make them equal."""
    if size(length) != size(limit):
        return _refusal("too_big", size=size(length), limit=size(limit))
    return _refusal("too_big", size=_octets(length), limit=_octets(limit))


def _octets(count):
    return ngettext("%(count)s\u00a0octet", "%(count)s\u00a0octets", count)


def _pages(count):
    return ngettext("%(count)s\u00a0page", "%(count)s\u00a0pages", count)


def _mismatch(kind, shown, content):
    extension = os.path.splitext(shown)[1]
    return _refusal("mismatch", extension=extension, content=spaces(str(content)), format=FORMATS[kind].label)


def _verdict(facts, kind, shown, max_pages):
    code, detail = facts["refused"], facts.get("detail")
    if code == "mismatch":
        return _mismatch(kind, shown, CONTENTS[detail])
    return _refusal(
        code,
        detail=detail,
        format=FORMATS[kind].label,
        pages=_pages(detail) if code == "too_many_pages" else "",
        limit=_pages(max_pages),
        side=number(LARGEST_SIDE),
        pixels=number(MOST_PIXELS // 1_000_000),
    )


# Names ------------------------------------------------------------------------------------------------------------

# A dot before one of these would let a name read as a program: « facture.exe.pdf ».
PROGRAMS = re.compile(
    r"\.(?=(?:app|bat|cmd|com|cpl|exe|hta|jar|js|lnk|msi|pif|ps1|scr|sh|vbs|wsf)(?:\.|$))", re.IGNORECASE
)
DEVICES = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.|$)", re.IGNORECASE)


def clean_name(name):
    """The name of a file as its person gave it: one line, one folder, every character visible.

    The last component, NFC, without control, direction and format characters (a right-to-left override makes
    « fdp.exe » read « exe.pdf »), at most 120 characters and 240 bytes, its last extension kept in lower case.
    Applied twice it changes nothing.
    """
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    visible = "".join(
        character for character in last if unicodedata.category(character)[0] != "C" or character in "\t\n\r"
    )
    one_line = " ".join(unicodedata.normalize("NFC", visible).split())
    text = one_line.rstrip(" .")
    stem, dot, extension = text.rpartition(".")
    if not dot or not re.fullmatch(r"[A-Za-z0-9]{1,8}", extension):
        stem, extension = text, ""
    ending = f".{extension.lower()}" if extension else ""
    return _shortened(_harmless(stem), ending)


def _harmless(stem):
    stem = PROGRAMS.sub("_", stem.strip(" ."))
    return f"_{stem}" if DEVICES.match(stem) else stem or "document"


def _shortened(stem, ending):
    """Cut the stem at its end, never inside a character, so that the whole name fits everywhere."""
    stem = stem[: LONGEST_NAME - len(ending)]
    stem = stem.encode()[: LONGEST_NAME_BYTES - len(ending)].decode(errors="ignore")
    return stem.rstrip(" .") + ending


def _format_of(shown, formats):
    """The accepted format whose extension the name has; the content is compared with it afterwards."""
    extension = os.path.splitext(shown)[1]
    for key in formats:
        if extension in FORMATS[key].extensions:
            return key
    if not extension:
        raise _refusal("no_format", formats=accepted(formats))
    raise _refusal("format", extension=extension, formats=accepted(formats))
