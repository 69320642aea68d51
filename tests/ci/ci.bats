#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# ci.bats - the recipes in docs/ci, run step by step in a fresh clone whose origin has the
# base. Its make builds runners that do no work, and a `quartet` that measures
# little.

load ../common
load ../driver/driver

setup() {
    driver_setup
    steady_times
    command -v git >/dev/null || skip "git is not installed"
    unset QUARTET_RUNNERS GITHUB_ACTIONS GITHUB_STEP_SUMMARY
    # The recipes install what is missing; a test must not.
    mkdir no-apt
    printf '#!/bin/sh\nexit 1\n' >no-apt/apt-get
    chmod +x no-apt/apt-get
    export PATH=$PWD/no-apt:$PATH
    make_upstream
    git clone -q upstream clone
    cd clone || return 1
    as_nobody
    git checkout -q -b change
}

as_nobody() {
    git config user.email nobody@example.org
    git config user.name nobody
}

make_upstream() {
    git init -q -b main upstream
    cd upstream || return 1
    as_nobody
    mkdir scripts docs
    cp "$ROOT"/scripts/quartet "$ROOT"/scripts/install-deps "$ROOT"/scripts/needs scripts/
    cp -r "$ROOT/docs/ci" docs/
    sed '/^set -eu/a FAKE_DELAY=0.02' "$ROOT/tests/driver/fake_runner" >runner
    cat >quartet <<EOF
#!/bin/sh
[ "\$1" != check ] || set -- "\$@" --rounds 8 --accept-noise --workloads counting/one-cpu \
    --models coroutine --threshold 100% --seed 3
QUARTET_RUNNERS=\$(dirname "\$0") exec "$BIN/quartet" "\$@"
EOF
    cat >Makefile <<EOF
MODE ?= release
bin := build/\$(MODE)/bin
links: all
	@for k in 1 2 3 4; do mkdir -p build/\$(MODE)/links/\$\$k && cp -p \$(bin)/* build/\$(MODE)/links/\$\$k/; done
all:
	@mkdir -p \$(bin) && cp quartet \$(bin)/ && chmod +x \$(bin)/quartet
	@for model in $MODELS; do cp -p runner \$(bin)/\$\$model && chmod +x \$(bin)/\$\$model; done
EOF
    mkdir results && cp "$ROOT/results/README.md" results/ # as in the real tree
    printf '/build/\n/results/*\n!/results/README.md\n' >.gitignore
    git add . && git commit -qm base
    cd ..
}

slower() {
    sed -i 's/^FAKE_DELAY=0.02/FAKE_DELAY=0.15/' runner
    git commit -qam "change: take longer"
}

clean_up_is_done() {
    expect worktrees "$(git worktree list | wc -l)" 1
    expect changes "$(git status --porcelain)" ""
    nothing_left
}

@test "the workflow passes an equal build and keeps its report" {
    git commit -q --allow-empty -m "change: nothing"
    run_for 0 "$ROOT/tests/ci/steps.py" docs/ci/github.yml
    expect_output "4 steps have been run" "links: 4 of each build" "base: revision HEAD^1 ($(git rev-parse origin/main))"
    [ -s results/ci/report.json ]
    grep -q '<testcase' results/ci/junit.xml
    run grep -c '<failure' results/ci/junit.xml
    expect failures "$output" 0
    clean_up_is_done
}

@test "the workflow fails after a slow-down, beside the code, and keeps its report" {
    slower
    export GITHUB_ACTIONS=true GITHUB_STEP_SUMMARY=$BATS_TEST_TMPDIR/summary.md
    run_for 3 "$ROOT/tests/ci/steps.py" docs/ci/github.yml
    expect_output "4 steps have been run" "::error title=quartet::counting/one-cpu coroutine"
    grep -q '<failure' results/ci/junit.xml
    grep -q REGRESSION "$GITHUB_STEP_SUMMARY"
    clean_up_is_done
}

@test "the workflow as YAML: the history is fetched, and the report is kept" {
    python3 -c 'import yaml' 2>/dev/null || skip "python3-yaml is not installed"
    python3 - "$ROOT" <<'EOF'
import sys, yaml
sys.path.insert(0, sys.argv[1] + "/tests/ci")
sys.dont_write_bytecode = True
from steps import read_steps
path = sys.argv[1] + "/docs/ci/github.yml"
steps = yaml.safe_load(open(path))["jobs"]["gate"]["steps"]
assert steps[0]["with"]["fetch-depth"] == 2
assert steps[-1]["if"] == "always()" and steps[-1]["with"]["path"] == "results/ci"
ours = [one["run"] for one in read_steps(path) if "run" in one]
assert ours == [one["run"] for one in steps if "run" in one], ours
EOF
}

@test "the script: exit codes of an equal and a slower build" {
    run_for 0 docs/ci/gate.sh
    expect_output "nothing is known to have become slower"
    slower
    run_for 3 docs/ci/gate.sh
    expect_output "something has become slower"
    grep -q '<failure' results/ci/junit.xml
    clean_up_is_done
}

@test "the script: what main has become faster by is not held against a change that lacks it" {
    git commit -q --allow-empty -m "change: nothing"
    sed -i 's/^FAKE_DELAY=0.02/FAKE_DELAY=0.005/' ../upstream/runner
    git -C ../upstream commit -qam "main: be faster"
    git fetch -q origin
    run_for 0 docs/ci/gate.sh
    expect_output "base: revision $(git merge-base origin/main HEAD)" PASS
    # Asked for the tip itself, it says what the tip has that HEAD lacks.
    QUARTET_BASE=origin/main run_for 3 docs/ci/gate.sh
    expect_output "origin/main has 1 commit that HEAD lacks"
    # As a merge into that main it is as fast as main.
    git merge -q -m merged origin/main
    run_for 0 docs/ci/gate.sh
    expect_output "base: revision $(git rev-parse HEAD^1)"
    clean_up_is_done
}

@test "the script: undecided and without a base fail on request only" {
    # Of two runs in a row, of whichever build, one takes long.
    cat >"$BATS_TEST_TMPDIR/unsteady" <<EOF
echo >>"$BATS_TEST_TMPDIR/runs"
[ \$((\$(wc -l <"$BATS_TEST_TMPDIR/runs") % 2)) -eq 0 ] || FAKE_DELAY=0.15
EOF
    sed -i "/^FAKE_DELAY=/r $BATS_TEST_TMPDIR/unsteady" ../upstream/runner
    git -C ../upstream commit -qam unsteady
    git pull -q origin main
    run_for 4 docs/ci/gate.sh --need-conclusion
    expect_output "not everything could be decided"
    QUARTET_BASE=nosuch run_for 1 docs/ci/gate.sh
    expect_output "no such file, folder, baseline or git revision" "no verdict"
    QUARTET_BASE=nosuch run_for 5 docs/ci/gate.sh --need-base
}

@test "the script fetches the base when a service has not" {
    cd ..
    git -C upstream checkout -q -b change
    git -C upstream commit -q --allow-empty -m "the change"
    git clone -q --depth 1 --single-branch --branch change "file://$PWD/upstream" shallow
    cd shallow
    run git rev-parse --verify --quiet origin/main
    [ "$status" -ne 0 ]
    local base before
    base=$(git -C ../upstream rev-parse main)
    before=$(git for-each-ref && cat .git/shallow .git/config)
    run_for 0 docs/ci/gate.sh
    expect "the clone" "$(git for-each-ref && cat .git/shallow .git/config)" "$before"
    expect_output "base: revision $base" "nothing is known to have become slower"
}
