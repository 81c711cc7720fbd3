"""What the minutes of a jury say, as text that is already French: from frozen rows and from the journal only.

Who sat in a seat is read in the journal, for a seat that is left or given to another person after the freeze must not
change the minutes. The head that they print is that of the journal right after the first signature: every act of the
hearings and every decision stands before it, and it is known before the line of the freeze itself is written.
"""

from collections import Counter
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.models import Interest, Submission
from applications.words import paragraphs
from hdh_portal.accounts.models import User
from hdh_portal.ground import french
from hdh_portal.records.models import JournalEntry
from jury.hearings.drawing import draw_of, first_order, follows
from jury.hearings.reading import lapsed, noted_of
from jury.minutes.course import course_lines
from jury.models import Decision, Hearing, HearingStep, Juror, Presence
from reviews.documents import mean_text

# What the table of presence prints, and the order of its key.
LETTERS = {
    Presence.Status.PRESENT: "P",
    Presence.Status.ABSENT: "A",
    Presence.Status.RECUSED: "D",
    Presence.Status.LEFT: "S",
}
# Signatures of the set before the freeze itself: of the whole, or of what is open to one person.
SIGNED_FIRST = ("deliberation_proposed", "deliberation_part_signed")
SIGNED = ("application__shortlist_entry", "decided_by", "confirmed_by", "presiding")
Conclusion = Decision.Conclusion
LISTS = {
    Conclusion.LAUREATE: gettext_lazy("Lauréats"),
    Conclusion.RESERVE: gettext_lazy("Liste complémentaire"),
    Conclusion.NOT_SELECTED: gettext_lazy("Projets non retenus"),
}


def write_minutes(deliberation):
    """What the minutes of a `Deliberation` say, now that its second signature stands (as JSON); the page and the paper.

    The same number of statements for any set.
    """
    return _Minutes(deliberation).context()


def without(minutes, closed):
    """The minutes as they are read by somebody to whom the dossiers of these references are closed.

    Of each of them there is the outcome, which the person announces and signs for; marks, reason, votes and who was in
    the room are left out, and with them the places in the evaluation, which would tell by what is missing.
    """
    order = sorted(range(len(minutes["dossiers"])), key=lambda at: minutes["dossiers"][at]["reference"] in closed)
    dossiers, presence = [], []
    for at in order:
        dossier, row = minutes["dossiers"][at], minutes["presence"][at]
        if dossier["reference"] in closed:
            kept = {
                "reference": dossier["reference"],
                "acronym": dossier["acronym"],
                "outcome": dossier["bare_outcome"],
            }
            dossiers.append(kept | {"is_closed": True})
        else:
            dossiers.append(dossier | {"evaluation": ""})
            presence.append(row)
    lists = [
        one if one["is_reserve"] else one | {"rows": sorted(one["rows"], key=lambda row: row["reference"] in closed)}
        for one in minutes["lists"]
    ]
    found = {"dossiers": dossiers, "presence": presence, "lists": lists}
    # What all who were heard ask for counts the closed one, and a digest stands for every word.
    return minutes | found | {"sums": minutes["sums"][1:], "digest": "", "short_digest": "", "head": ""}


@dataclass(frozen=True)
class _Seat:
    """A seat at one dossier: `status` as it was when the decision was confirmed; `tie`: the interest, if any."""

    juror: Juror
    user: User | None
    status: str
    at: object
    interest: list


class _Minutes:
    """The rows of one frozen deliberation, read once."""

    def __init__(self, deliberation):
        self.deliberation, self.call = deliberation, deliberation.call
        self.jury, frozen_at = self.call.jury, deliberation.confirmed_at
        rows = Decision.objects.filter(call=self.call).select_related(*SIGNED)
        self.decisions = list(rows.order_by("application__shortlist_entry__rank", "application__reference"))
        dossiers = [row.application_id for row in self.decisions]
        sealed = Submission.objects.counting().filter(application__in=dossiers)
        self.sealed = {row.application_id: row for row in sealed}
        hearings = Hearing.objects.filter(application__in=dossiers).select_related("application").order_by("starts_at")
        self.hearings = {row.application_id: row for row in hearings}
        # Every team that was heard, as the announcement counts them, whatever became of its dossier afterwards.
        ended = Hearing.objects.filter(application__call=self.call, ended_at__lte=frozen_at)
        self.heard = Counter(ended.values_list("sitting", flat=True))
        self.sittings = list(self.call.sittings.order_by("position"))
        self.jurors = list(self.call.jurors.select_related("organisation").order_by("seat"))
        self.noted, self.steps = noted_of(self.hearings.values()), {}
        steps = HearingStep.objects.filter(hearing__in=hearings.order_by()).select_related("recorded_by", "presence")
        for row in steps.order_by("id"):
            self.steps.setdefault(row.hearing_id, []).append(row)
        self.seated = self._read_seats(frozen_at)
        users = {user for steps in self.seated.values() for _at, user in steps if user}
        self.users = User.objects.in_bulk(users)
        self.interests = {}
        for interest in Interest.objects.filter(application__in=dossiers, user__in=users).order_by("id"):
            self.interests.setdefault((interest.application_id, interest.user_id), []).append(interest)
        proposed = JournalEntry.objects.filter(chain=self.call.chain_id, verb__in=SIGNED_FIRST)
        self.head = proposed.order_by("position").last()

    def _read_seats(self, until):
        """`{juror id: [(instant, user id or None)]}`: who took and left each seat until the freeze."""
        verbs = ("juror_seated", "juror_left")
        lines = JournalEntry.objects.filter(chain=self.call.chain_id, verb__in=verbs, occurred_at__lte=until)
        found = {}
        for line in lines.order_by("position"):
            user = line.data["user"] if line.verb == "juror_seated" else None
            found.setdefault(line.data["juror"], []).append((line.occurred_at, user))
        return found

    def _user_of(self, juror_id, at):
        """Who sat there at an instant, or None."""
        steps = [user for since, user in self.seated.get(juror_id, ()) if since <= at]
        return self.users.get(steps[-1]) if steps else None

    def _since(self, juror_id, at):
        """When who sits there at an instant took the seat; the instant itself if it is empty."""
        steps = [since for since, _user in self.seated.get(juror_id, ()) if since <= at]
        return steps[-1] if steps else at

    def _room(self, decision):
        """The seats at one dossier as they stood when its decision was confirmed."""
        at, hearing, last = decision.confirmed_at, self.hearings[decision.application_id], {}
        for row in self.noted[hearing.pk]:
            if self._since(row.juror, at) <= row.recorded_at <= at and not lapsed(row, hearing):
                last[row.juror] = row
        return [self._seat(juror, decision.application_id, last.get(juror.pk), at) for juror in self.jurors]

    def _seat(self, juror, application_id, row, at):
        user = self._user_of(juror.pk, at)
        interests = self.interests.get((application_id, user.pk), []) if user else []
        interest = [one for one in interests if one.declared_at <= at and (one.lifted_at is None or one.lifted_at > at)]
        if user is None:
            return _Seat(juror, None, "", None, [])
        if interest:
            left = row is not None and row.status == Presence.Status.RECUSED
            return _Seat(juror, user, Presence.Status.RECUSED, row.at if left else None, interest)
        return _Seat(juror, user, row.status if row else "", row.at if row else None, interests)

    # Context

    def context(self):
        """JSON values only."""
        rooms = {row.pk: self._room(row) for row in self.decisions}
        frozen = self.deliberation.confirmed_at
        return {
            "call": self.call.title,
            "day": french.day(frozen),
            "frozen": french.moment(frozen),
            "digest": french.whole_digest(self.deliberation.digest),
            "short_digest": french.digest(self.deliberation.digest),
            "head": french.whole_digest(self.head.hash),
            "signed": french.moment(self.deliberation.decided_at),
            "sittings": [self._sitting(row) for row in self.sittings],
            "order": self._order(),
            "members": [self._member(juror) for juror in self.jurors if juror.pk in self.seated],
            "vacant": [juror.seat for juror in self.jurors if juror.pk not in self.seated],
            "seats": [juror.seat for juror in self.jurors],
            "presence": [self._presence(row, rooms[row.pk]) for row in self.decisions],
            "rules": self._rules(),
            "dossiers": [self._dossier(row, rooms[row.pk]) for row in self.decisions],
            "lists": [self._list(conclusion) for conclusion in Conclusion],
            "sums": self._sums(),
            "signers": [
                {"role": _("Présidence"), "name": self._signer(self.deliberation.presiding)},
                {"role": _("Secrétariat"), "name": str(self.deliberation.decided_by)},
            ],
        }

    def _signer(self, juror):
        place = _place(juror, self.deliberation.confirmed_by)
        return place if juror.presidency else _("%(place)s, qui supplée la présidence") % {"place": place}

    def _sitting(self, sitting):
        heard = self.heard[sitting.pk]
        return {
            "when": _("%(day)s, de %(start)s à %(end)s")
            % {
                "day": french.long_day(sitting.opens_at),
                "start": french.hour(sitting.opens_at),
                "end": french.hour(sitting.closes_at),
            },
            "place": sitting.place,
            "heard": french.ngettext("%(count)s\u00a0projet entendu", "%(count)s\u00a0projets entendus", heard),
        }

    def _order(self):
        """How the order of the hearings came about; empty where nothing was drawn."""
        draw = draw_of(self.call)
        if draw is None:
            return ""
        sentence = _(
            "Ordre des auditions tiré au sort le %(at)s, graine inscrite au journal (n° %(position)s) avant le tirage."
        )
        sentence %= {"at": french.moment(draw.at), "position": french.number(draw.position)}
        if follows(draw, first_order(self.hearings.values())):
            return sentence
        return _("%(sentence)s Le secrétariat l’a changé avant la convocation.") % {"sentence": sentence}

    def _member(self, juror):
        held = [self.users[user] for _since, user in self.seated[juror.pk] if user]
        role = _("présidence") if juror.presidency else ""
        if juror.acting_order:
            role = _("suppléance de la présidence, rang %(rank)s") % {"rank": juror.acting_order}
        return {
            "seat": juror.seat,
            "name": _(" puis ").join(dict.fromkeys(str(user) for user in held)),
            "quality": juror.quality,
            "body": juror.organisation.name if juror.organisation else "",
            "role": role,
        }

    def _presence(self, decision, room):
        cells = [LETTERS.get(seat.status, "") for seat in room]
        return {"name": self._acronym(decision), "cells": cells, "present": decision.present}

    def _acronym(self, decision):
        return self.sealed[decision.application_id].acronym

    def _rules(self):
        return [
            [_("Quorum"), french.ngettext("%(count)s\u00a0membre", "%(count)s\u00a0membres", self.jury.quorum)],
            [_("Lauréats au plus"), french.number(self.jury.laureates)],
            [_("Enveloppe"), french.euros(self.jury.envelope_cents)],
            [_("Plafond par projet"), french.euros(self.call.max_grant_cents)],
        ]

    def _sums(self):
        requested = sum(row.requested_cents or 0 for row in self.decisions)
        granted = sum(row.amount_cents or 0 for row in self.decisions)
        return [
            [_("Demandé par les projets examinés"), french.euros(requested)],
            [_("Attribué aux lauréats"), french.euros(granted)],
            [_("Enveloppe"), french.euros(self.jury.envelope_cents)],
            [_("Reste"), french.euros(self.jury.envelope_cents - granted)],
        ]

    def _dossier(self, decision, room):
        sealed, entry = self.sealed[decision.application_id], decision.application.shortlist_entry
        return {
            "reference": decision.application.reference,
            "acronym": sealed.acronym,
            "title": sealed.title,
            "lead": sealed.lead_name,
            "evaluation": _("rang\u00a0%(rank)s, moyenne\u00a0%(mean)s")
            % {"rank": entry.rank, "mean": mean_text(entry.mean)},
            "hearing": self._hearing(decision),
            "course": self._course(decision),
            "recusals": [_recusal(seat) for seat in room if seat.status == Presence.Status.RECUSED],
            "away": [away for seat in room if (away := _away(seat))],
            "quorum": _("%(present)s, %(quorum)s\u00a0: quorum atteint")
            % {
                "present": french.ngettext("%(count)s\u00a0présent", "%(count)s\u00a0présents", decision.present),
                "quorum": french.ngettext("%(count)s\u00a0nécessaire", "%(count)s\u00a0nécessaires", decision.quorum),
            },
            "outcome": self._outcome(decision),
            "bare_outcome": self._bare_outcome(decision),
            "reason": paragraphs(decision.reason),
            "presided": self._presided(decision),
        }

    def _hearing(self, decision):
        hearing = self.hearings[decision.application_id]
        if hearing.absent_at is not None:
            return _("%(day)s, prévue à %(planned)s\u00a0: équipe absente, constaté à %(at)s") % {
                "day": french.long_day(hearing.absent_at),
                "planned": french.hour(hearing.starts_at),
                "at": french.clock_time(hearing.absent_at),
            }
        return _("%(day)s, prévue à %(planned)s, tenue de %(start)s à %(end)s") % {
            "day": french.long_day(hearing.started_at),
            "planned": french.hour(hearing.starts_at),
            "start": french.hour(hearing.started_at),
            "end": french.hour(hearing.ended_at),
        }

    def _course(self, decision):
        hearing = self.hearings[decision.application_id]
        hearing.application = decision.application
        decision.application.call = self.call
        seats = {juror.pk: juror.seat for juror in self.jurors}
        return course_lines(hearing, self.noted[hearing.pk], self.steps.get(hearing.pk, []), seats)

    def _outcome(self, decision):
        requested = french.euros(decision.requested_cents) if decision.requested_cents else _("non indiquée")
        values = {"outcome": self._bare_outcome(decision), "requested": requested}
        return _("%(outcome)s Aide demandée\u00a0: %(requested)s.") % values

    def _bare_outcome(self, decision):
        """What was decided, and nothing that the dossier says."""
        if decision.conclusion == Conclusion.LAUREATE:
            return _("Lauréat, pour %(amount)s au plus.") % {"amount": french.euros(decision.amount_cents)}
        if decision.conclusion == Conclusion.RESERVE:
            return _("Liste complémentaire, rang %(rank)s.") % {"rank": decision.rank}
        return _("Non retenu.")

    def _presided(self, decision):
        place = _place(decision.presiding, decision.confirmed_by)
        values = {
            "place": place if decision.presiding.presidency else _("%(place)s, suppléance") % {"place": place},
            "at": french.short_instant(decision.confirmed_at),
            "secretary": decision.decided_by,
            "recorded": french.short_instant(decision.decided_at),
        }
        return (
            _(
                "Présidence du dossier\u00a0: %(place)s. "
                "Enregistrée par %(secretary)s le %(recorded)s, confirmée le %(at)s."
            )
            % values
        )

    def _list(self, conclusion):
        """One ranked list: the reserve in its own order, the others in that of the evaluation."""
        rows = [row for row in self.decisions if row.conclusion == conclusion]
        if conclusion == Conclusion.RESERVE:
            rows.sort(key=lambda row: row.rank)
        return {
            "label": str(LISTS[conclusion]),
            "is_laureate": conclusion == Conclusion.LAUREATE,
            "is_reserve": conclusion == Conclusion.RESERVE,
            "rows": [
                {
                    "number": number,
                    "name": self._acronym(row),
                    "reference": row.application.reference,
                    "lead": self.sealed[row.application_id].lead_name,
                    "amount": french.euros(row.amount_cents) if row.amount_cents else "",
                }
                for number, row in enumerate(rows, 1)
            ],
        }


def _place(juror, user):
    """« Siège 4, Camille Aubry », or « Siège 4 » where the person is known by the seat alone."""
    seat = _("Siège %(seat)s") % {"seat": juror.seat}
    return seat if str(user) == seat else f"{seat}, {user}"


def _recusal(seat):
    """« Siège 4 : déport, règle : même organisme, sortie à 11 h 18 »."""
    words = [_("déport"), *dict.fromkeys(str(interest.get_kind_display()) for interest in seat.interest)]
    if seat.at is not None:
        words.append(_("sortie à %(hour)s") % {"hour": french.hour(seat.at)})
    elif seat.interest:
        words.append(_("depuis le %(at)s") % {"at": french.short_instant(seat.interest[0].declared_at)})
    values = {"place": _place(seat.juror, seat.user), "words": french.spaces(", ".join(words))}
    return _("%(place)s\u00a0: %(words)s") % values


def _away(seat):
    """« Siège 7 : absent », « Siège 7 : sorti à 11 h 40 »; an empty text for all others."""
    values = {"place": _place(seat.juror, seat.user), "hour": french.hour(seat.at) if seat.at else ""}
    if seat.status == Presence.Status.ABSENT:
        return _("%(place)s\u00a0: absent") % values
    if seat.status == Presence.Status.LEFT:
        return _("%(place)s\u00a0: sorti à %(hour)s") % values
    return ""
