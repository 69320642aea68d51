#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# The commands of tools/ at small sizes: do they run, do they say what they cannot do,
# and does the line that is laid through known weights have their slope?

load ../common

setup() {
    cd "$BATS_TEST_TMPDIR" || return 1
    export TMPDIR=$BATS_TEST_TMPDIR
}

# rows MODEL...: the lines of the table in $output, one per model, in this order.
rows() {
    local model
    for model in "$@"; do
        [ "$(grep -cE "^$model +[a-z]+ +[0-9]+ \.\. [0-9]+ +-?[0-9]+ \+- [0-9]+ +-?[0-9]+ \+- [0-9]+$" \
            <<<"$output")" = 1 ] || {
            echo "no row of $model in:"
            echo "$output"
            return 1
        }
    done
}

# A runner of ours: a task weighs 4321 bytes, the program 10 MB. The last word is a file.
fake_runner() {
    cat >"$1" <<'EOF'
#!/bin/sh
while [ "$1" != --tasks ]; do shift; done
tasks=$2
while [ "$1" != --record ]; do shift; done
echo "{\"memory\": {\"bytes\": $((10000000 + 4321 * tasks))}}" >"$2"
EOF
    chmod +x "$1"
}

@test "backends: a row per size in both tables, and a line for what is missing" {
    run_for 0 "$BIN/backends" --rounds 2 --sizes 3,50 --exchanges 20
    expect_output "epoll ns" "poll ns" "select ns" "One active descriptor" "All active"
    expect rows "$(grep -cE '^ +(3|50)( +[0-9]+ +[0-9.]+){3,4}$' <<<"$output")" 4
    if [[ $output != *"iouring ns"* ]]; then
        expect_output "iouring is not in the tables: "
    fi
}

@test "backends: with one descriptor per event select and poll look through all" {
    run_for 0 "$BIN/backends" --rounds 3 --sizes 500 --exchanges 50
    read -r size epoll _ poll _ select _ < <(grep -m 1 -E '^ +500 ' <<<"$output")
    expect size "$size" 500
    [ "$poll" -gt "$epoll" ] && [ "$select" -gt "$epoll" ]
}

@test "backends: nonsense is refused, and more than the limit allows" {
    run_for 2 "$BIN/backends" --sizes 10,x
    expect_output "--sizes '10,x'" "1 to 100000"
    run_for 2 "$BIN/backends" --rounds 0
    expect_output "--rounds" "1 to 50"
    run_for 2 "$BIN/backends" 5
    (ulimit -n 100 && run_for 77 "$BIN/backends" --sizes 1k && expect_output "ulimit -n")
}

@test "bytes-per-task: every model has a slope" {
    run_for 0 "$BIN/bytes-per-task" --rounds 1 --sizes 20,40,80
    rows multiprocess multithread coroutine eventloop
    expect_output "Counted: pages in use"
    expect files "$(find . -type f)" ""
}

@test "bytes-per-task: a process weighs more than a thread, and so on" {
    run_for 0 "$BIN/bytes-per-task" --rounds 1 --sizes 100,200,400
    mapfile -t slopes < <(awk '$2 ~ /process|thread|coroutine|callback/ && $4 == ".." {print $6}' \
        <<<"$output")
    expect models "${#slopes[@]}" 4
    [ "${slopes[0]}" -gt "${slopes[1]}" ]
    [ "${slopes[1]}" -gt "${slopes[2]}" ]
    [ "${slopes[2]}" -gt "${slopes[3]}" ]
}

@test "bytes-per-task: the slope of known weights, without an error" {
    mkdir runners
    fake_runner runners/coroutine
    QUARTET_RUNNERS=$PWD/runners run_for 0 "$BIN/bytes-per-task" coroutine --sizes 10,200,3k
    grep -qE '^coroutine +coroutine +10 \.\. 3000 +4321 \+- 0 ' <<<"$output"
}

@test "bytes-per-task: what cannot be, is said: too few sizes, no model, no runner" {
    run_for 2 "$BIN/bytes-per-task" coroutine --sizes 10,20
    expect_output "at least 3"
    run_for 2 "$BIN/bytes-per-task" coroutine --sizes 10,20,20
    expect_output "above the last one"
    run_for 2 "$BIN/bytes-per-task" sequential
    expect_output "there is no model 'sequential'"
    QUARTET_RUNNERS=$PWD run_for 1 "$BIN/bytes-per-task" coroutine
    expect_output "build it with make"
}

@test "bytes-per-task: a runner's own reason is passed on" {
    mkdir runners
    cat >runners/multithread <<'EOF'
#!/bin/sh
while [ "$1" != --record ]; do shift; done
echo '{"reason": "no more threads: ulimit -u"}' >"$2"
exit 77
EOF
    chmod +x runners/multithread
    QUARTET_RUNNERS=$PWD/runners run_for 77 "$BIN/bytes-per-task" multithread
    expect_output "multithread: no more threads: ulimit -u"
}

@test "lateness: a row per number of calls and model, idle and loaded" {
    MODELS="coroutine multithread" SPAN=20ms RUNNERS=$BIN run_for 0 "$ROOT/scripts/lateness" 10 1000
    local number='[0-9]+\.[0-9]{3}'
    expect rows "$(grep -cE "^(10|1000) +(coroutine|multithread)( +($number|-)){6}$" <<<"$output")" 4
    expect "p99 of 1000" "$(grep -cE "^1000 .*( +$number){6}$" <<<"$output")" 2
    RUNNERS=$BIN run_for 2 "$ROOT/scripts/lateness" 10 ten
    expect_output "'ten' calls" "whole numbers"
    RUNNERS=$BATS_TEST_TMPDIR run_for 2 "$ROOT/scripts/lateness"
    expect_output "build it with make"
}

# Threads always take 100 ms and 10 ms; a loop's wait grows from half of that, by 1 ms each 100 us.
@test "break-even: where the sign of the difference changes, and by how much it varies" {
    cat >multithread <<'EOF'
#!/bin/sh
echo "  run 100 ms (setup 1)"
echo "  latency (service): p50 10.0 ms, max 20 ms"
EOF
    cat >coroutine <<'EOF'
#!/bin/sh
for word; do case $word in *us) step=${word%us} ;; esac; done
echo "  run 150 ms (setup 1)"
echo "  latency (service): p50 $((5 + step / 100)).0 ms, max 20 ms"
EOF
    chmod +x multithread coroutine
    STEPS="0 400 800" RUNNERS=. run_for 0 "$ROOT/scripts/break-even" 6
    expect_output "400 us" "1.500 /  0.900" \
        "run: the whole run in a loop with --offload none is longer than in threads at every step" \
        "p50: the wait of a light session in a loop with --offload threads is longer than in threads from 515 us of computing on (515 to 515 us, 96.9 %)"
    run_for 2 "$ROOT/scripts/break-even" none
    expect_output "'none' rounds: give a whole number from 1 on"
}

@test "lateness: a limit of this machine is named below the table" {
    printf '#!/bin/sh\necho "fake: schedule: dnf: no more threads: ulimit -u" >&2\nexit 77\n' >fake
    chmod +x fake
    MODELS=fake RUNNERS=. run_for 0 "$ROOT/scripts/lateness" 10
    expect_output "DNF" "ulimit -u"
}
