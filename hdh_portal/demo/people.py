"""Who plays: invented organisations and people, the ten laureates, and the 138 dossiers that they bring.

Nothing here touches the database. Numbers are of the fictitious series 999 with valid checksums.
"""

import functools
import unicodedata
from dataclasses import dataclass, replace

from django.utils.text import slugify
from stdnum import luhn

from hdh_portal.demo.script import number, pick, script, shuffled

INVENTED_FROM = 10_001
MANY_PARTNERS = (0, 1, 1, 2, 2, 3, 4)


@dataclass(frozen=True)
class Body:
    """A lead or a partner; `number` tells the legal entity, `site` the establishment."""

    name: str
    number: int
    site: int
    category: str

    @property
    def siren(self):
        """Nine digits: 999, the number, the checksum."""
        start = f"999{self.number:05}"
        return start + luhn.calc_check_digit(start)

    @property
    def siret(self):
        """Fourteen digits: the SIREN, the site, the checksum."""
        start = f"{self.siren}{self.site:04}"
        return start + luhn.calc_check_digit(start)

    def answer(self):
        """As the form keeps an organisation."""
        return {"name": self.name, "siret": self.siret, "category": self.category}


@dataclass(frozen=True)
class Person:
    """Somebody with an account."""

    name: str
    email: str


@dataclass(frozen=True)
class Seat:
    """A place that is filled in the demonstration by nobody in particular; `body`: its short name in the call."""

    key: str
    name: str
    body: str


@dataclass(frozen=True)
class Dossier:
    """What one candidate brings. `summary`: published facts of a laureate in our words, else empty."""

    acronym: str
    title: str
    of: str
    axis: str
    lead: Body
    partners: tuple
    person: Person
    summary: str = ""
    fate: str = "deposited"

    @property
    def cents(self):
        """Fictitious grant asked for, in cents, at most the cap of the call; one in five asks for the cap."""
        cap = script("call")["limits"]["max_grant_cents"]
        asked = 15_000_000 + number(f"{self.acronym} amount", 7_500) * 2_000
        return cap if number(f"{self.acronym} cap", 5) == 0 else min(asked, cap)

    @property
    def months(self):
        """Fictitious duration, within the limits of the call."""
        limits = script("call")["limits"]
        return limits["min_months"] + number(f"{self.acronym} months", limits["max_months"] - limits["min_months"] + 1)

    @property
    def is_laureate(self):
        """True for the ten real projects."""
        return bool(self.summary)


@functools.cache
def invented_bodies():
    """`{category: [Body]}` of the invented organisations, each with a number of its own."""
    found, number_of_next = {}, INVENTED_FROM
    for category, names in script("people")["organisations"].items():
        found[category] = [Body(name, number_of_next + i, 1, category) for i, name in enumerate(names)]
        number_of_next += len(names)
    return found


@functools.cache
def real_bodies():
    """`{name: Body}` of leads and partners of the laureates."""
    return {row["name"]: Body(**row) for row in script("people")["bodies"]}


def address(name):
    """An address of nobody: « lea.aubrelin@exemple.fr »."""
    plain = unicodedata.normalize("NFD", name.lower().replace("’", "-")).encode("ascii", "ignore").decode()
    return f"{'.'.join(plain.split())}@{script('people')['email_domain']}"


def person(place):
    """The invented person of a place in the list; no two places give the same name."""
    firsts, lasts = script("people")["first_names"], script("people")["last_names"]
    turn, first = divmod(place, len(firsts))
    name = f"{firsts[first]} {lasts[(7 * first + turn) % len(lasts)]}"
    return Person(name, address(name))


@functools.cache
def rapporteurs():
    """The seats that score: as many of each body of the call, body by body."""
    return [
        Seat(f"rapporteur-{slugify(body)}-{place}", f"Rapporteur {body} {place}", body)
        for body in script("call")["evaluation"]["bodies"]
        for place in range(1, script("people")["rapporteurs_each"] + 1)
    ]


@functools.cache
def jurors():
    """`{seat number: Seat}` of the jury; here nobody sits under the name that the call publishes."""
    rows = script("call")["jury"]["jurors"]
    return {row["seat"]: Seat(f"jury-{row['seat']}", f"Siège {row['seat']}", row["organisation"]) for row in rows}


@functools.cache
def dossiers():
    """`{acronym: Dossier}` of all that are deposited: the invented ones, then the laureates."""
    return {row.acronym: row for row in (*_invented(), *_laureates())}


@functools.cache
def unfinished():
    """`{acronym: Dossier}` of drafts that are left, withdrawn, or sent too late."""
    rows = script("texts")["unfinished"]
    leads = invented_bodies()["sme"]
    return {
        row["acronym"]: Dossier(
            row["acronym"],
            row["title"],
            "de cette maladie",
            pick(row["acronym"], [axis["code"] for axis in script("call")["axes"]]),
            leads[-1 - place],
            (),
            person(900 + place),
            fate=row["fate"],
        )
        for place, row in enumerate(rows)
    }


def everybody():
    """Deposited and unfinished dossiers, by acronym."""
    return dossiers() | unfinished()


def _invented():
    tasks = script("texts")["tasks"]
    plain = [
        Dossier(acronym, _title(task, turn).format(**topic), topic["of"], task["axis"] or topic["axis"], None, (), None)
        for turn, topic in enumerate(script("texts")["topics"])
        for acronym, task in zip(topic["acronyms"], tasks, strict=True)
    ]
    leads = dict(zip(shuffled("leads", [row.acronym for row in plain]), _leads(), strict=True))
    for place, row in enumerate(plain):
        lead = leads[row.acronym]
        yield replace(row, lead=lead, partners=_partners(row.acronym, lead), person=person(place))


def _title(task, turn):
    """The title of a task for the disease of this turn; neighbours in the list do not share theirs."""
    return task["titles"][3 * turn % len(task["titles"])]


def _leads():
    """One lead for each invented dossier, category by category; the bodies of a category take turns."""
    for category, count in script("people")["dossiers"].items():
        bodies = invented_bodies()[category]
        yield from (bodies[turn % len(bodies)] for turn in range(count))


def _partners(acronym, lead):
    others = [body for bodies in invented_bodies().values() for body in bodies if body != lead]
    by_name = {body.name: body for body in others}
    names = shuffled(f"{acronym} partners", by_name)
    return tuple(by_name[name] for name in names[: pick(f"{acronym} number", MANY_PARTNERS)])


def _laureates():
    bodies, texts = real_bodies(), {row["acronym"]: row["text"] for row in script("texts")["laureates"]}
    for row in script("people")["laureates"]:
        team = Person(f"Équipe du projet {row['acronym']}", address(row["acronym"].replace(" ", "-")))
        named = {"lead": bodies[row["lead"]], "partners": tuple(bodies[name] for name in row["partners"])}
        yield Dossier(**(row | named), person=team, summary=texts[row["acronym"]])
