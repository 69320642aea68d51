#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# The checks of tests/docs/references.py on lessons can fail: a page that shows an old source,
# a command that does not fit a line, a marker that is not there. Each in a small copy of
# the tree, whose other pages are missing.

load ../common

setup() {
    tree=$BATS_TEST_TMPDIR/tree
    mkdir -p "$tree/docs/lessons/python" "$tree/tests"
    cp -r "$ROOT/tests/docs" "$tree/tests/"
    cp "$ROOT/docs/lessons/"gather.* "$tree/docs/lessons/"
    cp "$ROOT/docs/lessons/python/py_gather.py" "$tree/docs/lessons/python/"
    mkdir "$tree/scripts"
    touch "$tree/Makefile" "$tree/scripts/install.mk" "$tree/tests/tests.mk"
}

# references WORDS...: the copy's check must fail and say this.
references() {
    run_for 1 python3 "$tree/tests/docs/references.py"
    expect_output "$@"
}

@test "the copy as it is shows its sources" {
    references "ok" "sources that pages show"
    if [[ $output == *"says something else now"* ]]; then echo "$output"; return 1; fi
    if [[ $output == *"characters; 100 are the most"* ]]; then echo "$output"; return 1; fi
}

@test "a function that has changed since is named with its page" {
    sed -i '/lesson-gather/,/^}/s/COUNT; i++/COUNT; ++i/' "$tree/docs/lessons/gather.c"
    references "not ok" "docs/lessons/gather.md" "docs/lessons/gather.c says something else now"
    "$tree/tests/docs/sources.py" "$tree/docs/lessons/gather.md"
    references "ok" "sources that pages show"
    if [[ $output == *"says something else now"* ]]; then echo "$output"; return 1; fi
}

@test "a Python program that has changed since is named, too" {
    echo "print()" >>"$tree/docs/lessons/python/py_gather.py"
    references "docs/lessons/python/py_gather.py says something else now"
}

@test "a command of 101 characters is too long for a lesson" {
    printf '<!-- begin: echo %096d -->\n```console\n```\n<!-- end -->\n' 0 >>"$tree/docs/lessons/gather.md"
    references "101 characters; 100 are the most"
}

@test "a source that is not closed ends the check" {
    printf '<!-- source: docs/lessons/gather.c lesson-gather -->\n' >>"$tree/docs/lessons/gather.md"
    run python3 "$tree/tests/docs/references.py"
    [ "$status" -ne 0 ]
    expect_output "a block is not closed"
}
