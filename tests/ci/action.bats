#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# action.yml and the recipes for other services in a repository of anybody: what a service
# clones (one commit of a merge, a branch, main itself), a fork without secrets, a rerun, a
# damaged cache. Times are told by the program, CPU time is real: the slower commit has
# twenty times as much. timeout: 240 s
# shellcheck disable=SC2030,SC2031,SC2103 # each test is a subshell

load ../common
load ../driver/driver

setup() {
    driver_setup
    steady_times
    command -v git >/dev/null || skip "git is not installed"
    unset QUARTET_RUNNERS
    export SERVICE=$BATS_TEST_TMPDIR/service
    mkdir "$SERVICE"
    make_action
    make_upstream
}

teardown() {
    [ -z "${api-}" ] || kill "$api"
}

# The action with a quartet that is built, and that measures little.
make_action() {
    export GITHUB_ACTION_PATH=$BATS_TEST_TMPDIR/action
    mkdir -p action/docs action/scripts
    cp -r "$ROOT/docs/ci" action/docs/
    cat >action/scripts/quartet <<END
#!/bin/sh
[ "\$1" != check ] || set -- "\$@" --rounds 8 --accept-noise --no-counters --threshold 100% --seed 3
exec "$BIN/quartet" "\$@"
END
    printf '#!/bin/sh\n' >action/scripts/install-deps
    chmod +x action/scripts/*
}

as_nobody() {
    git config user.email nobody@example.org
    git config user.name nobody
}

# main with two commits, and two branches from its first: equal and slower.
make_upstream() {
    git init -q -b main upstream
    cd upstream || return 1
    as_nobody
    # shellcheck disable=SC2016 # for make
    printf 'prog: prog.sh\n\tcp prog.sh prog && echo built >>built\n' >Makefile
    cat >prog.sh <<'END'
#!/bin/sh
i=0
while [ $i -lt 1000 ]; do i=$((i + 1)); done
echo "1.0 900000000" >"$FAKE_CLOCK"
echo 42
END
    chmod +x prog.sh
    git add . && git commit -qm start
    git branch equal
    git branch slower
    echo main >README && git add . && git commit -qm "main goes on"
    git checkout -q equal && echo words >NEWS && git add . && git commit -qm equal
    git checkout -q slower && sed -i 's/1000 /60000 /' prog.sh && git commit -qam slower
    git checkout -q main
    cd ..
}

# merge_of BRANCH: what GitHub checks out of a pull request: one commit, the merge with main.
merge_of() {
    git -C upstream checkout -q -B pull main
    git -C upstream merge -q --no-ff -m "merge $1" "$1"
    git clone -q --depth 1 --branch pull "file://$PWD/upstream" clone
    cd clone || return 1
    export GITHUB_REF=refs/pull/7/merge
}

start_comments() {
    echo '["somebody says something"]' >"$SERVICE/comments"
    "$ROOT/tests/ci/comments.py" "$SERVICE/comments" "$SERVICE/port" 3>&- &
    api=$!
    eventually test -s "$SERVICE/port"
    export GITHUB_API_URL GITHUB_REPOSITORY=some/thing
    GITHUB_API_URL=http://127.0.0.1:$(cat "$SERVICE/port")
}

# act CODE NAME=VALUE...: the action's steps.
act() {
    local code=$1
    shift
    /usr/bin/env python3 -c 'import yaml' 2>/dev/null || skip "python3-yaml is not installed"
    export GITHUB_ACTIONS=true GITHUB_STEP_SUMMARY=$SERVICE/summary GITHUB_SHA
    GITHUB_SHA=$(git rev-parse HEAD)
    : >"$SERVICE/summary"
    run_for "$code" "$ROOT/tests/ci/action.py" "$ROOT/action.yml" command=prog=./prog 'build=make -s' "$@"
}

comments() {
    python3 -IS -c 'import json, sys; print(len(json.load(open(sys.argv[1]))))' "$SERVICE/comments"
}

@test "the action: a merge of one commit passes, and a rerun updates its comment" {
    start_comments
    merge_of equal
    export GITHUB_TOKEN=writer
    act 0
    expect_output "base: revision $(git -C ../upstream rev-parse main)" "output exit-code=0" \
        "output base=$(git -C ../upstream rev-parse main)" "output report=results/ci" "comment: written" \
        "output regressions=0"
    grep -qE '^output verdict=(PASS|UNDECIDED)$' <<<"$output"
    grep -qE '^### quartet check: (PASS|UNDECIDED)' "$SERVICE/summary"
    expect comments "$(comments)" 2
    [ -s "$SERVICE/artifact/report.json" ] && [ -s "$SERVICE/artifact/junit.xml" ]
    expect "the clone" "$(git status --porcelain)" ""
    rm -r results
    act 0
    expect_output "comment: updated"
    expect comments "$(comments)" 2
    grep -q '<!-- quartet check -->' "$SERVICE/comments"
}

@test "the action: a slower fork without secrets fails with 3, and its comment is in the artefact" {
    start_comments
    merge_of slower
    export GITHUB_TOKEN=reader
    act 3
    expect_output "output exit-code=3" "output verdict=REGRESSION" "output regressions=1" \
        "comment: not written: the token may not (403)" "::error title=quartet::prog prog"
    expect comments "$(comments)" 1
    grep -q '^### quartet check: REGRESSION' "$SERVICE/summary"
    grep -q 'REGRESSION' "$SERVICE/artifact/comment.md"
    grep -q '<failure' "$SERVICE/artifact/junit.xml"
    unset GITHUB_TOKEN
    run_for 0 "$ROOT/docs/ci/comment.py" results/ci/comment.md
    expect_output "not written: there is no token"
    GITHUB_REF=refs/heads/main run_for 0 "$ROOT/docs/ci/comment.py" results/ci/comment.md
    expect_output "this is no pull request"
}

@test "the action: a tree that does not build has no verdict, and a comment that says so" {
    start_comments
    git -C upstream checkout -q -b broken main
    echo 'prog: nothing' >upstream/Makefile
    git -C upstream commit -qam broken
    merge_of broken
    export GITHUB_TOKEN=writer
    act 1
    expect_output "does not build" "output exit-code=1" "output verdict=
" "comment: written"
    grep -q 'no verdict (exit code 1)' "$SERVICE/comments"
}

# gate CODE: the script as a plain shell calls it.
gate() {
    local code=$1
    shift
    rm -rf results
    QUARTET=$GITHUB_ACTION_PATH/scripts/quartet QUARTET_CACHE=$BATS_TEST_TMPDIR/cache \
        run_for "$code" "$GITHUB_ACTION_PATH/docs/ci/gate.sh" --command prog=./prog \
        --build "$GITHUB_ACTION_PATH/docs/ci/cached-build.sh 'make -s'" "$@"
}

@test "a branch that is not main, main itself, and a base from the cache" {
    git clone -q upstream clone && cd clone && as_nobody
    git checkout -q equal
    gate 0
    expect_output "base: revision $(git merge-base origin/main equal)" "nothing is known"
    git checkout -q main
    gate 0
    expect_output "base: revision $(git rev-parse main^)"
    local entry
    entry=../cache/$(git rev-parse main^)
    [ -s "$entry/tree.tar" ] && grep -q "^commit $(git rev-parse main^)" "$entry/stamp"
    # The base is not built again; a cache that holds another commit is not believed.
    git rev-parse main^ >.git-head && mkdir tree && cd tree
    mkdir .git && mv ../.git-head .git/HEAD
    QUARTET_CACHE=$BATS_TEST_TMPDIR/cache run_for 0 "$ROOT/docs/ci/cached-build.sh" 'make -s'
    expect_output "was built before"
    [ -x prog ]
    sed -i 's/^commit .*/commit of something else/' "../$entry/stamp"
    cp ../Makefile ../prog.sh .
    QUARTET_CACHE=$BATS_TEST_TMPDIR/cache run_for 0 "$ROOT/docs/ci/cached-build.sh" 'make -s'
    expect_output "is another build, or damaged; it is built anew" "is kept"
    QUARTET_CACHE=$BATS_TEST_TMPDIR/cache run_for 2 "$ROOT/docs/ci/cached-build.sh" 'exit 2'
    run_for 2 "$ROOT/docs/ci/cached-build.sh"
}

# steps_of FILE: the lines that the service gives to a shell.
steps_of() {
    case $1 in
    *.yml) sed -n '/^  script:/,/^  artifacts:/s/^    - //p' "$1" ;;
    *) sed -n "/sh '''/,/^ *'''/p" "$1" | sed '1d;$d' ;;
    esac
}

@test "GitLab's and Jenkins' steps end as the script does" {
    mkdir path
    ln -s "$GITHUB_ACTION_PATH/scripts/quartet" path/quartet
    export PATH=$PWD/path:$PATH QUARTET_CI=$GITHUB_ACTION_PATH/docs/ci
    git clone -q upstream clone && cd clone
    git checkout -q equal
    [ "$(steps_of "$ROOT/docs/ci/gitlab-ci.yml" | wc -l)" -eq 3 ]
    BUILD='make -s' COMMAND=prog=./prog CI_MERGE_REQUEST_TARGET_BRANCH_NAME=main \
        run_for 0 sh -e -c "$(steps_of "$ROOT/docs/ci/gitlab-ci.yml")"
    expect_output "base: revision $(git merge-base origin/main equal)"
    grep -q '<testcase' results/ci/junit.xml
    git checkout -q slower
    rm -r results
    CHANGE_TARGET=main run_for 3 sh -e -c "$(steps_of "$ROOT/docs/ci/Jenkinsfile")"
    expect_output "something has become slower"
    grep -q '<failure' results/ci/junit.xml
}
