"""Words of a call change by file while papers of acts that are done still wait to be made."""

import pytest
import tomli_w

from applications.release.actions import confirm_release, propose_release
from applications.release.reading import release_plan
from hdh_portal.callfile import schema
from hdh_portal.callfile.loading import load_call
from hdh_portal.records import tasks
from hdh_portal.records.models import Document, Outbox
from tests import papers as read
from tests.applications.officers import conclude, make_ready, refused_point
from tests.factories import make_deposited, paris, the_call
from tests.worlds import world

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]
NOTIFIED = paris(2020, 6, 8, 18, 30)
NEW = "Des mots que personne ne connaissait."


@pytest.fixture
@world
def notified():
    """A call whose admissibility was told, its papers waiting: receipt, dossier and letter of a refused dossier."""
    call = the_call()
    dossier = make_deposited(call)
    for body in (0, 1):
        conclude(dossier, make_ready(body=body), refuse=[refused_point(dossier)])
    first, second = make_ready(power="manager"), make_ready(power="manager", body=1)
    for act, officer in ((propose_release, first), (confirm_release, second)):
        act(call, release_plan(call).digest, by=officer.user, at=NOTIFIED)
    return call


def change_words(call):
    table = schema.table_of(call)
    table["receipt"]["remedies"] = NEW
    for letter in table["letters"]:
        letter["body"] += f"\n\n{NEW}"
    assert load_call(schema.read(tomli_w.dumps(table).encode()), by=None, at=NOTIFIED).verb == "call_texts_changed"


def test_papers_that_wait_while_words_change_say_what_was_told(notified):
    waiting = list(Document.objects.order_by("pk"))
    assert {paper.renderer for paper in waiting} >= {"receipt", "admissibility_letter"}
    change_words(notified)
    for paper in waiting:
        tasks.render_document(paper.pk)
        paper.refresh_from_db()
        assert (paper.state, paper.error, paper.content) == (Outbox.State.DONE, "", None)
        if paper.file is not None:
            assert NEW not in " ".join(read.words(paper.file.path.read_bytes()))


def test_paper_that_is_made_already_keeps_no_content(notified):
    for paper in Document.objects.all():
        tasks.render_document(paper.pk)
    change_words(notified)
    assert not Document.objects.filter(content__isnull=False).exists()
