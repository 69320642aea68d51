#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# claims.bats - `quartet claims`: the files that come with it, a file of a teacher's own, and
# files that are no claims. Verdicts over figures are in test_rule.c. timeout: 300 s

load ../../common
load ../driver

setup() {
    driver_setup
    steady_times
    mkdir mine
}

# A claim about the fake runners, by a name.
write_claim() {
    cat >"mine/$1.json" <<'JSON'
{
  "schema": "quartet.claim/1",
  "number": 7,
  "statement": {"en": "Every row counts to a hundred.", "ru": "Каждая строка считает до ста."},
  "experiment": {
    "python": "two.py",
    "plan": {
      "schema": "quartet.plan/1",
      "rounds": 1,
      "tables": [{"id": "count", "workload": "counting", "models": ["coroutine", "multithread"]}]
    }
  },
  "confirmed": {
    "all": [
      {
        "name": {"en": "operations", "ru": "операций"},
        "of": {"table": "count", "row": "coroutine", "metric": "record.ledger.operations"},
        "equals": 100
      },
      {"name": {"en": "twos", "ru": "двоек"}, "of": {"output": "two"}, "equals": 2}
    ]
  },
  "meaning": {"en": "It does.", "ru": "Считает."}
}
JSON
    echo 'print("{\"two\": 2}")' >mine/two.py
}

# Replaces in the claim, by a line of Python in which `it` is the document.
change() {
    python3 - "$1" <<'PYTHON'
import json, sys
it = json.load(open("mine/own.json"))
exec(sys.argv[1])
json.dump(it, open("mine/own.json", "w"))
PYTHON
}

claims() {
    local code=$1
    shift
    rm -rf "$OUT"
    run_for "$code" "$BIN/quartet" claims --claims mine --accept-noise -o "$OUT" "$@"
}

@test "the claims that come with the program are whole, in both languages" {
    unset QUARTET_RUNNERS
    follows_schema "$ROOT"/claims/*.json
    run_for 0 "$BIN/quartet" claims --list
    expect "claims" "${#lines[@]}" 40
    expect_output "Coroutines are light."
    run_for 0 "$BIN/quartet" claims --list --lang ru 8
    expect_output "Сопрограммы легковесны."
    for page in $(sed -n 's/.*"lesson": "\(.*\)".*/\1/p' "$ROOT"/claims/*.json); do
        [ -f "$ROOT/$page" ]
    done
}

@test "what plans and rules of these claims name exists" {
    unset QUARTET_RUNNERS
    run_for 0 "$ROOT/tests/driver/claims/references.py" "$ROOT/claims" "$BIN"
}

@test "a file of one's own is a claim, and the report of it is kept" {
    write_claim own
    claims 0
    expect_output "7  CONFIRMED  Every row counts" "exactly 2: holds" "It does." \
        "1 CONFIRMED, 0 REFUTED, 0 UNDECIDED, 0 SKIPPED"
    follows_schema "$OUT/claims.json" "$OUT/own/report.json"
    grep -q '"complete": true' "$OUT/claims.json"
    expect "page" "$(grep -c -e '^## 7. Every row' -e '^.*CONFIRMED.*$' -e ' 0 \.' "$OUT/claims.md")" 5
    run_for 2 "$BIN/quartet" claims --claims mine --output "$OUT"
    expect_output "holds a report already"
    export FAKE_coroutine=wrong
    claims 0 --lang ru own
    expect_output "НЕ РЕШЕНО" "не измерено" "the sum is 4, not 5"
    change 'it["confirmed"]["all"][1]["equals"] = 3'
    claims 0 7
    expect_output "7  REFUTED  Every row" "exactly 3: does not hold"
    nothing_left
}

@test "what this machine lacks is skipped with the reason" {
    write_claim own
    echo 'import sys; print("needs Python 9"); sys.exit(77)' >mine/two.py
    claims 0
    expect_output "7  SKIPPED" "needs Python 9" "1 SKIPPED"
    change 'it["experiment"]["cpus"] = 64'
    claims 0
    expect_output "needs 64 CPUs"
    write_claim own
    change 'it["missing"] = {"en": "No workload can.", "ru": "Нечем."}; del it["experiment"], it["confirmed"]'
    claims 0
    expect_output "7  UNDECIDED" "No workload can."
}

# Bad files: each gets one line, which says where, and what may stand there.
refused() {
    write_claim own
    change "$1"
    run_for 2 "$BIN/quartet" claims --claims mine --list
    expect "lines" "${#lines[@]}" 1
    expect_output "mine/own.json: " "$2"
}

@test "a file that is no claim is refused in one line" {
    refused 'it["schema"] = "quartet.plan/1"' 'schema: must be "quartet.claim/1"'
    refused 'it["numbre"] = 1' 'numbre'
    refused 'del it["statement"]["ru"]' 'statement.ru: is missing'
    refused 'del it["confirmed"]' 'confirmed: is missing'
    refused 'it["confirmed"] = {"all": []}' 'confirmed: must be {"all"'
    refused 'it["confirmed"]["all"][0]["of"]["metric"] = "speed"' 'metric: must be wall'
    refused 'del it["confirmed"]["all"][0]["equals"]' 'confirmed.all[0]: needs a bound'
    refused 'it["confirmed"]["all"][1]["at_least"] = "3"' 'at_least: must be a number'
    refused 'it["confirmed"]["all"][1]["at_least"] = 3' 'equals: stands for'
    refused 'del it["experiment"]["plan"]["tables"]' 'experiment.plan'
    refused 'it["experiment"] = {}' 'needs a plan, or a Python program'
    echo '{' >mine/own.json
    run_for 2 "$BIN/quartet" claims --claims mine --list
    expect_output "mine/own.json"
    write_claim own
    write_claim twin
    run_for 2 "$BIN/quartet" claims --claims mine --list
    expect_output "number: 7 is that of"
}

@test "a plan or a program that cannot run is named, and the others still have their turn" {
    write_claim own
    change 'it["experiment"]["plan"]["tables"][0]["workload"] = "nothing"; it["number"] = 3'
    mv mine/own.json mine/broken.json
    write_claim own
    claims 1
    expect_output "broken.json: its plan: " "7  CONFIRMED"
    run_for 1 "$BIN/quartet" claims --claims mine --check
    expect_output "broken.json: its plan: " "7  valid  own"
    run_for 2 "$BIN/quartet" claims --claims mine 9
    expect_output "there is no claim '9'"
    run_for 1 "$BIN/quartet" claims --claims nowhere
    expect_output "cannot read the folder 'nowhere'"
}
