#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# What the world does to a run: workers and back ends that are killed, limits, full
# disks, time that runs out. Each must end soon, with the right exit code and one line
# that names what happened, and leave no process and no half file behind.
# timeout: 300 s

load ../common

setup() {
    record=$BATS_TEST_TMPDIR/record.json
    pid=0
}

teardown() {
    [ "$pid" -eq 0 ] || kill -9 "$pid" 2>/dev/null || true
}

# begin ARGUMENTS...: starts a run in the background, as $pid.
begin() {
    "$BIN/$1" "${@:2}" --record "$record" >"$BATS_TEST_TMPDIR/out" 2>&1 3>&- &
    pid=$!
}

has_descendants() {
    mapfile -t family < <(descendants "$1")
    [ "${#family[@]}" -ge "$2" ]
}

now_ms() {
    date +%s%3N
}

# ends_with CODE MILLISECONDS: the run ends by itself within that time.
ends_with() {
    local began code=0
    began=$(now_ms)
    wait "$pid" || code=$?
    local took=$(($(now_ms) - began))
    expect "exit code (output: $(cat "$BATS_TEST_TMPDIR/out"))" "$code" "$1"
    [ "$took" -lt "$2" ] || { echo "took $took ms, wanted less than $2"; return 1; }
    pid=0
}

# The record says so, in these words. It is read once: the next run must write its own.
recorded() {
    expect status "$(json "$record" status)" "$1"
    output=$(json "$record" reason)
    rm "$record"
    shift
    expect_output "$@"
}

nothing_left_in() {
    expect "files in $1" "$(find "$1" -type f | wc -l)" 0
}

# ---- killed ----------------------------------------------------------------------------

@test "a killed worker of multiprocess is named and ends a run that sleeps" {
    begin multiprocess sleep --tasks 20 --concurrency 20 --delay 30s
    eventually has_descendants "$pid" 20
    sleep 0.2
    kill -9 "${family[7]}"
    ends_with 1 1000
    recorded failed "worker" "of 20" "process ${family[7]}" "killed by signal 9"
    eventually all_gone "${family[@]}"
}

@test "a killed worker of multiprocess ends a run that talks" {
    begin multiprocess fetch --tasks 20 --concurrency 20 --delay 30s
    eventually has_descendants "$pid" 21
    sleep 0.2
    kill -9 "${family[20]}"
    ends_with 1 1000
    recorded failed "worker" "process ${family[20]}" "killed by signal 9"
    eventually all_gone "${family[@]}"
}

@test "a killed worker of multiprocess ends a run that computes" {
    begin multiprocess primes --tasks 8 --concurrency 4 --limit 100m
    eventually has_descendants "$pid" 4
    kill -9 "${family[0]}"
    ends_with 1 1000
    recorded failed "worker" "killed by signal 9"
    eventually all_gone "${family[@]}"
}

@test "a killed worker of multiprocess --per-task is named and ends the run" {
    begin multiprocess sleep --per-task --tasks 40 --concurrency 20 --delay 30s
    eventually has_descendants "$pid" 20
    sleep 0.2
    kill -9 "${family[7]}"
    ends_with 1 1000
    recorded failed "worker" "of 20" "process ${family[7]}" "killed by signal 9"
    eventually all_gone "${family[@]}"
}

@test "one process per task: a task that dies costs one task, and nobody's place" {
    run_for 0 "$BIN/multiprocess" crash --per-task --how segv --tasks 30 --concurrency 1 \
        --delay 1ms --record "$record"
    expect finished "$(json "$record" results.finished)" 29
    expect lost "$(json "$record" results.lost)" 1
    expect never_begun "$(json "$record" results.never_begun)" 0
}

@test "one worker per task: a place is not kept from a task for which another waits" {
    local model
    for model in multithread multiprocess; do
        # Task 0 gets a message from task 2, which needs the place of task 1.
        run_for 0 "$BIN/$model" counter --guard message --tasks 3 --concurrency 2 --additions 10 \
            --per-task --memory --timeout 20s
        expect_output "memory"
    done
}

@test "one worker per task: memory is seen, with as many workers as were in flight" {
    local model
    for model in multiprocess multithread; do
        run_for 0 "$BIN/$model" sleep --per-task --tasks 40 --concurrency 20 --delay 1ms \
            --memory --record "$record"
        [ "$(json "$record" memory.bytes)" -gt $((20 * 16384)) ]
    done
}

@test "the death of the runner takes workers and back end along, in every model" {
    local model
    for model in $MODELS; do
        begin "$model" fetch --tasks 10 --concurrency 10 --delay 30s
        eventually has_descendants "$pid" "$([ "$model" = multiprocess ] && echo 11 || echo 1)"
        kill -9 "$pid"
        wait "$pid" || true
        eventually all_gone "${family[@]}"
        nothing_left_in "$BATS_TEST_TMPDIR/" 2>/dev/null || [ ! -e "$record" ]
    done
}

@test "the death of the runner takes the children of tasks along" {
    # A name of its own, by which children can be found that live for microseconds.
    local program=$BATS_TEST_TMPDIR/multiprocess
    cp "$BIN/multiprocess" "$program"
    "$program" spawn --tasks 100k --concurrency 8 >/dev/null 2>&1 3>&- &
    pid=$!
    eventually has_descendants "$pid" 8
    sleep 0.3
    kill -9 "$pid"
    wait "$pid" || true
    eventually none_runs "$program"
}

@test "SIGINT and SIGTERM leave nothing behind" {
    local model signal
    for model in $MODELS; do
        for signal in INT TERM; do
            # Programs in the background of a script ignore SIGINT unless told otherwise.
            env --default-signal=INT "$BIN/$model" fetch --tasks 10 --concurrency 10 \
                --delay 30s --record "$record" >"$BATS_TEST_TMPDIR/out" 2>&1 3>&- &
            pid=$!
            eventually has_descendants "$pid" 1
            kill "-$signal" "$pid"
            local code=0
            wait "$pid" || code=$?
            [ "$code" -gt 128 ] || { echo "$model: exit code $code after SIG$signal"; return 1; }
            eventually all_gone "${family[@]}"
        done
    done
}

@test "a parent that ignores SIGCHLD changes nothing: deaths are seen, CPU time is counted" {
    env --ignore-signal=CHLD "$BIN/multiprocess" sleep --tasks 20 --concurrency 20 --delay 30s \
        --record "$record" >"$BATS_TEST_TMPDIR/out" 2>&1 3>&- &
    pid=$!
    eventually has_descendants "$pid" 20
    sleep 0.2
    kill -9 "${family[7]}"
    ends_with 1 1000
    recorded failed "worker" "killed by signal 9"
    # The CPU time is that of the workers; too little of it would be refused.
    run_for 0 env --ignore-signal=CHLD "$BIN/multiprocess" primes --limit 1m
}

# The first child of a run with --memory looks at the others.
@test "a killed memory observer: the run goes on, and memory is unknown" {
    begin multithread sleep --tasks 4 --concurrency 4 --delay 1s --memory
    eventually has_descendants "$pid" 1
    kill -9 "${family[0]}"
    ends_with 0 6000 # not the 10 s for which workers trust one that is alive
    expect memory "$(json "$record" memory)" null
    grep -q "memory is unknown" "$record"
}

@test "a worker that is killed when its work is done, while others wait to be seen" {
    begin multiprocess sleep --tasks 20 --concurrency 20 --delay 2s --memory
    eventually has_descendants "$pid" 21
    kill -STOP "${family[0]}" # the observer: nobody may leave
    sleep 3
    kill -9 "${family[7]}"
    ends_with 1 2500
    recorded failed "worker" "process ${family[7]}" "killed by signal 9"
    eventually all_gone "${family[@]}"
}

# The back end leads a process group of its own.
back_end_of() {
    local child
    back_end=0
    for child in $(descendants "$1"); do
        if [ "$(cut -d' ' -f5 "/proc/$child/stat")" = "$child" ]; then
            back_end=$child
        fi
    done
    [ "$back_end" -ne 0 ]
}

@test "a killed back end is named, in every model" {
    local model
    for model in $MODELS; do
        begin "$model" fetch --tasks 10 --concurrency 10 --delay 30s
        eventually back_end_of "$pid"
        sleep 0.3
        kill -9 "$back_end"
        ends_with 1 2000
        recorded failed "back end" "killed by signal 9"
    done
}

@test "a back end that hangs runs into the timeout, in every model" {
    local model
    for model in $MODELS; do
        begin "$model" fetch --tasks 10 --concurrency 10 --delay 10ms --exchanges 1000 --timeout 1s
        eventually back_end_of "$pid"
        kill -STOP "$back_end"
        ends_with 1 4000
        recorded failed "1 s"
        eventually all_gone "$back_end"
    done
}

# ---- time ------------------------------------------------------------------------------

@test "a run that sleeps too long fails after its timeout, in every model" {
    local model
    for model in $MODELS; do
        begin "$model" sleep --tasks 4 --concurrency 4 --delay 30s --timeout 500ms
        ends_with 1 2500
        recorded failed "500 ms"
    done
    for model in multiprocess multithread; do
        begin "$model" sleep --per-task --tasks 8 --concurrency 4 --delay 30s --timeout 500ms
        ends_with 1 2500
        recorded failed "500 ms"
    done
}

@test "a run that computes too long fails after its timeout, in every model" {
    local model
    for model in $MODELS; do
        begin "$model" primes --tasks 4 --concurrency 4 --limit 4g --timeout 500ms
        ends_with 1 2500
        recorded failed "500 ms"
    done
}

@test "a parent that blocks SIGALRM does not hold the timeout up" {
    env --block-signal=ALRM "$BIN/coroutine" sleep --tasks 4 --delay 30s --timeout 500ms \
        --record "$record" >"$BATS_TEST_TMPDIR/out" 2>&1 3>&- &
    pid=$!
    ends_with 1 2500
    recorded failed "500 ms"
}

# ---- limits ----------------------------------------------------------------------------

@test "too few descriptors: exit 77 with limit, value and remedy" {
    local model
    for model in multithread coroutine eventloop; do
        run -77 prlimit --nofile=64:64 "$BIN/$model" fetch --tasks 200 --concurrency 200 \
            --delay 1ms --record "$record"
        expect_output "RLIMIT_NOFILE" "64" "ulimit" "--concurrency"
        recorded dnf "RLIMIT_NOFILE"
    done
}

@test "too few descriptors for the back end: exit 77 or a right answer" {
    run timeout 20 prlimit --nofile=64:64 "$BIN/multiprocess" fetch --tasks 200 \
        --concurrency 200 --delay 1ms --record "$record"
    expect "exit code ($output)" "$status" 77
    expect_output "RLIMIT_NOFILE"
}

@test "a soft limit is raised to the hard one" {
    run_for 0 prlimit --nofile=64: "$BIN/eventloop" fetch --tasks 200 --concurrency 200 --delay 1ms
}

@test "more workers than pid_max: exit 77 with limit, value and remedy" {
    local model many
    many=$(($(cat /proc/sys/kernel/pid_max) + 1))
    for model in multiprocess multithread; do
        run -77 timeout 20 "$BIN/$model" sleep --tasks "$many" --concurrency "$many" \
            --delay 1ms --record "$record"
        expect_output "--concurrency"
        [[ $output =~ pid_max|threads-max|max_map_count|pids.max ]]
        expect status "$(json "$record" status)" dnf
        rm "$record"
    done
}

# Copies of the runners where everybody may read them, to be run by somebody else.
prepare_nobody() {
    [ "$(id -u)" -eq 0 ] || skip "only root can become somebody else"
    command -v setpriv >/dev/null || skip "setpriv (package util-linux) is not installed"
    open=$(mktemp -d)
    chmod 755 "$open"
    cp "$BIN/multiprocess" "$BIN/multithread" "$open"
    # A number that nobody else uses: the limit counts all processes of the user.
    nobody=(setpriv --reuid "$((61000 + RANDOM % 4000))" --regid 65534 --clear-groups --no-new-privs)
}

@test "RLIMIT_NPROC below the concurrency: exit 77 with limit, value and remedy" {
    prepare_nobody
    local model
    for model in multiprocess multithread; do
        run -77 prlimit --nproc=20:20 "${nobody[@]}" "$open/$model" sleep --tasks 50 \
            --concurrency 50 --delay 1ms
        expect_output "RLIMIT_NPROC" "20" "ulimit" "--concurrency"
    done
    rm -r "$open"
}

@test "a fork that the kernel refuses: exit 77, and what had begun is gone" {
    prepare_nobody
    local model
    for model in multiprocess multithread; do
        # 30 others of the same user leave room for less than what the limit promises.
        prlimit --nproc=60:60 "${nobody[@]}" sh -c '
            others=
            while [ "$(echo $others | wc -w)" -lt 30 ]; do
                sleep 20 &
                others="$others $!"
            done
            timeout 10 "$1" sleep --tasks 50 --concurrency 50 --delay 1ms
            echo "pool: code $?"
            timeout 10 "$1" sleep --tasks 50 --concurrency 50 --delay 1s --per-task
            echo "per task: code $?"
            timeout 10 "$1" park --tasks 50 --per-task
            echo "together: code $?"
            kill $others
            wait' sh "$open/$model" >"$BATS_TEST_TMPDIR/out" 2>&1 3>&-
        output=$(cat "$BATS_TEST_TMPDIR/out")
        expect_output "pool: code 77" "per task: code 77" "together: code 77" "of 50" "Resource temporarily unavailable" "--concurrency"
    done
    rm -r "$open"
}

# ---- files -----------------------------------------------------------------------------

@test "a full disk: the run says that there is no record, and leaves no half of one" {
    local disk=$BATS_TEST_TMPDIR/disk
    mkdir "$disk"
    mount -t tmpfs -o size=16k tmpfs "$disk" 2>/dev/null || skip "cannot mount a small file system here"
    head -c 12k /dev/zero >"$disk/ballast"
    run timeout 20 "$BIN/eventloop" fetch --tasks 500 --delay 1ms --record "$disk/record.json"
    local files
    files=$(ls "$disk")
    umount "$disk"
    expect "exit code ($output)" "$status" 1
    expect_output "disk/record.json" "No space left"
    expect "files" "$files" ballast
}

@test "a full disk when the time is out: the record of before stays" {
    local disk=$BATS_TEST_TMPDIR/disk
    mkdir "$disk"
    mount -t tmpfs -o size=16k tmpfs "$disk" 2>/dev/null || skip "cannot mount a small file system here"
    echo before >"$disk/record.json"
    head -c 12k /dev/zero >"$disk/ballast"
    run timeout 20 "$BIN/sequential" sleep --tasks 1 --delay 5s --timeout 300ms \
        --record "$disk/record.json"
    local files content
    files=$(echo "$disk"/*)
    content=$(cat "$disk/record.json")
    umount "$disk"
    expect "exit code ($output)" "$status" 1
    expect_output "300 ms" "record could not be written"
    expect "files" "$files" "$disk/ballast $disk/record.json"
    expect "record" "$content" before
}

@test "a device as the record stays a device when the time is out" {
    ln -s /dev/null "$BATS_TEST_TMPDIR/null"
    run_for 1 "$BIN/sequential" sleep --tasks 1 --delay 5s --timeout 300ms \
        --record "$BATS_TEST_TMPDIR/null"
    [ -c "$BATS_TEST_TMPDIR/null" ]
}

@test "a folder that is not there or cannot be written" {
    local path
    for path in /nowhere/record.json /proc/record.json "$BATS_TEST_TMPDIR"; do
        run_for 1 "$BIN/multithread" sleep --tasks 2 --delay 1ms --record "$path"
        expect_output "cannot write '$path'"
    done
}

@test "standard output that is full" {
    local code=0
    "$BIN/sequential" sleep --tasks 2 --delay 1ms >/dev/full 2>"$BATS_TEST_TMPDIR/err" || code=$?
    expect "exit code" "$code" 1
    grep -q "stdout.*No space left" "$BATS_TEST_TMPDIR/err"
    code=0
    "$BIN/sequential" --help >/dev/full 2>"$BATS_TEST_TMPDIR/err" || code=$?
    expect "exit code of --help" "$code" 1
}

