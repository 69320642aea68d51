#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# What docs/lessons/races.md says of ThreadSanitizer: it reports the data race of
# data-race.c, and is silent about the race condition and the mutex. timeout: 300 s

load ../common

setup_file() {
    case $BUILD in
    */release) ;;
    *) skip "once is enough: it builds with MODE=tsan by itself" ;;
    esac
    local folder=${BUILD#"$ROOT/"}
    flock "$ROOT/Makefile" make -C "$ROOT" -s BUILD="${folder%/*}" MODE=tsan \
        "${folder%/*}/tsan/lessons/data-race"
}

# data_race HOW STATUS: runs that way of adding; TSan's exit code for a report is 66.
data_race() {
    run timeout 60 "${BUILD%/*}/tsan/lessons/data-race" "$1"
    if [[ $output == *"unexpected memory mapping"* ]]; then skip "ThreadSanitizer cannot run here"; fi
    if [ "$status" -ne "$2" ]; then
        echo "exit code $status rather than $2"
        echo "$output"
        return 1
    fi
}

@test "a plain variable: a data race is reported" {
    data_race plain 66
    expect_output "WARNING: ThreadSanitizer: data race" "add_plain"
}

atomic_loses_some() {
    local try
    for ((try = 0; try < 10; try++)); do
        data_race atomic 0
        if [[ $output != *"counted 2000000 of"* ]]; then return; fi
    done
    echo "no update was lost in $try tries"
    return 1
}
@test "atomic halves: nothing to report, and updates get lost" { atomic_loses_some; }

@test "a mutex: nothing to report, and nothing is lost" {
    data_race mutex 0
    expect_output "counted 2000000 of 2000000"
}
