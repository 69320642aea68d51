#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# Every call that can fail, fails once: memory, processes, threads, sockets, files. A run
# must then either be right all the same, or end with exit code 1 or 77 and say why; it
# must not crash, hang, leave a process behind, or leave half a record. Uses runners that
# are linked dynamically, since nothing can be preloaded into static ones. timeout: 300 s

load ../common

setup_file() {
    gcc -std=c17 -O1 -fPIC -shared "$ROOT/tests/faults/refuse.c" -o "$BATS_FILE_TMPDIR/refuse.so"
    cp "$BUILD"/tests/dynamic/* "$BATS_FILE_TMPDIR"
}

CALLS="mmap mprotect fork pthread_create socket socketpair bind listen connect send
recv epoll_create1 epoll_ctl timerfd_create fopen mkstemps rename"

# survives FUNCTION:N MODEL ARGUMENTS... It is called hundreds of times: so it asks the shell
# and not other programs, nor `run`, which starts six. Sets $status and $output, of stderr.
survives() {
    local refuse=$1 program=$BATS_FILE_TMPDIR/$2 folder=$BATS_TEST_TMPDIR/out lines files IFS
    [ -d "$folder" ] || mkdir "$folder"
    status=0
    timeout -k 2 20 env LD_PRELOAD="$BATS_FILE_TMPDIR/refuse.so" \
        REFUSE="$refuse" REFUSED="$BATS_TEST_TMPDIR/refused" \
        "$program" "${@:3}" --timeout 10s --record "$folder/record.json" \
        >/dev/null 2>"$BATS_TEST_TMPDIR/stderr" || status=$?
    mapfile -t lines <"$BATS_TEST_TMPDIR/stderr"
    IFS=$'\n' output="${lines[*]}"
    IFS=$' \t\n'
    case $status in
    0) ;;
    1 | 77) # one line, or a second one if then the record cannot be written either
        [[ -n $output && ${#lines[@]} -le 3 ]] || { echo "$refuse: not a line or two: $output"; return 1; }
        ;;
    134) # libev itself gives up when it gets no memory, and says so
        [[ $output == *"(libev)"* ]] || { echo "$refuse: crashed: $output"; return 1; }
        ;;
    *)
        echo "$refuse: exit code $status from $*: $output"
        return 1
        ;;
    esac
    shopt -s nullglob dotglob
    files=("$folder"/*)
    case ${files[*]} in
    "") ;;
    "$folder/record.json") # not half of it: the last line of a whole one is a closing brace
        mapfile -t lines <"$folder/record.json"
        expect "$refuse: end of the record" "${lines[-1]}" "}" || return 1
        rm "$folder/record.json"
        ;;
    *)
        echo "$refuse: other files: ${files[*]}"
        return 1
        ;;
    esac
}

each_call() {
    local call n
    for call in $CALLS; do
        for n in 1 2 4; do
            survives "$call:$n" "$@" || { echo "from $*"; return 1; }
        done
    done
    for call in malloc calloc realloc; do
        for n in 1 2 3 5 8 13; do
            survives "$call:$n" "$@" || { echo "from $*"; return 1; }
        done
    done
    eventually none_runs "$BATS_FILE_TMPDIR/$1"
    # All that was survived did happen: every run asks for memory and saves a record.
    for call in malloc mkstemps rename; do
        grep -qxF "$call" "$BATS_TEST_TMPDIR/refused" || { echo "no $call was refused"; return 1; }
    done
}

@test "multiprocess" { each_call multiprocess fetch --tasks 6 --concurrency 3 --delay 1ms; }
@test "multithread" { each_call multithread fetch --tasks 6 --concurrency 3 --delay 1ms; }
@test "coroutine" { each_call coroutine fetch --tasks 6 --concurrency 3 --delay 1ms; }
@test "eventloop" { each_call eventloop fetch --tasks 6 --concurrency 3 --delay 1ms; }
@test "eventloop, two loops" { each_call eventloop sleep --tasks 6 --concurrency 3 --delay 1ms --loops 2; }
@test "processes of tasks" { each_call multiprocess spawn --tasks 2 --concurrency 2 --children 3; }
@test "coroutines of tasks" { each_call coroutine spawn --tasks 2 --concurrency 2 --children 3 --loops 2; }

# A real quota needs a file system that keeps one, and a user whom it concerns.
@test "a quota: one line, and nothing left behind" {
    mkdir "$BATS_TEST_TMPDIR/place"
    local call variant
    for variant in sequential multiprocess multithread coroutine "coroutine --offload threads" eventloop; do
        for call in pwrite:3 fsync:2; do
            # shellcheck disable=SC2086 # several words
            survives $call ${variant%% *} files ${variant#"${variant%% *}"} --dir "$BATS_TEST_TMPDIR/place" --tasks 8 --concurrency 2 --files 3 --size 100
            expect "exit code of $variant" "$status" 77
            expect_output "Disk quota exceeded; take a --dir with more room, or a smaller --size"
            expect "lines of $variant" "$(wc -l <<<"$output")" 1
            expect "left behind by $variant" "$(ls -A "$BATS_TEST_TMPDIR/place")" ""
        done
    done
}
