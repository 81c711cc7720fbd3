"""Pages that list: one and three of everything cost the same statements, and how many stands here."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from applications.admissibility.actions import take_check
from applications.admissibility.worklist import LABELS
from applications.dossier.actions.uploading import attach_file
from applications.models import SealedFile
from applications.release.actions import confirm_release, propose_release
from applications.release.reading import release_plan
from tests.applications.officers import conclude, disagree, make_ready, reconcile
from tests.factories import CLOSED, OPEN, deposit, make_draft, make_user, paris, pdf_upload, the_call

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]
LATER = paris(2020, 6, 8, 18, 30)

# Statements of one GET, session and person included; the page was asked for once before.
COST = {
    "home": 3,
    "call page": 10,
    "application_list": 10,
    "application_detail": 10,
    "my_space of a candidate": 16,
    "my_space of an officer": 15,
    "my_space of a candidate, told": 16,
    "officer_home": 14,
    "officer_home of a manager": 13,
    "check_list, a-controler": 14,
    "check_list, en-cours": 14,
    "check_list, faits": 14,
    "check_list, a-concilier": 14,
    "check_list, tous": 14,
    "check_edit": 16,
    "annex_pages": 10,
    "outcome_list": 12,
    "release_preview": 12,
    "release_preview, done": 13,
    "release_journal": 8,
}


class Many:
    """A call with `count` dossiers in every state of the check, one owner, and the people who select."""

    def __init__(self, count):
        self.call, self.owner, self.count = the_call(), make_user("Propriétaire"), count
        self.drafts = [make_draft(self.call, owner=self.owner) for _n in range(count)]
        names = ("free", "taken", "half", "split", "decided", "agreed")
        self.dossiers = {name: [self._annexed() for _n in range(count)] for name in names}
        self.first, self.second = make_ready(self.call), make_ready(self.call, body=1)
        self.managers = [make_ready(self.call, power="manager") for _n in range(2)]
        self._check()

    def _annexed(self):
        application = make_draft(self.call, owner=self.owner)
        question = self.call.questions.filter(type="file").last()
        for number in range(self.count):
            upload = pdf_upload(f"lettre-{number}.pdf", pdf_upload().read().replace(b"200 200", b"200 20%d" % number))
            attach_file(application, question, upload, by=self.owner, at=OPEN)
        deposit(application)
        application.refresh_from_db()
        return application

    def _check(self):
        for application in self.dossiers["taken"]:
            take_check(application, self.first, by=self.first.user, at=CLOSED)
        for application in self.dossiers["half"]:
            conclude(application, self.first)
        for application in [*self.dossiers["split"], *self.dossiers["decided"]]:
            disagree(application, self.first, self.second)
        for application in self.dossiers["decided"]:
            reconcile(application, *self.managers)
        for application in self.dossiers["agreed"]:
            conclude(application, self.first)
            conclude(application, self.second)

    def release(self):
        """Everything that misses, then two signatures."""
        for application in [row for rows in self.dossiers.values() for row in rows]:
            checked = set(application.checks.filter(done_at__isnull=False).values_list("body", flat=True))
            for officer in (self.first, self.second):
                if officer.body_id not in checked:
                    conclude(application, officer)
        for application in self.dossiers["split"]:
            reconcile(application, *self.managers)
        digest = release_plan(self.call).digest
        propose_release(self.call, digest, by=self.managers[0].user, at=LATER)
        confirm_release(self.call, digest, by=self.managers[1].user, at=LATER)


@pytest.fixture
def cost(client):
    """Statements of a page for somebody, the second time that it is asked for."""

    def count(user, path):
        client.logout() if user is None else client.force_login(user)
        assert client.get(path).status_code == 200
        with CaptureQueriesContext(connection) as asked:
            client.get(path)
        return len(asked)

    return count


def at(name, call, *args):
    if name.startswith("release_"):
        args = ("recevabilite", *args)
    return reverse(f"applications:{name}", args=[call.slug, *args])


@pytest.mark.parametrize("count", [1, 3])
def test_lists_cost_the_same_for_one_and_three(count, cost, now_is):
    many = Many(count)
    call, owner, officer, manager = many.call, many.owner, many.first.user, many.managers[0].user
    now_is(OPEN)
    found = {
        "home": cost(None, reverse("desk:home")),
        "call page": cost(None, reverse("desk:call_detail", args=[call.slug])),
        "application_list": cost(owner, reverse("applications:application_list")),
        "my_space of a candidate": cost(owner, reverse("desk:my_space")),
    }
    now_is(CLOSED)
    found |= {
        "my_space of an officer": cost(officer, reverse("desk:my_space")),
        "officer_home": cost(officer, at("officer_home", call)),
        "officer_home of a manager": cost(manager, at("officer_home", call)),
        "outcome_list": cost(manager, at("outcome_list", call)),
        "release_preview": cost(manager, at("release_preview", call)),
    }
    found |= {f"check_list, {view}": cost(manager, f"{at('check_list', call)}?vue={view}") for view in LABELS}
    application = many.dossiers["free"][0]
    file = SealedFile.objects.filter(submission=application.last_submission()).first()
    found |= {
        "check_edit": cost(officer, at("check_edit", call, application.reference)),
        "annex_pages": cost(officer, at("annex_pages", call, application.reference, file.pk)),
    }
    many.release()
    now_is(LATER)
    found |= {
        "release_preview, done": cost(manager, at("release_preview", call)),
        "release_journal": cost(manager, at("release_journal", call)),
        "my_space of a candidate, told": cost(owner, reverse("desk:my_space")),
        "application_detail": cost(owner, many.dossiers["agreed"][0].get_absolute_url()),
    }
    assert found == COST
