"""The Chromium of a process of tests: its modules share it, and tests of one server share a profile that keeps what
pages load.
"""

from contextlib import ExitStack

from playwright.sync_api import Browser, BrowserContext, Error

from backoffice_app.bench.chromium import chromium

ONE_PROCESS = "--renderer-process-limit=1"
"""Pages of one profile and one server live in one process."""


class KeptChromium:
    """A headless Chromium that is started when the first test asks for it, and lives until `end`.

    The first page of the profile stays open and shows nothing: the pages after it live in its process, which has their
    code compiled.
    """

    def __init__(self) -> None:
        self._ends = ExitStack()
        self._browser: Browser | None = None
        self._profile: BrowserContext | None = None
        self._url = ""

    def browser(self) -> Browser:
        """The Chromium; another one if it has crashed."""
        if self._browser is None or not self._browser.is_connected():
            self.end()
            self._browser = self._ends.enter_context(chromium(ONE_PROCESS))
        return self._browser

    def profile(self, url: str) -> BrowserContext:
        """The profile for the server at this address: no page is open, nobody is signed in; what pages consist of is in
        its cache.
        """
        if self._profile is None or self._url != url:
            self._forget()
            self._url = url
            self._profile = self.browser().new_context(
                base_url=url, viewport={"width": 1280, "height": 900}, locale="en-GB", reduced_motion="reduce"
            )
            self._profile.new_page().goto("/health")
        return self._profile

    def tidy(self) -> None:
        """The profile is as it was: no page, no cookie, nothing stored, online.

        One that can't be tidied is given up.
        """
        if self._profile is None:
            return
        try:
            for page in self._profile.pages[1:]:
                if page.url.startswith(self._url):
                    page.evaluate("localStorage.clear()")
                page.close()
            self._profile.clear_cookies()
            self._profile.set_offline(False)
        except Error:
            self._forget()

    def close_others(self) -> None:
        """Profiles that a module made for itself and left open go."""
        for context in self._browser.contexts if self._browser else []:
            if context is not self._profile:
                context.close()

    def end(self) -> None:
        """Ends the Chromium: while its driver lives, no other event loop can run in this process."""
        self._browser = self._profile = None
        self._ends.pop_all().close()

    def _forget(self) -> None:
        if self._profile is not None:
            self._profile.close()
        self._profile = None
