"""What a dossier answers: the form of the call filled from small blocks, the same at every replay."""

from hdh_portal.demo.script import number, pick, script
from hdh_portal.ground import french


def answers_of(dossier):
    """`{question key: JSON value}` of every question that is not a file, as the form keeps them."""
    form = script("call")["form"]["sections"]
    return {
        question["key"]: _answer(dossier, question)
        for section in form
        for question in section["questions"]
        if question["type"] != "file"
    }


def _answer(dossier, question):
    own = _own_columns(dossier)
    if question["column"]:
        return own[question["column"]]
    kind = question["type"]
    if kind == "long_text":
        return _long_text(dossier, question["key"])
    if kind == "number":
        low = question["minimum"] + 2
        return low + number(f"{dossier.acronym} {question['key']}", min(question["maximum"] - low, 20))
    if kind == "choice":
        return _choice(dossier, question)
    return _short_text(dossier, question["key"])


def _own_columns(dossier):
    return {
        "acronym": dossier.acronym,
        "title": dossier.title,
        "axis": dossier.axis,
        "amount": dossier.cents,
        "duration": dossier.months,
        "lead": dossier.lead.answer(),
        "partners": [partner.answer() for partner in dossier.partners],
    }


def _choice(dossier, question):
    """One of the choices, or some of them in the order of the call."""
    keys = [choice["key"] for choice in question["choices"]]
    if len(keys) == 1:
        return keys[0]
    wanted = script("texts")["choices"][question["key"]]
    if not question["multiple"]:
        return pick(f"{dossier.acronym} {question['key']}", wanted)
    chosen = [key for key in wanted if number(f"{dossier.acronym} {question['key']} {key}", 2)]
    chosen = chosen or [pick(f"{dossier.acronym} {question['key']}", wanted)]
    return [key for key in keys if key in chosen]


def _short_text(dossier, key):
    """Who answers for the project: invented people of an invented body, nobody's name for a real one."""
    function = pick(f"{dossier.acronym} {key}", script("people")["functions"])
    if dossier.is_laureate:
        return f"Personne fictive, {dossier.lead.name}"
    return f"{dossier.person.name}, {function}, {dossier.lead.name}"


def _long_text(dossier, key):
    """One block of each paragraph, then the mark of invented text; a laureate's public summary is published fact."""
    if key == "public_summary" and dossier.summary:
        return dossier.summary
    if key == "public_summary_en" and (dossier.summary or number(f"{dossier.acronym} english", 2)):
        return ""
    words = _words(dossier)
    blocks = [
        pick(f"{dossier.acronym} {key} {place}", options).format(**words)
        for place, options in enumerate(script("texts")["answers"][key])
    ]
    if key == "public_summary_en":
        return blocks[0]
    return "\n\n".join([" ".join(blocks), script("texts")["mark"]])


def _words(dossier):
    name = dossier.acronym
    some = {kind: pick(f"{name} {kind}", options) for kind, options in script("texts")["words"].items()}
    # Nothing invented is said of a real body, not even under the mark.
    partner = dossier.partners[0].name if dossier.partners and not dossier.is_laureate else "principal"
    return some | {
        "acronym": name,
        "of": dossier.of,
        "partner": partner,
        "number": french.number(1_000 + 100 * number(f"{name} many", 400)),
        "small": str(20 + number(f"{name} small", 60)),
        "percent": str(5 + number(f"{name} percent", 25)),
        "months": str(6 + number(f"{name} when", 7)),
    }
