"""PDFs, honest and hostile, made with pikepdf; `pdf(change, …)` is the sheet that all others are changes of."""

import io
import struct
import zlib

import pikepdf


def pdf(*change, pages=1, text="Annexe financiere", **save):
    """A PDF of A4 pages with a line of text each; every `change(pdf)` is made before it is saved."""
    document = pikepdf.new()
    font = document.make_indirect(
        pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
    )
    for number in range(1, pages + 1):
        page = document.add_blank_page(page_size=(595, 842))
        page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
        page.Contents = document.make_stream(f"BT /F1 24 Tf 72 760 Td ({text}, page {number}) Tj ET".encode())
    for made in change:
        made(document)
    out = io.BytesIO()
    document.save(out, **save)
    return out.getvalue()


def action(**fields):
    return pikepdf.Dictionary(**fields)


def open_action(**fields):
    return lambda document: document.Root.__setitem__("/OpenAction", action(**fields))


def script_in_a_page(document):
    """JavaScript four direct dictionaries deep, where a list of the indirect objects does not show it."""
    script = action(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
    document.pages[0].obj["/PieceInfo"] = action(A=action(B=pikepdf.Array([action(Next=script)])))


def script_by_name(document):
    document.Root.Names = action(JavaScript=tree_of_scripts("app.alert(1)"))


def tree_of_scripts(*sources):
    """A name tree of scripts that run when the file is opened."""
    pairs = [(f"script{n}", action(S=pikepdf.Name.JavaScript, JS=source)) for n, source in enumerate(sources)]
    return action(Names=pikepdf.Array([one for pair in pairs for one in pair]))


def script_behind_a_circle(document):
    """Two dictionaries that point at each other; the second one holds the script."""
    first, second = document.make_indirect(action(Kind="a")), document.make_indirect(action(Kind="b"))
    first.Next, second.Prev = second, first
    second.A = action(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
    document.Root.Circle = first


def script_by_reference(document):
    """The word that makes it a script is an object of its own."""
    document.pages[0].obj["/X"] = action(S=document.make_indirect(pikepdf.Name.JavaScript))


def circle(document):
    first, second = document.make_indirect(action(Kind="a")), document.make_indirect(action(Kind="b"))
    first.Next, second.Prev = second, first
    document.Root.Circle = first


def link_that(**fields):
    link = action(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[0, 0, 99, 99], A=action(**fields))
    return lambda document: document.pages[0].obj.__setitem__("/Annots", pikepdf.Array([link]))


def attachment(document):
    document.attachments["charge.exe"] = pikepdf.AttachedFileSpec(document, b"MZ", filename="charge.exe")


def dynamic_form(document):
    document.Root.AcroForm = action(Fields=pikepdf.Array([]), XFA=document.make_stream(b"<xdp:xdp/>"))


def film(document):
    annotation = action(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name("/RichMedia"), Rect=[0, 0, 9, 9])
    document.pages[0].obj["/Annots"] = pikepdf.Array([annotation])


def action_on_a_page(document):
    address = action(S=pikepdf.Name.URI, URI="https://example.org/seen")
    document.pages[0].obj["/AA"] = action(O=address)


def inflating(size):
    """A stream of `size` bytes that are all alike, hundreds of times smaller in the file."""

    def add(document):
        raw = zlib.compress(bytes(size), 1)
        document.pages[0].obj["/Metadata"] = pikepdf.Stream(document, raw, Filter=pikepdf.Name.FlateDecode)

    return add


def inflating_often(count, size):
    """As many streams, each of which is harmless alone."""

    def add(document):
        raw = zlib.compress(bytes(size), 9)
        streams = [pikepdf.Stream(document, raw, Filter=pikepdf.Name.FlateDecode) for _ in range(count)]
        document.pages[0].obj["/Scans"] = pikepdf.Array([document.make_indirect(stream) for stream in streams])

    return add


def bomb(size=760_000_000):
    """What was sent to the portal in the attack on its uploads: less than a megabyte that swells to 760."""
    return pdf(inflating_often(4, size // 4), **AS_IS)


def inflating_twice(document):
    raw = zlib.compress(zlib.compress(bytes(50_000_000), 9), 9)
    filters = pikepdf.Array([pikepdf.Name.FlateDecode, pikepdf.Name.FlateDecode])
    document.pages[0].obj["/Metadata"] = pikepdf.Stream(document, raw, Filter=filters)


def object_bomb(padding):
    """A PDF 1.5 whose catalogue stands in an object stream that unfolds to `padding` blanks: read before any check."""

    def entry(kind, place, index=0):
        return struct.pack(">BIH", kind, place, index)

    packed = zlib.compress(b"2 0 <</Type/Catalog/Pages 4 0 R>>" + b" " * padding, 1)
    bodies = {
        1: b"<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length %d>>stream\n%s\nendstream" % (len(packed), packed),
        4: b"<</Type/Pages/Kids[5 0 R]/Count 1>>",
        5: b"<</Type/Page/Parent 4 0 R/MediaBox[0 0 595 842]>>",
    }
    out, places = b"%PDF-1.5\n", {}
    for number, body in bodies.items():
        places[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = entry(0, 0) + entry(1, places[1]) + entry(2, 1) + entry(1, len(out))
    table += entry(1, places[4]) + entry(1, places[5])
    head = b"<</Type/XRef/Size 6/W[1 4 2]/Root 2 0 R/Length %d>>" % len(table)
    return out + b"3 0 obj\n%s" % head + b"stream\n%s\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % (table, len(out))


AS_IS = {"compress_streams": False, "stream_decode_level": pikepdf.StreamDecodeLevel.none}


def locked(**passwords):
    return lambda: pdf(encryption=pikepdf.Encryption(R=6, **passwords))


def tagged_form(document):
    """An honest form: a text field with what was typed into it."""
    look = document.make_stream(b"/Tx BMC BT /F1 12 Tf 2 6 Td (300 000) Tj ET EMC")
    look.update(action(Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Form, BBox=[0, 0, 200, 20]))
    look["/Resources"] = document.pages[0].Resources
    field = action(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Widget, FT=pikepdf.Name.Tx, T="aide", V="300 000")
    field.update(action(Rect=[72, 600, 272, 620], AP=action(N=look), F=4))
    field = document.make_indirect(field)
    document.pages[0].obj["/Annots"] = pikepdf.Array([field])
    fonts = document.pages[0].Resources
    document.Root.AcroForm = action(Fields=pikepdf.Array([field]), DR=fonts, DA="/F1 12 Tf 0 g")


# What honest programs leave behind, and names that only look like those of something dangerous --------------------


def named(**trees):
    """The name trees of the catalogue."""
    return lambda document: document.Root.__setitem__("/Names", action(**trees))


def empty_trees(document):
    nothing = pikepdf.Array([action(Names=pikepdf.Array([]))])
    named(EmbeddedFiles=action(Kids=nothing), JavaScript=action(Names=pikepdf.Array([])))(document)
    document.Root["/AF"] = pikepdf.Array([])
    document.Root["/Collection"] = action(View=pikepdf.Name.T)
    document.Root["/AcroForm"] = action(Fields=pikepdf.Array([]), XFA=pikepdf.Array([]))
    document.Root["/OpenAction"] = action(S=pikepdf.Name.JavaScript, JS="")


def emptied_file(document):
    """A file that was taken out: its specification and its sign on the page are left."""
    file = action(Type=pikepdf.Name.Filespec, F="budget.txt", EF=action())
    named(EmbeddedFiles=action(Names=pikepdf.Array(["budget.txt", file])))(document)
    sign = action(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.FileAttachment, Rect=[0, 0, 9, 9], FS=file)
    document.pages[0].obj["/Annots"] = pikepdf.Array([sign])


def names_that_authors_chose(document):
    """Fonts, pictures, states of a check box and roles of pieces of text that are called as what is forbidden."""
    page = document.pages[0]
    look = document.make_stream(b"")
    look.update(action(Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Form, BBox=[0, 0, 9, 9]))
    page.Resources.Font["/EF"] = page.Resources.Font["/JS"] = page.Resources.Font["/F1"]
    page.Resources["/XObject"] = action(XFA=look, JavaScript=look, AA=look)
    box = action(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Widget, FT=pikepdf.Name.Btn, T="JS", Rect=[0, 0, 9, 9])
    box["/AP"] = action(N=action(JS=look, EF=look, Off=look))
    box = document.make_indirect(box)
    page.obj["/Annots"] = pikepdf.Array([box])
    document.Root["/AcroForm"] = action(Fields=pikepdf.Array([box]))
    text = document.make_indirect(action(Type=pikepdf.Name.StructElem, S=pikepdf.Name.Sound, K=0))
    tree = action(Type=pikepdf.Name.StructTreeRoot, K=text, RoleMap=action(JS=pikepdf.Name.P, Sound=pikepdf.Name.P))
    document.Root["/StructTreeRoot"] = document.make_indirect(tree)


def script_under_a_chosen_name(document):
    """One action that a font is called after and that a page also runs: it counts where it runs."""
    script = document.make_indirect(action(S=pikepdf.Name.JavaScript, JS="app.alert(1)"))
    document.pages[0].Resources.Font["/JS"] = script
    document.pages[0].obj["/AA"] = action(O=script)


def form_that(**scripts):
    """A form with two fields, the second of which has scripts by their event: K, F, V or C."""

    def add(document):
        fields = [
            action(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Widget, FT=pikepdf.Name.Tx, T=name, Rect=[0, 0, 99, 9])
            for name in ("jours", "total")
        ]
        events = {key: action(S=pikepdf.Name.JavaScript, JS=script) for key, script in scripts.items()}
        fields[1]["/AA"] = action(**events)
        fields = pikepdf.Array([document.make_indirect(field) for field in fields])
        document.pages[0].obj["/Annots"] = fields
        document.Root["/AcroForm"] = action(Fields=fields, CO=pikepdf.Array([fields[1]]))

    return add


def without_end(data):
    """A PDF without its last line, `%%EOF`."""
    return data.rstrip().removesuffix(b"%%EOF")


def kept_by_a_certificate():
    """A PDF whose key only the holders of a certificate have."""
    return locked(user="", owner="o")().replace(b"/Filter /Standard", b"/Filter /Adobe.PubSec")
