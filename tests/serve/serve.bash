# SPDX-License-Identifier: MIT
#
# serve.bash - a server by hand, as the bats files here use it.
# shellcheck shell=bash

# start_server MODEL OPTION...: leaves the process in $SERVER and HOST:PORT in $ADDRESS.
start_server() {
    local model=$1
    shift
    SAID=$BATS_TEST_TMPDIR/$model.said
    : >"$SAID" # what an earlier server said is no answer
    "$BIN/$model" serve --listen 127.0.0.1:0 --timeout 100s "$@" \
        >"$BATS_TEST_TMPDIR/$model.out" 2>"$SAID" 3>&- &
    SERVER=$!
    eventually grep -q '^serving' "$SAID" || { cat "$SAID"; return 1; }
    ADDRESS=$(sed -n 's#^serving http://\([^/]*\)/.*#\1#p' "$SAID")
}

# Tells it to stop, and expects that it does so in order, and soon.
stop_server() {
    local status=0
    kill -TERM "${1:-$SERVER}"
    eventually all_gone "${1:-$SERVER}"
    wait "${1:-$SERVER}" || status=$?
    expect "exit code of the server" $status 0
}
