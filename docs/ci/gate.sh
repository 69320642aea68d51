#!/bin/sh
# SPDX-License-Identifier: MIT
#
# What a CI job runs to refuse a change that makes a model slower: compares the tree as it
# is with a base, and leaves a report and test cases. docs/gate.md tells what the gate does.
set -eu

usage() {
    cat <<'END'
usage: docs/ci/gate.sh [OPTION OF quartet check]...

  docs/ci/gate.sh                     only what is slower or wrong fails
  docs/ci/gate.sh --need-conclusion   so does what could not be decided (exit 4)
  docs/ci/gate.sh --need-base         so does what could not be compared (exit 5)
  docs/ci/gate.sh --no-counters       by times alone, not by system calls and memory

Variables: QUARTET_BASE, a git revision; without it, the state that the change started from:
the first parent of a merge, else where HEAD has left QUARTET_TARGET (origin/main).
QUARTET_BUDGET, how long it may
measure (15min); QUARTET_OUTPUT, the folder of report.json, report.md and junit.xml, which
the job should keep (results/ci).

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
trap '[ -z "$scratch" ] || rm -rf "$scratch"' EXIT

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
    git -C "$scratch" merge-base target change >"$scratch/base"
}

# Never the tip of the target: it may have become faster since, and the change is not to be
# blamed for what it lacks.
base=${QUARTET_BASE:-}
if [ -n "$base" ]; then
    :
elif has HEAD^2; then
    base=$(git rev-parse HEAD^1)
elif ! base=$(git merge-base "$target" HEAD 2>/dev/null); then
    base=$target # quartet check says what is the matter with it, if this fails, too
    if fetch_aside; then
        base=$(cat "$scratch/base")
    fi
fi

scripts/install-deps --group bench
# The base is linked in several orders by quartet check itself (docs/gate.md).
make -s "-j$(getconf _NPROCESSORS_ONLN)" links || echo "gate: this tree has no 'make links'" >&2
# A workspace that the service has kept may hold an earlier report.
mkdir -p "$(dirname "$output")"
rm -f "$output/report.json" "$output/junit.xml"
code=0
scripts/quartet check --base "$base" --time-budget "${QUARTET_BUDGET:-15min}" \
    --output "$output" "$@" || code=$?
if [ -e "$output/report.json" ]; then
    scripts/quartet export --format junit "$output" >"$output/junit.xml"
fi
case $code in
0) echo "gate: nothing is known to have become slower; the last line of the table says how sure that is" ;;
3) echo "gate: something has become slower, or needs more; $output/report.md says what" >&2 ;;
4) echo "gate: not everything could be decided; $output/report.md says why" >&2 ;;
5) echo "gate: there is nothing to compare some rows with" >&2 ;;
*) echo "gate: no verdict; the lines above say why" >&2 ;;
esac
exit "$code"
