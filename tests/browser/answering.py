"""Answering a dossier's form as a person does: by the keyboard alone, or by hand in a browser without scripts."""

from tests.factories import PDF, siret

ACTIVE = """() => {
    const {tagName, type, name, className, textContent} = document.activeElement;
    return {tag: tagName, type: type || "", name: name || "", class: className, text: textContent.trim()};
}"""
FILE = {"name": "annexe-financiere.pdf", "mimeType": "application/pdf", "buffer": PDF}
MOST_TABS = 120


def words_for(name, classes):
    """What to type into a field; nothing for partners, which a project need not have."""
    if name.startswith("partners"):
        return ""
    if name.endswith("-siret"):
        return siret(990_013)
    if "w-year" in classes:
        return "12"
    return {"acronym": "DERMALIA", "amount": "268 300,50"}.get(name, "Une réponse.")


class Keyboard:
    """Tab, Shift, Enter, Space, arrows and letters; the mouse is never touched."""

    def __init__(self, page):
        self.page = page
        # Chromium hands choosers over only once it has heard of a listener: one made with the key comes too late.
        page.on("filechooser", lambda _: None)

    def tab(self):
        """The element that the next Tab reaches: `{"tag", "type", "name", "class", "text"}`."""
        self.page.keyboard.press("Tab")
        return self.page.evaluate(ACTIVE)

    def to(self, text):
        """Tab to the link or button of these words."""
        for _ in range(MOST_TABS):
            if self.tab()["text"] == text:
                return
        raise AssertionError(f"{text}: not reached by Tab on {self.page.url}")

    def follow(self, text):
        """Tab to a link or button, Enter, and wait for the page."""
        self.to(text)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def answer_section(self, button):
        """Tab through a section, answer each field on the way, and press the button at its end."""
        done = set()
        for _ in range(MOST_TABS):
            at = self.tab()
            if at["text"] == button and at["tag"] == "BUTTON":
                with self.page.expect_navigation():
                    self.page.keyboard.press("Enter")
                return
            if at["name"] and at["name"] not in done:
                done.add(at["name"])
                self._answer(at)
        raise AssertionError(f"{button}: not reached by Tab on {self.page.url}")

    def _answer(self, at):
        if at["type"] in ("radio", "checkbox"):
            self.page.keyboard.press("Space")
        elif at["tag"] == "SELECT" and not at["name"].startswith("partners"):
            self.page.keyboard.press("ArrowDown")
        elif at["tag"] == "TEXTAREA" or at["type"] == "text":
            self.page.keyboard.type(words_for(at["name"], at["class"]))

    def join_file(self, button):
        """Tab to the first file field, open the chooser, then press the button."""
        while self.tab()["type"] != "file":
            pass
        with self.page.expect_file_chooser() as chosen:
            self.page.keyboard.press("Enter")
        chosen.value.set_files(FILE)
        self.follow(button)


def fill_section(page):
    """Answer each field of the section's form with the mouse; works without scripts."""
    form = page.locator("form[action$='/enregistrer/']")
    for field in form.locator("input[type=text], textarea").all():
        field.fill(words_for(field.get_attribute("name"), field.get_attribute("class") or ""))
    for field in form.locator("select").all():
        if not field.get_attribute("name").startswith("partners"):
            field.select_option(index=1)
    names = set()
    for box in form.locator("input[type=radio], input[type=checkbox]").all():
        if (name := box.get_attribute("name")) not in names:
            names.add(name)
            box.check()
