#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# site.bats - `make site` at a small size: pages in both languages, their links, and how they
# look on a telephone. The whole site follows all of its links whenever it is made.

load ../common

setup_file() {
    command -v pandoc >/dev/null || skip "pandoc is not installed"
    echo "<p>a report</p>" >"$BATS_FILE_TMPDIR/some.html"
    "$ROOT/scripts/site" --only lessons/queue --report "$BATS_FILE_TMPDIR/some.html" "$BATS_FILE_TMPDIR/site"
}

setup() {
    cd "$BATS_FILE_TMPDIR" || return 1
}

@test "pages of both languages know each other, and sources are text" {
    grep -q 'href="../ru/lessons/queue.html">По-русски' site/docs/lessons/queue.html
    grep -q '<html lang="ru">' site/docs/ru/lessons/queue.html
    grep -q 'href="../../lessons/queue.html">English' site/docs/ru/lessons/queue.html
    cmp site/docs/lessons/queue.c.txt "$ROOT/docs/lessons/queue.c"
    grep -q "a report" site/report.html
    grep -q "gather" site/statements.html && grep -q "gather" site/statements.ru.html
}

@test "a link that leads nowhere is named, and the old site stays" {
    cp -r "$ROOT/scripts" "$ROOT/docs" "$ROOT/tests" "$ROOT/claims" .
    mkdir -p build/release && ln -s "$BIN" build/release/bin
    sed -i '1a [here](#nowhere)' docs/lessons/queue.md
    run_for 1 scripts/site --only lessons/queue site
    expect_output "docs/lessons/queue.html: there is no 'nowhere'"
    grep -q "a report" site/report.html
}

@test "nothing is overwritten that is no site" {
    mkdir mine && touch mine/thesis
    run_for 2 "$ROOT/scripts/site" mine
    expect_output "is not empty, and no site"
    [ -e mine/thesis ]
}

@test "a telephone shows a page without a request and no wider than it is" {
    run timeout 100 "$ROOT/tests/web/browser.py" site/docs/ru/lessons/queue.html --text
    [ "$status" -ne 77 ] || skip "$output"
    expect "exit code" "$status" 0
}
