#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# lesson.bats - `quartet lesson`: the questions of the course, answers in a script and at a
# terminal. How an answer is judged is in test_question.c. timeout: 300 s

load ../../common
load ../driver

setup() {
    driver_setup
    steady_times
    mkdir mine
    cat >mine/hundred.json <<'JSON'
{
  "schema": "quartet.question/1",
  "ask": {"en": "How far does a row count?", "ru": "До скольких считает строка?"},
  "explain": {"en": "The runner says so.", "ru": "Так говорит программа."},
  "experiment": {
    "plan": {
      "schema": "quartet.plan/1",
      "rounds": 1,
      "tables": [{"id": "count", "workload": "counting", "models": ["coroutine"]}]
    }
  },
  "figure": {
    "name": {"en": "operations", "ru": "операций"},
    "of": {"table": "count", "row": "coroutine", "metric": "record.ledger.operations"},
    "equals": 100
  }
}
JSON
}

lesson() {
    local code=$1
    shift
    run_for "$code" "$BIN/quartet" lesson --questions mine --accept-noise "$@" </dev/null
}

@test "every page of the course asks, and what its question names exists" {
    unset QUARTET_RUNNERS
    follows_schema "$ROOT"/docs/lessons/questions/*.json
    run_for 0 "$BIN/quartet" lesson --list
    for page in "$ROOT"/docs/lessons/*.md; do
        name=$(basename "$page" .md)
        [ "$name" = README ] || expect_output "$name "
    done
    run_for 0 "$ROOT/tests/driver/claims/references.py" "$ROOT/docs/lessons/questions" "$BIN"
}

@test "an answer is judged by what was measured" {
    lesson 0 hundred --answer 100
    expect_output "How far does a row count?" "RIGHT: you said 100" "exactly 100: holds"
    lesson 0 hundred --answer 50 --lang ru
    expect_output "СЛИШКОМ МАЛО: вы сказали 50; раз: 2.0" "Так говорит программа."
    export FAKE_coroutine=wrong
    lesson 0 hundred --answer 100
    expect_output "UNDECIDED" "not measured" "the sum is 4, not 5"
    nothing_left
}

@test "without a terminal and an answer it is a usage error" {
    lesson 2 hundred
    expect_output "there is no terminal to ask at: say --answer NUMBER"
    lesson 2 hundred --answer many
    expect_output "--answer 'many': must be a number"
    lesson 2
    expect_output "name a page"
    lesson 2 thousand --answer 1
    expect_output "no page 'thousand' asks"
    sed -i 's/"ask"/"aks"/' mine/hundred.json
    lesson 2 hundred --answer 1
    expect_output "mine/hundred.json: " "aks"
}

@test "at a terminal it asks again until it hears a number" {
    command -v script >/dev/null || skip "script (bsdutils) is not installed"
    run_for 0 sh -c "printf 'many\n100\n' | timeout 60 script -qec \
        '\"$BIN/quartet\" lesson --questions mine --accept-noise hundred' /dev/null"
    expect_output "How far does a row count?" "'many': must be a number" "RIGHT: you said 100"
    sed 's/"experiment": {/"choices": [10, 100], &/' mine/hundred.json >mine/choice.json
    run_for 0 sh -c "printf '100\n' | timeout 60 script -qec \
        '\"$BIN/quartet\" lesson --questions mine --accept-noise choice' /dev/null"
    grep -qx $'  10 | 100\r*' <<<"$output"
}
