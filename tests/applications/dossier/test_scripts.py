"""A script of a PDF form that only computes is told apart from one that acts, whatever it hides behind."""

import pytest

from applications.dossier.confined.scripts import computes
from tests.hostile import FORMAT, SUM

pytestmark = pytest.mark.embedded


@pytest.mark.parametrize(
    "source",
    [
        SUM,
        FORMAT,
        'AFDate_FormatEx("dd/mm/yyyy");',
        "AFRange_Validate(true, 12, true, 24);",
        'event.value = getField("a").value / getField("b").value / 12;',
        "function somme(a, b) { return a + b; }\nevent.value = somme(1, 2).toFixed(2);",
        'var noms = ["a", "b"], t = 0;\nfor (var i = 0; i < noms.length; i++) t += +this.getField(noms[i]).value;\n'
        "event.value = t;",
        'event.value = event.target.value > 3 ? "oui" : "non";',
        'event.value = util.printd("dd/mm/yyyy", new Date());',
    ],
)
def test_script_that_computes(source):
    assert computes(source)


@pytest.mark.parametrize(
    "source",
    [
        "app.alert(1)",
        'this["sub" + "mitForm"]("https://example.org/")',
        'this["submitForm"]("https://example.org/")',
        "eval('app.alert(1)')",
        "var f = eval; f('app.alert(1)')",
        "(0, eval)('app.alert(1)')",
        "eval?.('app.alert(1)')",
        "var o = {getField: eval}; o.getField('app.alert(1)')",
        "var o = {'get\\x46ield': eval}; o.getField('app.alert(1)')",
        "Number = eval; Number('app.alert(1)')",
        "this.getField = eval; getField('app.alert(1)')",
        "[Number] = [eval]; Number('app.alert(1)')",
        "function f() {} [f] = [eval]; f('app.alert(1)')",
        "function g(f) { f('app.alert(1)') } function f() {} g(eval)",
        "var o = {}, k = 'getField'; o[k] = eval; o.getField('app.alert(1)')",
        "var o = {}, k = 'getField'; o[k] ||= eval; o.getField('app.alert(1)')",
        "var o = {}, k = 'getField'; for (o[k] of [eval]) o.getField('app.alert(1)')",
        "var l = [], k = 'constructor'; l.push[k]('app.alert(1)')()",
        'if (1) /"/; app.alert(1); /"/',
        "x <!-- /*\napp.alert(1) /* */",
        "\\u0061pp.alert(1)",
        "eval`app.alert(1)`",
        "new submitForm",
        "var t = 'a\\\n'; app.alert(1)",
        "(x => x('app.alert(1)'))(eval)",
    ],
)
def test_script_that_acts(source):
    assert not computes(source)
