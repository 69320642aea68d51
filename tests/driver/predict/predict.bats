#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# predict.bats - `quartet predict`: from a file of round prices each prediction can be computed
# in the head; from none, prices are measured, kept and used again. timeout: 240 s

load ../../common
load ../driver

setup() {
    driver_setup
    export QUARTET_RUNNERS=$BIN XDG_CACHE_HOME=$BATS_TEST_TMPDIR/cache
    write_prices
}

# A start of 1 ms, 100 us per worker, 10 us per operation, and nothing else; a loop has workers
# for nothing. Sure to 0.
write_prices() {
    python3 - prices.json <<'PYTHON'
import json, sys
TERMS = {"sleep": ["start worker sleep late", "start worker sleep round", "program worker task"],
         "primes": ["start worker task number division"] * 2 + ["program worker task"],
         "mixed": ["start worker session late", "start worker session exchange round computing",
                   "program worker session exchange"]}
PRICES = {"start": 1e6, "worker": 1e5, "sleep": 1e4, "exchange": 1e4, "number": 10,
          "computing": 1, "program": 1048576}
def of(names, model):
    prices = {name: PRICES.get(name, 0) for name in names.split()}
    if "program" in prices:
        prices["worker"] = 1024
    if model in ("coroutine", "eventloop"):
        prices["worker"] = 0
    return {"prices": prices, "spread": 0, "misfit": 0}
books = [{"workload": name, "choices": "transport=unix" if name == "mixed" else "",
          "measured_utc": "2020-01-02T03:04:05Z", "version": "0",
          "models": [{"model": model, "turn_ns": 1e4,
                      **dict(zip(("wall", "cpu", "memory"), (of(t, model) for t in terms)))}
                     for model in ("multiprocess", "multithread", "coroutine", "eventloop")]}
         for name, terms in TERMS.items()]
json.dump({"schema": "quartet.predict-prices/1", "testbed": "0" * 16, "books": books},
          open(sys.argv[1], "w"))
PYTHON
}

# value MODEL QUANTITY: of the prediction in answer.json, in us or KiB.
value() {
    python3 -c 'import json, sys
model = [m for m in json.load(open("answer.json"))["models"] if m["model"] == sys.argv[1]][0]
print(round(model[sys.argv[2]]["predicted"] / {"memory": 1024}.get(sys.argv[2], 1000)))' "$@"
}

predict() {
    run_for 0 "$BIN/quartet" predict "$@" --prices prices.json --format json
    echo "$output" >answer.json
    follows_schema answer.json prices.json
}

@test "a prediction is counts times prices, and the waiting" {
    # 20 tasks by 10: two turns of 5 ms; one turn's work of 10 x 10 us cannot overlap.
    predict sleep --tasks 20 --concurrency 10 --delay 5ms
    expect "wall of threads" "$(value multithread wall)" $((10000 + 100 + 1000 + 1000 + 200))
    expect "wall of a loop" "$(value eventloop wall)" $((10000 + 100 + 1000 + 200))
    expect "CPU of threads" "$(value multithread cpu)" $((1000 + 1000 + 200))
    expect "memory of threads" "$(value multithread memory)" $((1024 + 10))
    # 1,000 at once, in 1 ms: 10 ms of work are never idle.
    predict sleep --tasks 1000 --delay 1ms --concurrency 1000
    expect "a busy loop" "$(value coroutine wall)" $((10000 + 1000 + 1000 + 10000))
}

@test "computing is shared by the CPUs that a model can use" {
    local cpus
    cpus=$(nproc)
    [ "$cpus" -ge 2 ] || skip "needs 2 CPUs"
    cpus=$(python3 -c 'import os; print(",".join(map(str, sorted(os.sched_getaffinity(0))[:2])))')
    predict primes --limit 1m --concurrency 8 --cpus "$cpus"
    expect "threads" "$(value multithread wall)" $((1000 + 800 + 10000 / 2))
    expect "a loop" "$(value coroutine wall)" $((1000 + 10000))
    predict primes --limit 1m --concurrency 8 --cpus "${cpus%%,*}"
    expect "threads on one CPU" "$(value multithread wall)" $((1000 + 800 + 10000))
}

@test "the table has a row for each model, and --terms says how it came about" {
    run_for 0 "$BIN/quartet" predict sleep --tasks 20 --concurrency 10 --delay 5ms \
        --prices prices.json --terms
    expect_output "20 tasks, at most 10 in flight; prices of 2020-01-02" \
        "eventloop      11.3 ms (11.1 ms to 11.5 ms)   1.20 ms (1.18 ms to 1.22 ms)" \
        "CPU = start 1.00 ms + worker 1.00 ms (10 x 100 µs) + sleep 200 µs (20 x 10.0 µs)"
}

@test "crossovers: threads compute on two CPUs, and pay for each worker" {
    run_for 0 "$BIN/quartet" predict --crossovers --prices prices.json --tasks 50 --wait 20ms \
        --compute 1ms --cpus 2
    expect_output "50 tasks at once, each waits 20.0 ms and computes 1.00 ms, on 2 CPUs"
    [[ $output =~ wall:\ multithread\ or\ coroutine\ +multithread\ +tie,\ 3:\ multithread ]]
    [[ $output =~ CPU:\ multithread\ or\ coroutine\ +coroutine\ .*coroutine,\ 2.51\ ms:\ tie ]]
    [[ $output =~ CPU:\ coroutine\ or\ eventloop\ +tie\ +tie\ +tie\ +tie ]]
    [[ $output =~ memory:\ multithread\ or\ coroutine\ +tie\ +tie,\ 71:\ coroutine ]]
}

@test "prices are measured once, kept for this machine, and used again" {
    local file model
    mkdir few # two models are enough, and quick
    for model in sequential coroutine eventloop; do
        ln -s "$BIN/$model" few/
    done
    export QUARTET_RUNNERS=$PWD/few
    run_for 0 "$BIN/quartet" predict switch --switches 1k --runs 1
    expect_output "measuring the prices of switch"
    file=$(echo "$XDG_CACHE_HOME"/quartet/*/predict-prices.json)
    follows_schema "$file"
    # No lock can be taken from here on, and so nothing be measured.
    export QUARTET_LOCK=$BATS_TEST_TMPDIR/nowhere/lock
    run_for 0 "$BIN/quartet" predict switch --switches 2k
    run_for 1 "$BIN/quartet" predict switch --switches 2k --remeasure
    cp "$file" kept.json
    sed -i 's/"version": "[^"]*"/"version": "0"/' "$file"
    run_for 1 "$BIN/quartet" predict switch
    sed 's/"measured_utc": "20../"measured_utc": "201/' kept.json >"$file"
    run_for 1 "$BIN/quartet" predict switch
    expect_output "nowhere/lock"
}

@test "--run measures what was predicted" {
    run_for 0 "$BIN/quartet" predict sleep --tasks 4 --delay 1ms --run --runs 1 \
        --prices prices.json --format json
    echo "$output" >answer.json
    follows_schema answer.json
    python3 - <<'PYTHON'
import json
for model in json.load(open("answer.json"))["models"]:
    for name in ("wall", "cpu", "memory"):
        cell = model[name]
        assert cell["measured"] > 0
        assert abs(cell["measured"] / cell["predicted"] - 1 - cell["error"]) < 1e-9
        assert cell["within"] == (cell["low"] <= cell["measured"] <= cell["high"])
PYTHON
    run_for 0 "$BIN/quartet" predict sleep --tasks 4 --delay 1ms --run --runs 1 --prices prices.json
    expect_output "median error: wall" "! is outside of the interval"
}

@test "bad input is one line and exit code 2; prices that do not fit, 1" {
    local quartet="$BIN/quartet"
    run_for 2 "$quartet" predict
    expect_output "name a workload: sleep, fetch"
    run_for 2 "$quartet" predict nosuch
    expect_output "no formula of 'nosuch'"
    run_for 2 "$quartet" predict fetch --delay 5
    expect_output "fetch: --delay '5': give a duration"
    run_for 2 "$quartet" predict sleep --tasks 5 --concurrency 6
    expect_output "--concurrency 6: more than --tasks"
    run_for 2 "$quartet" predict switch --tasks 5 --concurrency 3
    expect_output "all tasks of this workload must be in flight"
    run_for 2 "$quartet" predict primes --cpus x
    expect_output "--cpus 'x': give a list"
    run_for 2 "$quartet" predict --crossovers --tasks 0
    expect_output "--crossovers: --tasks '0'" "from 1 to 100k"
    run_for 2 "$quartet" predict --crossovers fetch
    expect_output "takes no workload"
    run_for 1 "$quartet" predict sleep --prices nowhere.json
    expect_output "--prices: cannot read 'nowhere.json'"
    run_for 1 "$quartet" predict fetch --prices prices.json
    expect_output "there are no prices of fetch with transport=tcp"
    sed -i 's/"late": 0/"late": -1/' prices.json
    run_for 1 "$quartet" predict sleep --prices prices.json
    expect_output "the prices of sleep are damaged"
    echo '{"schema": "quartet.run/1"}' >prices.json
    run_for 1 "$quartet" predict sleep --prices prices.json
    expect_output "holds no prices"
}

@test "the campaign draws the same configurations for a seed, of every workload" {
    local script=$ROOT/tests/campaign/predict.py
    "$script" --list --seed 3 >first
    "$script" --list --seed 3 >second
    cmp first second
    expect configurations "$(wc -l <first)" 30
    expect workloads "$(cut -d' ' -f1 first | sort -u | xargs)" \
        "fetch mandelbrot mixed pipeline primes sleep spawn switch"
}
