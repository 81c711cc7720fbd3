"""The release of the results: what its letters say, when it may happen, and the announcement that it writes."""

from types import MappingProxyType

from django.utils.translation import gettext as _

from applications.models import Release
from applications.release.reading import StageRelease
from applications.states import State
from applications.words import numbered
from hdh_portal.ground import french
from hdh_portal.records import outbox
from hdh_portal.records.canonical import sha256
from hdh_portal.records.exceptions import Refused
from jury import announcement, links
from jury.models import Announcement, Decision, Deliberation


class Results(StageRelease):
    """The frozen decisions, told to every team that was heard, and to the public, in one act."""

    key = Release.Stage.RESULTS
    slug = "resultats"
    from_state = State.SHORTLISTED
    conclusions = (State.LAUREATE, State.RESERVE, State.NOT_SELECTED)
    placeholders = MappingProxyType(
        {
            State.LAUREATE: {
                "amount": lambda decision: french.euros(decision.amount_cents),
                "conditions": lambda decision: numbered(decision.application.call.texts["award"]["conditions"]),
                "next_steps": lambda decision: numbered(decision.application.call.texts["award"]["next_steps"]),
            },
            State.RESERVE: {"rank": lambda decision: decision.rank},
            State.NOT_SELECTED: {"reasons": lambda decision: decision.reason},
        }
    )
    compulsory = MappingProxyType(
        {
            State.LAUREATE: ("amount", "conditions", "next_steps", "remedies"),
            State.RESERVE: ("rank", "remedies"),
            State.NOT_SELECTED: ("reasons", "remedies"),
        }
    )
    letter = "results_letter"

    def outcomes(self, call):
        """Frozen decisions on dossiers that are still in the procedure, by reference: before it none is told."""
        rows = Decision.objects.filter(
            call=call, application__state=self.from_state, call__deliberation__confirmed_at__isnull=False
        )
        return rows.select_related("application").order_by("application__reference")

    def notified(self, call):
        """Decisions whose notice was written."""
        return Decision.objects.filter(call=call, application__notices__kind=self.key)

    def line(self, outcome):
        """Amount, rank and reason."""
        return [outcome.amount_cents, outcome.rank, outcome.reason]

    def notice_text(self, outcome):
        """One sentence."""
        if outcome.conclusion == State.LAUREATE:
            return _("Votre projet est lauréat, pour une aide de %(amount)s au plus.") % {
                "amount": french.euros(outcome.amount_cents)
            }
        if outcome.conclusion == State.RESERVE:
            return _("Votre projet est inscrit sur la liste complémentaire, au rang %(rank)s.") % {"rank": outcome.rank}
        return _("Votre projet n’est pas retenu. Le courrier en donne les motifs et les voies de recours.")

    def refuse(self, call, at):
        """Refuse before the earliest instant, and before the decisions are frozen."""
        if at < call.jury.announcement_earliest:
            raise Refused(
                _("Les résultats se publient à partir du %(at)s. Revenez alors.")
                % {"at": french.instant(call.jury.announcement_earliest)},
                code="before_earliest",
            )
        if not Deliberation.objects.filter(call=call, confirmed_at__isnull=False).exists():
            raise Refused(
                _("Les décisions ne sont pas figées\u00a0: le jury les fige d’abord."),
                code="not_frozen",
                link=links.sittings(call),
            )
        conclusions = list(self.outcomes(call).order_by().values_list("conclusion", flat=True))
        missing = announcement.problems(announcement.content_of(call, at), call, conclusions)
        if missing:
            raise Refused(
                _("L’annonce n’est pas complète\u00a0: %(missing)s. Complétez, puis signez.")
                % {"missing": "\u202f; ".join(missing)},
                code="announcement_incomplete",
                link=links.announcement(call),
            )

    def also(self, call, at):
        """Write the announcement, whole and for ever, and ask for its paper."""
        content = announcement.content_of(call, at)
        row = Announcement.objects.create(call=call, version=1, content=content, digest=sha256(content), at=at)
        outbox.queue_document(announcement.RENDERER, row.pk, outbox.About(call.chain_id))
        return {"announcement": row.digest}

    def preview_url(self, call):
        """The announcement as it would be published."""
        return "jury:announcement_preview", _("Relire l’annonce")

    def missing_url(self, call):
        """The hearings: who signs the release does not read the deliberation."""
        return "jury:sitting_list", _("Voir les auditions")
