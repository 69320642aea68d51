#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# What is shipped: one version everywhere, a tarball that is the same from everybody, and what
# the package's own test does, with an installed Quartet. (`make package` itself compiles all of
# it again, without the cache, and is left to makers.)
# timeout: 120 s

load ../common

version() {
    sed -n 's/^VERSION := //p' "$ROOT/Makefile"
}

@test "the version is the same wherever it stands" {
    expect package "$(sed -n '1s/^quartet (\(.*\)) .*/\1/p' "$ROOT/debian/changelog")" "$(version)"
    expect citation "$(sed -n 's/^version: //p' "$ROOT/CITATION.cff")" "$(version)"
    expect program "$("$BIN/quartet" --version | cut -d' ' -f2)" "$(version)"
    grep -q "^## $(version)" "$ROOT/CHANGELOG.md"
}

# Both put them into share/doc/quartet, and dpkg refuses the second package then.
@test "no document is in both packages" {
    expect "in both" "$(cat "$ROOT"/debian/*.docs | sort | uniq -d)" ""
}

@test "two tarballs of one commit are the same to the last byte" {
    command -v git >/dev/null || skip "git is not installed"
    git -C "$ROOT" rev-parse --verify -q HEAD || skip "the sources are in no git repository"
    local name
    name=quartet-$(version).tar.gz
    git clone -q "$ROOT" "$BATS_TEST_TMPDIR/one"
    git clone -q "$ROOT" "$BATS_TEST_TMPDIR/two"
    (cd "$BATS_TEST_TMPDIR/one" && umask 077 && TZ=Asia/Tokyo run_for 0 make -s dist)
    (cd "$BATS_TEST_TMPDIR/two" && umask 002 && sleep 1 && echo >>README.md && run_for 0 make -s dist &&
        expect_output "what is not committed is left out")
    cmp "$BATS_TEST_TMPDIR"/{one,two}/build/dist/"$name"
    tar -tzf "$BATS_TEST_TMPDIR/one/build/dist/$name" >"$BATS_TEST_TMPDIR/names"
    grep -qx "quartet-$(version)/Makefile" "$BATS_TEST_TMPDIR/names"
    run ! grep -v "^quartet-$(version)/" "$BATS_TEST_TMPDIR/names"
}

@test "a tree that is in no repository makes no tarball, and says why" {
    cd "$BATS_TEST_TMPDIR" || return 1
    cp -r "$ROOT"/{Makefile,scripts,lib,workloads,runners,tests} .
    GIT_CEILING_DIRECTORIES=$PWD/.. run_for 2 make -s dist
    expect_output "make dist: this is no git repository"
    [ ! -e build/dist ]
}

@test "the test of the package passes with what make install puts down" {
    command -v man >/dev/null || skip "man is not installed"
    local folder=${BUILD#"$ROOT/"} to=$BATS_TEST_TMPDIR/to
    folder=${folder%/*}
    export QUARTET_LOCK=$BATS_TEST_TMPDIR/lock
    unset QUARTET_RUNNERS
    run_for 0 make -C "$ROOT" -s BUILD="$folder" MODE="${BUILD##*/}" install PREFIX="$to"
    PATH=$to/bin:$PATH MANPATH=$to/share/man run_for 0 sh "$ROOT/debian/tests/session"
    run_for 0 make -C "$ROOT" -s BUILD="$folder" MODE="${BUILD##*/}" uninstall PREFIX="$to"
    [ -z "$(find "$to" -type f)" ]
}
