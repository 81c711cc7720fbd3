"""Renderers that the tests of the outbox queue: a paper, its mail, and those that fail."""

from pathlib import Path

from hdh_portal.records import files
from hdh_portal.records.documents import Paper, Picture, Pictures
from hdh_portal.records.mail import Mail

TEMPLATES = Path(__file__).parent / "templates"
SECRET = "Paroles d’une personne"


def note(subject):
    return Paper("note.html", 1, {"title": "Note", "text": f"Note {subject}"}, f"note-{subject}.pdf")


def broken(subject):
    raise ValueError(SECRET)


def unstable(subject, seen=[]):  # noqa: B006 - what it says changes on purpose
    seen.append(subject)
    return Paper("note.html", 1, {"title": "Note", "text": f"{len(seen)}"}, "note.pdf")


def out_of_memory(subject):
    raise MemoryError


def mail(subject):
    return Mail(f"Note {subject}", f"{SECRET} {subject}\n")


def split_header(subject):
    return Mail("Note\nBcc: autre@exemple.fr", "texte\n")


def endless(subject):
    return Paper("note.html", 1, {"title": "Note", "text": "Une note. " * 60_000}, "note.pdf")


def pictures(subject):
    file = files.store(b"%PDF-", "application/pdf")
    return Pictures(file, 1, "annexe", lambda path, press: [picture("un"), picture("deux")])


def picture(text):
    return Picture(text.encode(), "image/jpeg", 3, 4, text)
