# SPDX-License-Identifier: MIT
#
# driver.bash - a machine of its own for each test of `quartet run`: runners that do no
# work (fake_runner), a lock, a folder for temporary files, and, where a test asks for
# it, a hyperfine that misbehaves. So these tests need no quiet machine and do not
# disturb anybody who measures on this one (nor mind being disturbed: --accept-noise).
# shellcheck shell=bash

driver_setup() {
    FAKE=$BATS_TEST_TMPDIR/runners
    OUT=$BATS_TEST_TMPDIR/out
    export TMPDIR=$BATS_TEST_TMPDIR/tmp
    export QUARTET_LOCK=$BATS_TEST_TMPDIR/lock
    export XDG_STATE_HOME=$BATS_TEST_TMPDIR/state # no calibration of this machine
    export QUARTET_RUNNERS=$FAKE
    unset CI NO_COLOR GITHUB_ACTIONS GITHUB_STEP_SUMMARY
    mkdir -p "$FAKE" "$TMPDIR"
    local model
    for model in $MODELS; do
        ln -s "$ROOT/tests/driver/fake_runner" "$FAKE/$model"
    done
    cd "$BATS_TEST_TMPDIR" || return 1
}

# `quartet run` with one small table, and the exit code that it must have; other
# arguments may follow: run_quartet 0 --models coroutine
run_quartet() {
    local code=$1
    shift
    rm -rf "$OUT"
    run_for "$code" "$BIN/quartet" run -o "$OUT" --workloads counting/one-cpu --rounds 2 \
        --seed 5 --accept-noise "$@"
}

# Makes and enters a git tree whose `make` puts fake runners where a build has them. There are
# two commits, of which the second one cannot be built.
make_tree() {
    git init -q tree
    cd tree || return 1
    git config user.email nobody@example.org
    git config user.name nobody
    cp "$ROOT/tests/driver/fake_runner" runner
    # shellcheck disable=SC2016 # for make
    printf 'all:\n\t@mkdir -p build/$(MODE)/bin; for m in %s; do cp runner build/$(MODE)/bin/$$m; done\n' \
        "$MODELS" >Makefile
    git add . && git commit -qm one
    printf 'all:\n\t@echo "it is broken" >&2; exit 1\n' >Makefile
    git commit -qam two
}

# follows_schema FILE...: by its own "schema", where there is what checks that.
follows_schema() {
    local code=0
    "$ROOT/tests/schema/validate.py" "$@" || code=$?
    [ "$code" -eq 0 ] || [ "$code" -eq 77 ]
}

# The real hyperfine is there: skips the test otherwise.
need_hyperfine() {
    command -v hyperfine >/dev/null || skip "hyperfine is not installed"
}

# Puts a hyperfine in front of PATH; its script comes on stdin, and finds the file of
# --export-json in $out.
fake_hyperfine() {
    mkdir -p "$BATS_TEST_TMPDIR/bin"
    {
        cat <<'EOF'
#!/bin/sh
if [ "$1" = --version ]; then
    echo "hyperfine 1.15.0"
    exit 0
fi
for word in "$@"; do
    [ "${previous:-}" != --export-json ] || out=$word
    previous=$word
done
EOF
        cat
    } >"$BATS_TEST_TMPDIR/bin/hyperfine"
    chmod +x "$BATS_TEST_TMPDIR/bin/hyperfine"
    export PATH=$BATS_TEST_TMPDIR/bin:$PATH
}

# Puts the stop-watch in front of PATH that reports what fake runners say they take.
steady_times() {
    mkdir -p "$BATS_TEST_TMPDIR/steady"
    cp "$ROOT/tests/driver/steady_hyperfine" "$BATS_TEST_TMPDIR/steady/hyperfine"
    export PATH=$BATS_TEST_TMPDIR/steady:$PATH
}

# Takes it away again: where the clock itself is tested, or a run must last for a while.
real_times() {
    PATH=${PATH/"$BATS_TEST_TMPDIR/steady:"/}
    need_hyperfine
}

# A strace whose log has as many sendto as the file `calls` beside the runner says, a back
# end, and waits of a number that is never the same.
fake_strace() {
    mkdir -p bin
    cat >bin/strace <<'EOF'
#!/bin/sh
if [ -e refused ]; then
    echo "strace: ptrace(PTRACE_TRACEME, ...): Operation not permitted" >&2
    exit 1
fi
while [ "$1" != -o ]; do shift; done
log=$2
shift 2
calls=$(cat "$(dirname "$1")/calls" 2>/dev/null || echo 1000)
seq "$calls" | sed 's/.*/10 sendto(5, "", 0) = 0/' >"$log"
seq $(($$ % 5000)) | sed 's/.*/10 epoll_wait(3, [], 64, 1) = 0/' >>"$log"
printf '%s\n' '11 prctl(PR_SET_NAME, "counting-backend") = 0' '11 accept4(3) = 4' >>"$log"
exec "$@"
EOF
    chmod +x bin/strace
}

# Nothing is left in the folder for temporary files.
nothing_left() {
    [ -z "$(ls -A "$TMPDIR")" ]
}

# Starts `quartet run` in the background as a terminal would: Ctrl-C is not ignored.
# Sets $driver.
start_quartet() {
    env --default-signal=INT "$BIN/quartet" run -o "$OUT" --workloads counting/one-cpu \
        --rounds 2 --seed 5 --accept-noise "$@" >"$BATS_TEST_TMPDIR/stdout" 2>"$BATS_TEST_TMPDIR/stderr" 3>&- &
    driver=$!
}

# Has $driver come to the runner that hangs?
runner_hangs() {
    local pid
    for pid in $(descendants "$driver"); do
        [ "$(cat "/proc/$pid/comm" 2>/dev/null)" != sleep ] || return 0
    done
    return 1
}
