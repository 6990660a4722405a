"""A minimal Debian in a folder: Python, venv, make and git, and nothing of the machine around it but its network."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

PACKAGES = "python3,python3-venv,make,git,ca-certificates"
OF_A_COMPANY = ("etc/resolv.conf", "etc/pip.conf", "etc/npmrc", "etc/ssl/certs/ca-certificates.crt")
"""What an administrator would set up on such a machine, and this one has: names, mirrors, authorities."""
MOUNTS = """
mount -t proc proc "$ROOT/proc"
mount -t tmpfs -o mode=755 dev "$ROOT/dev"
for node in null zero full random urandom tty; do
  touch "$ROOT/dev/$node"
  mount --bind "/dev/$node" "$ROOT/dev/$node"
done
mkdir "$ROOT/dev/shm" "$ROOT/dev/pts"
mount -t tmpfs -o mode=1777,size=64m shm "$ROOT/dev/shm"
mount -t devpts -o newinstance,ptmxmode=666 pts "$ROOT/dev/pts"
ln -s pts/ptmx "$ROOT/dev/ptmx"
ln -s /proc/self/fd "$ROOT/dev/fd"
cd /
exec chroot "$ROOT" "$@"
"""
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


@dataclass(frozen=True)
class Root:
    """One such Debian. `user` runs what is run, in `home`."""

    folder: Path
    user: str = "root"
    home: str = "/root"

    def path(self, inside: str) -> Path:
        """Where a path of the inside lies on this machine."""
        return self.folder / inside.lstrip("/")

    def start(self, *command: str, cwd: str = "/", log: Path, **settings: str) -> "subprocess.Popen[bytes]":
        """Starts a command inside, in an environment of these settings alone. All it started ends with it."""
        own = {"PATH": PATH, "HOME": self.home, "TERM": "dumb", **settings}
        inside = ["env", "-i", *(f"{name}={value}" for name, value in own.items())]
        become = (
            ["setpriv", "--reuid", self.user, "--regid", self.user, "--init-groups"]
            if self.user != "root"
            else []
        )
        go = ["sh", "-c", 'cd "$1" && shift && exec "$@"', "sh", cwd, *command]
        outside = ["unshare", "--mount", "--pid", "--fork", "--kill-child", "sh", "-euc", MOUNTS, "sh"]
        with log.open("a") as out:
            env = {"ROOT": str(self.folder), "PATH": os.environ["PATH"]}
            return subprocess.Popen(
                [*outside, *inside, *become, *go], env=env, stdin=subprocess.DEVNULL, stdout=out, stderr=out
            )

    def run(self, *command: str, cwd: str = "/", log: Path, seconds: float = 3600, **settings: str) -> int:
        """The exit code of a command inside."""
        process = self.start(*command, cwd=cwd, log=log, **settings)
        try:
            return process.wait(seconds)
        finally:
            process.kill()


def base(release: str, folder: Path) -> Path:
    """A fresh Debian of this release below `folder`, made once by debootstrap, which is installed if it is
    not there.
    """
    made, draft = folder / release, folder / f"{release}.draft"
    if made.exists():
        return made
    if shutil.which("debootstrap") is None:
        quiet = {"stdout": subprocess.DEVNULL}
        if subprocess.run(
            ["apt-get", "install", "-y", "-qq", "debootstrap"], check=False, **quiet
        ).returncode:
            subprocess.run(["apt-get", "update", "-qq"], check=True)
            subprocess.run(["apt-get", "install", "-y", "-qq", "debootstrap"], check=True, **quiet)
    shutil.rmtree(draft, ignore_errors=True)
    draft.parent.mkdir(parents=True, exist_ok=True)
    with (folder / f"{release}.log").open("w") as log:
        command = ["debootstrap", "--variant=minbase", f"--include={PACKAGES}", release, str(draft)]
        subprocess.run(command, stdout=log, stderr=log, check=True)
    for name in OF_A_COMPANY:
        if (Path("/") / name).exists():
            shutil.copyfile(Path("/") / name, draft / name)
    return draft.rename(made)


def copy_of(made: Path, folder: Path) -> Path:
    """A copy of a fresh Debian in `folder`, which is emptied before."""
    shutil.rmtree(folder, ignore_errors=True)
    subprocess.run(["cp", "--archive", "--reflink=auto", str(made), str(folder)], check=True)
    return folder


def with_user(root: Root, name: str, log: Path) -> Root:
    """The same Debian for a user without rights, who is made."""
    assert root.run("useradd", "--create-home", name, log=log) == 0, log.read_text()
    return Root(root.folder, name, f"/home/{name}")


@contextmanager
def serving(root: Root, cwd: str, log: Path, settings: Mapping[str, str], seconds: float) -> Iterator[float]:
    """`make demo` inside until the block ends; yields the seconds until its address was printed.

    It must end at SIGTERM within five.
    """
    log.unlink(missing_ok=True)
    begun = time.monotonic()
    process = root.start("make", "demo", cwd=cwd, log=log, **settings)
    try:
        while "Sign in at" not in log.read_text():
            assert process.poll() is None, f"make demo ended with {process.returncode}:\n{log.read_text()}"
            assert time.monotonic() - begun < seconds, f"make demo took too long:\n{log.read_text()}"
            time.sleep(0.05)
        yield time.monotonic() - begun
        server = next(
            p
            for p in psutil.Process(process.pid).children(recursive=True)
            if "backoffice_app.server" in p.cmdline()
        )
        server.send_signal(signal.SIGTERM)
        assert process.wait(5) == 0, log.read_text()
    finally:
        process.kill()
        process.wait()
