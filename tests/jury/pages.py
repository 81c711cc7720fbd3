"""What the tests of the jury's pages share: addresses of its pages and files, and a paper that is made."""

from django.urls import reverse

from applications.dossier.actions.uploading import attach_file
from hdh_portal.records import files
from hdh_portal.records.models import Document
from reviews.documents import CONSOLIDATED
from tests.factories import OPEN, deposit, make_draft, owner_of, paris, pdf_upload
from tests.jury.makers import SEATED, shortlist
from tests.reviews.makers import make_admissible
from tests.worlds import world

DAY = paris(2020, 7, 6, 9, 20)
SECRET = "Canari sous la neige"


def at(name, application_or_call, *args):
    if hasattr(application_or_call, "reference"):
        args = (application_or_call.reference, *args)
        application_or_call = application_or_call.call
    return reverse(f"jury:{name}", args=[application_or_call.slug, *args])


def routes_of(application):
    """Every address of one dossier, with its method."""
    pk = application.last_submission().files.first().pk
    return [
        ("get", at("hearing_detail", application)),
        ("get", at("hearing_progress", application, "etat")),
        ("get", at("hearing_progress", application, "deroule")),
        ("get", at("hearing_progress", application, "presences")),
        ("get", at("hearing_dossier", application)),
        ("get", at("hearing_consolidated", application)),
        ("get", at("hearing_interest", application)),
        ("get", at("annex_pages", application, pk)),
        ("get", at("annex_page_image", application, pk, 1)),
        ("get", at("annex_file", application, pk)),
        ("post", at("annex_prepare", application, pk)),
        ("post", at("opinion_save", application)),
        ("post", at("hearing_interest_declare", application)),
        ("post", at("hearing_start", application)),
        ("post", at("hearing_end", application)),
        ("post", at("presence_record", application)),
    ]


@world
def annexed(call):
    """A shortlisted dossier to which a file was joined."""
    application = make_draft(call)
    question = call.questions.filter(type="file").order_by("pk").first()
    attach_file(application, question, pdf_upload(), by=owner_of(application), at=OPEN)
    deposit(application)
    application.refresh_from_db()
    return shortlist(make_admissible(application), 1)[0]


def make_paper(application):
    """The consolidated sheet of a dossier, made."""
    stored = files.store(b"%PDF-1.7 fiche", "application/pdf")
    return Document.objects.create(
        renderer=CONSOLIDATED,
        subject=application.pk,
        digest="d" * 64,
        filename="fiche.pdf",
        queued_at=SEATED,
        state=Document.State.DONE,
        file=stored,
    )
