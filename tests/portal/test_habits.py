"""The habits that no linter checks: sizes, names, the clock, and the direction of every reference."""

import ast
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.utils.translation import gettext

pytestmark = pytest.mark.embedded

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("hdh_portal", "applications", "reviews", "jury")
SOURCES = sorted(path for name in PACKAGES for path in (ROOT / name).rglob("*.py"))
CODE = [path for path in SOURCES if "migrations" not in path.parts]
TEMPLATES = sorted((ROOT / "templates").rglob("*.*"))

# Each label of a floor (app label, URL namespace, template folder) with its height; a file sees its own and lower ones.
HEIGHTS = {"ground": 0, "records": 1, "web": 2, "accounts": 3, "applications": 4, "reviews": 5, "jury": 6}
HEIGHTS |= {"desk": 7, "callfile": 7, "operations": 7, "demo": 7}
HEIGHTS |= {"account": 3, "mfa": 3, "usersessions": 3, "allauth": 3}
TOP, BOTTOM = 7, 0


def relative(path):
    return path.relative_to(ROOT).as_posix()


def lines(path):
    return len(path.read_text(encoding="utf-8").splitlines())


def test_files_stay_within_their_budget():
    long = {relative(path): lines(path) for path in CODE + sorted((ROOT / "tests").rglob("*.py")) if lines(path) > 400}
    long |= {relative(path): lines(path) for path in TEMPLATES if path.suffix == ".html" and lines(path) > 120}
    assert long == {}


def test_no_line_of_a_template_is_longer_than_140_characters():
    """Mails too: the lines of a message are joined by `trimmed`, those of a page by the browser."""
    long = {
        f"{relative(path)}:{number}": len(line)
        for path in TEMPLATES
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if len(line) > 140
    }
    assert long == {}


def test_readme_fits_in_its_budget():
    assert lines(ROOT / "README.md") <= 150


def test_no_file_has_a_name_that_says_nothing():
    nothing = {"admin", "utils", "services", "selectors", "helpers", "mixins", "common", "signals"}
    assert [relative(path) for path in SOURCES if nothing & {path.stem, *path.relative_to(ROOT).parts}] == []


def test_top_level_holds_what_the_design_names():
    fixed = {"manage.py", "hdh_portal", "applications", "reviews", "jury", "templates", "static", "tests"}
    fixed |= {"pyproject.toml", "docker-compose.yml", "README.md", "Makefile", "Dockerfile", "requirements.txt"}
    fixed |= {"requirements-test.txt", "locale", "docs", "bench", "LICENSE", "CHANGELOG.md", "var"}
    assert {path.name for path in ROOT.iterdir() if not path.name.startswith(".")} - fixed == set()


def test_pages_carry_no_inline_style_or_script():
    inline = re.compile(
        r"""\sstyle=|\son[a-z]+=|<style|<script(?![^>]*(\ssrc=|"application/json"))|javascript:""", re.I
    )
    pages = [path for path in TEMPLATES if path.suffix == ".html" and "documents" not in relative(path)]
    assert [relative(path) for path in pages if inline.search(path.read_text(encoding="utf-8"))] == []


def test_no_line_breaks_before_a_high_character_or_inside_quotation_marks():
    """U+00A0 before « : » and inside quotation marks, U+202F before « ; ! ? »: never the space that breaks."""
    breaking = re.compile(r"[^\s{#] [;:!?](?=[\s<\"{]|$)|« |[^\s{] »", re.MULTILINE)
    comment = re.compile(r"{#.*?#}", re.DOTALL)
    found = {relative(path): breaking.findall(comment.sub("", path.read_text(encoding="utf-8"))) for path in TEMPLATES}
    assert {path: signs for path, signs in found.items() if signs} == {}


def test_french_words_are_no_key_of_a_catalogue_of_others():
    """« Note » without a context is an English message of Django's, and reads « Remarque »."""
    message = re.compile(r"""{%\s*translate (["'])(.+?)\1(?! context)""")
    found = {text for path in TEMPLATES for _quote, text in message.findall(path.read_text(encoding="utf-8"))}
    assert found and {text: gettext(text) for text in found if gettext(text) != text} == {}


LITERAL = re.compile(r"\"[^\"\n]*\"|'[^'\n]*'|`[^`]*`")
WORDS = re.compile(r"[À-ÿ’«»]|\bfr-FR\b|^.[A-Z][a-z]+ [a-z]| sur ")


def words_of(script):
    """The literals of a script that a person would read in French; comments left out."""
    code = re.sub(r"^\s*//.*$|\s// .*$", "", script, flags=re.MULTILINE)
    return [literal for literal in LITERAL.findall(code) if WORDS.search(literal)]


@pytest.mark.parametrize("said", ['"Il en reste "', "`${a} sur ${b}`", '"jours passés"', "'L’oublier'", '"fr-FR"'])
def test_lint_of_scripts_sees_a_french_word(said):
    assert words_of(f"line.textContent = {said};") == [said]


def test_scripts_take_their_words_from_the_page():
    """French in JavaScript would be in no catalogue: it stands in `data-*`, translated there."""
    scripts = sorted((ROOT / "static/js").glob("*.js"))
    found = {path.name: words_of(path.read_text(encoding="utf-8")) for path in scripts}
    assert found and {name: words for name, words in found.items() if words} == {}


# The clock -----------------------------------------------------------------------------------------------------

READERS = {"timezone.now", "timezone.localdate", "timezone.localtime", "datetime.now", "datetime.today"}
READERS |= {"datetime.utcnow", "datetime.datetime.now", "datetime.datetime.today", "date.today", "datetime.date.today"}
READERS |= {"time.time", "Now", "functions.Now"}


def clock_readings(tree):
    """What of a syntax tree reads the clock by itself, as text."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute | ast.Name) and ast.unparse(node) in READERS:
            yield ast.unparse(node)
        if isinstance(node, ast.keyword) and node.arg in ("auto_now", "auto_now_add"):
            yield node.arg


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("timezone.now()", ["timezone.now"]),
        ("Field(default=timezone.now)", ["timezone.now"]),
        ("datetime.date.today()", ["datetime.date.today"]),
        ("Field(auto_now=True)", ["auto_now"]),
        ("filter(at__lte=Now())", ["Now"]),
        ("clock.now()", []),
        ("time.monotonic()", []),
    ],
)
def test_lint_of_the_clock_sees_a_reader(source, found):
    assert list(clock_readings(ast.parse(source))) == found


def test_only_the_clock_reads_the_clock():
    found = {
        relative(path): reader
        for path in SOURCES
        if relative(path) != "hdh_portal/ground/clock.py"
        for reader in clock_readings(ast.parse(path.read_text(encoding="utf-8")))
    }
    found |= {relative(path): "now" for path in TEMPLATES if re.search(r"{%\s*now\b", path.read_text(encoding="utf-8"))}
    assert found == {}


# The direction of references -----------------------------------------------------------------------------------


def height(path):
    """Floor of a file of ours: of its folder; the frame of all pages and its parts are the ground."""
    parts = path.relative_to(ROOT).parts
    if parts[0] == "templates" and len(parts) == 2:
        return BOTTOM if parts[1] == "base.html" else TOP  # the error pages are the middleware's
    if parts[0] == "templates":
        return HEIGHTS.get(parts[1], BOTTOM)
    if parts[0] == "hdh_portal" and len(parts) == 2:
        return TOP
    return HEIGHTS[parts[1] if parts[0] == "hdh_portal" else parts[0]]


NAMED = re.compile(rf"^(?:hdh_portal\.)?({'|'.join(HEIGHTS)})[.:/][\w.:/-]+$")


def above(floor, names):
    """Those of `names` (model, URL or template names, dotted paths) that belong to a floor higher than `floor`."""
    return sorted({name for name in names if (match := NAMED.match(name)) and HEIGHTS[match[1]] > floor})


def strings(tree):
    """Every text constant of a module that could be such a name; get_model's two arguments as one."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("get_model"):
            yield ".".join(str(argument.value) for argument in node.args if isinstance(argument, ast.Constant))


def tags(text):
    """The names that the url, include and extends tags of a template give."""
    return re.findall(r"{%-?\s*(?:url|include|extends)\s+[\"']([^\"']+)[\"']", text)


@pytest.mark.parametrize(
    ("floor", "name"),
    [
        ("records", "accounts.User"),
        ("accounts", "applications:application_detail"),
        ("applications", "jury/decision_detail.html"),
        ("reviews", "jury.Juror"),
        ("jury", "desk:home"),
        ("applications", "hdh_portal.desk.context.portal"),
    ],
)
def test_lint_of_directions_sees_an_arrow_that_points_up(floor, name):
    assert above(HEIGHTS[floor], [name]) == [name]
    assert above(HEIGHTS[name.removeprefix("hdh_portal.").split(".")[0].split(":")[0].split("/")[0]], [name]) == []


def test_modules_name_nothing_above_their_floor():
    found = {
        relative(path): names
        for path in CODE
        if (names := above(height(path), strings(ast.parse(path.read_text(encoding="utf-8")))))
    }
    assert found == {}


def test_templates_name_nothing_above_their_floor():
    found = {
        relative(path): names
        for path in TEMPLATES
        if (names := above(height(path), tags(path.read_text(encoding="utf-8"))))
    }
    assert found == {}


def test_foreign_keys_point_down():
    up = [
        f"{model._meta.label}.{field.name} -> {field.related_model._meta.label}"
        for model in apps.get_models()
        if model._meta.app_label in HEIGHTS
        for field in model._meta.get_fields()
        if field.is_relation and field.concrete and field.related_model
        if HEIGHTS.get(field.related_model._meta.app_label, BOTTOM) > HEIGHTS[model._meta.app_label]
    ]
    assert up == []


STATUS = re.compile(r"\d{3}\.html")  # Named by Django and allauth themselves.


def test_every_template_is_named_somewhere():
    """In our code, in another template, or by the package whose own template it replaces."""
    code = "".join(path.read_text(encoding="utf-8") for path in CODE)
    texts = {path.relative_to(ROOT / "templates").as_posix(): path.read_text(encoding="utf-8") for path in TEMPLATES}
    theirs = [app for app in apps.get_app_configs() if app.name.partition(".")[0] not in PACKAGES]

    def is_named(name):
        return name in code or any(name in text for other, text in texts.items() if other != name)

    unnamed = [name for name in texts if not STATUS.fullmatch(name) and not is_named(name)]
    assert [name for name in unnamed if not any((Path(app.path) / "templates" / name).exists() for app in theirs)] == []
