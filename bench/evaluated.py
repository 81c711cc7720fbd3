"""The data of the second stage, written in bulk: rapporteurs, sheets, papers, then the frozen shortlist."""

import random
from dataclasses import dataclass

from allauth.mfa.models import Authenticator

from applications.models import Application, Release, Submission
from bench.dossiers import CHUNK, copy_of
from hdh_portal.records.models import Document
from reviews.documents import consolidated_name
from reviews.marks import scale_of
from reviews.models import Assignment, Mark, Rapporteur, ScoreSheet, Shortlist, ShortlistEntry
from reviews.papers import CONSOLIDATED, SCORE_SHEET
from reviews.ranking.reading import board
from reviews.sheets.reading import batches
from tests import factories
from tests.reviews.makers import COMMENT, RANKED, RELEASED, SCORING

RAPPORTEURS = 24
# The rapporteur whose pages are measured has as many sheets whatever the number of dossiers: the even share of 2020.
OWN = 17
SENT = 8
BEGUN, WRITTEN, CLOSED = range(3)  # the first dossiers of that person; then those that are sent, the others are open
NOTIFIED = "Le besoin est documenté et l’accès aux données est décrit. Le calendrier laisse peu de marge. " * 2
CONFIRMED = {"source": "matching", "proposed_at": RELEASED, "confirmed_at": RELEASED}


@dataclass
class Evaluated:
    """Who scores: the rapporteur whose pages are measured and their assignments, in the order of the dossiers."""

    rapporteur: Rapporteur
    own: list

    @property
    def begun(self):
        return self.own[BEGUN]

    @property
    def written(self):
        return self.own[WRITTEN]

    @property
    def closed(self):
        return self.own[CLOSED]


def admit(call, managers):
    """Every deposited dossier is admissible and has been told so."""
    Application.objects.filter(call=call, state="submitted").update(state="admissible")
    _released(call, Release.Stage.ADMISSIBILITY, managers, RELEASED)


def _released(call, stage, managers, at):
    one, two = (officer.user for officer in managers)
    signed = {"decided_by": one, "decided_at": at, "confirmed_by": two, "confirmed_at": at}
    Release.objects.create(call=call, stage=stage, digest="0" * 64, **signed)


def evaluate(call):
    """Each admissible dossier has its rapporteurs; all have sent their sheets, but the one whose pages are measured."""
    dossiers = list(Application.objects.filter(call=call, state="admissible").order_by("pk"))
    people, me = _rapporteurs(call)
    rows = Assignment.objects.bulk_create(_assignments(call, dossiers, people, me), batch_size=CHUNK)
    own = [row for row in rows if row.rapporteur_id == me.pk]
    found = Evaluated(me, own)
    _sheets(call, [row for row in rows if row.rapporteur_id != me.pk] + own[3 : 3 + SENT], sent=True)
    _sheets(call, [found.begun, found.written], sent=False)
    Mark.objects.filter(sheet__assignment=found.begun, criterion=call.criterion_set.last()).delete()
    Assignment.objects.filter(pk=found.closed.pk).update(declared_at=None)
    return found


def _rapporteurs(call):
    """`(people by the place of their body, the one whose pages are measured)`; the latter is of the first body."""
    bodies = [row.organisation for row in call.rapporteur_bodies.select_related("organisation")]
    users = [factories.make_user(f"Rapporteur {n}") for n in range(RAPPORTEURS + 1)]
    Authenticator.objects.bulk_create(Authenticator(user=user, type="totp", data={"secret": "x"}) for user in users)
    places = [n % len(bodies) for n in range(RAPPORTEURS)] + [0]
    rows = Rapporteur.objects.bulk_create(
        Rapporteur(call=call, user=user, body=bodies[place], since=RELEASED)
        for user, place in zip(users, places, strict=True)
    )
    people = {}
    for row, place in list(zip(rows, places, strict=True))[:-1]:
        people.setdefault(place, []).append(row)
    return people, rows[-1]


def _assignments(call, dossiers, people, me):
    left = OWN
    for number, dossier in enumerate(dossiers):
        for step in range(call.evaluation.sheets_per_dossier):
            place = (number + step) % len(people)
            one = people[place][number // len(people) % len(people[place])]
            if place == 0 and left:
                one, left = me, left - 1
            yield Assignment(application=dossier, rapporteur=one, body=one.body, declared_at=SCORING, **CONFIRMED)


def _sheets(call, assignments, *, sent):
    chance, criteria = random.Random(2020), list(call.criterion_set.all())
    marks = scale_of(call.evaluation)[2:]
    sealed = dict(Submission.objects.counting().values_list("application_id", "pk"))
    for start in range(0, len(assignments), CHUNK):
        some = assignments[start : start + CHUNK]
        sheets = ScoreSheet.objects.bulk_create(
            ScoreSheet(assignment=row, submission_id=sealed[row.application_id], version=1, begun_at=SCORING,
                       saved_at=SCORING, opinion=chance.choice(ScoreSheet.Opinion.values), transmissible=NOTIFIED)
            for row in some
        )  # fmt: skip
        Mark.objects.bulk_create(
            (Mark(sheet=sheet, criterion=one, value=chance.choice(marks), comment=COMMENT)
             for sheet in sheets for one in criteria),
            batch_size=CHUNK,
        )  # fmt: skip
        if sent:
            # The marks come first: those of a sheet that is sent take no change.
            ScoreSheet.objects.filter(pk__in=[sheet.pk for sheet in sheets]).update(sent_at=SCORING)


def give_back(assignment, by):
    """A sheet that was sent is its rapporteur's again, whole; nothing where it waits already."""
    last = ScoreSheet.objects.filter(assignment=assignment).order_by("-version").first()
    if last.sent_at is None:
        return
    why = {"reopened_by": by, "reopened_reason": "À mesurer de nouveau."}
    anew = copy_of(last, ScoreSheet, version=last.version + 1, sent_at=None, **why)
    anew.save()
    Mark.objects.bulk_create(copy_of(mark, Mark, sheet=anew) for mark in last.marks.all())


def print_papers(call, officer, file):
    """The papers of every sheet that counts and of its dossier, as the worker leaves them; `file` stands for each."""
    done = {"state": "done", "queued_at": SCORING, "digest": "0" * 64, "file": file}
    for references, sheets in batches(officer):
        rows = [
            Document(renderer=SCORE_SHEET, subject=pk, filename=f"fiche-{pk}.pdf", **done)
            for some in sheets.values()
            for pk in some
        ]
        for pk, reference in references.items():
            name = consolidated_name(reference, sheets[pk], is_ranked=False)
            rows.append(Document(renderer=CONSOLIDATED, subject=pk, filename=name, **done))
        Document.objects.bulk_create(rows, batch_size=CHUNK)


def shortlist(call, managers):
    """Freeze the ranking as it stands and tell it; returns the shortlisted dossiers, best first."""
    lines, (one, two) = board(call).lines, managers
    frozen = Shortlist.objects.create(call=call, digest="0" * 64, decided_by=one.user, decided_at=RANKED)
    size = call.evaluation.shortlist_size
    ShortlistEntry.objects.bulk_create(
        (ShortlistEntry(shortlist=frozen, application_id=line.application_id, rank=line.place, mean=line.mean or 0,
                        median=line.median or 0, spread=line.spread or 0, lowest=line.lowest or 0, sheets=line.sheets,
                        is_shortlisted=line.place <= size, is_equal=line.is_equal, refusal_text=NOTIFIED)
         for line in lines),
        batch_size=CHUNK,
    )  # fmt: skip
    frozen.confirmed_by, frozen.confirmed_at = two.user, RANKED
    frozen.save()
    rows = Application.objects.filter(call=call, shortlist_entry__isnull=False)
    rows.filter(shortlist_entry__is_shortlisted=False).update(state="not_shortlisted")
    rows.filter(shortlist_entry__is_shortlisted=True).update(state="shortlisted")
    _released(call, Release.Stage.SHORTLIST, managers, RANKED)
    return list(rows.filter(state="shortlisted").select_related("call").order_by("shortlist_entry__rank"))
