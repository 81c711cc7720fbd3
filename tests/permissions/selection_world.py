"""The same small world further on: every kind of person of the evaluation and of the jury, one moment after the other.

Built once through the real actions; `at` goes on from its first moment to another one, and back again.
"""

import contextlib
from datetime import timedelta

from allauth.mfa.models import Authenticator

from applications.dossier.actions.draft import withdraw_application
from applications.dossier.actions.uploading import attach_file
from applications.models import Release, Submission
from applications.release.actions import confirm_release, propose_release
from applications.release.reading import release_plan, stage_at
from hdh_portal.records import files, outbox
from hdh_portal.records.models import Document
from jury.deliberation.actions import confirm_decision, freeze_deliberation, propose_deliberation, record_decision
from jury.deliberation.reading import decision_digest, deliberation_plan
from jury.hearings.actions.hearings import end_hearing, start_hearing
from jury.hearings.actions.presences import check_in_all
from jury.hearings.actions.timetable import place_hearings, summon
from jury.models import Decision, Hearing, Jury
from reviews.assigning.actions import propose_assignments
from reviews.models import Assignment
from reviews.scoring.actions.declaration import declare_interest
from reviews.scoring.actions.sheet import send_sheet
from reviews.shortlist.actions import freeze_shortlist, propose_shortlist
from reviews.shortlist.reading import shortlist_plan
from tests.applications.officers import conclude, declare, make_ready
from tests.factories import CLOSED, OPEN, deposit, make_draft, make_officer, make_user, paris, pdf_upload, the_call
from tests.jury import makers as jury
from tests.leaving import leave
from tests.permissions.world import OTHER_CLOSED, OTHER_OPEN, make_papers
from tests.reviews.makers import RANKED, RELEASED, SCORING, make_admissible, make_rapporteur
from tests.reviews.marking import rule, write
from tests.worlds import rolled_back

# The columns of the table, in their order.
ACTORS = (
    "anonymous",
    "owner",  # of every dossier but `theirs`
    "other",  # a candidate of the same call: `theirs`
    "officer",  # of the first checking body
    "manager",
    "bound",  # a manager with an interest in every dossier of the owner
    "secretary",
    "shut",  # a secretary with an interest in every dossier of the owner
    "scorer",  # rapporteur of `begun` and `sent`, who has declared on both
    "silent",  # rapporteur of the same, who has declared nothing yet
    "idle",  # rapporteur of the call, to whom no dossier was given
    "with_interest",  # was given the same, and declared an interest in both
    "juror",  # has declared on the whole list
    "mute",  # juror who has not declared yet
    "recused",  # juror with an interest in every dossier of the owner
    "president",
    "abroad",  # rapporteur and juror of another call
    "gone",  # was officer, rapporteur and juror
    "admin",  # is_superuser, without any role
)
# `live`, `heard` and `coming` are the names that three dossiers have in the jury's moments.
DOSSIERS = ("begun", "sent", "spare", "out", "left")
ALIASES = {"live": "begun", "heard": "sent", "coming": "spare"}
DECIDED = {"heard": "laureate", "live": "reserve", "coming": "not_selected", "theirs": "laureate"}
NOTIFIED = {"laureate": {"amount_cents": 10_000_000}, "reserve": {"rank": 1}, "not_selected": {"reason": "Trop tôt."}}
HEARING, HEARD, DUE = paris(2020, 7, 6, 9, 50), paris(2020, 7, 7, 18, 30), paris(2020, 7, 9, 11)
OTHER_EVALUATED, OTHER_NOTIFIED = paris(2031, 7, 10, 9), paris(2031, 9, 1, 9)
SHORTLIST, RESULTS = Release.Stage.SHORTLIST, Release.Stage.RESULTS


class SelectionWorld:
    """People by name, dossiers by state, and the way from the scoring to the announcement."""

    def __init__(self):
        self.call, self.other_call = the_call(), the_call("autre")
        self.people, self.offices, self.rapporteurs, self.seats = {"anonymous": None}, {}, {}, {}
        self.nothing, self.stage = {}, "preselection"
        rule(self.call, shortlist_size=4)
        Jury.objects.filter(call=self.call).update(quorum=2)
        for name in ("owner", "other", "admin"):
            self.people[name] = make_user(name.capitalize(), is_superuser=name == "admin")
        self._deposit()
        self._appoint()
        self._assign()
        self._elsewhere()
        for user in filter(None, self.people.values()):
            Authenticator.objects.get_or_create(user=user, type="totp", defaults={"data": {"secret": "x"}})
        make_documents()
        self.arrive()

    # Dossiers -------------------------------------------------------------------------------------------------------
    def _deposit(self):
        self.dossiers = {name: self._dossier(name, self.people["owner"]) for name in DOSSIERS}
        self.dossiers["theirs"] = self._dossier("theirs", self.people["other"])
        for submission in Submission.objects.all():
            make_papers(submission)
        make_admissible(*self.dossiers.values())
        self.dossiers |= {alias: self.dossiers[name] for alias, name in ALIASES.items()}

    def _dossier(self, name, owner, call=None, at=OPEN):
        call = call or self.call
        acronym = call.questions.get(column="acronym").key
        found = make_draft(call, owner=owner, at=at, **{acronym: name.upper()})
        attach_file(found, call.questions.filter(type="file").first(), pdf_upload(), by=owner, at=at)
        deposit(found, at=at)
        found.refresh_from_db()
        return found

    # People ---------------------------------------------------------------------------------------------------------
    def _appoint(self):
        for name, power in (("officer", "officer"), ("manager", "manager"), ("secretary", "secretary")):
            self._office(name, make_ready(self.call, power=power, name=name.capitalize()))
        for name in ("signer", "second", "both"):
            self._office(name, make_ready(self.call, power="manager", name=name.capitalize()))
        self._office("clerk", make_ready(self.call, power="secretary", name="Clerk"))
        for name, power in (("bound", "manager"), ("shut", "secretary")):
            self._office(name, make_officer(self.call, power=power, name=name.capitalize()))
            declare(self.offices[name], *(self.dossiers[dossier] for dossier in DOSSIERS))
        for body, name in enumerate(("scorer", "silent", "idle", "with_interest", "third", "fourth", "both")):
            user = self.people.get(name) or make_user(name.capitalize())
            self._rapporteur(name, make_rapporteur(self.call, body=body, user=user))
        for number, name in ((1, "president"), (5, "juror"), (6, "mute"), (7, "recused"), (8, "both")):
            self._seat(name, jury.seat(self.call, number, self.people.get(name) or make_user(name.capitalize())))
        gone = make_ready(self.call, name="Gone")
        self.people["gone"] = gone.user
        leave(gone, at=CLOSED)
        leave(make_rapporteur(self.call, body=7, user=gone.user), at=RELEASED)
        leave(jury.seat(self.call, 9, gone.user), at=RELEASED)

    def _office(self, name, officer):
        self.offices[name], self.people[name] = officer, officer.user

    def _rapporteur(self, name, rapporteur):
        self.rapporteurs[name], self.people[name] = rapporteur, rapporteur.user

    def _seat(self, name, juror):
        self.seats[name], self.people[name] = juror, juror.user

    # Assignments and sheets -----------------------------------------------------------------------------------------
    def give(self, name, to, **changes):
        """A confirmed assignment of a dossier, by their names."""
        return give(self.dossiers[name], self.rapporteurs[to], **changes)

    def _assign(self):
        for dossier in ("begun", "sent"):
            self.give(dossier, "silent", declared_at=None)
            declare_interest(
                self.give(dossier, "with_interest", declared_at=None), by=self.people["with_interest"], at=SCORING
            )
        write(self.give("begun", "scorer"), 4.0)
        write(self.give("spare", "both"), 4.0)
        self.give("left", "scorer")
        withdraw_application(self.dossiers["left"], by=self.people["owner"], at=SCORING)
        for dossier, name in (("sent", "scorer"), ("theirs", "both"), ("out", "both")):
            self.send(dossier, name)
        for dossier, mark in (("begun", 4.0), ("sent", 4.0), ("spare", 3.5), ("theirs", 4.0), ("out", 2.0)):
            self.send(dossier, "third", mark)

    def send(self, name, by, mark=3.0, **words):
        """A sheet that was sent, on an assignment that stands or is given now."""
        rows = Assignment.objects.current().select_related("application__call", "rapporteur__user")
        found = rows.filter(application=self.dossiers[name], rapporteur=self.rapporteurs[by]).first()
        return self._send(found or self.give(name, by), mark, SCORING, **words)

    @staticmethod
    def _send(assignment, mark, at, **words):
        return send_sheet(write(assignment, mark, at=at, **words), by=assignment.rapporteur.user, at=at)

    # Another call, as far as this one: for addresses that mix the two -------------------------------------------------
    def _elsewhere(self):
        call, at = self.other_call, OTHER_EVALUATED
        rule(call, shortlist_size=1)
        Jury.objects.filter(call=call).update(quorum=1)
        both, clerk = self.people["both"], self.people["clerk"]
        managers = [make_officer(call, power="manager", user=user) for user in (both, None)]
        dossier = self.foreign = self._dossier("foreign", self.people["owner"], call, OTHER_OPEN)
        make_papers(dossier.last_submission())
        for officer in (*managers, make_officer(call, power="secretary", user=clerk)):
            declare(officer, at=OTHER_CLOSED)
        conclude(dossier, managers[0], at=OTHER_CLOSED)
        self._notify(call, Release.Stage.ADMISSIBILITY, managers, at)
        rapporteur = make_rapporteur(call, body=0, user=both, at=OTHER_OPEN)
        self.people["abroad"] = make_rapporteur(call, body=1, name="Abroad", at=OTHER_OPEN).user
        dossier.refresh_from_db()
        self._send(give(dossier, rapporteur), 4.0, at)
        self._freeze(call, managers, OTHER_NOTIFIED)
        self._notify(call, SHORTLIST, managers, OTHER_NOTIFIED)
        for number, name in ((1, "both"), (3, "abroad")):
            jury.declare(jury.seat(call, number, self.people[name], at=at), at=OTHER_NOTIFIED)
        opens_at = call.sittings.get().opens_at
        place_hearings(call, {dossier.pk: opens_at}, by=clerk, at=OTHER_NOTIFIED)
        summon(call, by=clerk, at=OTHER_NOTIFIED)
        hearing = start_hearing(Hearing.objects.get(application=dossier), by=clerk, at=opens_at)
        check_in_all(hearing, by=clerk, at=opens_at)
        end_hearing(hearing, by=clerk, at=opens_at + timedelta(minutes=30))
        dossier.refresh_from_db()

    @staticmethod
    def _freeze(call, managers, at):
        for act, manager in zip((propose_shortlist, freeze_shortlist), managers, strict=True):
            act(call, shortlist_plan(call).digest, by=manager.user, at=at)

    @staticmethod
    def _notify(call, stage, managers, at):
        for act, manager in zip((propose_release, confirm_release), managers, strict=True):
            act(call, release_plan(call, stage).digest, stage, by=manager.user, at=at)

    # From one moment to the next ------------------------------------------------------------------------------------
    @contextlib.contextmanager
    def at(self, moment):
        """The world as it is at a moment, step by step from the first one; nothing of it is left afterwards."""
        with rolled_back():
            names = list(MOMENTS)
            for name in names[1 : names.index(moment) + 1]:
                self.step(name)
            yield
        self.arrive()

    def step(self, moment):
        """Go on to the next moment."""
        MOMENTS[moment][1](self)
        make_documents()
        self.arrive(moment)

    def arrive(self, moment="scoring"):
        self.stage = "resultats" if MOMENTS[moment][0] >= HEARING else "preselection"
        self.nothing.clear()
        for application in self.dossiers.values():
            application.refresh_from_db()

    @property
    def signers(self):
        return [self.offices[name] for name in ("signer", "second")]

    def stay(self):
        """Only time goes by."""

    def draw(self):
        """The places that are left are proposed; nobody is told."""
        propose_assignments(self.call, by=self.people["signer"], at=SCORING)

    def sign_list(self):
        by = self.people["signer"]
        propose_shortlist(self.call, shortlist_plan(self.call).digest, by=by, at=RANKED)

    def freeze_list(self):
        by = self.people["second"]
        freeze_shortlist(self.call, shortlist_plan(self.call).digest, by=by, at=RANKED)

    def notify_list(self):
        """Released; then those jurors declare who will."""
        self._notify(self.call, SHORTLIST, self.signers, jury.NOTIFIED)
        for name in ("president", "juror", "both"):
            jury.declare(self.seats[name])
        jury.declare(self.seats["recused"], *(self.dossiers[name] for name in ALIASES))

    def places(self):
        """`{application id: instant}`: one after the other, at the head of the first sitting."""
        length, start = timedelta(minutes=self.call.jury.hearing_minutes), self.call.sittings.first().opens_at
        rows = [self.dossiers[name] for name in ("heard", "live", "coming", "theirs")]
        return {row.pk: start + place * length for place, row in enumerate(rows)}

    def place(self):
        place_hearings(self.call, self.places(), by=self.people["clerk"], at=jury.SEATED)

    def summon(self):
        summon(self.call, by=self.people["clerk"], at=jury.SUMMONED)

    def hear(self):
        """One was heard and its decision recorded, one is under way."""
        self._hear("heard")
        self.record("heard")
        self._start("live")

    def _start(self, name):
        hearing = Hearing.objects.select_related("application__call").get(application=self.dossiers[name])
        start_hearing(hearing, by=self.people["clerk"], at=hearing.starts_at)
        check_in_all(hearing, by=self.people["clerk"], at=hearing.starts_at)
        return hearing

    def _hear(self, name):
        hearing = self._start(name)
        return end_hearing(hearing, by=self.people["clerk"], at=hearing.starts_at + timedelta(minutes=38))

    def record(self, name, conclusion=None, **fields):
        conclusion = conclusion or DECIDED[name]
        values = NOTIFIED[conclusion] | fields
        self._check_in(name)
        return record_decision(self.dossiers[name], conclusion=conclusion, **values, by=self.people["clerk"], at=HEARD)

    def _check_in(self, name):
        """Whoever may be there is noted for the deliberation, while nothing is decided."""
        dossier = self.dossiers[name]
        if not Decision.objects.filter(application=dossier, confirmed_at__isnull=False).exists():
            hearing = Hearing.objects.select_related("application__call").get(application=dossier)
            check_in_all(hearing, by=self.people["clerk"], at=HEARD)

    def decide(self, name, *args, **fields):
        """Recorded, and confirmed by the presidency."""
        digest = decision_digest(self.record(name, *args, **fields))
        confirm_decision(self.dossiers[name], digest, by=self.people["president"], at=HEARD)

    def hear_all(self):
        """The other hearings: nothing more is to be heard."""
        for name in ("live", "coming", "theirs"):
            self._hear(name)

    def decide_all(self):
        self.hear_all()
        for name in DECIDED:
            self.decide(name)

    def sign_decisions(self):
        propose_deliberation(self.call, deliberation_plan(self.call).digest, by=self.people["clerk"], at=HEARD)

    def freeze_decisions(self):
        by = self.people["president"]
        freeze_deliberation(self.call, deliberation_plan(self.call).digest, by=by, at=HEARD)

    def sign_results(self):
        propose_release(self.call, self.release_digest(RESULTS), RESULTS, by=self.people["signer"], at=DUE)

    def release_results(self):
        confirm_release(self.call, self.release_digest(RESULTS), RESULTS, by=self.people["second"], at=DUE)

    def release_digest(self, stage=None):
        return release_plan(self.call, stage or stage_at(self.stage).key).digest


def give(application, rapporteur, **changes):
    """A confirmed assignment whose dossier is open, as a matching and a declaration would leave it."""
    values = {"body": rapporteur.body, "source": "manual", "proposed_at": RELEASED, "confirmed_at": RELEASED}
    row = values | {"declared_at": SCORING} | changes
    return Assignment.objects.create(application=application, rapporteur=rapporteur, **row)


# The moments of the table: what the clock says, and what is done on the way to them.
MOMENTS = {
    "scoring": (SCORING, SelectionWorld.stay),
    "drawn": (SCORING, SelectionWorld.draw),
    "over": (RANKED, SelectionWorld.stay),
    "listed": (RANKED, SelectionWorld.sign_list),
    "frozen": (RANKED, SelectionWorld.freeze_list),
    "shortlisted": (jury.SEATED, SelectionWorld.notify_list),
    "placed": (jury.SEATED, SelectionWorld.place),
    "summoned": (HEARING, SelectionWorld.summon),
    "hearing": (HEARING, SelectionWorld.hear),
    "decided": (HEARD, SelectionWorld.decide_all),
    "sealed": (HEARD, SelectionWorld.sign_decisions),
    "deliberated": (HEARD, SelectionWorld.freeze_decisions),
    "due": (DUE, SelectionWorld.stay),
    "signed": (DUE, SelectionWorld.sign_results),
    "announced": (DUE, SelectionWorld.release_results),
}


def make_documents():
    """Papers that wait are made, each with bytes that follow its content as a real one’s would."""
    for row in Document.objects.filter(state="queued").order_by("pk"):
        outbox.mark_done(row, file=files.store(f"%PDF-1.7 {row.renderer} {row.digest}".encode(), "application/pdf"))
