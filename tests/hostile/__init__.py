"""Files as strangers send them, honest and hostile, each built in code: no binary is kept in the project.

`HONEST` and `HOSTILE` are the corpus: rows of a name, a builder and, for the hostile, the code of the refusal that the
file must meet. Builders take nothing and return bytes.
"""

import zipfile

import pikepdf

from tests.hostile.images import giant_jpeg, giant_png, picture
from tests.hostile.office import (
    MANIFEST,
    as_large,
    default_main,
    docx,
    docx_parts,
    elsewhere,
    hidden_main,
    laughs,
    lying_size,
    many_entries,
    ods,
    odt,
    overlapping,
    package,
    relations,
    strict_letter,
    with_chart,
    with_comment,
    with_flag,
    with_svg,
    without,
    xlsx,
    xlsx_parts,
    zeros,
)
from tests.hostile.pdf import (
    AS_IS,
    action_on_a_page,
    attachment,
    circle,
    dynamic_form,
    emptied_file,
    empty_trees,
    film,
    form_that,
    inflating,
    inflating_often,
    inflating_twice,
    kept_by_a_certificate,
    link_that,
    locked,
    named,
    names_that_authors_chose,
    object_bomb,
    open_action,
    pdf,
    script_behind_a_circle,
    script_by_name,
    script_by_reference,
    script_in_a_page,
    script_under_a_chosen_name,
    tagged_form,
    tree_of_scripts,
    without_end,
)

LOCKED_MANIFEST = MANIFEST.replace("/>", "><m:encryption-data xmlns:m='m'/></manifest:manifest>")
TEMPLATE = relations("attachedTemplate", "http://example.org/t.dotm", "External")
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!DOCTYPE html><title>x</title><script>alert(1)</script>"
PROGRAM = b"MZ\x90\0" + bytes(400)
COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
ENCRYPTED_OFFICE = COMPOUND + "EncryptedPackage".encode("utf-16-le") + bytes(200)
EVENT = '<script:event-listener xlink:href="vnd.sun.star.script:Standard.M.main?language=Basic"/>'
SOURCE = '<table:table-source xlink:href="file:///etc/passwd"/>'
WEB_LINK = '<text:a xlink:href="https://example.org/">page</text:a>'
FIELD = "</w:t><w:instrText>DD</w:instrText><w:instrText>EAUTO c:\\\\cmd.exe</w:instrText><w:t>"

SUM = """// total d'une ligne
var jours = this.getField("jours").value; /* en jours */
if (jours != "" && !isNaN(jours)) { event.value = Math.round(jours * 450 / 12 * 100) / 100; } else event.value = "";
AFSimple_Calculate("SUM", new Array("jours", "total"));"""
FORMAT = 'AFNumber_Format(2, 2, 0, 0, " €", false);'

ADD_IN = {
    "xl/worksheets/_rels/sheet1.xml.rels": relations("customProperty", "../customProperty1.bin"),
    "xl/customProperty1.bin": b"x\0y\0",
    "xl/webextensions/taskpanes.xml": "<wetp:taskpanes xmlns:wetp='w'/>",
    "customXml/item1.xml": "<a/>",
}
SERVICE = {"xl/worksheets/sheet2.xml": "<s><f>WEBSERVICE(A1)</f></s>"}
OBJECT = {
    "xl/worksheets/_rels/sheet1.xml.rels": relations("oleObject", "../data/one.bin"),
    "xl/data/one.bin": b"unlike a compound file",
}

HONEST = (
    ("annexe.pdf", pdf),
    ("ANNEXE.PDF", pdf),
    ("typeset.pdf", lambda: pdf(open_action(S=pikepdf.Name.GoTo, D=pikepdf.Array([0, pikepdf.Name.Fit])))),
    ("link.pdf", lambda: pdf(link_that(S=pikepdf.Name.URI, URI="https://example.org/"))),
    ("form.pdf", lambda: pdf(tagged_form)),
    ("circle.pdf", lambda: pdf(circle)),
    ("sixty.pdf", lambda: pdf(pages=60)),
    ("catalogue-in-a-stream.pdf", lambda: object_bomb(10)),
    ("owner-only.pdf", locked(user="", owner="o")),
    ("empty-trees.pdf", lambda: pdf(empty_trees)),
    ("emptied-file.pdf", lambda: pdf(emptied_file)),
    ("chosen-names.pdf", lambda: pdf(names_that_authors_chose)),
    ("sums.pdf", lambda: pdf(form_that(C=SUM, F=FORMAT, K='AFNumber_Keystroke(2, 0, 0, 0, "", true);'))),
    ("open-sums.pdf", lambda: pdf(named(JavaScript=tree_of_scripts("function cout(j) { return j * 450; }")))),
    ("blank-first.pdf", lambda: b"\r\n \xef\xbb\xbf" + pdf()),
    ("mark-first.pdf", lambda: b"\xef\xbb\xbf" + pdf()),
    ("no-end.pdf", lambda: without_end(pdf())),
    ("zeros-last.pdf", lambda: pdf() + bytes(3_000_000)),
    ("zeros-no-end.pdf", lambda: without_end(pdf()) + bytes(5000)),
    ("packed.pdf", lambda: pdf(object_stream_mode=pikepdf.ObjectStreamMode.generate)),
    ("budget.xlsx", xlsx),
    ("printed.xlsx", lambda: xlsx(parts={"xl/printerSettings/printerSettings1.bin": b"A4"})),
    ("default-main.xlsx", default_main),
    ("elsewhere.xlsx", elsewhere),
    ("strict.docx", strict_letter),
    ("comment.docx", lambda: with_comment(docx(), "Exporté par un logiciel".encode())),
    ("large-archive.ods", lambda: as_large(ods())),
    ("add-in.xlsx", lambda: xlsx(parts=ADD_IN)),
    ("add-in-only-data.xlsx", lambda: xlsx(parts={"xl/customProperty1.bin": b"S\0A\0P\0", "[trash]/0000.dat": ""})),
    ("pictures.docx", lambda: docx({"word/media/image1.svg": "<svg/>", "[Content_Types].xml": with_svg()})),
    ("lettre.docx", docx),
    ("graphique.docx", with_chart),
    ("liens.docx", lambda: docx({"word/_rels/document.xml.rels": relations("hyperlink", "https://a.fr", "External")})),
    ("budget.ods", ods),
    ("vide.ods", lambda: ods({"Configurations2/accelerator/current.xml": ""})),
    ("liens.ods", lambda: ods(body=WEB_LINK)),
    ("graphique.ods", lambda: ods({"Object 1/content.xml": "<a/>", "Thumbnails/thumbnail.png": picture("PNG")})),
    ("lettre.odt", odt),
    ("schema.png", lambda: picture("PNG")),
    ("photo.jpg", lambda: picture("JPEG")),
    ("photo.jpeg", lambda: picture("JPEG") + picture("JPEG")),
)

HOSTILE = (
    # nothing, too little, too much
    ("empty.pdf", bytes, "empty"),
    ("cut.pdf", lambda: pdf(pages=20)[:2000], "unreadable"),
    ("no-page.pdf", lambda: pdf(pages=0), "unreadable"),
    ("only-a-head.pdf", lambda: b"%PDF-1.7\n" + bytes(500), "unreadable"),
    ("long.pdf", lambda: pdf(pages=61), "too_many_pages"),
    # something else under the name
    ("svg.pdf", lambda: SVG, "mismatch"),
    ("page.pdf", lambda: HTML, "mismatch"),
    ("program.pdf", lambda: PROGRAM, "mismatch"),
    ("rtf.pdf", lambda: rb"{\rtf1 text}", "mismatch"),
    ("plain.pdf", lambda: b"un texte", "mismatch"),
    ("gif.png", lambda: picture("GIF"), "mismatch"),
    ("svg.png", lambda: b"<?xml version='1.0'?>\n" + SVG, "mismatch"),
    ("old.xlsx", lambda: COMPOUND, "mismatch"),
    ("archive.xlsx", lambda: package({"a.txt": "a"}), "mismatch"),
    ("letter.xlsx", docx, "mismatch"),
    ("sheet.odt", ods, "mismatch"),
    ("picture.jpg", lambda: picture("PNG"), "mismatch"),
    ("program.exe", lambda: PROGRAM, "format"),
    ("annexe.pdf.exe", pdf, "format"),
    ("annexe\u202efdp.exe", pdf, "format"),
    ("page.html", lambda: HTML, "format"),
    ("macro.xlsm", xlsx, "format"),
    ("annexe", pdf, "no_format"),
    # two things at once
    ("page-first.pdf", lambda: HTML + pdf(), "polyglot"),
    ("archive-last.pdf", lambda: pdf() + package({"a.js": "a"}), "polyglot"),
    ("script-first.pdf", lambda: b"\n#!/bin/sh\n" + pdf(), "polyglot"),
    ("page-last-no-end.pdf", lambda: without_end(pdf()) + HTML * 40, "polyglot"),
    ("page-last.pdf", lambda: pdf() + HTML * 40, "polyglot"),
    ("archive-last.png", lambda: picture("PNG") + package({"a.js": "a"}), "polyglot"),
    ("page-last.png", lambda: picture("PNG") + HTML, "polyglot"),
    ("archive-last.jpg", lambda: picture("JPEG") + package({"a.class": "a"}), "polyglot"),
    ("rar-last.jpg", lambda: picture("JPEG") + b"Rar!\x1a\x07\x00" + bytes(90), "polyglot"),
    ("page-in-comment.xlsx", lambda: with_comment(xlsx(), HTML), "polyglot"),
    ("archive-in-comment.xlsx", lambda: with_comment(xlsx(), b"PK\x03\x04" + bytes(40)), "polyglot"),
    ("page-last.xlsx", lambda: xlsx() + HTML, "polyglot"),
    # PDF: locked or active
    ("password.pdf", locked(user="u", owner="o"), "encrypted"),
    ("certificate.pdf", kept_by_a_certificate, "encrypted"),
    ("chosen-name-script.pdf", lambda: pdf(script_under_a_chosen_name), "script"),
    ("acting-form.pdf", lambda: pdf(form_that(C="event.value = 1; app.launchURL('https://example.org/')")), "script"),
    ("sending-form.pdf", lambda: pdf(form_that(V="this.submitForm('https://example.org/')")), "script"),
    ("open-script.pdf", lambda: pdf(open_action(S=pikepdf.Name.JavaScript, JS="app.alert(1)")), "script"),
    ("named-script.pdf", lambda: pdf(script_by_name), "script"),
    ("deep-script.pdf", lambda: pdf(script_in_a_page), "script"),
    ("circle-script.pdf", lambda: pdf(script_behind_a_circle), "script"),
    ("launch.pdf", lambda: pdf(link_that(S=pikepdf.Name.Launch, F="cmd.exe")), "action"),
    ("submit.pdf", lambda: pdf(link_that(S=pikepdf.Name.SubmitForm, F="https://example.org/")), "action"),
    ("open-address.pdf", lambda: pdf(open_action(S=pikepdf.Name.URI, URI="https://example.org/")), "action"),
    ("page-address.pdf", lambda: pdf(action_on_a_page), "action"),
    ("attachment.pdf", lambda: pdf(attachment), "embedded"),
    ("dynamic.pdf", lambda: pdf(dynamic_form), "xfa"),
    ("escaped.pdf", lambda: pdf(link_that(S=pikepdf.Name.Launch)).replace(b"/Launch", b"/L#61unch"), "action"),
    ("by-reference.pdf", lambda: pdf(script_by_reference), "script"),
    ("film.pdf", lambda: pdf(film), "media"),
    ("bomb.pdf", lambda: pdf(inflating(220_000_000), **AS_IS), "bomb"),
    ("bomb-objects.pdf", lambda: object_bomb(400_000_000), "bomb"),
    ("bombs.pdf", lambda: pdf(inflating_often(20, 38_000_000), **AS_IS), "bomb"),
    ("steep.pdf", lambda: pdf(inflating(60_000_000), **AS_IS), "bomb"),
    ("nested.pdf", lambda: pdf().replace(b"/Type /Catalog", b"/Type /Catalog /A " + b"[" * 100_000), "unreadable"),
    ("own-parent.pdf", lambda: pdf().replace(b"/Kids [ 3 0 R ]", b"/Kids [ 2 0 R ]"), "unreadable"),
    ("bomb-twice.pdf", lambda: pdf(inflating_twice, **AS_IS), "bomb"),
    # office documents: locked, active, or more than they seem
    ("password.docx", lambda: ENCRYPTED_OFFICE, "encrypted"),
    ("locked.xlsx", lambda: with_flag(xlsx(), 1), "encrypted"),
    ("locked.ods", lambda: ods({"META-INF/manifest.xml": LOCKED_MANIFEST}), "encrypted"),
    ("macro.xlsx", lambda: xlsx(parts={"xl/vbaProject.bin": COMPOUND}), "macro"),
    ("old-macro.xlsx", lambda: xlsx(parts={"xl/macrosheets/sheet1.xml": "<a/>"}), "macro"),
    ("renamed-xlsm.xlsx", lambda: package(xlsx_parts(main="macroEnabled.main+xml")), "macro"),
    ("basic.ods", lambda: ods({"Basic/Standard/Module1.xml": "<a/>"}), "macro"),
    ("python.odt", lambda: odt(parts={"Scripts/python/m.py": "print(1)"}), "macro"),
    ("event.ods", lambda: ods(body=EVENT), "macro"),
    ("object.docx", lambda: docx({"word/embeddings/oleObject1.bin": COMPOUND}), "embedded"),
    ("hidden-program.xlsx", lambda: xlsx(parts={"xl/media/image1.png": PROGRAM}), "embedded"),
    ("hidden-archive.xlsx", lambda: xlsx(parts={"xl/media/image1.png": package({"a": "a"})}), "embedded"),
    ("workbook.docx", lambda: with_chart(drawn=False), "embedded"),
    ("chart-of-a-program.docx", lambda: with_chart(PROGRAM), "unreadable"),
    ("chart-of-a-letter.docx", lambda: with_chart(docx()), "embedded"),
    ("chart-in-a-chart.docx", lambda: with_chart(xlsx(parts=OBJECT)), "embedded"),
    ("macro-of-a-chart.docx", lambda: with_chart(xlsx(parts={"xl/vbaProject.bin": COMPOUND})), "macro"),
    ("service-of-a-chart.docx", lambda: with_chart(xlsx(parts=SERVICE)), "external"),
    ("zeros-of-a-chart.docx", lambda: with_chart(zeros(100_000_000)()), "bomb"),
    ("related-object.xlsx", lambda: xlsx(parts=OBJECT), "embedded"),
    ("object.ods", lambda: ods({"Object 1": COMPOUND}), "embedded"),
    ("links.xlsx", lambda: xlsx(parts={"xl/externalLinks/externalLink1.xml": "<a/>"}), "external"),
    ("template.docx", lambda: docx({"word/_rels/settings.xml.rels": TEMPLATE}), "external"),
    ("dde.docx", lambda: docx(text=FIELD), "external"),
    ("service.xlsx", lambda: xlsx(parts=SERVICE), "external"),
    ("source.ods", lambda: ods(body=SOURCE), "external"),
    ("laughs.xlsx", laughs, "entities"),
    ("hidden-main.docx", hidden_main, "names"),
    ("climb.xlsx", lambda: xlsx(parts={"../../etc/cron.d/x": "x"}), "names"),
    ("root.odt", lambda: odt(parts={"/etc/passwd": "x"}), "names"),
    ("zeros.xlsx", zeros(100_000_000), "bomb"),
    ("many.xlsx", many_entries, "bomb"),
    ("overlap.xlsx", overlapping, "bomb"),
    ("lying.xlsx", lying_size, "unreadable"),
    ("no-workbook.xlsx", lambda: package(without(xlsx_parts(), "xl/workbook.xml")), "unreadable"),
    ("empty-workbook.xlsx", lambda: xlsx(parts={"xl/workbook.xml": ""}), "unreadable"),
    ("no-text.docx", lambda: package(without(docx_parts(), "word/document.xml")), "unreadable"),
    ("no-content.ods", lambda: ods({"content.xml": ""}), "unreadable"),
    ("no-content.odt", lambda: odt(parts={"content.xml": ""}), "unreadable"),
    ("cut.docx", lambda: docx()[:-300], "unreadable"),
    ("torn.xlsx", lambda: package(xlsx_parts(), zipfile.ZIP_STORED).replace(b"SUM(A1", b"SUM(B1"), "unreadable"),
    # pictures
    ("giant.png", lambda: giant_png(50_000, 50_000), "dimensions"),
    ("wide.png", lambda: giant_png(12_001, 1), "dimensions"),
    ("giant.jpg", giant_jpeg, "dimensions"),
    ("cut.jpg", lambda: picture("JPEG", (800, 600))[:3000], "unreadable"),
    ("cut.png", lambda: giant_png(400, 400), "unreadable"),
)  # fmt: skip
