import pytest

from hdh_portal.ground import articles

pytestmark = pytest.mark.embedded


@pytest.mark.parametrize(
    ("name", "article", "whole", "of"),
    [
        ("Health Data Hub", "le", "le Health Data Hub", "du Health Data Hub"),
        ("Direction de l’essai", "la", "la Direction de l’essai", "de la Direction de l’essai"),
        ("Institut Curie", "l’", "l’Institut Curie", "de l’Institut Curie"),
        ("Hospices civils", "les", "les Hospices civils", "des Hospices civils"),
        ("Bpifrance", "", "Bpifrance", "de Bpifrance"),
        ("Inria", "", "Inria", "d’Inria"),
        ("École 42", "", "École 42", "d’École 42"),
    ],
)
def test_name_is_contracted_with_its_article(name, article, whole, of):
    assert (articles.with_article(name, article), articles.of(name, article)) == (whole, of)
