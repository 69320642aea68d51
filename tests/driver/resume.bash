# SPDX-License-Identifier: MIT
#
# resume.bash - sessions that are stopped and go on: what resume.bats and journal.bats
# share.
# shellcheck shell=bash

setup() {
    # Few, so that sessions are short.
    # shellcheck disable=SC2034 # driver_setup reads it
    MODELS="sequential coroutine"
    driver_setup
    need_hyperfine
}

# stop_after N [OPTION...]: a session of six rounds in $OUT is interrupted after N of
# them, by a hyperfine that hangs; with SIGNAL=KILL it is killed there.
stop_after() {
    local calls=$(($1 + 2)) real code=0 wanted=130 victims
    shift
    real=$(command -v hyperfine)
    fake_hyperfine <<END
echo >>"$BATS_TEST_TMPDIR/calls"
[ "\$(wc -l <"$BATS_TEST_TMPDIR/calls")" -lt $calls ] || exec sleep 600
exec "$real" "\$@"
END
    start_quartet --rounds 6 "$@"
    # shellcheck disable=SC2317 # `eventually` calls it
    called() { [ "$(grep -c '' "$BATS_TEST_TMPDIR/calls" 2>/dev/null)" = "$calls" ]; }
    # A session may be long before the one call that hangs: six times five seconds.
    eventually called || eventually called || eventually called || eventually called ||
        eventually called || eventually called
    eventually runner_hangs
    victims=$(descendants "$driver")
    kill -"${SIGNAL:-INT}" "$driver"
    wait "$driver" || code=$?
    [ "${SIGNAL:-INT}" = INT ] || wanted=137
    expect "exit code" "$code" "$wanted"
    # shellcheck disable=SC2086 # a list of numbers
    eventually all_gone $victims
    rm bin/hyperfine
    hash -r
}

resume() {
    run_for "$1" "$BIN/quartet" run --resume "$OUT" "${@:2}"
}

# edit STATEMENTS: changes `report`, the report as Python sees it.
edit() {
    python3 -IS - "$OUT/report.json" "$1" <<'END'
import json, sys
report = json.load(open(sys.argv[1]))
exec(sys.argv[2])
json.dump(report, open(sys.argv[1], "w"))
END
}

# refused WORDS...: exit 1, one line with these words, and the report is as it was.
refused() {
    local before
    before=$(sha256sum "$OUT/report.json")
    resume 1 && expect_output "cannot resume '$OUT'" "$@" &&
        expect lines "$(grep -c . <<<"$output")" 1 &&
        expect report "$(sha256sum "$OUT/report.json")" "$before" && nothing_left
}

follows_schema() {
    local code=0
    "$ROOT/tests/schema/validate.py" "$OUT/report.json" || code=$?
    [ "$code" -eq 0 ] || [ "$code" -eq 77 ]
}

orders() {
    python3 -IS -c 'import json, sys
print([b["order"] for t in json.load(open(sys.argv[1]))["tables"] for b in t["blocks"]])' "$1/report.json"
}
