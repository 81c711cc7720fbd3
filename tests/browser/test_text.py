"""The page counts what is typed as the server does, sign by sign."""

import pytest

from hdh_portal.ground.text import clean
from tests.factories import ROOT
from tests.ground.test_text import SEEN

pytestmark = [pytest.mark.embedded, pytest.mark.browser]


def test_page_cleans_and_counts_as_the_server_does(chromium):
    page = chromium.new_page()
    page.evaluate((ROOT / "static" / "js" / "text.js").read_text(encoding="utf-8"))
    signs = [chr(code) for code in (*range(0x3000), *range(0xD7F0, 0xD810), *range(0xF8F0, 0x10010), 0xE0041, 0x1F469)]
    texts = [
        *SEEN,
        *(f"a{sign}é" for sign in signs),
        *(f"ا{sign}ا" for sign in signs),
        *(f" {sign}\u200d" for sign in signs),
    ]
    # Halves of a character cannot cross to the browser by themselves.
    texts = [text for text in texts if not any("\ud800" <= sign <= "\udfff" for sign in text)]
    ours = [clean(text).strip() for text in texts]
    theirs = page.evaluate("texts => texts.map((text) => [typedText.clean(text), typedText.length(text)])", texts)
    found = [
        (ascii(text), our, their)
        for text, our, their in zip(texts, ours, theirs, strict=True)
        if [our, len(our)] != their
    ]
    assert found == []
    assert page.evaluate(r"typedText.clean('moi\ud800tié')") == "moitié"
    page.close()
