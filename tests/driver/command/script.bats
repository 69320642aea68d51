#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# scripts/quartet in a tree of its own, where building is quick: what it does before it
# becomes the program.

load ../../common

setup() {
    cd "$BATS_TEST_TMPDIR" || return 1
    unset MODE BUILD
    mkdir -p "tree/scripts"
    cp "$ROOT/scripts/quartet" tree/scripts/
    cat >tree/Makefile <<'EOF'
B := $(BUILD)/$(MODE)
all:
	@mkdir -p $(B)/bin
	@echo building
	@printf '#!/bin/sh\necho "$(MODE):$$*"\nexit 3\n' >$(B)/bin/quartet
	@chmod +x $(B)/bin/quartet
EOF
    dependencies 'exit 0'
}

# What scripts/install-deps does in this tree.
dependencies() {
    printf '#!/bin/sh\necho "deps $*" >>"%s/deps.log"\n%s\n' "$PWD" "$1" \
        >tree/scripts/install-deps
    chmod +x tree/scripts/install-deps
}

@test "builds, then becomes the program: arguments, stdout, exit code" {
    run --separate-stderr timeout 20 tree/scripts/quartet report 'a b' --help
    expect status "$status" 3
    expect stdout "$output" "release:report a b --help"
    # shellcheck disable=SC2154 # bats sets it
    expect stderr "$stderr" building
    expect deps "$(cat deps.log)" "deps --group build --check"
}

@test "can be called from anywhere, also by a link, and builds another mode" {
    ln -s "$PWD/tree/scripts/quartet" link
    cd /
    MODE=debug run --separate-stderr timeout 20 "$BATS_TEST_TMPDIR/link" list
    expect stdout "$output" "debug:list"
}

@test "installs what is missing; measuring needs the stop-watch, too" {
    # shellcheck disable=SC2016 # the script expands it
    dependencies 'case $* in *--check) exit 1 ;; esac'
    run --separate-stderr timeout 20 tree/scripts/quartet run
    expect stdout "$output" "release:run"
    expect deps "$(tail -n 1 deps.log)" "deps --group bench"
}

@test "a build that fails is exit 1 and not make's 2" {
    printf 'all:\n\t@echo "no compiler" >&2; false\n' >tree/Makefile
    run timeout 20 tree/scripts/quartet list
    expect status "$status" 1
    expect_output "no compiler" "cannot build the programs in"
}
