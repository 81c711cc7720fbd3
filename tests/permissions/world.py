"""A small world in which every kind of person meets a dossier in every state; built once, through the real actions."""

from allauth.mfa.models import Authenticator

from applications.admissibility.actions import decide_outcome, take_check
from applications.admissibility.reading import is_final
from applications.dossier.actions.draft import create_application, save_answers, withdraw_application
from applications.dossier.actions.uploading import attach_file
from applications.interests.actions import declare_interest
from applications.models import Application, Member, Submission, Upload
from applications.release.actions import confirm_release, propose_release
from applications.release.reading import release_plan
from hdh_portal.desk import invitations
from hdh_portal.operations.actions.second_factor import ask_reset
from hdh_portal.records import files, outbox
from hdh_portal.records.models import Document, DocumentPage
from jury.seats.actions.people import seat_juror
from reviews.rapporteurs import appoint_rapporteur
from tests.applications.officers import conclude, declare, disagree, make_ready, reconcile, refused_point, write
from tests.factories import (
    CLOSED,
    OPEN,
    complete_answers,
    deposit,
    make_deposited,
    make_officer,
    make_user,
    paris,
    pdf_upload,
    the_call,
)
from tests.leaving import leave

LATER = paris(2020, 6, 8, 18, 30)
OTHER_OPEN, OTHER_CLOSED = paris(2031, 6, 1, 9), paris(2031, 7, 2, 9)

# The columns of the table, in their order. All but `other` and `abroad` stand in a relation to the same dossiers.
ACTORS = (
    "anonymous",
    "owner",
    "editor",
    "reader",
    "other",  # a candidate of the same call
    "first",  # officer of the first checking body
    "second",  # officer of the second one
    "abroad",  # officer of another call
    "with_interest",  # officer of the first body, with an interest in every dossier of the owner
    "fresh",  # officer of the first body who has not declared yet
    "manager",  # of the first body; checked nothing
    "secretary",  # of the first body
    "rapporteur",  # of the same call
    "juror",  # of the same call
    "removed",  # was an officer of the first body
    "admin",  # is_superuser, without any role
)
DOSSIERS = ("draft", "retracted", "withdrawn", "free", "taken", "half", "split", "decided", "agreed")


class World:
    """People by name, the owner's dossiers by state, and what else an address may name."""

    stage = "recevabilite"

    def __init__(self):
        self.call, self.other_call = the_call(), the_call("autre")
        self.people, self.offices = {"anonymous": None}, {}
        for name in ("owner", "editor", "reader", "other", "admin"):
            self.people[name] = make_user(name.capitalize(), is_superuser=name == "admin")
        self._deposit()
        self._appoint()
        self._check()
        self.offer = invitations.invite(
            self.call, email=self.people["other"].email, role="officer", body=self.offices["first"].body, at=OPEN
        )
        for user in filter(None, self.people.values()):
            Authenticator.objects.get_or_create(user=user, type="totp", defaults={"data": {"secret": "x"}})
        self.reset = ask_reset(self.people["first"], "Rappel à l’annuaire.", by=self.people["manager"], at=CLOSED)
        self._mirror()

    # Dossiers -------------------------------------------------------------------------------------------------------
    def _deposit(self):
        self.dossiers = {state: self._draft(state) for state in DOSSIERS}
        for state, application in self.dossiers.items():
            if state not in ("draft", "retracted"):
                deposit(application)
        # Twice, so that a version has a number that another dossier's has not.
        owner, half = self.people["owner"], self.dossiers["half"]
        save_answers(half, {self.call.questions.get(column="title").key: "Un autre titre"}, by=owner, at=OPEN)
        deposit(half)
        for state in ("retracted", "withdrawn"):
            withdraw_application(self.dossiers[state], by=owner, at=OPEN)
        self.others = make_deposited(self.call)
        Member.objects.filter(application=self.others).update(user=self.people["other"])
        self.foreign = self._draft("foreign", self.other_call, OTHER_OPEN)
        deposit(self.foreign, at=OTHER_OPEN)
        for submission in Submission.objects.all():
            make_papers(submission)
        self._refresh()

    def _draft(self, state, call=None, at=OPEN):
        """A whole draft of the owner with an editor, a reader, a file and another that was refused."""
        call, owner = call or self.call, self.people["owner"]
        application = create_application(call, by=owner, at=at)
        answers = complete_answers(call)
        answers[call.questions.get(column="acronym").key] = state.upper()
        save_answers(application, answers, by=owner, at=at)
        question = call.questions.filter(type="file").first()
        attach_file(application, question, pdf_upload(), by=owner, at=at)
        refused = {"name": "coupe.pdf", "size": 9, "state": Upload.State.REFUSED, "sentence": "Ce fichier est abîmé."}
        Upload.objects.create(application=application, question=question, person=owner, arrived_at=at, **refused)
        for role in ("editor", "reader"):
            Member.objects.create(application=application, user=self.people[role], role=role, since=at)
        return application

    def _refresh(self):
        for application in (*self.dossiers.values(), self.others, self.foreign):
            application.refresh_from_db()

    def _mirror(self):
        """In the other call the like of what an address of this one may name: an offer, an interest, a begun check."""
        abroad = self.offices["abroad"]
        self.other_offer = invitations.invite(
            self.other_call, email="ailleurs@exemple.fr", role="officer", body=abroad.body, at=OTHER_OPEN
        )
        with_interest = make_ready(self.other_call, at=OTHER_CLOSED)
        self.other_interest = declare_interest(self.foreign, by=with_interest.user, at=OTHER_CLOSED)
        self.other_check = take_check(self.foreign, abroad, by=abroad.user, at=OTHER_CLOSED)

    # Officers -------------------------------------------------------------------------------------------------------
    def _appoint(self):
        powers = {"first": (0, "officer"), "second": (1, "officer"), "manager": (0, "manager")}
        powers |= {"secretary": (0, "secretary"), "removed": (0, "officer"), "signer": (1, "manager")}
        for name, (body, power) in powers.items():
            self._office(name, make_ready(self.call, body=body, power=power, name=name.capitalize()))
        mine = [row for row in self.dossiers.values() if row.state == "submitted"]
        self._office("with_interest", make_officer(self.call, name="Tied"))
        declare(self.offices["with_interest"], *mine)
        self._office("fresh", make_officer(self.call, name="Fresh"))
        leave(self.offices["removed"], at=CLOSED)
        for name, role in (("rapporteur", self._rapporteur()), ("juror", self._juror())):
            self.people[name] = role.user
        self._office("abroad", make_ready(self.other_call, at=OTHER_CLOSED, name="Abroad"))
        # Somebody who manages both calls: only the mixture of two addresses can close a page to them.
        self._office("both", make_ready(self.call, power="manager", name="Both"))
        user = self.people["both"]
        declare(make_officer(self.other_call, power="manager", user=user), at=OTHER_CLOSED)

    def _rapporteur(self):
        body = self.call.rapporteur_bodies.first().organisation
        return appoint_rapporteur(self.call, make_user("Rapporteur"), body=body, by=None, at=OPEN)

    def _juror(self):
        return seat_juror(self.call.jurors.get(seat=5), make_user("Juror"), by=None, at=OPEN)

    def _office(self, name, officer):
        self.offices[name], self.people[name] = officer, officer.user

    # Checks ---------------------------------------------------------------------------------------------------------
    def _check(self):
        one, two = self.offices["first"], self.offices["second"]
        taken = self.dossiers["taken"]
        write(take_check(taken, one, by=one.user, at=CLOSED))
        conclude(self.dossiers["half"], one)
        for state in ("split", "decided"):
            disagree(self.dossiers[state], one, two)
        for officer in (one, two):
            conclude(self.dossiers["agreed"], officer, refuse=[refused_point(self.dossiers["agreed"])])
        decide_outcome(
            self.dossiers["decided"],
            conclusion="admissible",
            ground_key="",
            reason="Vu les deux contrôles.",
            by=self.people["signer"],
            at=CLOSED,
        )
        self._refresh()

    def stay(self):
        """Nothing more happens."""

    def complete(self):
        """Everything that misses for a release: two more people check, then two managers reconcile."""
        checkers = [make_ready(self.call, body=body) for body in (0, 1)]
        managers = [make_ready(self.call, power="manager") for _n in range(2)]
        for application in Application.objects.filter(call=self.call, state="submitted"):
            application.checks.filter(done_at=None).delete()
            checked = set(application.checks.values_list("body", flat=True))
            for officer in checkers:
                if officer.body_id not in checked:
                    conclude(application, officer)
            if not is_final(application):
                reconcile(application, *managers)

    def sign(self):
        """Complete, and signed by a first manager."""
        self.complete()
        propose_release(self.call, self.release_digest(), by=self.people["signer"], at=LATER)

    def release(self):
        """Signed by two, told to all; the letters are made."""
        self.sign()
        third = make_ready(self.call, power="manager")
        confirm_release(self.call, self.release_digest(), by=third.user, at=LATER)
        for document in Document.objects.filter(renderer="admissibility_letter"):
            outbox.mark_done(document, file=files.store(b"%PDF-1.7 courrier", "application/pdf"))
        self._refresh()

    def release_digest(self):
        return release_plan(self.call).digest


def make_papers(submission):
    """The receipt, the sealed dossier and the page pictures, as the worker would leave them."""
    paper = files.store(b"%PDF-1.7 papier", "application/pdf")
    picture = files.store(b"\xff\xd8\xff image", "image/jpeg")
    for renderer in ("receipt", "dossier"):
        for row in Document.objects.filter(renderer=renderer, subject=submission.pk):
            outbox.mark_done(row, file=paper)
    annexes = submission.files.values_list("pk", flat=True)
    for row in Document.objects.filter(renderer="annex_pages", subject__in=annexes):
        DocumentPage.objects.create(document=row, number=1, file=picture, width=1100, height=1556, text="Total")
        outbox.mark_done(row)
