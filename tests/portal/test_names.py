"""A view, its address and its page share one name, and the page stands in the folder of the view's step."""

import inspect
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import URLPattern, get_resolver

pytestmark = pytest.mark.embedded
STAGES = ("applications", "reviews", "jury")
OURS = (*STAGES, "accounts", "desk", "operations")
TEMPLATES = Path(settings.BASE_DIR) / "templates"


def addresses(resolver=None, namespace=""):
    """`{"applications:check_list": view}` of every address of ours."""
    found = {}
    for one in (resolver or get_resolver()).url_patterns:
        if isinstance(one, URLPattern):
            found[f"{namespace}:{one.name}"] = inspect.unwrap(one.callback)
        else:
            found |= addresses(one, one.namespace or namespace)
    return {name: view for name, view in found.items() if name.partition(":")[0] in OURS}


def pages(stage):
    """`(step or "", name)` of each whole page of a stage."""
    for path in sorted((TEMPLATES / stage).rglob("*.html")):
        if not path.name.startswith("_"):
            yield "" if path.parent.name == stage else path.parent.name, path.stem


def is_of(stage, step, page):
    """A role's own form of a page that a floor below has: it extends the page of the same name."""
    extended = (TEMPLATES / stage / step / f"{page}.html").read_text(encoding="utf-8").partition('"')[2]
    return extended.partition('"')[0].endswith(f"/{page}.html")


def test_view_bears_the_name_of_its_address():
    found = addresses()
    assert len(found) > 100
    assert {name for name, view in found.items() if view.__name__ != name.partition(":")[2]} == set()


def test_page_bears_the_name_of_its_view_and_stands_in_its_step():
    """What a view shows in another state has a name that goes on from the view's: `check_list_closed`."""
    views, strangers = addresses(), []
    for stage in STAGES:
        for step, page in pages(stage):
            whose = [name for name in views if name.startswith(f"{stage}:") and page.startswith(name.partition(":")[2])]
            home = f"{stage}.{step}".rstrip(".")
            if not any(views[name].__module__.startswith(home) or is_of(stage, step, page) for name in whose):
                strangers.append(f"{stage}/{step}/{page}.html")
    assert strangers == []
