# SPDX-License-Identifier: MIT
#
# tree.bash - a copy of the source for each test, in which one line can be changed: what a
# bug or a liar might do. Load it after ../common.
# shellcheck shell=bash disable=SC2034,SC2154

# What every test of a file needs is made once: objects that say which revision they are of,
# since a copy has none. The runners are linked dynamically, in a third of the time, unless a
# file says LINKED=static: a fault in an object is the same fault in either.
setup_file() {
    local made=$BATS_FILE_TMPDIR/build/release
    mkdir -p "$BATS_FILE_TMPDIR"/{driver,tests} "$made"/{obj,tests}
    cp -a "$ROOT"/{Makefile,lib,runners,workloads,scripts} "$BATS_FILE_TMPDIR"
    cp -a "$ROOT"/tests/{contract,sync,tests.mk,json.c} "$BATS_FILE_TMPDIR/tests"
    cp -a "$BUILD"/{gen,shared} "$made"
    cp -a "$BUILD"/obj/{lib,runners,workloads,tests} "$made/obj"
    cp -a "$BUILD/tests/gen" "$made/tests"
    cd "$BATS_FILE_TMPDIR" || return 1
    if [ "${LINKED-}" != static ]; then
        sed -i -e 's/ \$\$(STATIC)//' -e "s/STATIC='\$(STATIC)' LIBS/STATIC='' LIBS/" Makefile tests/tests.mk
    fi
    timeout 120 make -s build/release/obj/runners/common/{help,main,record}.o
    TREE_SUM=$(tree_sum)
    export TREE_SUM
}

# The sum of all that a build reads.
tree_sum() {
    (cd "$BATS_FILE_TMPDIR" && find lib runners workloads scripts tests Makefile build -name '*.[choS]' \
        -o -name Makefile | sort | xargs cat | cksum)
}

# A file that was written through its link would be another tree to all tests that follow.
teardown_file() {
    expect "the tree that all tests start from" "$(tree_sum)" "$TREE_SUM"
}

# Linked, not copied: to create a thousand files takes eight times as long. What is changed here
# becomes a file of its own: sed -i, mv, the assembler and the linker put a new one in its place;
# >> does not, and append() below does.
setup() {
    tree=$BATS_TEST_TMPDIR/tree
    cp -al "$BATS_FILE_TMPDIR" "$tree"
    cd "$tree" || return 1
}

# A tree has some 20 MB, and there are dozens of tests.
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

# append FILE LINE...: to the file of this tree, which is one of its own from then on.
append() {
    { cat "$1" && printf '%s\n' "${@:2}"; } >appended
    mv appended "$1"
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
