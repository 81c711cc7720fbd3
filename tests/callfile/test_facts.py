"""The demonstration's file holds every fact that the announcement of the 2020 call publishes."""

import datetime
import re

import pytest

from hdh_portal.callfile import compare, schema

pytestmark = pytest.mark.embedded


def plain(text):
    """Words without the typography: straight apostrophes, plain spaces."""
    return text.replace("\u2019", "'").replace("\u202f", " ").replace("\u00a0", " ")


def words(value):
    """Every text of a part of the file, as one."""
    if isinstance(value, dict):
        return " ".join(map(words, value.values()))
    if isinstance(value, list):
        return " ".join(map(words, value))
    return plain(str(value))


def day(month, number, hour=None, year=2020):
    """A day, or an instant in the summer time of Paris."""
    if hour is None:
        return datetime.date(year, month, number)
    return datetime.datetime(year, month, number, hour, tzinfo=datetime.timezone(datetime.timedelta(hours=2)))


def test_title_axes_and_criteria_have_the_published_labels(call_2020):
    assert plain(call_2020["title"]) == "L'IA pour une expérience améliorée du système de santé"
    assert [plain(axis["label"]) for axis in call_2020["axes"]] == [
        "développement d'application à base d'IA à destination des professionnels ou des patients",
        "développement de modèles de populations pour la prévention ou la thérapie fondés sur des techniques "
        "innovantes d'analyse de données",
    ]
    assert [plain(criterion["label"]) for criterion in call_2020["evaluation"]["criteria"]] == [
        "leurs bénéfices potentiels rapides",
        "leur faisabilité et leur aspect réaliste",
        "leurs capacités à porter le projet et la maturité de celui-ci",
        "l'aspect innovant de l'usage de la donnée de santé en s'appuyant sur l'IA",
        "leur contribution au partage des données mobilisées",
        "le dimensionnement et la pertinence de l'accompagnement demandé",
    ]
    assert {criterion["weight"] for criterion in call_2020["evaluation"]["criteria"]} == {1.0}
    scale = [call_2020["evaluation"][name] for name in ("mark_min", "mark_max", "mark_step")]
    assert scale == [0.0, 5.0, 0.5]


def test_organisers_and_bodies_are_those_of_the_announcement(call_2020):
    organisers = [(row["organisation"], row["checks"]) for row in call_2020["organisers"]]
    assert organisers == [("HDH", True), ("Grand Défi", False), ("Bpifrance", True)]
    assert call_2020["evaluation"]["bodies"] == [
        *("DREES", "DNS", "DGOS", "DGRI", "DGE", "Grand Défi", "HDH", "Bpifrance"),
    ]
    sirens = {row["name"]: row["siren"] for row in call_2020["organisations"]}
    assert sirens.pop("Grand Défi") == ""
    assert all(siren.startswith("999") for siren in sirens.values())


def test_calendar_is_that_of_the_announcement(call_2020):
    calendar = call_2020["calendar"]
    assert calendar["submission"]["opens_at"].date() == day(12, 20, year=2019)
    (move,) = call_2020["extensions"]
    assert (move["old"].date(), move["new"]) == (day(3, 24), day(6, 1, 12))
    assert calendar["admissibility"] == {"first_day": day(6, 2), "last_day": day(6, 8)}
    assert calendar["evaluation"] == {"first_day": day(6, 9), "last_day": day(6, 26)}
    assert [sitting["opens_at"].date() for sitting in calendar["sittings"]] == [day(7, 6), day(7, 7)]
    assert calendar["announcement"]["day"] == day(7, 9)
    assert call_2020["jury"]["announcement_earliest"].date() == day(7, 9)


def test_numbers_are_those_of_the_announcement(call_2020):
    assert call_2020["limits"]["max_grant_cents"] == 300_000 * 100
    assert (call_2020["limits"]["min_months"], call_2020["limits"]["max_months"]) == (12, 24)
    assert (call_2020["evaluation"]["shortlist_size"], call_2020["jury"]["laureates"]) == (21, 10)
    assert call_2020["jury"]["envelope_cents"] == 10 * call_2020["limits"]["max_grant_cents"]
    minutes = call_2020["jury"]["hearing_minutes"]
    sittings = call_2020["calendar"]["sittings"]
    room = sum(((row["closes_at"] - row["opens_at"]) for row in sittings), datetime.timedelta())
    assert 21 * sum(minutes.values()) <= room / datetime.timedelta(minutes=1)


def test_jury_has_twelve_seats_president_first_then_by_surname(call_2020):
    jurors = call_2020["jury"]["jurors"]
    assert [(juror["civility"], juror["name"].replace("\u2019", "'")) for juror in jurors] == [
        ("Dr", "Alain Livartowski"),
        ("", "Emmanuel Bacry"),
        ("", "Olivier Clatz"),
        ("", "Stéphanie Combes"),
        ("", "Isabelle Gentil"),
        ("", "Nicolas Gremy"),
        ("Pr", "Didier Guillemot"),
        ("Pr", "Nathalie Lassau"),
        ("", "Laetitia N'Doye"),
        ("", "Frédéric Precioso"),
        ("Dr", "Bertrand Schwartz"),
        ("Dr", "Albert Vuagnat"),
    ]
    assert [juror["seat"] for juror in jurors] == list(range(1, 13))
    assert [juror["seat"] for juror in jurors if juror["presidency"]] == [1]
    # The announcement names three fields and says of nobody which one is theirs.
    assert [field["code"] for field in call_2020["jury"]["fields"]] == ["health", "research", "ai"]
    assert {juror["field"] for juror in jurors} == {""}
    assert all(juror["quality"] and juror["organisation"] for juror in jurors)
    assert "orthologue" not in words(jurors)


def test_buckets_follow_the_published_shares(call_2020):
    assert [bucket["code"] for bucket in call_2020["buckets"]] == ["public", "sme", "large", "association"]
    codes = {category["code"]: category["bucket"] for category in call_2020["categories"]}
    assert (codes["mid_cap"], codes["research_foundation"], codes["foundation"]) == ("large", "public", "association")


def test_openers_and_speakers_are_named_once_with_one_title(call_2020):
    openers = [opener["name"] for opener in call_2020["ceremony"]["openers"]]
    assert openers == ["Bruno Maquart", "Olivier Clatz", "Stéphanie Combes"]
    assert [speaker["name"] for speaker in call_2020["speakers"]] == [
        *("Emmanuel Bacry", "Hugues Berry", "Philippe Boisnault", "Mathilde Gaini", "Claude Gissot", "Yann Le Strat"),
        *("Gérard Raymond", "Florence Ribadeau\u00a0Dumas", "Elisa Salamanca"),
    ]
    assert len({speaker["title"] for speaker in call_2020["speakers"]}) == 9
    assert call_2020["picture"]["name"] == "Photo-siege-2.png"


SAID = {
    "context": [
        "Villani",
        "Président de la République",
        "Health Data Hub",
        "SNDS",
        "Agnès Buzyn",
        "mai 2018",
        "24 juillet 2019",
    ],
    "previous_call": ["début 2019", "Hydro", "Implicity", "start-up", "CNIL", "8 000 patients", "SNDS", "pacemaker"],
    "programme": [
        *("Conseil de l'Innovation", "Fonds pour l'Innovation et l'Industrie", "data challenge", "500 000 €"),
        *("Société Française de Pathologie", "dizaine", "valeur médicale ou économique", "vagues", "radiologues"),
        *("verrous réglementaires", "imagerie"),
    ],
    "support": [
        "subvention",
        "Grand Défi",
        "Bpifrance",
        "recherche et développement",
        "accès",
        "collecte",
        "stockage",
        "relation",
    ],
    "who_may_apply": [
        "recherche",
        "établissements",
        "professionnels",
        "associations de patients",
        "industriels",
        "start-up",
    ],
    "conditions": ["usage innovant", "intérêt public", "interdites par le code de la santé publique"],
    "sharing_clause": ["jeux de données", "documentation", "outils", "algorithmes", "communauté"],
    "ceremony": ["en ligne", "Hub de Bpifrance", "président du jury", "plénière", "crise sanitaire"],
    "extensions": ["crise sanitaire"],
    "jury": ["qualifiés", "catalogue", "Institut Curie", "CNRS", "Inserm", "Institut Pasteur", "Gustave Roussy"],
}
SPOKEN = {
    "Emmanuel Bacry": ["Data vs Covid", "Stéphanie Combes", "cent personnes", "six axes", "quinzaine"],
    "Hugues Berry": ["trentaine", "ICUBAM", "polytechnique", "Grand Est", "40 départements", "AP-HP", "SAMU", "thorax"],
    "Philippe Boisnault": ["Coronaclic", "Covigie", "Collège", "une ou deux fois par semaine", "1993", "2012"],
    "Mathilde Gaini": ["ANSM", "DINUM", "tableaux de bord", "Inserm", "Insee", "Epicov"],
    "Claude Gissot": ["SNIIRAM", "semaine", "EPI-PHARE", "ANSM", "trois rapports", "limites"],
    "Yann Le Strat": [
        *("janvier", "réserve sanitaire", "Oscour", "Sentinelles", "SOS Médecins", "SI-VIC", "SI-DEP", "mortalité"),
        *("Géodes", "data.gouv", "masques", "enquêtes"),
    ],
    "Gérard Raymond": ["usagers", "ministère", "contact Covid", "mesconseilscovid", "Ségur"],
    "Florence Ribadeau\u00a0Dumas": [
        "ANSSI",
        "Fabrique numérique",
        "DREES",
        "armées",
        "SNDS",
        "Health Data Hub",
        "tests",
    ],
    "Elisa Salamanca": ["par cinq", "trois semaines", "120 personnes", "entrepôt", "data scientists", "bénévoles"],
}


@pytest.mark.parametrize("key", SAID)
def test_part_of_the_file_says_each_published_fact(call_2020, key):
    said = words(call_2020[key])
    assert [fact for fact in SAID[key] if fact not in said] == []


def test_lists_are_as_long_as_published(call_2020):
    lengths = [
        len(call_2020["previous_call"]["objectives"]),
        len(call_2020["programme"]["strands"]),
        len(call_2020["conditions"]),
        len(call_2020["support"]["in_kind"]),
        len(call_2020["form"]["sections"]),
    ]
    assert lengths == [3, 3, 3, 4, 10]


@pytest.mark.parametrize("name", SPOKEN)
def test_speaker_says_each_published_fact(call_2020, name):
    summary = next(words(speaker) for speaker in call_2020["speakers"] if speaker["name"] == name)
    assert [fact for fact in SPOKEN[name] if fact not in summary] == []


@pytest.mark.django_db
def test_what_the_announcement_does_not_say_carries_its_source(call_2020):
    schema.read_table(call_2020, "")
    sources = call_2020["sources"]
    invented = {key for key in compare.names(call_2020) if sources.get(key) == "fictif"}
    assert {
        *("evaluation.mark_max", "evaluation.criteria.weight", "evaluation.sheets_per_dossier", "contact.phone"),
        *("receipt.deemed_rejected_on", "organisations.siren", "jury.hearing_minutes", "limits.max_partners"),
    } <= invented
    assert {"extensions", "calendar.submission.opens_at", "previous_call.candidates", "jury.quorum"} <= set(sources)


def test_words_have_french_typography(call_2020):
    text = words_raw(call_2020)
    assert re.findall(r".{12}(?:'|\"| [;:!?»]|« |\d \d{3}\b).{5}", text) == []


def words_raw(value):
    """Every text of the file but the table of sources, as it is written."""
    if isinstance(value, dict):
        return "\n".join(words_raw(inner) for key, inner in value.items() if key != "sources")
    if isinstance(value, list):
        return "\n".join(map(words_raw, value))
    return value if isinstance(value, str) else ""
