#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# Rooms keep their doors shut: scripts/check-style names an include that leads from a
# shared room into a model, from one model into another, or from a workload to anything
# but the contracts, modules that include each other, and a crowded folder. timeout: 300 s

load ../common

setup() {
    cp -a "$ROOT"/{scripts,lib,runners,workloads,driver} "$BATS_TEST_TMPDIR"
    cd "$BATS_TEST_TMPDIR" || return 1
}

# plant FILE INCLUDED
plant() {
    sed -i "0,/^#include/s||#include \"$2\"\n&|" "$1"
    grep -q "\"$2\"" "$1"
}

@test "rooms: forbidden includes and circles are named, and nothing else" {
    plant runners/common/usage.c runners/coroutine/scheduler.h
    plant runners/blocking/verbs.c runners/multithread/stack.h
    plant runners/eventloop/model.c runners/coroutine/dump.h
    plant workloads/sleep/direct.c runners/common/run.h
    plant lib/histogram.c workloads/workload.h
    plant runners/common/usage.h runners/common/verify.h
    plant runners/common/verify.h runners/common/usage.h
    plant driver/analysis/report_file.c driver/measure/session.h
    plant driver/show/grid.c driver/plan/plan.h
    plant driver/page/html.c driver/measure/session.h
    plant driver/gate/gate.c command/prepare.h
    plant driver/report/tree.h driver/report/read.h
    for i in {1..40}; do cp driver/show/grid.h driver/show/more_"$i".h; done
    run scripts/check-style
    expect "exit code" "$status" 1
    expect_output \
        "rooms: runners/common/usage.c may not include runners/coroutine/scheduler.h" \
        "rooms: runners/blocking/verbs.c may not include runners/multithread/stack.h" \
        "rooms: runners/eventloop/model.c may not include runners/coroutine/dump.h" \
        "rooms: workloads/sleep/direct.c may not include runners/common/run.h" \
        "rooms: lib/histogram.c may not include workloads/workload.h" \
        "rooms: driver/analysis/report_file.c may not include driver/measure/session.h" \
        "rooms: driver/show/grid.c may not include driver/plan/plan.h" \
        "rooms: driver/page/html.c may not include driver/measure/session.h" \
        "rooms: driver/gate/gate.c may not include command/prepare.h" \
        "circles: these include one another" "runners/common/verify" \
        "circles: these include one another: driver/report/tree, driver/report/read" \
        "driver/show/: " "source files; 40 are the most"
    expect "includes found" "$(grep -c 'rooms: .* may not' <<<"$output")" 9
}

@test "a comment whose subject is no noun is named" {
    printf '\n// What it does.\nint planted;\n' >>lib/histogram.c
    run scripts/check-style
    expect "exit code" "$status" 1
    expect_output "say the noun: // What it does."
    expect "found" "$(grep -c 'say the noun' <<<"$output")" 1
}

@test "rooms: the tree as it is keeps them" {
    run scripts/check-style
    [[ $output != *"rooms: "* && $output != *"circles: "* && $output != *"are the most"* ]]
}

@test "a member of JSON that logic asks for by its name is told" {
    printf '\nint planted(const json_t *json);\nint planted(const json_t *json)\n{\n    return json_is_true(%s(json, "planted"));\n}\n' \
        json_object_get >>driver/gate/budget.c
    sed -i 's/json_object_get/json_object_of/g' driver/system/witness.c
    run scripts/check-style
    expect "exit code" "$status" 1
    expect_output "driver/gate/budget.c: JSON by name; let a struct ask" \
        "driver/system/witness.c: no JSON by name any more"
    expect "found" "$(grep -c 'JSON by name' <<<"$output")" 2
}
