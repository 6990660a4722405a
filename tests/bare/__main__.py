"""Both commands of the README on minimal Debians: `make bare` calls it, as root, and says what held and how long it
took.
"""

import argparse
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from bare.job import do_main_job
from bare.root import Root, base, copy_of, serving, with_user
from serving import ROOT, free_port

from backoffice_app.bench.chromium import chromium

FOLDER = ROOT / "build" / "bare"
CLONE, TARBALL = "/root/kontor", "/home/ute/Büro Ümläut/mein kontor"
NO_POSTGRES = "postgresql+psycopg://root@127.0.0.1:9/postgres"
"""Nothing answers there: on such a machine there is no PostgreSQL."""
FIRST, SECOND = 1200.0, 120.0
"""Seconds that `make demo` may take on a busy machine, the first time and the second."""


def main() -> None:
    """Plays each case from the fresh Debian to the tests; ends with 1 at the first that does not hold."""
    parser = argparse.ArgumentParser(prog="bare", description=__doc__)
    parser.add_argument("--release", default="bookworm", help="a release of Debian")
    parser.add_argument("--tests", default="all", help="all, none, or files for `make test` there")
    parser.add_argument("--case", choices=[*CASES], action="append", help="only this case")
    given = parser.parse_args()
    if os.getuid():
        sys.exit("make bare makes file systems and mounts, so it needs root.")
    say(f"A minimal Debian {given.release}")
    made = base(given.release, FOLDER)
    for name in given.case or CASES:
        root = Root(copy_of(made, FOLDER / name))
        log = FOLDER / f"{name}.log"
        log.write_text("")
        try:
            CASES[name](root, log, given.tests)
        except AssertionError as error:
            sys.exit(f"{name} does not hold: {error}\nAll that was said is in {log}.")
        shutil.rmtree(root.folder)
    say("Both commands hold.")


def as_root(root: Root, log: Path, tests: str) -> None:
    """A clone, by root; Chromium comes by itself."""
    subprocess.run(
        ["git", "clone", "--quiet", "--no-hardlinks", str(ROOT), str(root.path(CLONE))], check=True
    )
    play(root, CLONE, log)
    test(root, CLONE, log, tests)


def as_user(root: Root, log: Path, tests: str) -> None:
    """A tarball without history, in a path with blanks and umlauts, by a user who may install nothing."""
    user = with_user(root, "ute", log)
    folder = root.path(TARBALL)
    folder.mkdir(parents=True)
    archive = subprocess.run(["git", "archive", "HEAD"], cwd=ROOT, check=True, capture_output=True).stdout
    subprocess.run(["tar", "--extract", "--directory", str(folder)], input=archive, check=True)
    assert root.run("chown", "--recursive", "ute:ute", "/home/ute", log=log) == 0
    play(user, TARBALL, log)
    if tests != "none":
        assert root.run("sh", "-c", "apt-get update -qq && apt-get install -y -qq chromium", log=log) == 0, (
            "apt-get"
        )
    test(user, TARBALL, log, tests)


CASES: dict[str, Callable[[Root, Path, str], None]] = {"root": as_root, "user": as_user}


def play(root: Root, cwd: str, log: Path) -> None:
    """`make demo`, the main job, and `make demo` again."""
    for what, seconds in (("first", FIRST), ("second", SECOND)):
        port = free_port()
        with serving(root, cwd, log, {"KONTOR_PORT": str(port)}, seconds) as took, chromium() as browser:
            say(f"{root.user}: the {what} make demo, address after {took:.1f} s")
            do_main_job(browser, f"http://127.0.0.1:{port}")
            say(f"{root.user}: the main job is done")
        say(f"{root.user}: ended by SIGTERM")


def test(root: Root, cwd: str, log: Path, tests: str) -> None:
    """`make test`, with all tests or some files."""
    if tests == "none":
        return
    begun = time.monotonic()
    arguments = [] if tests == "all" else [f"PYTEST_ARGS={tests}"]
    code = root.run(
        "make", "test", *arguments, cwd=cwd, log=log, seconds=7200, KONTOR_TEST_POSTGRES=NO_POSTGRES
    )
    last = "\n".join(log.read_text().splitlines()[-12:])
    assert code == 0, f"make test ended with {code}:\n{last}"
    say(f"{root.user}: make test, {time.monotonic() - begun:.0f} s\n{last}")


def say(text: str) -> None:
    """Prints a line at once."""
    sys.stdout.write(f"{time.strftime('%H:%M:%S')} {text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
