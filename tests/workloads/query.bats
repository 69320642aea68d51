#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# query by every runner, with a real PostgreSQL: the same answers everywhere, as psql reads
# them, and the ways in which the server can fail. Each run starts a cluster of its own; only
# the first one has it made by initdb, the others get a copy. timeout: 900 s

load ../common

setup_file() {
    "$BIN/sequential" --list 2>/dev/null | grep -q '^ *query ' ||
        skip "query is left out of this build: $("$BIN/sequential" --list 2>&1 | grep 'query:')"
    [ -n "$(command -v initdb /usr/lib/postgresql/*/bin/initdb)" ] ||
        skip "PostgreSQL is not installed (package postgresql)"
    command -v psql >/dev/null || skip "psql is not installed (package postgresql-client)"
    copy_clusters
}

# What stands first in PATH as "initdb": the real one, once, and then copies of what it made.
# It runs as the user of the server, so the folder belongs to nobody.
copy_clusters() {
    local real
    real=$(command -v initdb /usr/lib/postgresql/*/bin/initdb | tail -n 1)
    CLUSTERS=$(mktemp -d /tmp/query-clusters-XXXXXX)
    mkdir "$CLUSTERS/bin" "$CLUSTERS/made"
    chmod 755 "$CLUSTERS" "$CLUSTERS/bin"
    chmod 1777 "$CLUSTERS/made"
    cat >"$CLUSTERS/bin/initdb" <<EOF
#!/bin/sh
[ -d "$CLUSTERS/made/data" ] && exec cp -a "$CLUSTERS/made/data" data
"$real" "\$@" && cp -a data "$CLUSTERS/made/data.new" && mv "$CLUSTERS/made/data.new" "$CLUSTERS/made/data"
EOF
    chmod 755 "$CLUSTERS/bin/initdb"
    export CLUSTERS PATH="$CLUSTERS/bin:$PATH"
}

teardown_file() {
    rm -rf "${CLUSTERS:?}"
}

# PostgreSQL runs as another user, if we are root, and must reach its folder.
setup() {
    PLACE=$(mktemp -d /tmp/query-XXXXXX)
    chmod 755 "$PLACE"
}

teardown() {
    rm -rf "$PLACE"
}

is_empty() {
    [ -z "$(ls -A "$PLACE")" ]
}

@test "the same answer from every model, with and without a pipeline" {
    local variant wanted='' found
    for variant in sequential "multiprocess --pipeline" multithread coroutine \
        "eventloop --pipeline --loops 2"; do
        # shellcheck disable=SC2086 # several words
        set -- $variant
        run_for 0 "$BIN/$1" query "${@:2}" --dir "$PLACE" --tasks 8 --transactions 6 --writes 50
        found=$(grep -o 'checksum .*' <<<"$output")
        expect "$variant" "$found" "${wanted:=$found}"
        is_empty
    done
}

# begin MODEL OPTION...: a long run, once transfers are there; $SERVER is the postmaster.
begin() {
    "$BIN/$1" query --dir "$PLACE" --tasks 4 --transactions 100k "${@:2}" >"$BATS_TEST_TMPDIR/said" 2>&1 3>&- &
    RUNNER=$!
    local i
    for ((i = 0; i < 12; i++)); do
        if eventually is_busy >/dev/null; then return 0; fi
    done
    return 1
}

ask() {
    psql -h "$(echo "$PLACE"/quartet-query-*)" -U quartet -d postgres -Atc "$1" 2>/dev/null
}

is_busy() {
    SERVER=$(head -n 1 "$PLACE"/quartet-query-*/data/postmaster.pid 2>/dev/null) &&
        [ "$(ask 'SELECT count(*) >= 20 FROM transfer')" = t ]
}

# ended CODE WORDS...: the run must end so, in one line, and leave nothing.
ended() {
    local code=0
    timeout 60 tail --pid $RUNNER -f /dev/null
    wait $RUNNER || code=$?
    run cat "$BATS_TEST_TMPDIR/said"
    expect "exit code" $code "$1"
    expect_output "${@:2}"
    expect lines "$(wc -l <<<"$output")" 1
    eventually all_gone "$SERVER"
    eventually is_empty
}

@test "psql sees money that is never lost, while sessions move it" {
    begin eventloop
    local i
    for i in 1 2 3; do
        expect sum "$(ask 'SELECT sum(balance) FROM account')" 1000000
    done
    ask 'UPDATE account SET balance = balance + 1 WHERE id = 7'
    expect sum "$(ask 'SELECT sum(balance) FROM account')" 1000001
    ask "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
        WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()" || true # the run ends, and the server
    ended 1 "PostgreSQL: FATAL:  terminating connection due to administrator command"
}

CONCURRENT="multiprocess multithread coroutine eventloop"

@test "a server that is killed leaves nothing" {
    for model in $CONCURRENT; do
        begin "$model"
        kill -KILL "$SERVER"
        ended 1 "the server of query (process $SERVER) was killed by signal 9"
        [ -z "$(ipcs -mp | awk -v pid="$SERVER" '$3 == pid')" ]
    done
}

@test "a server that closes the connections in the middle" {
    for model in $CONCURRENT; do
        begin "$model"
        ask "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
            WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()" || true # the run ends, and the server
        ended 1 "PostgreSQL: " "terminating connection due to administrator command"
    done
}

@test "a server that refuses connections" { # it forks for each, so there are few
    for model in $CONCURRENT; do
        begin "$model" --tasks 60 --concurrency 4 --transactions 200
        psql -h "$(echo "$PLACE"/quartet-query-*)" -U quartet -d template1 -qAtc \
            'ALTER DATABASE postgres ALLOW_CONNECTIONS false'
        ended 1 "PostgreSQL: " "is not currently accepting"
    done
}

@test "a server that cannot be reached any more" {
    for model in $CONCURRENT; do
        begin "$model" --tasks 4000 --concurrency 4 --transactions 100
        rm "$PLACE"/quartet-query-*/.s.PGSQL.5432
        ended 1 "PostgreSQL: connection to server on socket" "No such file or directory"
    done
}

# Slow is no fault: who waits for a lock goes on when it is free.
@test "a server that answers late" {
    begin coroutine --transactions 1000
    ask 'BEGIN; LOCK TABLE account IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep(0.5); COMMIT'
    wait $RUNNER
    eventually is_empty
}

# A server that has locked itself answers nobody: the time limit ends the run.
@test "a server that stands still" {
    begin eventloop --timeout 10s
    ask 'BEGIN; LOCK TABLE account IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep(60)' &
    ended 1 "did not end within --timeout 10 s"
    wait
}

@test "the programs are linked as the build says, and hand over to one another" {
    case $BUILD in */release) ;; *) skip "only the release build is linked statically" ;; esac
    local model
    for model in sequential multiprocess multithread coroutine eventloop; do
        "$BIN/$model" --describe >"$PLACE/usual.json"
        [ "$(json "$PLACE/usual.json" build.linked)" = static ] ||
            skip "libev or jansson have no form for static linking here"
        "$BIN/shared/$model" --describe >"$PLACE/shared.json"
        expect shared "$(json "$PLACE/shared.json" build.linked)" dynamic
        expect described "$(grep -c '"name": "query"' "$PLACE/usual.json")" 1
        expect listed "$("$BIN/$model" --list | grep -c '^ *query ')" 1
        run_for 0 "$BIN/$model" query --help
        expect_output "--pipeline"
    done
    cp "$BIN/multithread" "$PLACE/multithread"
    run_for 77 "$PLACE/multithread" query
    expect_output "query: its runner, shared/multithread beside this one, is missing"
}

@test "a runner that is killed leaves nothing" {
    for model in $CONCURRENT; do
        begin "$model"
        kill -KILL $RUNNER
        wait $RUNNER || true
        eventually all_gone "$SERVER"
        eventually is_empty
    done
}
