# The MongoDB-compatible server: DocumentDB in PostgreSQL, and the gateway in front of it. Sourced by tests/servers, which defines
# say, die, run_as, spawn, end, alive, free_port and $state; not to be run by itself. The README beside it says what it is.

documentdb_root=${DOCUMENTDB_HOME:-/var/cache/ticketbooth-documentdb}/root      # the installation: what PostgreSQL sees as /
documentdb_recipe=1                                                           # raise it when the installation below changes

# The data lies in the installation's folder, because PostgreSQL sees nothing else; every state folder has a place of its own there.
documentdb_place=/instances/$(printf '%s' "$state" | cksum | cut -d ' ' -f 1)

# Downloads the packages and everything they depend on from Debian sid with an apt that knows nothing of this machine's packages, and
# lays their files out in one folder. No package is installed, no package script runs: nothing is mounted, no service is set up.
documentdb_install() {
    local home work mirror keyring package version apt
    home=$(dirname "$documentdb_root")
    mkdir -p "$home"
    exec 8>"$home/lock"
    flock -w 600 8 || die "another installation of DocumentDB is still at work"
    if [ "$(cat "$documentdb_root/recipe" 2>/dev/null)" = "$documentdb_recipe" ]; then
        exec 8>&-
        return
    fi

    work=$home/install
    mirror=$(documentdb_mirror)
    keyring=/usr/share/keyrings/debian-archive-keyring.gpg
    [ -e "$keyring" ] || install_packages debian-archive-keyring
    rm -rf "$work"
    mkdir -p "$work"/{lists/partial,cache/archives/partial,root}
    : >"$work/status"
    echo "deb [signed-by=$keyring] $mirror sid main" >"$work/sources.list"
    apt=(-qq
        -o "Dir::Etc::SourceList=$work/sources.list" -o Dir::Etc::SourceParts=/dev/null
        -o Dir::Etc::Preferences=/dev/null -o Dir::Etc::PreferencesParts=/dev/null
        -o "Dir::State=$work" -o "Dir::State::Lists=$work/lists" -o "Dir::State::status=$work/status" -o "Dir::Cache=$work/cache"
        -o APT::Sandbox::User=root -o APT::Install-Recommends=false
        -o Acquire::Languages=none -o Acquire::IndexTargets::deb::DEP-11::DefaultEnabled=false
        -o Acquire::Retries=3 -o Acquire::Check-Valid-Until=false)   # the signature is checked all the same

    say "installing PostgreSQL with DocumentDB from Debian sid into $documentdb_root"
    apt-get "${apt[@]}" update >&2
    package=$(apt-cache "${apt[@]}" pkgnames postgresql- | grep -E '^postgresql-[0-9]+-documentdb$' | sort -V | tail -n 1)
    [ -n "$package" ] || die "Debian sid at $mirror has no postgresql-*-documentdb package"
    version=${package%-documentdb}
    version=${version#postgresql-}
    apt-get "${apt[@]}" install -y --download-only "$package" "postgresql-$version" base-files dash libc-bin tzdata >&2

    # base-files first: it brings the links /bin, /lib and /lib64 that the other packages' files go through.
    export work
    printf '%s\n' "$work"/cache/archives/base-files_*.deb | documentdb_unpack
    printf '%s\n' "$work"/cache/archives/*.deb |
        grep -v -E '/(base-files|systemd|libsystemd-shared|udev|perl|libperl|locales|dpkg|apt|gnupg|gpg|openssl)[^/]*$' | documentdb_unpack
    [ -e "$work/root/usr/lib/postgresql/$version/lib/pg_documentdb.so" ] || die "the package has no pg_documentdb.so"

    cd "$work/root"
    printf '%s\n' 'root:x:0:0:root:/root:/bin/sh' "postgres:x:$user:$user:postgres:/:/bin/sh" >etc/passwd
    printf '%s\n' 'root:x:0:' "postgres:x:$user:" >etc/group
    # Where devices cannot be made a plain file has to do: it is only written to, by initdb.
    mknod -m 666 dev/null c 1 3 2>/dev/null || install -m 666 /dev/null dev/null
    chroot . /sbin/ldconfig
    # The one thing that the packages' scripts would have set up and that is needed: the name of the installed PostGIS.
    (cd "usr/share/postgresql/$version/extension" && ln -sf "$(printf '%s\n' postgis-[0-9]*.control | sort -V | tail -n 1)" postgis.control)
    mkdir instances
    echo "$version" >postgresql-version
    echo "$documentdb_recipe" >recipe
    cd /
    rm -rf "$documentdb_root"
    mv "$work/root" "$documentdb_root"
    rm -rf "$work"
    exec 8>&-
}

# The mirror that this machine's apt is set up with, where the machine is a Debian.
documentdb_mirror() {
    local release
    release=$(. /etc/os-release && [ "$ID" = debian ] && echo "$VERSION_CODENAME") || release=none
    apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' |
        awk -v release="$release" '$2 == release && $3 == "main" && !found { found = $1 } END { print found ? found : "http://deb.debian.org/debian" }'
}

documentdb_unpack() {
    xargs -P "$(nproc)" -I{} sh -c '
        dpkg-deb --fsys-tarfile "{}" | tar -x -C "$work/root" --no-same-owner --keep-directory-symlink \
            --exclude="./usr/share/doc/*" --exclude="./usr/share/man/*" --exclude="./usr/share/locale/*" \
            --exclude="./usr/share/info/*" --exclude="./usr/lib/postgresql/*/lib/bitcode/*"'
}

# Runs a program of PostgreSQL as its user in its folder.
documentdb_inside() {
    local program=$1
    shift
    env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 chroot --userspec="$user:$user" --groups= "$documentdb_root" \
        "/usr/lib/postgresql/$(cat "$documentdb_root/postgresql-version")/bin/$program" "$@"
}

documentdb_sql() { documentdb_inside psql -X -q -At -v ON_ERROR_STOP=1 -h "$documentdb_place/socket" -U postgres -d postgres "$@"; }

documentdb_create() {
    local place=$documentdb_root$documentdb_place
    rm -rf "$place"
    install -d -m 700 -o "$user" -g "$user" "$place" "$place/socket"
    documentdb_inside initdb -D "$documentdb_place/data" -U postgres -A trust -E UTF8 --locale=C.UTF-8 --no-sync --no-instructions \
        >"$state/mongodb/initdb.log" 2>&1 || { cat "$state/mongodb/initdb.log" >&2; die "initdb failed"; }
    # Only reachable through a socket in a folder that is closed to others. The data is for tests: nothing is synced to disk.
    cat >>"$place/data/postgresql.conf" <<CONF
listen_addresses = ''
unix_socket_directories = '$documentdb_place/socket'
unix_socket_permissions = 0700
max_connections = 300
shared_buffers = 256MB
dynamic_shared_memory_type = mmap
max_locks_per_transaction = 256
io_method = sync
wal_level = minimal
max_wal_senders = 0
max_logical_replication_workers = 0
fsync = off
synchronous_commit = off
full_page_writes = off
checkpoint_timeout = 30min
jit = off
deadlock_timeout = 10ms
timezone = 'UTC'
log_timezone = 'UTC'
log_min_messages = fatal
log_error_verbosity = terse
shared_preload_libraries = 'pg_cron,pg_documentdb_core,pg_documentdb'
cron.database_name = 'postgres'
cron.host = '$documentdb_place/socket'
cron.log_run = off
cron.log_statement = off
documentdb_core.enableCollation = on
documentdb.localhost_connection_string = 'host=$documentdb_place/socket'
documentdb.enableBackgroundWorker = off
documentdb.useFileBasedPersistedCursors = on
documentdb.defaultCursorExpiryTimeLimitSeconds = 600
documentdb.throwDeadlockOnCRUD = on
documentdb.maxWriteBatchSize = 100000
CONF
}

documentdb_start_postgres() {
    local place=$documentdb_root$documentdb_place
    # Ended by something else, a crash of the machine perhaps: data written without syncing is worthless then.
    [ ! -e "$place/data/postmaster.pid" ] || rm -rf "$place"
    [ -e "$place/prepared" ] || documentdb_create
    spawn mongodb/postgres env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 chroot --userspec="$user:$user" --groups= "$documentdb_root" \
        "/usr/lib/postgresql/$(cat "$documentdb_root/postgresql-version")/bin/postgres" -D "$documentdb_place/data"
    wait_for mongodb/postgres documentdb_sql -c 'select 1'
    # The gateway builds indexes at once, so the jobs that look for indexes to build are not needed; expired documents are looked for
    # every five seconds instead of every minute.
    [ -e "$place/prepared" ] || documentdb_sql >"$state/mongodb/prepare.log" 2>&1 <<'SQL' || { cat "$state/mongodb/prepare.log" >&2; die "DocumentDB could not be set up"; }
create extension if not exists documentdb cascade;
select cron.unschedule(jobname) from cron.job where jobname like 'documentdb_index_build%';
select cron.schedule(jobname, '5 seconds', command) from cron.job where jobname = 'documentdb_ttl_task';
SQL
    touch "$place/prepared"
}

documentdb_start() {
    documentdb_install
    alive mongodb/postgres || documentdb_start_postgres
    spawn mongodb/gateway dotnet "$built/gateway/TicketBooth.DocumentDbGateway.dll" \
        --port "$(port_of mongodb)" --replica-set rs0 --pg-host "$documentdb_root$documentdb_place/socket"
    wait_for mongodb/gateway listening "$(port_of mongodb)"
}

documentdb_remove() {
    end mongodb/postgres INT 30 QUIT
    rm -rf "$documentdb_root$documentdb_place"
}
