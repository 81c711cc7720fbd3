"""What two people sign: each set has all its words, and each refusal of the protocol is a sentence in them."""

from types import SimpleNamespace

import pytest

from applications.release.signatures import ReleaseSigning
from applications.signatures import Signing
from jury.deliberation.signatures import DeliberationSigning
from reviews.shortlist.signatures import ShortlistSigning

SETS = (ReleaseSigning, ShortlistSigning, DeliberationSigning)
CODES = {"not_allowed", "changed_since_page", "not_proposed", "already_proposed", "same_person"}
CODES |= {"first_signature_fell", "changed_since_proposal"}
ACTS = ("confirm_title", "signed", "confirm", "confirm_button", "wait_title", "wait", "sign_title", "stale", "sign")


def test_sets_are_all_that_two_people_sign():
    assert set(Signing.__subclasses__()) == set(SETS)


@pytest.mark.parametrize("signing", SETS)
def test_each_refusal_of_the_protocol_is_a_sentence_in_the_words_of_the_set(signing):
    # A release announces what is settled: whoever has an interest signs it too.
    of_a_cut = set() if signing is ReleaseSigning else {"signer_has_interest"}
    assert {*CODES, *of_a_cut, signing.done} <= signing.refusals.keys()
    for code in signing.refusals:
        refusal = signing(
            SimpleNamespace(slug="x"), *[type("Stage", (), {"key": "x"})] * (signing is ReleaseSigning)
        ).refusal(code, name="Alix Brun", first="Rien n’est là.")
        assert refusal.code == code
        assert refusal.sentence.endswith(".") and "%" not in refusal.sentence


@pytest.mark.parametrize("signing", SETS)
def test_each_act_of_the_page_has_its_words(signing):
    assert signing.words.keys() == {*ACTS, "sign_button", "digest", "part"}
