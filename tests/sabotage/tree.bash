# SPDX-License-Identifier: MIT
#
# tree.bash - a copy of the source for each test, in which one line can be changed: what a
# bug or a liar might do. Load it after ../common.
# shellcheck shell=bash disable=SC2034,SC2154

setup_file() {
    cp -a "$ROOT"/{Makefile,lib,runners,workloads,scripts} "$BATS_FILE_TMPDIR"
    mkdir -p "$BATS_FILE_TMPDIR"/{driver,build,tests}
    cp -a "$ROOT"/tests/{contract,sync,tests.mk} "$BATS_FILE_TMPDIR/tests"
    cp -a "$BUILD" "$BATS_FILE_TMPDIR/build/release"
    rm -rf "$BATS_FILE_TMPDIR"/build/release/{bin,obj/driver,tests/bin}
}

setup() {
    tree=$BATS_TEST_TMPDIR/tree
    cp -a "$BATS_FILE_TMPDIR" "$tree"
    cd "$tree" || return 1
}

# A tree has some 40 MB, and there are dozens of tests.
teardown() {
    cd / && rm -rf "$tree"
}

# change FILE SED-SCRIPT: must change something.
change() {
    cp "$1" before
    sed -E -i "$2" "$1"
    if cmp -s before "$1"; then
        echo "the sabotage no longer finds its place in $1: $2"
        return 1
    fi
}

# build TARGET...: targets below build/release.
build() {
    run timeout 120 make -j2 "${@/#/build/release/}"
    [ "$status" -eq 0 ] || { echo "$output"; return 1; }
}

# What build is given for all runners.
all_bins() {
    local model
    for model in $MODELS; do
        echo "bin/$model"
    done
}

# refused PROGRAM ARGUMENTS... -- WORDS...: exit 1, and the reason says these words.
refused() {
    local command=()
    while [ "$1" != -- ]; do
        command+=("$1")
        shift
    done
    shift
    rm -f record.json
    run_for 1 "build/release/${command[0]}" "${command[@]:1}" --timeout 10s --record record.json
    expect_output "$@" || { echo "from ${command[*]}"; return 1; }
    [[ $(json record.json status) =~ ^(wrong|failed)$ ]]
    local words
    for words in "$@"; do
        [[ $(json record.json reason) == *"$words"* ]]
    done
}
