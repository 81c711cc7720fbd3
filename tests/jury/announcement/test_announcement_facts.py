"""The generated announcement beside the published one: the same sections, the same facts, not the same sentences.

Numbers that only the whole replay has (138, 21, the shares) are its own check's; here the ten laureates stand alone.
"""

import hashlib
import re
import unicodedata
from pathlib import Path

import pytest

from hdh_portal.demo.people import dossiers
from hdh_portal.demo.script import script
from hdh_portal.demo.texts import answers_of
from jury.announcement import content_of, sections_of, title_of
from tests.factories import the_call
from tests.jury.announcement.announced import room_of
from tests.jury.deciding import NOTIFIED

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]
RUNS = Path(__file__).resolve().parents[2] / "data" / "announcement-2020-07-09.runs"
GRAND_DEFI = "Grand Défi « Amélioration des diagnostics médicaux par l’Intelligence Artificielle »"
HEADINGS = {
    "context": "Le contexte",
    "previous-call": "L’appel précédent",
    "call": "Cet appel",
    "programme": "Le programme",
    "award": "Ce que reçoit chaque lauréat",
    "eligibility": "Qui pouvait candidater",
    "candidates": "Les candidats",
    "selection": "La sélection en trois étapes",
    "jury": "Le jury",
    "result": "Le résultat",
    "laureates": "Les lauréats",
    "ceremony": "La cérémonie",
    "round-table": "La table ronde",
}
FACTS = {
    "context": [
        *("rapport Villani", "Président de la République", "Health Data Hub", "système national des données de santé"),
        *("SNDS", "Agnès Buzyn", "ministre des Solidarités et de la Santé", "préfiguration", "mai 2018"),
        *("24 juillet 2019", "organisation et à la transformation du système de santé", "simple, unifié, transparent"),
        *("il a annoncé deux mesures", "instruire ces deux mesures", "Health Data Hub (HDH)", "(IA)"),
    ],
    "previous-call": [
        *(
            "début 2019",
            "usages innovants de la donnée de santé",
            "construction du Health Data Hub",
            "résultats rapides",
        ),
        *(
            "accompagnement technique et réglementaire",
            "technologies et des compétences",
            "Hydro",
            "Implicity",
            "start-up",
        ),
        *("(CNIL)", "8 000 patients", "SNDS", "insuffisance cardiaque", "pacemaker", "pourra bientôt"),
    ],
    "call": [
        *("deuxième vague", "expérience du système de santé", "seront accompagnés", "financés par le Grand Défi"),
        *("Health Data Hub : a lancé ce deuxième appel", f"{GRAND_DEFI} : co-organise", "Bpifrance : co-organise"),
    ],
    "programme": [
        *(GRAND_DEFI, "Conseil de l’Innovation", "Fonds pour l’Innovation et l’Industrie", "données massives"),
        *("dix projets", "300 000 €", "data challenge", "Société Française de Pathologie", "une dizaine de projets"),
        *("500 000 €", "vagues avec Bpifrance|Bpifrance, un autre appel, mené par vagues", "données de soins courants"),
        *("verrous réglementaires", "développer une plateforme nationale d’imagerie", "radiologues"),
        *("data challenge en cours", "dispositifs à base d’IA", "à hauteur de 500 000 €"),
    ],
    "award": [
        *("Grand Défi", "opérée par Bpifrance", "subvention", "dépenses de recherche et développement"),
        *("Au plus 300 000 €", "12 à 24 mois", "Health Data Hub", "accès aux données", "collecte", "organisation"),
        *("calcul et de stockage", "autres acteurs de l’écosystème", "assuré par le Health Data Hub"),
    ],
    "eligibility": [
        *("organismes de recherche", "établissements de santé", "professionnels de santé", "associations de patients"),
        *("industriels", "start-up", "usage innovant de la donnée de santé", "finalité d’intérêt public"),
        *("finalités interdites par le code de la santé publique", "jeux de données", "documentation", "outils"),
        *("algorithmes", "l’ensemble de la communauté", "Une règle de partage s’imposait aussi à chaque candidat"),
        *("co-construite", "chaque porteur prévoit"),
    ],
    "candidates": [
        *("1er juin 2020", "structures publiques et laboratoires de recherche", "(PME)", "grandes entreprises"),
        *("associations", "Leur nombre et la diversité de leurs porteurs", "attentes de l’écosystème"),
        "« développement d’application à base d’IA à destination des professionnels ou des patients »",
        "« développement de modèles de populations pour la prévention ou la thérapie fondés sur des techniques "
        "innovantes d’analyse de données »",
    ],
    "selection": [
        *("du 2 au 8 juin 2020", "Health Data Hub (HDH) et Bpifrance", "complet", "objectifs", "du 9 au 26 juin 2020"),
        "huit organismes ont noté les dossiers recevables : Direction de la recherche, des études, de l’évaluation et "
        "des statistiques (DREES) Délégation ministérielle au numérique en santé (DNS) Direction générale de l’offre "
        "de soins (DGOS) Direction générale de la recherche et de l’innovation (DGRI) Direction générale des "
        f"entreprises (DGE) {GRAND_DEFI} Health Data Hub (HDH) Bpifrance",
        "leurs bénéfices potentiels rapides leur faisabilité et leur aspect réaliste leurs capacités à porter le "
        "projet et la maturité de celui-ci l’aspect innovant de l’usage de la donnée de santé en s’appuyant sur l’IA "
        "leur contribution au partage des données mobilisées le dimensionnement et la pertinence de l’accompagnement "
        "demandé",
        *("10 projets ont été présélectionnés", "les 6 et 7 juillet 2020", "10 équipes"),
    ],
    "jury": [
        *("qualifiés de la santé, de la recherche et de l’intelligence artificielle", "les 6 et 7 juillet 2020"),
        "Dr Alain Livartowski, président du jury, médecin en cancérologie, conseiller médical à la direction de la "
        "data de l’Institut Curie Emmanuel Bacry, directeur scientifique du Health Data Hub, directeur de recherche au "
        "Centre national de la recherche scientifique (CNRS) "
        "Olivier Clatz, directeur du programme Grand Défi",
        *("Stéphanie Combes, directrice", "Isabelle Gentil, directrice de projet"),
        *("Nicolas Gremy, responsable sectoriel e-santé, Bpifrance", "(DNS)", "(IGR)", "(DGRI)", "(DREES)"),
        *("Pr Didier Guillemot", "Inserm", "Institut Pasteur", "Pr Nathalie Lassau", "imagerie diagnostique"),
        *(
            "Institut Gustave Roussy",
            "Laetitia N’Doye, chargée de mission santé",
            "Frédéric Precioso, référent IA pour",
        ),
        *("Agence nationale de la recherche (ANR)", "Dr Bertrand Schwartz, directeur scientifique adjoint"),
        "Dr Albert Vuagnat, conseiller médical",
    ],
    "result": [
        "deux jours d’auditions",
        "dix projets",
        "valeur scientifique",
        "catalogue de données",
        "Health Data Hub",
    ],
    "ceremony": [
        *("9 juillet 2020", "en ligne et au Hub de Bpifrance", "Bruno Maquart, président du Health Data Hub"),
        *(
            "Olivier Clatz, directeur du programme",
            "Stéphanie Combes, directrice",
            "Dr Alain Livartowski, président du jury",
        ),
        *("plénière", "Les lauréats sont annoncés par"),
    ],
    "round-table": ["Les données de santé dans la réponse à la crise sanitaire", "Covid-19"],
}
SPEAKERS = {
    "Emmanuel Bacry": [
        *(
            "(CNRS)",
            "Data vs Covid",
            "Stéphanie Combes",
            "atténuer",
            "cent personnes",
            "six axes",
            "quinzaine de projets",
        ),
        "continuera de les suivre",
    ],
    "Hugues Berry": [
        *("(Inria)", "fin de mars", "trentaine de projets", "https://www.inria.fr/fr/mission-covid-projets", "ICUBAM"),
        *(
            "École polytechnique",
            "Grand Est",
            "40 départements",
            "chercheurs",
            "transmission",
            "AP-HP",
            "SAMU",
            "thorax",
        ),
    ],
    "Dr Philippe Boisnault": [
        *("(SFMG)", "Collège de la médecine générale", "Coronaclic", "Covigie", "(CPTS)", "(MSP)", "groupes de pairs"),
        *("une ou deux fois par semaine", "ministères", "comités scientifiques", "(ARS)", "CNAM", "1993 à 2012"),
    ],
    "Mathilde Gaini": [
        *("(DREES)", "(ANSM)", "sous tension", "(DINUM)", "plateforme « Données »", "tableaux de bord dynamiques"),
        *("Inserm", "Insee", "population générale", "Epicov"),
    ],
    "Claude Gissot": [
        *("Caisse nationale de l’assurance maladie (CNAM)", "SNIIRAM", "soins de ville", "chaque semaine", "EPI-PHARE"),
        *("(ANSM)", "trois rapports", "limites", "rythme"),
    ],
    "Yann Le Strat": [
        *("(SPF)", "janvier 2020", "réserve sanitaire", "contact tracing", "Oscour", "Sentinelles", "SOS Médecins"),
        *("médico-sociaux", "SI-VIC", "de trois laboratoires à tous les laboratoires", "SI-DEP", "mortalité"),
        *("sérologie", "santé mentale", "Géodes", "data.gouv", "masques"),
    ],
    "Gérard Raymond": [
        *("France Assos Santé", "usagers", "citoyens", "contact Covid", "mesconseilscovid", "Ségur"),
        *("toutes les décisions médico-sociales", "ministère", "assurance maladie"),
    ],
    "Médecin en chef Florence Ribadeau Dumas": [
        *("Service de santé des armées", "(ANSSI)", "Fabrique numérique", "DREES", "littérature", "SNDS"),
    ],
    "Elisa Salamanca": [
        *("(AP-HP)", "task force Données", "par cinq", "trois semaines", "120 personnes", "entrepôt", "Inria"),
        *("Dataiku", "Cap Gemini", "OVH", "AXA Rev", "BCG", "Arkhn", "quinzaine de volontaires"),
    ],
}
# What a project's letters stand for, a title, an address or the name of a body is quoted, not told.
QUOTED = (
    "Apprentissage Profond Renforcé par l’ImmunohistOchimie pour la Requalification d’Images de Cancers du Sein",
    "Développement d’un outil d’aide à l’interprétation de l’IRM prostatique",
    "Les données de santé dans la réponse à la crise sanitaire",
    "Agence nationale de sécurité du médicament et des produits de santé (ANSM)",
    "https://www.inria.fr/fr/mission-covid-projets",
    GRAND_DEFI,
)
LAUREATES = {
    "AI-DA Ultrasound": (
        "E-SCOPICS",
        "Partenaire : CHU Bordeaux",
        [
            *(
                "NASH",
                "15 à 20 %",
                "27 %",
                "Non Alcoholic Fatty Liver Disease",
                "stéatose",
                "fibrose",
                "deux spécialités",
            ),
            *("demandera un déploiement de masse", "devrait se démocratiser", "efficiente"),
        ],
    ),
    "APRIORICS": (
        "CHU Toulouse",
        "Partenaire : Institut Claudius Regaud",
        [
            *("Oncopole", "1 500", "pathologiste", "chercheurs", "industriels"),
            QUOTED[0],
        ],
    ),
    "APSoReN": ("CHU Toulouse", "Partenaire : Collective Thinking", ["depuis 2015", "assurance maladie", "diabète"]),
    "DAICAP": (
        "AP-HP",
        "Partenaires : Inria, CHU Lyon-Edouard Herriot, CHU Lille, CHU Strasbourg, CHU Bordeaux-Pellegrin, INCEPTO",
        [
            *("réseaux de neurones", "Epione", "agressivité", "radiologues", "Hospices civils de Lyon (HCL)"),
            QUOTED[1],
        ],
    ),
    "DEEPMAP": ("DAMAE Medical", "Sans partenaire", ["dermatologue", "geste chirurgical", "suivre le traitement"]),
    "INNERVE": ("Quantmetry", "Partenaire : CHU Bicêtre (AP-HP)", ["vingt fois", "3D", "neurologie adulte"]),
    "PRECISION-PREDICT": (
        "Institut Curie",
        "Partenaires : Centre Léon Bérard, Centre Oscar Lambret, Institut du Cancer de Montpellier, Centre "
        "Paoli-Calmettes, Centre Jean Perrin, Centre François Baclesse, Centre Georges-François Leclerc, "
        "Institut Bergonié",
        ["EGFR", "pamplemousse", "cinq ans", "Clermont-Ferrand", "TEP-scanner", "adénocarcinome", "tout le territoire"],
    ),
    "SEDAAR": ("Fondation Rothschild", "Partenaire : ADCIS", ["OCT", "rétinographies", "orthoptistes", "à la main"]),
    "TAMIS": ("Institut Mines Telecom", "Partenaires : CHU Avicenne (AP-HP), TRIBVN", ["holographique", "frottis"]),
    "TARPON": ("Université de Bordeaux", "Partenaire : CHU Bordeaux", ["21 millions", "urgences", "suicides"]),
}
# Nothing invented, none of the slips of the source, and no picture that is not there.
SLIPS = (
    "fictif",
    "Photo-siege",
    "Image «",
    "orthologue",
    "Agence Nationale pour la Recherche",
    "Génrale",
    "Partenaires : NA",
    "300K€",
    "AIDA",
)


def plain(text):
    """One kind of space and apostrophe."""
    return " ".join(text.replace("\u00a0", " ").replace("\u202f", " ").replace("'", "’").split())


def texts(value):
    """All texts in a structure, in order, as one."""
    if isinstance(value, str):
        return value if value not in ("paragraph", "list", "ordered", "facts") else ""
    inner = value.values() if isinstance(value, dict) else value
    return " ".join(filter(None, map(texts, inner)))


@pytest.fixture
def content():
    """The announcement of the ten laureates, deposited with the demonstration's own answers."""
    answers = [answers_of(row) for row in dossiers().values() if row.is_laureate]
    call = the_call()
    room_of(*answers, acting=2, call=call)
    return content_of(call, NOTIFIED)


def test_same_sections_same_facts(content):
    sections = {section["key"]: section for section in sections_of(content)}
    assert {key: plain(section["heading"]) for key, section in sections.items()} == HEADINGS
    assert list(sections) == list(HEADINGS)
    title = plain(title_of(content))
    assert (
        title == "Annonce des lauréats de l’appel à projets « L’IA pour une expérience améliorée du système de santé »"
    )
    assert content["title"]["day"] == "2020-07-09"
    said = {key: plain(texts(section)) for key, section in sections.items()}
    missing = {
        key: [fact for fact in facts if not any(one in said[key] for one in fact.split("|"))]
        for key, facts in FACTS.items()
    }
    assert {key: facts for key, facts in missing.items() if facts} == {}
    assert _parts(sections["laureates"], LAUREATES) == {}
    assert _parts(sections["round-table"], {name: ("", "", facts) for name, facts in SPEAKERS.items()}) == {}
    assert [slip for slip in SLIPS if slip in plain(str(content))] == []


def _parts(section, wanted):
    """What is missing of each part; the order and the names must be those that are wanted."""
    parts = {plain(part["heading"]): part for part in section["parts"]}
    assert list(parts) == list(wanted)
    missing = {}
    for name, (lead, partners, facts) in wanted.items():
        said = plain(texts(parts[name]))
        sentences = [f"Porteur principal : {lead}" if lead else "", partners, *facts]
        missing[name] = [fact for fact in sentences if fact not in said]
    return {name: facts for name, facts in missing.items() if facts}


# Our own words ------------------------------------------------------------------------------------------------------

LENGTH = 8


def runs(text):
    """Runs of so many words as short digests: case, accents and signs do not count."""
    spread = unicodedata.normalize("NFD", text.casefold())
    found = re.findall(r"\w+", "".join(sign for sign in spread if not unicodedata.combining(sign)))
    for place in range(len(found) - LENGTH + 1):
        run = " ".join(found[place : place + LENGTH])
        yield run, hashlib.sha256(run.encode()).hexdigest()[:8]


@pytest.fixture(scope="module")
def published():
    """Digests of the runs of the published announcement, whose sentences are not ours to copy."""
    lines = RUNS.read_text(encoding="utf-8").splitlines()
    return {digest for line in lines if not line.startswith("#") for digest in line.split()}


def copied(text, published):
    """Runs of words that stand in the published announcement, and are no quotation."""
    text = plain(text)
    for name in QUOTED:
        text = text.replace(name, "")
    return [run for run, digest in runs(text) if digest in published]


def test_texts_of_the_laureates_are_our_own(published):
    rows = script("texts")["laureates"]
    assert [row["acronym"] for row in rows] == list(LAUREATES)
    found = {row["acronym"]: copied(row["text"], published) for row in rows}
    assert {acronym: runs for acronym, runs in found.items() if runs} == {}


@pytest.mark.parametrize("key", ["context", "previous_call", "programme", "support", "ceremony", "purpose"])
def test_texts_of_the_call_are_our_own(published, key):
    said = script("call")[key]
    if key == "ceremony":
        said = {name: text for name, text in said.items() if name != "openers"}
    assert [run for text in each_text(said) for run in copied(text, published)] == []


def test_summaries_of_the_round_table_are_our_own(published):
    found = {row["name"]: copied(row["summary"], published) for row in script("call")["speakers"]}
    assert {name: runs for name, runs in found.items() if runs} == {}


def each_text(value):
    """Every text in a structure."""
    if isinstance(value, str):
        return [value]
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else []
    return [text for one in inner for text in each_text(one)]


def test_copied_sentence_is_found(published):
    label = "le dimensionnement et la pertinence de l’accompagnement demandé, which the call quotes word for word"
    assert next(run for run, digest in runs(label) if digest in published).startswith("le dimensionnement et la")


def test_texts_fit_the_question_that_they_answer():
    [asked] = [
        question
        for section in script("call")["form"]["sections"]
        for question in section["questions"]
        if question["key"] == script("call")["jury"]["published_answer"]
    ]
    assert [row["acronym"] for row in script("texts")["laureates"] if len(row["text"]) > asked["limit"]] == []
    assert asked["limit"] == 1500
