"""Judge XLSX, DOCX, ODS and ODT: no macro, no other file inside, nothing fetched from elsewhere. Runs in the sandbox.

Names and types are those of ECMA-376 (parts, relationships) and of OpenDocument 1.3 (package, scripts, xlink).
"""

import re
import zipfile
import zlib
from xml.parsers import expat

from applications.dossier.confined import Found
from applications.dossier.confined.archives import checked, contents

MAIN_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
}
MIMETYPES = {
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "odt": "application/vnd.oasis.opendocument.text",
}
# Parts by their name in lower case. Excel writes the settings of the printer as `.bin` into honest files.
PRINTER = re.compile(r"(xl|word)/printersettings/[^/]+\.bin")
MACROS = re.compile(
    r".*vbaproject.*|.*vbadata\.xml|(xl|word)/activex/.*|xl/(macrosheets|dialogsheets)/.*|(.*/)?(basic|scripts)/.*"
)
EMBEDDED = re.compile(
    r".*/embeddings/.*|.*oleobject.*|.*\.(bin|exe|dll|zip|jar|js|vbs|bat|cmd|hta|lnk|scr|swf)|object \d+"
)
EXTERNAL = re.compile(r"xl/externallinks/.*|xl/(connections\.xml|querytables/.*|model/.*)|.*/afchunk.*")
DTD = re.compile(rb"<!DOCTYPE|<!ENTITY|<\0!\0[DE]\0|\0<\0!\0[DE]")
FIELD = re.compile(rb"<w:instrText[^>]*>([^<]*)|w:instr=\"([^\"]*)\"")
FETCHING_FIELD = re.compile(rb"\b(DDE|DDEAUTO|INCLUDETEXT)\b", re.IGNORECASE)
FETCHING_FORMULA = re.compile(rb"<(?:\w+:)?f\b[^>]*>[^<]*WEBSERVICE\s*\(", re.IGNORECASE)
LARGEST_PARSED = 60_000_000
XLINK = "http://www.w3.org/1999/xlink href"
TEXT_LINK = "urn:oasis:names:tc:opendocument:xmlns:text:1.0 a"
DRAWN_LINK = "urn:oasis:names:tc:opendocument:xmlns:drawing:1.0 a"
SCRIPT_SPACE = "urn:oasis:names:tc:opendocument:xmlns:script:1.0 "
DDE_SPACE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0 dde-source"


def facts(path, kind):
    """`{"parts": n}`, or `{"refused": code}`. `kind`: "xlsx", "docx", "ods", "odt"; a ZIP from the first byte."""
    try:
        with zipfile.ZipFile(path) as archive:
            entries = checked(archive, path)
            if kind in MAIN_TYPES:
                _judge_open_xml(archive, entries, kind)
            else:
                _judge_open_document(archive, entries, kind)
            return {"parts": len(entries)}
    except Found as found:
        return found.verdict()
    except (zipfile.BadZipFile, zlib.error, expat.ExpatError, EOFError, NotImplementedError, ValueError, KeyError):
        return {"refused": "unreadable"}


def _judge_names(entries):
    for entry in entries:
        name = entry.filename.lower()
        if MACROS.fullmatch(name):
            raise Found("macro")
        if EMBEDDED.fullmatch(name) and not PRINTER.fullmatch(name):
            raise Found("embedded")
        if EXTERNAL.fullmatch(name):
            raise Found("external")


def _read(archive, entries, keep, others=True):
    """Read every entry, bounded; yield (name, bytes) of those that `keep(name)` wants. No part may declare entities.

    `others`: read also what is not wanted, to see that it is what its header says.
    """
    for entry in entries:
        name = entry.filename
        wanted = keep(name)
        if not (wanted or others):
            continue
        if wanted and entry.file_size > LARGEST_PARSED:
            raise Found("too_heavy")
        data = contents(archive, entry, wanted)
        if data:  # LibreOffice writes parts that are empty
            if DTD.search(data):
                raise Found("entities")
            yield name, data


def _parse(data, start):
    """Run expat over a part: `start(tag, attributes)`; tags and attributes as "namespace name", memory constant."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = start
    parser.Parse(data, True)


# Office Open XML --------------------------------------------------------------------------------------------------


def _judge_open_xml(archive, entries, kind):
    _judge_types(*_content_types(archive, entries), kind)
    _judge_names(entries)
    for name, data in _read(archive, entries, lambda name: name.lower().endswith((".xml", ".rels"))):
        if name.lower().endswith(".rels"):
            _parse(data, _judge_relationship)
        elif kind == "docx":
            fields = b"".join(run or simple + b" " for run, simple in FIELD.findall(data))
            if FETCHING_FIELD.search(fields):
                raise Found("external")
        elif FETCHING_FORMULA.search(data):
            raise Found("external")


def _judge_types(declared, parts, kind):
    if any("macroenabled" in one.lower() or "vbaproject" in one.lower() for one in declared):
        raise Found("macro")
    if MAIN_TYPES[kind] not in declared:
        raise Found("mismatch", next((other for other, main in MAIN_TYPES.items() if main in declared), "zip"))
    if MAIN_TYPES[kind] not in parts:
        raise Found("unreadable")  # a workbook or a text is promised, and is not there


def _content_types(archive, entries):
    """(types that the package declares for its parts, types of the parts that are there and not empty), as sets.

    A part has the type of its own declaration, or else the default of its extension (ECMA-376-2, 10.1.2.2).
    """
    named, usual = {}, {}

    def keep(_, declared):
        name, kind = declared.get("PartName", ""), declared.get("ContentType", "")
        if name and kind.endswith("xml") and not name.lower().endswith((".xml", ".rels")):
            raise Found("names")  # a part that would be opened as XML, but is not read as such here
        if name:
            named[name.lower().removeprefix("/")] = kind
        elif extension := declared.get("Extension", ""):
            usual[extension.lower()] = kind

    for _, data in _read(archive, entries, lambda name: name == "[Content_Types].xml", others=False):
        _parse(data, keep)
    if not named and not usual:
        raise Found("mismatch", _open_document_kind(archive, entries))
    parts = {
        named.get(name := entry.filename.lower()) or usual.get(name.rpartition(".")[2], "")
        for entry in entries
        if entry.file_size
    }
    return parts | set(named.values()), parts


def _judge_relationship(tag, attributes):
    """A link that a reader clicks may lead out; a template, a picture or an object fetched on opening may not."""
    if attributes.get("TargetMode", "").lower() == "external" and not attributes.get("Type", "").endswith("/hyperlink"):
        raise Found("external")


# OpenDocument -----------------------------------------------------------------------------------------------------


def _judge_open_document(archive, entries, kind):
    if (true_kind := _open_document_kind(archive, entries)) != kind:
        raise Found("mismatch", true_kind)
    if not {"content.xml", "META-INF/manifest.xml"} <= {entry.filename for entry in entries if entry.file_size}:
        raise Found("unreadable")
    _judge_names(entries)
    for name, data in _read(archive, entries, lambda name: name.endswith(".xml")):
        _parse(data, _judge_manifest if name == "META-INF/manifest.xml" else _judge_element)


def _open_document_kind(archive, entries):
    """The kind that the first entry declares, stored so that its words stand in the first bytes; else "zip"."""
    first = entries[0]
    if first.filename != "mimetype" or first.compress_type != zipfile.ZIP_STORED or first.file_size > 100:
        return "zip"
    declared = archive.read(first)
    return next((kind for kind, words in MIMETYPES.items() if declared == words.encode()), "zip")


def _judge_manifest(tag, attributes):
    if tag.endswith(" encryption-data"):
        raise Found("encrypted")


def _judge_element(tag, attributes):
    target = attributes.get(XLINK, "")
    if tag.startswith(SCRIPT_SPACE) or target.startswith("vnd.sun.star.script:"):
        raise Found("macro")
    if tag == DDE_SPACE:
        raise Found("external")
    if tag in (TEXT_LINK, DRAWN_LINK) or tag.endswith((" template", " auto-reload")):
        return
    if re.match(r"[A-Za-z][A-Za-z0-9+.-]*:|/|\.\.", target):
        raise Found("external")
