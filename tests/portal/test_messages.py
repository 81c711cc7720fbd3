"""Every sentence of ours is a message: marked where it stands, found by `makemessages`, in the words of the page."""

import ast
import re
import tomllib
from pathlib import Path

import pytest
from django.template.base import Lexer, TokenType
from django.utils import translation

from hdh_portal.operations.management.commands.makemessages import CATALOGUE, Source
from hdh_portal.records import renderers

pytestmark = pytest.mark.embedded
ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("hdh_portal", "applications", "reviews", "jury")
CODE = sorted(path for name in PACKAGES for path in (ROOT / name).rglob("*.py") if "migrations" not in path.parts)
TEMPLATES = sorted(path for path in (ROOT / "templates").rglob("*.*") if "allauth" not in path.parts)

FRENCH = re.compile(r"[à-öø-ÿÀ-ÖØ-ÝœŒ]|\w’\w")
MARKS = {"gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy", "pgettext", "_", "_lazy"}
# What is no message: names and texts of the fiction, what French itself is made of (days, rules of typography),
# what answers before Django has started, settings of an installation, and files that are kept in French.
NO_MESSAGES = (
    "hdh_portal/demo/",
    "hdh_portal/ground/french.py",
    "hdh_portal/ground/alphabet.py",
    "hdh_portal/ground/articles.py",
    "hdh_portal/settings.py",
    # It reads files in a process that has no Django, and so no catalogue.
    "applications/dossier/confined/",
)
NO_MESSAGES += ("hdh_portal/web/serving.py", "hdh_portal/accounts/passwords.py", "hdh_portal/records/periods.py")
NO_MESSAGES += ("hdh_portal/operations/personal_data.py", "hdh_portal/operations/retention/bordereau.py")
NO_MESSAGES += ("hdh_portal/desk/management/commands/invite.py", "jury/announcement/people.py")


def is_mark(node):
    return isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in MARKS


def docstrings(tree):
    bodies = (getattr(node, "body", None) for node in ast.walk(tree))
    return [body[0].value for body in bodies if isinstance(body, list) and body and isinstance(body[0], ast.Expr)]


def unmarked_in_code(source):
    """French constants of a module that are neither inside a mark nor a docstring."""
    tree = ast.parse(source)
    marked = {id(part) for node in ast.walk(tree) if is_mark(node) for part in ast.walk(node)}
    marked |= {id(node) for node in docstrings(tree)}
    texts = (node for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str))
    return [node.value for node in texts if id(node) not in marked and FRENCH.search(node.value)]


def unmarked_in_template(source):
    """What a template says outside of its translation tags: words of a text, French in an attribute or an argument."""
    said, inside = [], False
    for token in Lexer(source).tokenize():
        name = token.contents.partition(" ")[0]
        if token.token_type == TokenType.BLOCK and name in ("blocktranslate", "endblocktranslate"):
            inside = name == "blocktranslate"
        elif token.token_type == TokenType.TEXT:
            said += [] if inside else [token.contents]
        elif token.token_type == TokenType.VAR or (token.token_type == TokenType.BLOCK and name != "translate"):
            said += ["<", re.sub(r"[<>]|_\(\".*?\"\)", "", token.contents), ">"]
    page = "".join(said)
    texts = re.findall(r"(?<![.\w])[^\W\d_]{3,}(?=[^<>]*(?:<|$))", re.sub(r"<[^<>]*>|{\"ids\".*", " ", page))
    return [*texts, *(tag for tag in re.findall(r"<[^<>]*>", page) if FRENCH.search(tag))]


@pytest.mark.parametrize("source", ['raise Refused("Il a changé.")', 'f"{name} n’est pas là"', 'x = {"a": "été"}'])
def test_lint_sees_a_sentence_without_a_mark_in_code(source):
    assert unmarked_in_code(source) != []


@pytest.mark.parametrize("source", ['_("Il a changé.")', '"""Été."""', 'french.ngettext("%(count)s clé", "clés", 2)'])
def test_lint_sees_no_fault_in_a_marked_sentence(source):
    assert unmarked_in_code(source) == []


@pytest.mark.parametrize("source", ["<p>Un dossier</p>", '<a title="Décidé">', '{{ a|default:"arrivé" }}'])
def test_lint_sees_a_sentence_without_a_mark_in_a_template(source):
    assert unmarked_in_template(source) != []


def test_every_sentence_of_the_code_is_marked():
    read = [path for path in CODE if not path.relative_to(ROOT).as_posix().startswith(NO_MESSAGES)]
    found = {path.name: unmarked_in_code(path.read_text(encoding="utf-8")) for path in read}
    assert {name: texts for name, texts in found.items() if texts} == {}


def test_every_sentence_of_a_template_is_marked():
    # A part without an element is the attributes of one.
    sources = {path.name: path.read_text(encoding="utf-8") for path in TEMPLATES}
    found = {name: unmarked_in_template(text if "<" in text else f"<{text}>") for name, text in sources.items()}
    assert {name: texts for name, texts in found.items() if texts} == {}


def test_every_count_agrees_in_french():
    """Without `grammatical` gettext counts as English does: « 0 dossiers »."""
    counts = re.compile(r"{% blocktranslate count \w+=(\S+)")
    found = {path.name: counts.findall(path.read_text(encoding="utf-8")) for path in TEMPLATES}
    wrong = {
        name: [one for one in all_ if "|grammatical" not in one and not one.isdigit()] for name, all_ in found.items()
    }
    assert {name: ones for name, ones in wrong.items() if ones} == {}


def test_an_escaped_space_reaches_the_catalogue_as_it_is_looked_up(tmp_path):
    (tmp_path / "a.py").write_text('_("Limite\\u00a0: 3")', encoding="utf-8")

    class Translatable:
        path, dirpath, file = str(tmp_path / "a.py"), str(tmp_path), "a.py"

    source = Source(None, "django", Translatable)
    source.preprocess()
    assert Path(source.work_path).read_text(encoding="utf-8") == '_("Limite\u00a0: 3")'
    assert "Limite" in (ROOT / CATALOGUE).read_text(encoding="utf-8")
    assert "\\u00a0" not in (ROOT / CATALOGUE).read_text(encoding="utf-8")


# A space that may end a line where French typography wants none: before a high sign, inside « », before a unit.
BREAKABLE = re.compile(r" (?=[:;?!»](?:[\s»)…]|$))|« |(?<=[\d)}]) (?=[€%](?![\w(%]))|(?<!\d)\d{1,3} \d{3}(?!\d)")
# `uploads` sets the spaces of what the confined process says (it has no Django), and of its own sentences beside them.
SPACED_LATER = ("dossier/confined/", "dossier/uploads.py")


def texts_of(value):
    """Every text of a TOML document, wherever it stands."""
    if isinstance(value, str):
        return [value]
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [text for part in parts for text in texts_of(part)]


def messages_in_code(source):
    marked = (node for node in ast.walk(ast.parse(source)) if is_mark(node))
    constants = (part for node in marked for part in ast.walk(node) if isinstance(part, ast.Constant))
    return [part.value for part in constants if isinstance(part.value, str)]


def breakable(texts):
    return sorted({text for text in texts if BREAKABLE.search(text)})


@pytest.mark.parametrize(
    "text", ["Non !", "Limite : 3", "il part ; il vient", "« Oui", "oui »", "9 %", "{n} %", "10 000"]
)
def test_lint_sees_a_space_that_may_end_a_line(text):
    assert breakable([text]) == [text]
    assert breakable([re.sub(r" (?=[:;?!»€%0])|(?<=«) ", "\u00a0", text)]) == []


@pytest.mark.parametrize("text", ["à 11:42:07", "voir https://exemple.fr", "en 2019 189 candidats", "%(a)s %(b)s"])
def test_lint_sees_no_fault_in_other_spaces(text):
    assert breakable([text]) == []


@pytest.mark.parametrize("folder", ["hdh_portal/demo", "tests/data"])
def test_no_text_of_a_call_or_of_the_demonstration_breaks_before_its_sign(folder):
    files = sorted((ROOT / folder).glob("*.toml"))
    assert files != []
    found = {path.name: breakable(texts_of(tomllib.loads(path.read_text(encoding="utf-8")))) for path in files}
    assert {name: texts for name, texts in found.items() if texts} == {}


def test_no_message_of_the_code_breaks_before_its_sign():
    read = [path for path in CODE if not any(part in path.as_posix() for part in SPACED_LATER)]
    found = {path.name: breakable(messages_in_code(path.read_text(encoding="utf-8"))) for path in read}
    assert {name: texts for name, texts in found.items() if texts} == {}


def test_no_sentence_of_a_template_breaks_before_its_sign():
    """Of a template its sentences: text between tags, and what is translated; a tag may hold « ? » of an address."""
    found = {}
    for path in TEMPLATES:
        tokens = Lexer(path.read_text(encoding="utf-8")).tokenize()
        said = [one.contents for one in tokens if one.token_type == TokenType.TEXT or "translate " in one.contents]
        found[path.name] = breakable(re.sub(r"<[^<>]*>", "", one) for one in said)
    assert {name: texts for name, texts in found.items() if texts} == {}


def test_no_body_stands_bare_behind_a_preposition():
    """« de Direction »: what is put in is `Organisation.of_it` (`of_body`), or the name `with_article`."""
    named = r"(?:%\((?:body|organisation)\)s|{{ (?:\w+\.)*(?:body|organisation)\b)"
    bare = re.compile(rf"\b(?:[Dd]u|[Dd]es?|[Dd]’|[Àà]|[Aa]ux?) ?{named}")
    assert bare.search("au titre de %(body)s") and bare.search("Contrôle de {{ check.body.name }}")
    found = [path.name for path in [*CODE, *TEMPLATES] if bare.search(path.read_text(encoding="utf-8"))]
    assert found == []


def test_a_paper_is_written_in_the_language_of_the_portal_whoever_asks():
    asked = renderers.renderer("test_language", "Essai")(lambda subject: translation.get_language())
    try:
        with translation.override("en"):
            assert renderers.render("test_language", 1) == "fr"
            assert translation.get_language() == "en"
    finally:
        del renderers._found["test_language"]
    assert asked
