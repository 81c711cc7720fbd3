"""Office documents, honest and hostile, as ZIP packages of the fewest parts that make one."""

import io
import struct
import zipfile

CONTENT_TYPES = "[Content_Types].xml"
OPEN_XML = "application/vnd.openxmlformats-officedocument"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT = "http://purl.oclc.org/ooxml/officeDocument/relationships"
OPEN_DOCUMENT = "urn:oasis:names:tc:opendocument:xmlns"
MANIFEST = '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'


def package(parts, compression=zipfile.ZIP_DEFLATED):
    """A ZIP of {name: text or bytes}, in that order; the part `mimetype` is stored."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        for name, data in parts.items():
            archive.writestr(name, data, zipfile.ZIP_STORED if name == "mimetype" else compression)
    return out.getvalue()


def xlsx(**more):
    """A workbook of one sheet; keywords of `more` are not names of parts, so parts come as `parts={…}`."""
    return package(xlsx_parts() | more.get("parts", {}))


def hidden_main():
    """A letter whose text stands in a part that is not called XML, where a search of the `.xml` parts misses it."""
    return package(
        {name.replace("t.xml", "t.dat"): data.replace("t.xml", "t.dat") for name, data in docx_parts().items()}
    )


def xlsx_parts(main="spreadsheetml.sheet.main+xml"):
    return {
        CONTENT_TYPES: '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="bin" ContentType="application/octet-stream"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{OPEN_XML}.{main}"/></Types>',
        "_rels/.rels": relations("officeDocument", "xl/workbook.xml"),
        "xl/workbook.xml": "<workbook/>",
        "xl/worksheets/sheet1.xml": "<worksheet><sheetData><row><c><f>SUM(A1:A9)</f></c></row></sheetData></worksheet>",
    }


def without(parts, name):
    """The parts of a package but one, which it still promises."""
    return {other: data for other, data in parts.items() if other != name}


def default_main():
    """A workbook as the Open XML SDK writes it: its type is the default of the extension `xml`."""
    types = (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        f'<Default Extension="xml" ContentType="{OPEN_XML}.spreadsheetml.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{OPEN_XML}.spreadsheetml.worksheet+xml"/></Types>'
    )
    return package(xlsx_parts() | {CONTENT_TYPES: types})


def elsewhere():
    """A workbook whose parts stand where its relationships say, and nowhere else."""
    parts = {
        name.replace("xl/workbook.xml", "Livre.xml").replace("xl/worksheets/sheet1.xml", "Feuilles/F1.xml"): data
        for name, data in xlsx_parts().items()
    }
    parts[CONTENT_TYPES] = parts[CONTENT_TYPES].replace("/xl/workbook.xml", "/livre.xml")
    parts["Livre.xml"] = f'<workbook xmlns:r="{RELATIONS}"><sheets><sheet name="Budget" r:id="r1"/></sheets></workbook>'
    parts["_rels/Livre.xml.rels"] = relations("worksheet", "/Feuilles/F1.xml")
    parts["_rels/.rels"] = relations("officeDocument", "/Livre.xml")
    return package(parts)


def strict_letter():
    """A letter in the strict edition of the standard, whose relationships have other types."""
    strict = relations("officeDocument", "word/document.xml").replace(RELATIONS, STRICT)
    return docx({"_rels/.rels": strict})


def with_svg():
    """Content types of a letter in which a drawing stands."""
    svg = '<Default Extension="svg" ContentType="image/svg+xml"/></Types>'
    return docx_parts()[CONTENT_TYPES].replace("</Types>", svg)


def with_comment(data, comment):
    """An archive with a comment after its directory."""
    out = io.BytesIO(data)
    with zipfile.ZipFile(out, "a") as archive:
        archive.comment = comment
    return out.getvalue()


def as_large(data):
    """An archive with the records at its end that one of more than four gigabytes needs."""
    length, directory = struct.unpack("<LL", data[-10:-2])
    count = struct.unpack("<H", data[-12:-10])[0]
    record = b"PK\x06\x06" + struct.pack("<QHHLLQQQQ", 44, 45, 45, 0, 0, count, count, length, directory)
    locator = b"PK\x06\x07" + struct.pack("<LQL", 0, directory + length, 1)
    return data[:-22] + record + locator + data[-22:-10] + b"\xff" * 8 + b"\0\0"


def docx(parts=None, text="Budget"):
    return package(docx_parts(text) | (parts or {}))


def docx_parts(text="Budget"):
    return {
        CONTENT_TYPES: '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Override PartName="/word/document.xml" '
        f'ContentType="{OPEN_XML}.wordprocessingml.document.main+xml"/></Types>',
        "_rels/.rels": relations("officeDocument", "word/document.xml"),
        "word/document.xml": f'<w:document xmlns:w="w"><w:body><w:t>{text}</w:t></w:body></w:document>',
    }


def relations(kind, target, mode="Internal"):
    return (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="r1" Type="{RELATIONS}/{kind}" Target="{target}" TargetMode="{mode}"/></Relationships>'
    )


def with_chart(workbook=None, *, drawn=True):
    """A letter with a chart, whose figures Word keeps as a workbook; `drawn`: the chart says that they are its own."""
    types = docx_parts()[CONTENT_TYPES].replace(
        "</Types>",
        f'<Default Extension="xlsx" ContentType="{OPEN_XML}.spreadsheetml.sheet"/>'
        f'<Override PartName="/word/charts/chart1.xml" ContentType="{OPEN_XML}.drawingml.chart+xml"/></Types>',
    )
    owner = "word/charts/_rels/chart1.xml.rels" if drawn else "word/_rels/document.xml.rels"
    target = "/word/embeddings/Microsoft_Excel_Worksheet.xlsx"
    return docx(
        {
            CONTENT_TYPES: types,
            "word/charts/chart1.xml": "<c:chartSpace xmlns:c='c'/>",
            owner: relations("package", target),
            target[1:]: xlsx() if workbook is None else workbook,
        }
    )


def ods(parts=None, body="", kind="spreadsheet"):
    spaces = " ".join(f'xmlns:{name}="{OPEN_DOCUMENT}:{name}:1.0"' for name in ("office", "table", "text", "script"))
    return package(
        {
            "mimetype": f"application/vnd.oasis.opendocument.{kind}",
            "content.xml": f'<office:document-content {spaces} xmlns:xlink="http://www.w3.org/1999/xlink">'
            f"<office:scripts/><office:body>{body}</office:body></office:document-content>",
            "META-INF/manifest.xml": MANIFEST,
        }
        | (parts or {})
    )


def odt(**more):
    return ods(kind="text", **more)


def zeros(count):
    return lambda: xlsx(parts={"xl/media/image1.png": bytes(count)})


def many_entries():
    return xlsx(parts={f"xl/media/{number}.xml": "" for number in range(5000)})


def lying_size():
    """A part of ten million bytes whose two headers promise ten."""
    real = xlsx(parts={"xl/media/image1.png": bytes(10_000_000)})
    return real.replace(struct.pack("<L", 10_000_000), struct.pack("<L", 10))


def overlapping():
    """Entries of the directory that all share the bytes of one part: small on disk, huge once unpacked."""
    data = bytearray(xlsx(parts={f"xl/media/{number}.png": bytes(90_000) for number in range(10, 60)}))
    first, place = None, data.find(b"PK\x01\x02")
    while place >= 0:
        if data[place + 46 : place + 54] == b"xl/media":
            first = first or bytes(data[place + 42 : place + 46])
            data[place + 42 : place + 46] = first
        place = data.find(b"PK\x01\x02", place + 46)
    return bytes(data)


def with_flag(data, flag):
    """The same ZIP with a flag set in every header, as encryption sets it."""
    data = bytearray(data)
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = data.find(mark)
        while start >= 0:
            data[start + place] |= flag
            start = data.find(mark, start + 4)
    return bytes(data)


def laughs():
    """Entities that multiply: ten lines that would become a gigabyte."""
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    return xlsx(parts={"xl/styles.xml": f'<!DOCTYPE s [<!ENTITY l0 "lol">{entities}]><s>&l9;</s>'})
