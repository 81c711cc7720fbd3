"""Judge XLSX, DOCX, ODS and ODT: no macro, no other file inside, nothing fetched from elsewhere. Runs in the sandbox.

Names and types are those of ECMA-376 (parts, relationships) and of OpenDocument 1.3 (package, scripts, xlink).
"""

import io
import re
import zipfile
import zlib
from xml.parsers import expat

from applications.dossier.confined import Found, packages
from applications.dossier.confined.archives import checked, contents

MAIN_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
}
MIMETYPES = {
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "odt": "application/vnd.oasis.opendocument.text",
}
# Parts by their name in lower case. Programs and add-ins leave data of their own as `.bin` in honest files (settings of
# the printer, properties): such a part is an object only where a relationship or its type says so.
MACROS = re.compile(
    r".*vbaproject.*|.*vbadata\.xml|(xl|word)/activex/.*|xl/(macrosheets|dialogsheets)/.*|(.*/)?(basic|scripts)/.*"
)
EMBEDDED = re.compile(r".*/embeddings/.*|.*oleobject.*|.*\.(exe|dll|zip|jar|js|vbs|bat|cmd|hta|lnk|scr|swf)|object \d+")
OBJECT_RELATIONS = {"oleobject", "package", "control", "activexcontrolbinary"}
MACRO_RELATIONS = {"vbaproject", "wordvbadata", "xlmacrosheet"}
EXTERNAL = re.compile(r"xl/externallinks/.*|xl/(connections\.xml|querytables/.*|model/.*)|.*/afchunk.*")
DTD = re.compile(rb"<!DOCTYPE|<!ENTITY|<\0!\0[DE]\0|\0<\0!\0[DE]")
FIELD = re.compile(rb"<w:instrText[^>]*>([^<]*)|w:instr=\"([^\"]*)\"")
FETCHING_FIELD = re.compile(rb"\b(DDE|DDEAUTO|INCLUDETEXT)\b", re.IGNORECASE)
FETCHING_FORMULA = re.compile(rb"<(?:\w+:)?f\b[^>]*>[^<]*WEBSERVICE\s*\(", re.IGNORECASE)
LARGEST_PARSED = 60_000_000
# What a chart draws: Word keeps its figures as a small workbook beside it.
CHART_TYPES = {
    "application/vnd.openxmlformats-officedocument.drawingml.chart+xml",
    "application/vnd.ms-office.chartex+xml",
}
WORKBOOK_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_WORKBOOKS = 50
XLINK = "http://www.w3.org/1999/xlink href"
TEXT_LINK = "urn:oasis:names:tc:opendocument:xmlns:text:1.0 a"
DRAWN_LINK = "urn:oasis:names:tc:opendocument:xmlns:drawing:1.0 a"
SCRIPT_SPACE = "urn:oasis:names:tc:opendocument:xmlns:script:1.0 "
DDE_SPACE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0 dde-source"


def facts(path, kind):
    """`{"parts": n}`, or `{"refused": code}`. `kind`: "xlsx", "docx", "ods", "odt"; a ZIP from the first byte."""
    try:
        with open(path, "rb") as file, zipfile.ZipFile(file) as archive:
            entries = checked(archive, file)
            if kind in MAIN_TYPES:
                _judge_open_xml(archive, entries, kind)
            else:
                _judge_open_document(archive, entries, kind)
            return {"parts": len(entries)}
    except Found as found:
        return found.verdict()
    except (
        zipfile.BadZipFile,
        zlib.error,
        expat.ExpatError,
        SyntaxError,
        EOFError,
        NotImplementedError,
        ValueError,
        KeyError,
    ):
        return {"refused": "unreadable"}


def _judge_names(entries):
    for entry in entries:
        name = entry.filename.lower()
        if MACROS.fullmatch(name):
            raise Found("macro")
        if EMBEDDED.fullmatch(name):
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


def _judge_open_xml(archive, entries, kind, *, is_inside=False):
    """Judge a package; `is_inside`: itself a part of another one, which holds no further."""
    declared, usual = _content_types(archive, entries)
    related = _relations(archive, entries)
    mains = [one.target for one in related.get("_rels/.rels", ()) if one.kind == "officedocument"]
    parts = {entry.filename.lower(): _type_of(entry.filename, declared, usual) for entry in entries if entry.file_size}
    workbooks = set() if is_inside else _workbooks_of_charts(related, parts)
    own = [entry for entry in entries if entry.filename.lower() not in workbooks]
    _judge_types({*declared.values(), *usual.values()})
    _judge_main(kind, mains, parts, declared)
    _judge_names(own)
    _judge_relations([one for found in related.values() for one in found if one.target not in workbooks], parts)
    for _name, data in _read(archive, own, lambda name: name.lower().endswith(".xml")):
        if kind == "docx":
            fields = b"".join(run or simple + b" " for run, simple in FIELD.findall(data))
            if FETCHING_FIELD.search(fields):
                raise Found("external")
        elif FETCHING_FORMULA.search(data):
            raise Found("external")
    for entry in entries:
        if entry.filename.lower() in workbooks:
            _judge_workbook(archive, entry)


def _workbooks_of_charts(related, parts):
    """Names of the workbooks that charts draw: the figures of a chart are no file that somebody put inside."""
    found = set()
    for name, relations in related.items():
        folder, _rels, part = name.removesuffix(".rels").rpartition("_rels/")
        if parts.get(folder + part) in CHART_TYPES:
            found |= {one.target for one in relations if one.kind == "package"}
    found = {name for name in found if parts.get(name) == WORKBOOK_TYPE}
    if len(found) > MOST_WORKBOOKS:
        raise Found("bomb")
    return found


def _judge_workbook(archive, entry):
    """The workbook of a chart is judged as if it had been sent by itself."""
    if entry.file_size > LARGEST_PARSED:
        raise Found("too_heavy")
    file = io.BytesIO(contents(archive, entry, True, is_file=True))
    with zipfile.ZipFile(file) as inside:
        try:
            _judge_open_xml(inside, checked(inside, file), "xlsx", is_inside=True)
        except Found as found:
            raise (Found("embedded") if found.code == "mismatch" else found) from None


def _content_types(archive, entries):
    """`packages.types`; a package without it is none of Office Open XML."""
    for _, data in _read(archive, entries, lambda name: name.lower() == "[content_types].xml", others=False):
        declared, usual = packages.types(data)
        for name, kind in (*declared.items(), *((f".{extension}", kind) for extension, kind in usual.items())):
            if kind.startswith("application/") and kind.endswith("xml") and not name.endswith((".xml", ".rels")):
                raise Found("names")  # a part that would be opened as XML, but is not read as such here
        if declared or usual:
            return declared, usual
    raise Found("mismatch", _open_document_kind(archive, entries))


def _relations(archive, entries):
    """`{name of a list: [Relation]}` of every part, in lower case."""
    lists = _read(archive, entries, lambda name: name.lower().endswith(".rels"), others=False)
    return {name.lower(): packages.relations(name, data) for name, data in lists}


def _type_of(name, declared, usual):
    return declared.get(name.lower()) or usual.get(name.lower().rpartition(".")[2], "")


def _judge_types(types):
    if any("macroenabled" in one.lower() or "vbaproject" in one.lower() for one in types):
        raise Found("macro")


def _judge_main(kind, mains, parts, declared):
    """The part that the package opens with is there, and is a workbook or a text as its name says."""
    found = {parts.get(name, "") for name in mains} or set(parts.values())
    if MAIN_TYPES[kind] in found:
        return
    promised = found | set(declared.values())
    if MAIN_TYPES[kind] in promised:
        raise Found("unreadable")
    raise Found("mismatch", next((other for other, main in MAIN_TYPES.items() if main in promised), "zip"))


def _judge_relations(related, parts):
    """A link that a reader clicks may lead out; a template, a picture or an object fetched on opening may not."""
    for one in related:
        if one.target is None and one.kind != "hyperlink":
            raise Found("external")
        if one.kind in MACRO_RELATIONS:
            raise Found("macro")
        if one.kind in OBJECT_RELATIONS and one.target in parts:
            raise Found("embedded")
    objects = {name for name, kind in parts.items() if "oleobject" in kind.lower() or "activex" in kind.lower()}
    if objects - {one.target for one in related}:
        raise Found("embedded")


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
