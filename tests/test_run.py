"""bin/run supervises its private database and does not serve as root.

Uses the real shell functions of bin/lib.sh, PostgreSQL and gunicorn with an empty database.
"""

import fcntl
import os
import shutil
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.conf import settings

from tests import template_databases
from tests.served import free_port

# Reached only when a test fails.
DEADLINE_S = 60
AS_ROOT = os.geteuid() == 0

# The commands of bin/run except for loading the data.
SERVE = """
. bin/lib.sh
THROWAWAY=yes
find_python
place_database
read_secret_key
find_postgres || exit 77
echo "$PG_HOME"
open_database
choose_site_user
prepare_for_site_user
start_site "127.0.0.1:$PORT"
attend_site
"""


@dataclass
class Site:
    """A served site; home: folder of its PostgreSQL. log: its standard error."""

    process: subprocess.Popen
    local: Path
    home: Path
    port: int
    log: Path

    @property
    def status(self):
        """The status of /healthz; None while no server is listening."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=30) as it:
                return it.status
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return None

    @property
    def database(self):
        """(process id, port) of PostgreSQL's postmaster."""
        lines = (self.home / "data/postmaster.pid").read_text().splitlines()
        return int(lines[0]), int(lines[3])

    @property
    def servers(self):
        """Process ids of gunicorn's master and workers."""
        return [pid for pid in processes() if f"127.0.0.1:{self.port}" in command_of(pid)]

    def kill_database(self):
        os.kill(self.database[0], signal.SIGKILL)

    def until(self, true):
        end = time.monotonic() + DEADLINE_S
        while not true():
            assert time.monotonic() < end, self.log.read_text()

    def environment(self):
        return environment(self.local) | {"PORT": str(self.port)}


def environment(local):
    """The environment of a shell outside of the running bin/test."""
    ours = {"DATABASE_URL", "SECRET_KEY", "DJANGO_SETTINGS_MODULE", "OCOPMAP_PLACE"}
    inherited = {name: value for name, value in os.environ.items() if name not in ours}
    return inherited | {"OCOPMAP_LOCAL": str(local)}


def processes():
    return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]


def command_of(pid):
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    return ""


@contextmanager
def local_folder(name):
    """A folder for OCOPMAP_LOCAL: a short path that the serving user can enter, unlike pytest's."""
    folder = settings.LOCAL_DIR / f"{name}-{os.getpid()}"
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "static").mkdir(parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


@pytest.fixture(scope="module")
def local():
    """OCOPMAP_LOCAL of all sites of this module, so that initdb runs once."""
    homes = set()
    with local_folder("run") as folder:
        yield folder, homes
    for home in homes:
        if not home.is_relative_to(folder):  # below /var/lib, because PostgreSQL cannot enter ours
            shutil.rmtree(home)


@pytest.fixture
def site(local, tmp_path):
    (local, homes), port, log = local, free_port(), tmp_path / "log"
    with log.open("w") as errors:
        process = subprocess.Popen(
            ["sh", "-c", SERVE, "bin/run"],
            cwd=settings.BASE_DIR,
            env=environment(local) | {"PORT": str(port)},
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )
        with process:
            home = Path(process.stdout.readline().strip())
            if not home.name:
                pytest.skip("PostgreSQL with PostGIS is not installed here.")
            homes.add(home)
            site = Site(process, local, home, port, log)
            try:
                site.until(lambda: site.status == 200 or process.poll() is not None)
                assert process.poll() is None, log.read_text()
                yield site
            finally:
                process.send_signal(signal.SIGCONT)
                process.terminate()
                process.wait(timeout=DEADLINE_S)


@contextmanager
def stopped(process):
    """Suspend the supervision of the database during the body."""
    process.send_signal(signal.SIGSTOP)
    yield
    process.send_signal(signal.SIGCONT)


def manage(site, code):
    done = subprocess.run(
        ["bin/manage", "shell", "--verbosity=0", "--command", code],
        cwd=settings.BASE_DIR,
        env=site.environment(),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


ASK = (
    "from django.db import connection; cursor = connection.cursor(); cursor.execute('SHOW fsync');"
    "print(connection.settings_dict['PORT'], cursor.fetchone()[0])"
)


def test_a_killed_database_is_restarted_on_its_port_while_the_site_keeps_running(site):
    first, port = site.database
    with (site.local / "database-start").open("w") as starting:
        # Another command is starting the database: bin/run waits for it.
        fcntl.flock(starting, fcntl.LOCK_EX)
        site.kill_database()
        site.until(lambda: site.status == 503)

    site.until(lambda: site.status == 200)

    assert site.database[0] != first
    assert site.database[1] == port
    assert "The database has ended unexpectedly" in site.log.read_text()


def test_a_killed_backend_process_does_not_stop_the_site(site):
    before = site.database
    children = Path(f"/proc/{before[0]}/task/{before[0]}/children").read_text().split()

    os.kill(int(children[0]), signal.SIGKILL)

    # PostgreSQL terminates all its backends and recovers.
    site.until(lambda: not Path(f"/proc/{children[-1]}/cwd").exists())
    site.until(lambda: site.status == 200)
    assert site.database == before


def test_another_command_starts_the_database_on_the_port_of_the_running_site(site):
    _pid, port = site.database
    with stopped(site.process):
        site.kill_database()

        # With the settings of the running site.
        assert manage(site, ASK) == [str(port), "off"]

    site.until(lambda: site.status == 200)
    assert site.database[1] == port


def test_an_occupied_database_port_stops_the_site_with_a_message(site):
    _pid, port = site.database
    with closing(socket.socket()) as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        with stopped(site.process):
            site.kill_database()
            site.until(lambda: listens(other, port))

        assert site.process.wait(timeout=DEADLINE_S) == 1
        last = site.log.read_text().splitlines()[-1]
        assert last.startswith(f"Port {port}, ")
        assert "was taken by another program" in last
        assert site.servers == []

        # The database is no longer in use: it moves to another port once.
        moved = [int(manage(site, ASK)[0]) for _ in range(2)]
        assert moved == [moved[0]] * 2
        assert port != moved[0]


def listens(other, port):
    try:
        other.bind(("127.0.0.1", port))
    except OSError:
        return False
    other.listen()
    return True


def test_the_server_does_not_run_as_root_and_stops_with_its_script(site):
    # The master and two workers.
    site.until(lambda: len(site.servers) == 3)
    for pid in site.servers:
        status = dict(
            line.split(":\t", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines()
        )
        users = {int(uid) for uid in status["Uid"].split()}
        assert len(users) == 1
        assert users != {0}
        if not AS_ROOT:
            assert users == {os.getuid()}
        assert int(status["CapEff"], 16) == 0
    assert (site.local / "photos").stat().st_uid in users

    site.process.kill()

    site.until(lambda: site.servers == [])
    manage(site, ASK)  # The last process that uses the database stops it.
    assert not (site.home / "data/postmaster.pid").exists()


# --- the worker ----------------------------------------------------------------------------

# Of an existing database: its tables are there.
SERVE_WITH_WORKER = """
. bin/lib.sh
find_python
read_secret_key
choose_site_user
prepare_for_site_user
start_site "127.0.0.1:$PORT"
start_worker
attend_site
"""


def workers(local):
    """Process ids of the workers of the site with that OCOPMAP_LOCAL."""
    command = f"{settings.BASE_DIR}/.venv/bin/python -m django db_worker"
    mark = f"OCOPMAP_LOCAL={local}\0".encode()
    found = []
    for pid in processes():
        with suppress(OSError):
            environ = Path(f"/proc/{pid}/environ").read_bytes()
            if command_of(pid).startswith(command) and mark in environ:
                found.append(pid)
    return found


def test_a_killed_worker_is_replaced_and_stops_with_the_site(tmp_path):
    database = f"test_ocopmap_run_{os.getpid()}"
    template_databases.copy(template_databases.TABLES, database)
    with local_folder("worker") as local, (tmp_path / "log").open("w") as log:
        port = free_port()
        process = subprocess.Popen(
            ["sh", "-c", SERVE_WITH_WORKER, "bin/run"],
            cwd=settings.BASE_DIR,
            env=environment(local)
            | {"PORT": str(port), "DATABASE_URL": template_databases.url_of(database)},
            stderr=log,
        )
        site = Site(process, local, None, port, tmp_path / "log")
        try:
            site.until(lambda: site.status == 200 and workers(local))
            (first,) = workers(local)
            # The loop of the worker is running: it has replaced Python's own handler of SIGTERM.
            site.until(lambda: handles_sigterm(first))
            os.kill(first, signal.SIGKILL)

            site.until(lambda: workers(local) not in ([], [first]))
            (second,) = workers(local)
            assert user_of(second) == user_of(site.servers[0])
        finally:
            process.terminate()
            process.wait(timeout=DEADLINE_S)
            template_databases.drop(database)
        assert workers(local) == []
        assert "The process that runs the jobs has ended" in site.log.read_text()


def handles_sigterm(pid):
    status = Path(f"/proc/{pid}/status").read_text()
    caught = int(status.split("SigCgt:\t")[1].split()[0], 16)
    return bool(caught & 1 << (signal.SIGTERM - 1))


def user_of(pid):
    return Path(f"/proc/{pid}/status").read_text().split("Uid:\t")[1].split()[0]


# --- what the serving user can access ------------------------------------------------------

LOOK = """
. bin/lib.sh
find_python
choose_site_user
prepare_for_site_user
(as_site sh -c 'id -u; ls "$1"; echo test >"$1/photos/new" && echo written' sh "$LOCAL")
"""


def look(local, **changes):
    return subprocess.run(
        ["sh", "-c", LOOK, "bin/run"],
        cwd=settings.BASE_DIR,
        env=environment(local) | changes,
        capture_output=True,
        text=True,
    )


needs_root = pytest.mark.skipif(
    not AS_ROOT or subprocess.run(["unshare", "--mount", "true"], capture_output=True).returncode,
    reason="Only root changes users and makes mount namespaces.",
)


@needs_root
def test_a_site_below_a_private_folder_is_served_and_the_rest_of_the_folder_stays_inaccessible():
    with local_folder("closed") as closed:
        closed.chmod(0o700)
        (closed / "secret").touch()
        (closed / "inner/static").mkdir(parents=True)
        (closed / "inner/secret-key").touch()

        done = look(closed / "inner")

        assert done.returncode == 0, done.stderr
        user, *seen, result = done.stdout.split()
        assert user != "0"
        assert (seen, result) == (["imports", "mail", "photos", "static"], "written")
        assert (closed / "inner/photos/new").stat().st_uid == int(user)
        assert "cannot access" in done.stderr


@needs_root
def test_a_site_that_its_user_cannot_read_is_refused():
    with local_folder("unreadable") as local:
        (local / "static").chmod(0o700)

        done = look(local)
        by_root = look(local, SITE_USER="root")

        assert (done.returncode, done.stdout) == (1, "")
        last = done.stderr.splitlines()[-1]
        assert f"({local}/static is not readable)" in last
        assert "SITE_USER=root" in last
        assert by_root.stdout.split()[0] == "0"


@needs_root
def test_hard_linked_photos_keep_their_owner():
    with local_folder("photos") as local:
        (local / "photos").mkdir()
        ours, elsewhere = local / "photos/ours", local / "elsewhere"
        ours.touch()
        elsewhere.touch()
        (local / "photos/link").hardlink_to(elsewhere)

        assert look(local).returncode == 0

        assert ours.stat().st_uid != 0
        assert elsewhere.stat().st_uid == 0
