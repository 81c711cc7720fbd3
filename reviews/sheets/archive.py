"""All sheets of a call in one archive, every name once."""

import itertools
import re
import unicodedata
from dataclasses import dataclass

from applications.models import Submission
from reviews.documents import CONSOLIDATED, SCORE_SHEET
from reviews.models import ScoreSheet
from reviews.papers import current, paper_states
from reviews.sheets.reading import batches


@dataclass(frozen=True)
class Archive:
    """`entries`: `[(name in the archive, path of the file)]`, by name; `missing`: papers that are not made yet."""

    entries: list
    missing: int


def archive(officer):
    """All papers of the officer's call as they stand, with the files that hold them (some statements a batch)."""
    entries, missing = [], 0
    for references, sheets in batches(officer):
        single = [pk for some in sheets.values() for pk in some]
        names = _names(references, sheets)
        for key, found in paper_states(references, sheets, single).items():
            document = current(found)
            if document is None:
                missing += 1
            else:
                entries.append((names[key], document.file.path))
    return Archive(sorted(entries), missing)


def _names(references, sheets):
    """`{(renderer, subject): "AAP-2020-0064-ACRONYME/fiche-consolidee.pdf"}`: every name once (two statements)."""
    sealed = Submission.objects.counting().filter(application__in=list(references))
    acronyms = dict(sealed.values_list("application_id", "acronym"))
    rows = ScoreSheet.objects.filter(assignment__application__in=list(references), sent_at__isnull=False)
    people = {row.pk: str(row.assignment.rapporteur) for row in rows.select_related("assignment__rapporteur__user")}
    names = {}
    for application, reference in references.items():
        folder, taken = f"{safe(reference)}-{safe(acronyms[application])}", set()
        names[CONSOLIDATED, application] = f"{folder}/fiche-consolidee.pdf"
        for sheet in sheets[application]:
            start = f"{folder}/fiche-{safe(people[sheet])}"
            endings = itertools.chain([""], (f"-{number}" for number in itertools.count(2)))
            name = next(one for one in (f"{start}{ending}.pdf" for ending in endings) if one not in taken)
            taken.add(name)
            names[SCORE_SHEET, sheet] = name
    return names


def safe(text):
    """Typed text as part of a file name: letters without accents, figures and hyphens, 40 signs at most."""
    plain = "".join(
        character for character in unicodedata.normalize("NFKD", text) if not unicodedata.combining(character)
    )
    return re.sub(r"[^A-Za-z0-9]+", "-", plain).strip("-")[:40].strip("-") or "sans-nom"
