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

Variables: QUARTET_BASE, a git revision (origin/main); QUARTET_BUDGET, how long it may
measure (15m); QUARTET_OUTPUT, the folder of report.json, report.md and junit.xml, which
the job should keep (results/ci).

Exit code: that of quartet check; 0 fine, 1 wrong answer or failure, 3 slower.
END
}

case ${1-} in
-h | --help) usage && exit 0 ;;
esac
cd "$(git rev-parse --show-toplevel)"
base=${QUARTET_BASE:-origin/main}
output=${QUARTET_OUTPUT:-results/ci}

# CI services like to fetch one commit of one branch only. One commit of the base is all
# that is needed; if it cannot be had, quartet check says so.
case $base in
origin/*)
    branch=${base#origin/}
    git rev-parse --verify --quiet "$base^{commit}" >/dev/null ||
        git fetch --quiet --no-tags --depth=1 origin "$branch:refs/remotes/origin/$branch" || true
    ;;
esac

scripts/install-deps --group bench
# A workspace that the service has kept may hold an earlier report.
mkdir -p "$(dirname "$output")"
rm -f "$output/report.json" "$output/junit.xml"
code=0
scripts/quartet check --base "$base" --time-budget "${QUARTET_BUDGET:-15m}" \
    --output "$output" "$@" || code=$?
if [ -e "$output/report.json" ]; then
    scripts/quartet export --format junit "$output" >"$output/junit.xml"
fi
case $code in
0) echo "gate: nothing has become slower" ;;
3) echo "gate: something has become slower, or needs more; $output/report.md says what" >&2 ;;
4) echo "gate: not everything could be decided; $output/report.md says why" >&2 ;;
5) echo "gate: there is nothing to compare some rows with" >&2 ;;
*) echo "gate: no verdict; the lines above say why" >&2 ;;
esac
exit "$code"
