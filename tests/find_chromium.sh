#!/bin/sh
# A Chromium for the browser tests: the one named, one on the PATH, Debian's, or Playwright's own.
set -e
for name in "$KONTOR_CHROMIUM" chromium chromium-browser google-chrome google-chrome-stable; do
    if [ -n "$name" ] && command -v "$name" > /dev/null 2>&1; then exit 0; fi
done
own=$(.venv/bin/python -c 'from playwright.sync_api import sync_playwright as p; print(p().start().chromium.executable_path)' 2> /dev/null || true)
if [ -x "$own" ]; then exit 0; fi
echo "No Chromium here; installing one for the browser tests ..."
if [ "$(id -u)" = 0 ] && command -v apt-get > /dev/null 2>&1; then
    apt-get install -y -qq chromium || { apt-get update -qq && apt-get install -y -qq chromium; }
else
    .venv/bin/playwright install chromium
fi
