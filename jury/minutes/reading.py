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
from jury.models import Decision, Hearing, Juror, Presence
from reviews.documents import mean_text

# What the table of presence prints, and the order of its key.
LETTERS = {
    Presence.Status.PRESENT: "P",
    Presence.Status.ABSENT: "A",
    Presence.Status.RECUSED: "D",
    Presence.Status.LEFT: "S",
}
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


@dataclass(frozen=True)
class _Seat:
    """A seat at one dossier: `status` as it was when the decision was confirmed; `tie`: the interest, if any."""

    juror: Juror
    user: User | None
    status: str
    at: object
    tie: list


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
        hearings = Hearing.objects.filter(application__in=dossiers).order_by("starts_at")
        self.hearings = {row.application_id: row for row in hearings}
        # Every team that was heard, as the announcement counts them, whatever became of its dossier afterwards.
        ended = Hearing.objects.filter(application__call=self.call, ended_at__lte=frozen_at)
        self.heard = Counter(ended.values_list("sitting", flat=True))
        self.sittings = list(self.call.sittings.order_by("position"))
        self.jurors = list(self.call.jurors.select_related("organisation").order_by("seat"))
        presences = Presence.objects.filter(hearing__in=hearings.order_by(), recorded_at__lte=frozen_at).order_by("id")
        self.presences = list(presences)
        self.seated = self._read_seats(frozen_at)
        users = {user for steps in self.seated.values() for _at, user in steps if user}
        self.users = User.objects.in_bulk(users)
        self.ties = {}
        for tie in Interest.objects.filter(application__in=dossiers, user__in=users).order_by("id"):
            self.ties.setdefault((tie.application_id, tie.user_id), []).append(tie)
        proposed = JournalEntry.objects.filter(chain=self.call.chain_id, verb="deliberation_proposed")
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
        for row in self.presences:
            if row.hearing_id == hearing.pk and self._since(row.juror_id, at) <= row.recorded_at <= at:
                last[row.juror_id] = row
        return [self._seat(juror, decision.application_id, last.get(juror.pk), at) for juror in self.jurors]

    def _seat(self, juror, application_id, row, at):
        user = self._user_of(juror.pk, at)
        ties = self.ties.get((application_id, user.pk), []) if user else []
        tie = [one for one in ties if one.declared_at <= at and (one.lifted_at is None or one.lifted_at > at)]
        if user is None:
            return _Seat(juror, None, "", None, [])
        if tie:
            left = row is not None and row.status == Presence.Status.RECUSED
            return _Seat(juror, user, Presence.Status.RECUSED, row.at if left else None, tie)
        return _Seat(juror, user, row.status if row else "", row.at if row else None, ties)

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
            [_("Demandé par les projets entendus"), french.euros(requested)],
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
            "recusals": [_recusal(seat) for seat in room if seat.status == Presence.Status.RECUSED],
            "away": [away for seat in room if (away := _away(seat))],
            "quorum": _("%(present)s, %(quorum)s\u00a0: quorum atteint")
            % {
                "present": french.ngettext("%(count)s\u00a0présent", "%(count)s\u00a0présents", decision.present),
                "quorum": french.ngettext("%(count)s\u00a0nécessaire", "%(count)s\u00a0nécessaires", decision.quorum),
            },
            "outcome": self._outcome(decision),
            "reason": paragraphs(decision.reason),
            "presided": self._presided(decision),
        }

    def _hearing(self, decision):
        hearing = self.hearings[decision.application_id]
        return _("%(day)s, prévue à %(planned)s, tenue de %(start)s à %(end)s") % {
            "day": french.long_day(hearing.started_at),
            "planned": french.hour(hearing.starts_at),
            "start": french.hour(hearing.started_at),
            "end": french.hour(hearing.ended_at),
        }

    def _outcome(self, decision):
        values = {
            "requested": french.euros(decision.requested_cents) if decision.requested_cents else _("non indiquée")
        }
        if decision.conclusion == Conclusion.LAUREATE:
            values["amount"] = french.euros(decision.amount_cents)
            return _("Lauréat, pour %(amount)s au plus. Demande\u00a0: %(requested)s.") % values
        if decision.conclusion == Conclusion.RESERVE:
            values["rank"] = decision.rank
            return _("Liste complémentaire, rang %(rank)s. Demande\u00a0: %(requested)s.") % values
        return _("Non retenu. Demande\u00a0: %(requested)s.") % values

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
    words = [_("déport"), *dict.fromkeys(str(tie.get_kind_display()) for tie in seat.tie)]
    if seat.at is not None:
        words.append(_("sortie à %(hour)s") % {"hour": french.hour(seat.at)})
    elif seat.tie:
        words.append(_("depuis le %(at)s") % {"at": french.short_instant(seat.tie[0].declared_at)})
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
