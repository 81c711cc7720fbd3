import hashlib
import re
from pathlib import Path

import brotli
import pytest
from django.conf import settings
from django.contrib.staticfiles.storage import ManifestStaticFilesStorage
from django.core.management import call_command
from fontTools.ttLib import TTFont

pytestmark = pytest.mark.embedded

STATIC = Path(settings.BASE_DIR) / "static"
TESTS = Path(settings.BASE_DIR) / "tests"
FACES = ("400", "400-italic", "600", "700")
# What a first visit of a public page loads beside its HTML (for which 8 KB and one request are kept back).
FIRST_VISIT = [
    "css/theme.css",
    "vendor/bootstrap-5.3.9/bootstrap.min.css",
    "fonts/radio-canada-400.woff2",
    "fonts/radio-canada-600.woff2",
    "fonts/radio-canada-700.woff2",
    "icons.svg",
    "marks/brand.svg",
    "js/clock.js",
]


def text(path):
    return (STATIC / path).read_text(encoding="utf-8")


def test_first_visit_stays_within_its_budget():
    sizes = {path: len(brotli.compress((STATIC / path).read_bytes())) for path in FIRST_VISIT}
    assert sum(sizes.values()) + 8_000 <= 90_000, sizes
    assert len(FIRST_VISIT) + 1 <= 10


def test_vendored_files_are_the_ones_that_the_readme_names():
    rows = re.findall(r"^\| `([^`]+)` \|.*\| `([0-9a-f]{64})` \|$", text("vendor/README.md"), re.MULTILINE)
    assert len(rows) == 3
    for name, digest in rows:
        assert hashlib.sha256((STATIC / "vendor" / name).read_bytes()).hexdigest() == digest, name


def test_stylesheets_load_no_data_address_and_no_source_map():
    for path in STATIC.rglob("*.css"):
        source = path.read_text(encoding="utf-8")
        assert "data:" not in source, path
        assert "sourceMappingURL" not in source, path


def test_colours_stand_in_the_tokens_only():
    theme = text("css/theme.css")
    start, end = theme.index("/* 2 Tokens"), theme.index("/* 3 Ground")
    assert re.findall(r"#[0-9a-f]{3,8}\b", theme[:start] + theme[end:]) == []


def test_theme_uses_no_token_that_it_does_not_define():
    theme = text("css/theme.css")
    defined = set(re.findall(r"(--[a-z0-9-]+)\s*:", theme))
    used = {name for name in re.findall(r"var\((--[a-z0-9-]+)\)", theme) if not name.startswith("--bs-")}
    assert used - defined == set()


def test_scripts_need_no_exception_from_the_policy():
    for path in (STATIC / "js").glob("*.js"):
        source = path.read_text(encoding="utf-8")
        assert re.findall(r"\beval\(|new Function|innerHTML|\.style\b|document\.write", source) == [], path
        # What is kept on a person's machine has one home, which wipes it at the sign-out.
        assert path.name == "kept.js" or not re.search("localStorage|sessionStorage|indexedDB", source), path


def test_served_faces_hold_every_character_of_french():
    french = "ÀÂÄÇÉÈÊËÎÏÔÖÙÛÜŸŒÆàâäçéèêëîïôöùûüÿœæ«»’…—–€°\u00a0\u202f\u2011\u2212"
    for face in FACES:
        for folder in ("fonts", "fonts/full"):
            held = TTFont(STATIC / folder / f"radio-canada-{face}.woff2").getBestCmap()
            assert [sign for sign in french if ord(sign) not in held] == [], (folder, face)


def test_collectstatic_hashes_every_file(tmp_path, settings):
    settings.STATIC_ROOT = str(tmp_path)
    settings.STATICFILES_DIRS = [STATIC]
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"},
    }
    call_command("collectstatic", interactive=False, verbosity=0)
    hashed = ManifestStaticFilesStorage(location=str(tmp_path), base_url="/static/").hashed_files
    theme = (tmp_path / hashed["css/theme.css"]).read_text(encoding="utf-8")
    assert hashed["vendor/bootstrap-5.3.9/bootstrap.min.css"].rpartition("/")[2] in theme
    assert hashed["fonts/radio-canada-400.woff2"].rpartition("/")[2] in theme
