#!/bin/sh
# A Chromium for the browser tests: the one named, one on the PATH, Debian's, or Playwright's own. It is started once: what it lacks is
# said here, and not by a thousand tests.
set -e
python=.venv/bin/python
node=$($python -c 'from backoffice_app.bench.chromium import node_path; print(node_path())')
if [ -n "$node" ]; then export PLAYWRIGHT_NODEJS_PATH="${PLAYWRIGHT_NODEJS_PATH:-$node}"; fi
own() {
    $python -c 'from playwright.sync_api import sync_playwright as p
with p() as driver: print(driver.chromium.executable_path)'
}
is_there() {
    for name in "$KONTOR_CHROMIUM" chromium-headless-shell chromium chromium-browser google-chrome google-chrome-stable; do
        if [ -n "$name" ] && command -v "$name" > /dev/null 2>&1; then return 0; fi
    done
    [ -x "$(own)" ]
}
# Older releases have the shell no package of its own.
debian() {
    apt-get install -y -qq "$1" > /dev/null 2>&1 || { apt-get update -qq && apt-get install -y -qq "$1" > /dev/null; }
}
install() {
    if [ "$(id -u)" = 0 ] && command -v apt-get > /dev/null 2>&1; then
        echo "No Chromium here: Debian's is installed for the browser tests (about a minute) ..."
        debian chromium-headless-shell || debian chromium
        return
    fi
    echo "No Chromium here: Playwright's own is downloaded for the browser tests ..."
    if ! .venv/bin/playwright install chromium > build/chromium.log 2>&1; then
        tail -n 3 build/chromium.log
        echo "Chromium can't be downloaded. Install it with the system's package manager, or name one by KONTOR_CHROMIUM." >&2
        exit 1
    fi
}
if [ -n "$KONTOR_CHROMIUM" ] && ! command -v "$KONTOR_CHROMIUM" > /dev/null 2>&1; then
    echo "KONTOR_CHROMIUM names $KONTOR_CHROMIUM, which is not there or can't be run." >&2
    exit 1
fi
mkdir -p build
is_there || install
exec $python -m backoffice_app.bench.chromium
