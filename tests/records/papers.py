"""Renderers that the tests of the outbox queue: a paper, its mail, and those that fail."""

from pathlib import Path

from hdh_portal.records import files
from hdh_portal.records.documents import Paper, Picture, Pictures
from hdh_portal.records.mail import Mail
from hdh_portal.records.renderers import renderer

TEMPLATES = Path(__file__).parent / "templates"
SECRET = "Paroles d’une personne"


@renderer("test_note", "essai")
def note(subject):
    return Paper("note.html", 1, {"title": "Note", "text": f"Note {subject}"}, f"note-{subject}.pdf")


@renderer("test_broken", "essai")
def broken(subject):
    raise ValueError(SECRET)


@renderer("test_unstable", "essai")
def unstable(subject, seen=[]):  # noqa: B006 - what it says changes on purpose
    seen.append(subject)
    return Paper("note.html", 1, {"title": "Note", "text": f"{len(seen)}"}, "note.pdf")


@renderer("test_out_of_memory", "essai")
def out_of_memory(subject):
    raise MemoryError


@renderer("test_mail", "essai")
def mail(subject):
    return Mail(f"Note {subject}", f"{SECRET} {subject}\n")


@renderer("test_split_header", "essai")
def split_header(subject):
    return Mail("Note\nBcc: autre@exemple.fr", "texte\n")


@renderer("test_endless", "essai")
def endless(subject):
    return Paper("note.html", 1, {"title": "Note", "text": "Une note. " * 60_000}, "note.pdf")


@renderer("test_pictures", "essai")
def pictures(subject):
    file = files.store(b"%PDF-", "application/pdf")
    return Pictures(file, 1, "annexe", lambda path, press: [picture("un"), picture("deux")])


def picture(text):
    return Picture(text.encode(), "image/jpeg", 3, 4, text)
