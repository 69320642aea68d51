#!/bin/sh
# SPDX-License-Identifier: MIT
#
# What a CI job runs to refuse a change that makes a model slower: compares the tree as it
# is with a base, and leaves a report and test cases. docs/gate.md tells what the gate does.
set -eu

usage() {
    cat <<'END'
usage: docs/ci/gate.sh [OPTION OF quartet check]...

In the repository that is checked: Quartet's own, or, with QUARTET set, any other.

  docs/ci/gate.sh                     only what is slower or wrong fails
  docs/ci/gate.sh --need-conclusion   so does what could not be decided (exit 4)
  docs/ci/gate.sh --need-base         so does what could not be compared (exit 5)
  docs/ci/gate.sh --no-counters       by times alone, not by system calls and memory

Variables: QUARTET_BASE, a git revision; without it, the state that the change started from:
the first parent of a merge, else where HEAD has left QUARTET_TARGET (origin/main), or its
parent where HEAD is on that branch. QUARTET, the program, where it is installed: then
nothing is installed or built here. QUARTET_BUDGET, how long it may measure (15min);
QUARTET_OUTPUT, the folder of report.json, report.md, junit.xml and comment.md (the verdict
for a pull request), which the job should keep (results/ci).

Exit code: that of quartet check; 0 fine, 1 wrong answer or failure, 3 slower.
END
}

case ${1-} in
-h | --help) usage && exit 0 ;;
esac
cd "$(git rev-parse --show-toplevel)"
output=${QUARTET_OUTPUT:-results/ci}
target=${QUARTET_TARGET:-origin/main}
scratch=''
text=''
trap '[ -z "$scratch" ] || rm -rf "$scratch"; [ -z "$text" ] || rm -f "$text" "$text.code"' EXIT

has() { git rev-parse --verify --quiet "$1^{commit}" >/dev/null; }

# CI services like to fetch one commit of one branch only. What is missing is fetched into a
# repository of its own, so that the clone stays as it was.
fetch_aside() {
    scratch=$(mktemp -d)
    origin=$(git remote get-url origin) || return 1
    git init --quiet --bare "$scratch"
    git -C "$scratch" fetch --quiet --no-tags "$origin" \
        "+${target#origin/}:refs/heads/target" "+$(git rev-parse HEAD):refs/heads/change" || return 1
    GIT_ALTERNATE_OBJECT_DIRECTORIES=$scratch/objects
    export GIT_ALTERNATE_OBJECT_DIRECTORIES
    left=$(git -C "$scratch" merge-base target change) || return 1
    if [ "$left" = "$(git rev-parse HEAD)" ]; then # on the target itself
        left=$(git -C "$scratch" rev-parse --verify --quiet change^1) || return 1
    fi
    echo "$left" >"$scratch/base"
}

# The verdict with its table, and what has drifted; without a report, that there is none.
write_comment() {
    echo "<!-- quartet ${QUARTET_NAME:-check} -->"
    if [ -e "$output/report.md" ]; then
        sed -n '/^### quartet check/,/^quartet /p' "$output/report.md"
        sed -n 's/^DRIFT: /- **DRIFT** /p' "$output/check.txt"
    else
        echo "### quartet check: no verdict (exit code $1)"
        echo
        echo 'Nothing was compared; the log of the job says why.'
    fi
}

# Never the tip of the target: it may have become faster since, and the change is not to be
# blamed for what it lacks.
base=${QUARTET_BASE:-}
if [ -n "$base" ]; then
    :
elif has HEAD^2; then
    base=$(git rev-parse HEAD^1)
else
    base=$(git merge-base "$target" HEAD 2>/dev/null) || base=''
    if [ "$base" = "$(git rev-parse HEAD)" ]; then
        base=$(git rev-parse --verify --quiet HEAD^1) || base=''
    fi
    if [ -z "$base" ]; then
        base=$target # quartet check says what is the matter with it, if this fails, too
        if fetch_aside; then
            base=$(cat "$scratch/base")
        fi
    fi
fi

if [ -z "${QUARTET-}" ]; then
    QUARTET=scripts/quartet
    scripts/install-deps --group bench
    # The base is linked in several orders by quartet check itself (docs/gate.md).
    make -s "-j$(getconf _NPROCESSORS_ONLN)" links || echo "gate: this tree has no 'make links'" >&2
fi
# A workspace that the service has kept may hold an earlier report.
mkdir -p "$(dirname "$output")"
for file in report.json report.md report.csv report.html junit.xml check.txt comment.md; do
    rm -f "$output/$file"
done
text=$(mktemp)
code=0
{
    "$QUARTET" check --base "$base" --time-budget "${QUARTET_BUDGET:-15min}" \
        --output "$output" "$@" || code=$?
    echo "$code" >"$text.code"
} | tee "$text"
code=$(cat "$text.code")
mkdir -p "$output"
cp "$text" "$output/check.txt"
if [ -e "$output/report.json" ]; then
    "$QUARTET" export --format junit "$output" >"$output/junit.xml"
fi
write_comment "$code" >"$output/comment.md"
if [ -n "${GITHUB_OUTPUT-}" ]; then
    printf 'exit-code=%s\nbase=%s\nreport=%s\n' "$code" "$base" "$output" >>"$GITHUB_OUTPUT"
fi
case $code in
0) echo "gate: nothing is known to have become slower; the last line of the table says how sure that is" ;;
3) echo "gate: something has become slower, or needs more; $output/report.md says what" >&2 ;;
4) echo "gate: not everything could be decided; $output/report.md says why" >&2 ;;
5) echo "gate: there is nothing to compare some rows with" >&2 ;;
*) echo "gate: no verdict; the lines above say why" >&2 ;;
esac
exit "$code"
