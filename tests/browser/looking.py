"""What every page must be, whoever looks: the rules of the face that a browser can judge."""

from pathlib import Path

AXE = (Path(__file__).resolve().parent / "axe.min.js").read_text(encoding="utf-8")
RUN_AXE = """() => axe
    .run(document, {preload: false, resultTypes: ["violations"], rules: {"target-size": {enabled: true}}})
    .then(({violations}) => violations.flatMap(({id, nodes}) => nodes.map(({html}) => `${id} ${html.slice(0, 99)}`)))"""
FACTS = """() => ({
    lang: document.documentElement.lang,
    titled: document.title.includes(" — "),
    h1: document.querySelectorAll("h1").length,
    skips: [...document.querySelectorAll("a")][0].hash,
    primary: [...document.querySelectorAll(".btn-primary")].filter((one) => one.checkVisibility()).length > 1,
    inline: document.querySelectorAll("[style], style, script:not([src]), [onclick]").length,
    ids: [...document.querySelectorAll("[id]")].map(({id}) => id).filter((id, at, all) => all.indexOf(id) !== at),
    broken: [...document.querySelectorAll('a[href^="#"]')].map(({hash}) => hash)
        .filter((hash) => !document.getElementById(hash.slice(1))),
})"""
SOUND = {
    "lang": "fr",
    "titled": True,
    "h1": 1,
    "skips": "#contenu",
    "primary": False,
    "inline": 0,
    "ids": [],
    "broken": [],
}
TOO_WIDE = """() => document.documentElement.scrollWidth > innerWidth && [...document.querySelectorAll("body *")]
    .filter((one) => !one.closest(".scroll") && one.getBoundingClientRect().right > innerWidth + 1)
    .map((one) => one.outerHTML.slice(0, 120)).slice(0, 3)"""
WIDTHS = (1280, 375, 320)  # 320 px is 1280 at a zoom of 400 %


class Visit:
    """A page of the browser, with all that its console said and each address outside the portal that it asked for."""

    def __init__(self, page, origin):
        self.page, self.said = page, []
        page.on("console", lambda message: self.said.append(f"{page.url} {message.type}: {message.text}"))
        page.on("pageerror", lambda error: self.said.append(f"{page.url} {error}"))
        page.on("request", lambda request: self._ask(request.url, origin))

    def _ask(self, url, origin):
        if not url.startswith(f"{origin}/"):
            self.said.append(f"asked for {url}")

    def go(self, url, status=200):
        """Open an address that answers with `status`; of another than 200 the console may say so once."""
        assert self.page.goto(url).status == status, url
        if status != 200:
            self.expect_status(status)
        return self.page

    def expect_status(self, status):
        """The one line that Chromium itself writes for an answer of this status; taken off what was said."""
        line = next(line for line in self.said if f"responded with a status of {status} " in line)
        self.said.remove(line)

    def flaws(self):
        """Everything wrong with the page that is open, at each width: an empty list is what is wanted."""
        found = [] if (facts := self.page.evaluate(FACTS)) == SOUND else [f"facts: {facts}"]
        self.page.evaluate(AXE)
        for width in WIDTHS:
            self.page.set_viewport_size({"width": width, "height": 800})
            if wide := self.page.evaluate(TOO_WIDE):
                found.append(f"{width} px: wider than the window: {wide}")
            if width != 320:
                found += [f"{width} px: axe {violation}" for violation in self.page.evaluate(RUN_AXE)]
        self.page.set_viewport_size({"width": 1280, "height": 800})
        return [f"{self.page.url} {flaw}" for flaw in found]

    def flaws_of(self, addresses):
        """The flaws of several addresses, each opened in turn."""
        return [flaw for address in addresses for flaw in self.go(address) and self.flaws()]

    def press(self, name, role="button"):
        """Press a button or follow a link, and wait for the page that answers."""
        with self.page.expect_navigation():
            self.page.get_by_role(role, name=name).first.click()
