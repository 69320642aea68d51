#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# The command line: transcripts of all help and of much nonsense, and what units,
# defaults and --describe come out as. timeout: 300 s

load ../common

# What a build lacks is missing in its help as well: tests/workloads/needs.bats names it.
says_what_is_expected() {
    local absent
    absent=$("$BIN/sequential" --list 2>&1 >/dev/null)
    [ -z "$absent" ] || skip "the help of a full build is expected; ${absent//$'\n'/; }"
    run "$ROOT/tests/cli/transcript" "$BUILD" "$1"
    [ "$status" -eq 0 ] || {
        echo "$output"
        echo "if that is meant: make transcripts"
        return 1
    }
}

@test "transcript of sequential" { says_what_is_expected sequential; }
@test "transcript of multiprocess" { says_what_is_expected multiprocess; }
@test "transcript of multithread" { says_what_is_expected multithread; }
@test "transcript of coroutine" { says_what_is_expected coroutine; }
@test "transcript of eventloop" { says_what_is_expected eventloop; }
@test "transcript of quartet" { says_what_is_expected quartet; }

@test "every line of help fits a screen of 100 columns" {
    local long
    long=$(awk '/^\$ / { help = / (--help|help( [a-z]+)?)$/ && !/nosuch/ } help && length > 100' \
        "$ROOT"/tests/cli/expected/*.txt)
    expect "longer lines" "$long" ""
}

@test "--version names program, version and commit" {
    local model
    for model in $MODELS; do
        run_for 0 "$BIN/$model" --version
        [[ $output =~ ^$model\ [0-9]+\.[0-9]+\.[0-9]+\ \([0-9a-z-]+\)$ ]]
    done
}

@test "a CPU that is not there is refused, and those that are, named" {
    run_for 2 "$BIN/multithread" primes --cpus 1023
    expect_output "--cpus '1023'" "CPU 1023" "not available" "may use "
    run_for 2 "$BIN/multithread" fetch --peer-cpus 1023
    expect_output "--peer-cpus '1023'" "CPU 1023" "not available"
}

@test "--describe is JSON and says what --list and --help say" {
    local model
    for model in $MODELS; do
        "$BIN/$model" --describe >"$BATS_TEST_TMPDIR/describe.json"
        expect schema "$(json "$BATS_TEST_TMPDIR/describe.json" schema)" quartet.describe/1
        expect model "$(json "$BATS_TEST_TMPDIR/describe.json" model)" "$model"
        "$BIN/$model" --list >"$BATS_TEST_TMPDIR/list" 2>/dev/null
        "$BIN/$model" --help >"$BATS_TEST_TMPDIR/help"
        python3 -IS - "$BATS_TEST_TMPDIR" <<'EOF'
import json, sys
folder = sys.argv[1]
describe = json.load(open(folder + "/describe.json"))
listed = [line.split()[0] for line in open(folder + "/list")]
assert [workload["name"] for workload in describe["workloads"]] == listed
text = open(folder + "/help").read()
for option in describe["options"] + describe["common_options"]:
    assert "--" + option["name"] in text, option
    assert option["help"] in text, option
EOF
    done
}

# (What it costs to ask: the libraries of the other runner.)
@test "--describe believes what the runner in shared/ has answered, unless that is older than it" {
    [ -e "$BIN/shared/multithread" ] || skip "all workloads of this build are linked in one way"
    local folder=$BATS_TEST_TMPDIR/bin asked
    mkdir -p "$folder/shared"
    cp "$BIN/multithread" "$folder"
    cp "$BIN/shared/multithread" "$folder/shared"
    asked=$("$folder/multithread" --describe)
    expect "kept" "$("$BIN/multithread" --describe)" "$asked"
    echo '{"workloads":[{"name":"another"}]}' >"$folder/shared/multithread.json"
    [[ $("$folder/multithread" --describe) == *'"another"'* ]]
    touch -d '2001-01-01' "$folder/shared/multithread.json"
    expect "older" "$("$folder/multithread" --describe)" "$asked"
    echo '{"workl' >"$folder/shared/multithread.json"
    expect "half a file" "$("$folder/multithread" --describe)" "$asked"
}

@test "parameters are recorded in SI units, defaults included" {
    local record=$BATS_TEST_TMPDIR/record.json
    run_for 0 "$BIN/eventloop" fetch --tasks 3 --delay=1.5ms --payload 0.5k --record "$record"
    expect delay "$(json "$record" parameters.delay_ns)" 1500000
    expect payload "$(json "$record" parameters.payload_bytes)" 512
    expect exchanges "$(json "$record" parameters.exchanges)" 2
    expect transport "$(json "$record" parameters.transport)" tcp
    expect seed "$(json "$record" seed)" 1
    expect tasks "$(json "$record" tasks)" 3
    expect concurrency "$(json "$record" concurrency)" 3
    expect status "$(json "$record" status)" ok
    expect reason "$(json "$record" reason)" null
}

@test "the variant is recorded" {
    local record=$BATS_TEST_TMPDIR/record.json
    run_for 0 "$BIN/coroutine" sleep --tasks 2 --delay 0 --switch ucontext --stack 128k --record "$record"
    expect switch "$(json "$record" variant.switch)" ucontext
    expect stack "$(json "$record" variant.stack_bytes)" 131072
    expect loops "$(json "$record" variant.loops)" 1
    expect delay "$(json "$record" parameters.delay_ns)" 0
}

@test "data goes to stdout, complaints to stderr" {
    "$BIN/sequential" nosuch >"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/err" || true
    expect "bytes on stdout" "$(wc -c <"$BATS_TEST_TMPDIR/out")" 0
    expect "lines on stderr" "$(wc -l <"$BATS_TEST_TMPDIR/err")" 1
    "$BIN/sequential" --list >"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/err"
    # Only what is left out of this build.
    expect "lines on stderr" "$(grep -cv ': left out of this build: ' "$BATS_TEST_TMPDIR/err")" 0
}

@test "data that cannot be written is exit 1, whatever it is" {
    local words
    for words in help "help run" "help --man" --version --help list "list primes" doctor \
        "completion bash" "expect primes" "claims --list" "lesson --list"; do
        local code=0
        # shellcheck disable=SC2086 # several words
        "$BIN/quartet" $words >/dev/full 2>"$BATS_TEST_TMPDIR/err" || code=$?
        expect "quartet $words" "$code" 1
        grep -q "No space left" "$BATS_TEST_TMPDIR/err"
    done
    for words in --list --help --version --describe "primes --help" "primes --expect" "primes --tasks 1 --limit 10 --record -"; do
        code=0
        # shellcheck disable=SC2086
        "$BIN/sequential" $words >/dev/full 2>"$BATS_TEST_TMPDIR/err" || code=$?
        expect "sequential $words" "$code" 1
        grep -q "No space left" "$BATS_TEST_TMPDIR/err"
    done
}

@test "--record - prints the record and nothing else" {
    local record=$BATS_TEST_TMPDIR/record.json
    "$BIN/eventloop" sleep --tasks 3 --delay 1ms --record - >"$record"
    expect tasks "$(json "$record" ledger.tasks)" 3
    { "$BIN/eventloop" sleep --tasks 1 --delay 5s --timeout 100ms --record - 2>/dev/null || true; } |
        cat >"$record"
    expect status "$(json "$record" status)" failed
    [ ! -e ./- ]
}

@test "a run with closed standard descriptors: the same record, and exit 1 for what was lost" {
    local record=$BATS_TEST_TMPDIR/record.json
    local model code
    for model in $MODELS; do
        code=0
        "$BIN/$model" fetch --tasks 4 --concurrency 2 --delay 1ms --record "$record" <&- >&- 2>&- || code=$?
        expect "$model, none" "$code" 1
        expect "$model, record" "$(json "$record" status)" ok
        rm "$record"
        "$BIN/$model" fetch --tasks 4 --concurrency 2 --delay 1ms --record "$record" <&- 2>&- >"$BATS_TEST_TMPDIR/out"
        expect "$model, operations" "$(json "$record" ledger.tasks)" 4
        ! grep -v "^$model\|^  " "$BATS_TEST_TMPDIR/out"
    done
}

@test "a record is not written over a file of somebody else, nor through his link" {
    [ "$(id -u)" -eq 0 ] || skip "only root can give files away"
    echo theirs >"$BATS_TEST_TMPDIR/theirs"
    ln -s "$BATS_TEST_TMPDIR/victim" "$BATS_TEST_TMPDIR/link"
    chown 12345 "$BATS_TEST_TMPDIR/theirs"
    chown -h 12345 "$BATS_TEST_TMPDIR/link"
    local name
    for name in theirs link; do
        run_for 1 "$BIN/sequential" sleep --tasks 1 --delay 1ms --record "$BATS_TEST_TMPDIR/$name"
        expect_output "cannot write" "user 12345"
    done
    expect content "$(cat "$BATS_TEST_TMPDIR/theirs")" theirs
    [ ! -e "$BATS_TEST_TMPDIR/victim" ]
}

@test "make install and uninstall" {
    local stage="$BATS_TEST_TMPDIR/a stage" folder=${BUILD#"$ROOT/"}
    folder=${folder%/*} # spelled as it was built: another name for it is another build
    # What has been built is installed; nothing is built again.
    run_for 0 make -C "$ROOT" -s BUILD="$folder" MODE="${BUILD##*/}" install \
        DESTDIR="$stage" PREFIX=/opt/quartet
    run_for 0 "$stage/opt/quartet/libexec/quartet/multithread" primes --limit 1000
    env -u QUARTET_RUNNERS "$stage/opt/quartet/bin/quartet" list | grep -q mandelbrot
    [ -n "$(ls "$stage/opt/quartet/share/quartet/schemas")" ]
    run_for 0 env -u QUARTET_RUNNERS "$stage/opt/quartet/bin/quartet" list threading --lanes python
    expect_output "a pool of threads (concurrent.futures)"
    local page pages="$stage/opt/quartet/share/man/man1"
    for page in quartet quartet-run quartet-check quartet-multithread; do
        grep -q '^\.SH "EXIT STATUS"$' "$pages/$page.1"
    done
    run_for 0 make -C "$ROOT" -s BUILD="$folder" MODE="${BUILD##*/}" uninstall \
        DESTDIR="$stage" PREFIX=/opt/quartet
    expect "files left" "$(find "$stage" -type f | wc -l)" 0
}

@test "man pages have no fault that groff knows" {
    command -v groff >/dev/null || skip "groff is missing; install groff-base"
    local name
    for name in "" $("$BIN/quartet" help | sed -n '/^Commands:/,/^$/s/^  \([a-z]*\) .*/\1/p'); do
        # shellcheck disable=SC2086 # no name is no argument
        expect "faults of quartet $name" "$("$BIN/quartet" help --man $name | groff -man -Tutf8 -ww 2>&1 >/dev/null)" ""
    done
    for name in $MODELS; do
        expect "faults of $name" "$("$BIN/$name" --man | groff -man -Tutf8 -ww 2>&1 >/dev/null)" ""
    done
}

@test "make says what it can do, and what it cannot" {
    run_for 0 make -C "$ROOT" -s help
    expect_output bench test lint fairness
    run_for 2 make -C "$ROOT" -s MODE=fast
    expect_output "choose one of release, debug, asan, tsan"
}

@test "install-deps: help, groups, and refusals" {
    run_for 0 "$ROOT/scripts/install-deps" --help
    expect_output "--group build" "--check"
    run_for 0 "$ROOT/scripts/install-deps" --check --group build
    run_for 2 "$ROOT/scripts/install-deps" --group nosuch
    expect_output "none of build, bench, test"
    run_for 2 "$ROOT/scripts/install-deps" nosuch
}

@test "install-deps: what is missing is named, with the command for those who may not" {
    # A machine with nothing but a shell and the tools of this script.
    local bare=$BATS_TEST_TMPDIR/bare tool
    mkdir "$bare"
    for tool in sh tr sed cat id grep dirname; do
        ln -s "$(command -v "$tool")" "$bare/$tool"
    done
    run env PATH="$bare" "$ROOT/scripts/install-deps" --check --group build
    expect "exit code" "$status" 1
    expect_output "missing, needed:" gcc make pkg-config
    run env PATH="$bare" "$ROOT/scripts/install-deps" --group build
    expect "exit code" "$status" 1
    expect_output "not Debian" libev "Fedora"
    printf '#!/bin/sh\nexit 1\n' >"$bare/apt-get"
    chmod +x "$bare/apt-get"
    rm "$bare/id"
    printf '#!/bin/sh\necho 1000\n' >"$bare/id"
    chmod +x "$bare/id"
    run env PATH="$bare" "$ROOT/scripts/install-deps" --group build
    expect "exit code" "$status" 1
    expect_output "apt-get install --no-install-recommends" make pkg-config
}
