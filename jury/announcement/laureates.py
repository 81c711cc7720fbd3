"""The laureates as the announcement shows them: what the sealed dossiers say, and nothing of the decision."""

import re

from applications.models import Submission
from applications.states import State
from hdh_portal.ground.alphabet import alphabetical
from jury.models import Decision

BULLET = re.compile(r"\s*[-•]\s+")


def laureates(call):
    """`[{"acronym", "title", "lead", "partners", "text"}]` by acronym, in three statements at most.

    Of frozen decisions on dossiers that are laureates or are about to be. No rank, amount, axis or mark.
    """
    chosen = Decision.objects.filter(
        call=call,
        conclusion=Decision.Conclusion.LAUREATE,
        confirmed_at__isnull=False,
        call__deliberation__confirmed_at__isnull=False,
        application__state__in=[State.SHORTLISTED, State.LAUREATE],
    )
    sealed = Submission.objects.counting().filter(application__in=chosen.order_by().values("application"))
    rows = sealed.select_related("body").prefetch_related("partners").order_by("application_id")
    asked = call.jury.texts["published_answer"]
    return sorted(
        (_card(row, asked) for row in rows), key=lambda card: (alphabetical(card["acronym"]), card["acronym"])
    )


def _card(submission, asked):
    return {
        "acronym": submission.acronym,
        "title": submission.title,
        "lead": submission.lead_name,
        "partners": [partner.name for partner in submission.partners.all()],
        "text": text_blocks(submission.answer(asked)),
    }


def text_blocks(text):
    """Typed text as `[{"kind": "paragraph", "lines": […]} | {"kind": "list", "items": […]}]`.

    A blank line ends a paragraph, every other line end is kept; lines that begin with « - » or « • » make a list.
    """
    blocks = []
    for paragraph in re.split(r"\n\s*\n", text.strip()):
        last = None  # a blank line ends a list too
        for line in filter(str.strip, paragraph.split("\n")):
            bullet = BULLET.match(line)
            kind, part = ("list", "items") if bullet else ("paragraph", "lines")
            if last is None or last["kind"] != kind:
                last = {"kind": kind, part: []}
                blocks.append(last)
            last[part].append(line[bullet.end() if bullet else 0 :].strip())
    return blocks
