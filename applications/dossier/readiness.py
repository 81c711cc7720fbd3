"""What would become of the working copy at the check of its admissibility, each point of the checklist.

A dossier that may be deposited is not admissible for that. The same findings are made of it as officers will read, in
the words of the checklist; what only people can judge says so.
"""

from dataclasses import dataclass

from django.urls import reverse

from applications.findings import Body, Facts, Finding, JoinedFile, findings_of


@dataclass(frozen=True)
class Point:
    """One point of the checklist; `finding`: None where people judge it; `url`: where it is mended, or empty."""

    number: int
    label: str
    finding: Finding | None
    url: str

    @property
    def fails(self):
        """True where the dossier would be refused for it as it stands."""
        return self.finding is not None and self.finding.holds is False


def points_of(copy):
    """The `Point` of each item of the call's checklist, in its order, for a `WorkingCopy`."""
    items = list(copy.call.checklistitem_set.all())
    found = findings_of([item for item in items if item.finding], _facts(copy))
    return [
        Point(number, item.label, found.get(item.key), _url(copy, found.get(item.key)))
        for number, item in enumerate(items, 1)
    ]


def _facts(copy):
    columns = copy.by_column
    return Facts(
        copy.call,
        list(copy.form.questions.values()),
        copy.snapshot["answers"],
        [JoinedFile(file["question"], file["name"], file.get("partner")) for file in copy.snapshot["files"]],
        _body(columns.get("lead") or {}),
        [_body(partner) for partner in columns.get("partners") or []],
        _whole(columns.get("amount")),
        _whole(columns.get("duration")),
    )


def _body(typed):
    return Body(typed.get("name", ""), typed.get("siret", ""))


def _whole(value):
    """A number as it was read; what was typed and could not be read is none."""
    return value if isinstance(value, int) else None


def _url(copy, finding):
    """The section and the very place of the question in which a point is mended."""
    if finding is None or not finding.where:
        return ""
    question = next(one for one in copy.form.questions.values() if one.key == finding.where)
    section = reverse("applications:section_edit", args=[copy.application.reference, question.section.key])
    return f"{section}#part-{question.key}"
