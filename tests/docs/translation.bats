#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# Russian pages say what the English ones say: the tree's do, and scripts/translation names
# each way in which one can fall behind, in a small copy of the tree.

load ../common

setup_file() {
    local tree=$BATS_FILE_TMPDIR/tree
    mkdir -p "$tree/docs/ru" "$tree/tests" "$tree/scripts"
    cp -r "$ROOT/tests/docs" "$tree/tests/"
    cp "$ROOT/scripts/translation" "$tree/scripts/"
    cp "$ROOT/docs/ru/glossary.md" "$tree/docs/ru/"
    cat >"$tree/docs/a.md" <<'END'
# Tasks

A task runs by itself.

```sh
true
```

<!-- begin: echo 12 ns -->
```console
$ echo 12 ns
12 ns
```
<!-- end -->

See [b](b.md).
END
    printf '# Gather\n\n## In order\n' >"$tree/docs/b.md"
    cd "$tree" || return 1
    python3 -IS scripts/translation new docs/a.md
}

setup() {
    cp -r "$BATS_FILE_TMPDIR/tree" "$BATS_TEST_TMPDIR/"
    cd "$BATS_TEST_TMPDIR/tree" || return 1
}

# translation CODE COMMAND WORDS...: exit code and what is said of the copy. (-IS: tests/common.bash)
translation() {
    local code=$1 command=$2
    shift 2
    # shellcheck disable=SC2086 # a command and its pages
    run_for "$code" python3 -IS scripts/translation $command
    if [ $# -gt 0 ]; then expect_output "$@"; else [ -z "$output" ]; fi
}

@test "the Russian pages are in step with the English ones" {
    cd "$ROOT"
    translation 0 check
}

@test "what has changed in English is named, and renewed or accepted" {
    sed -i 's/runs by itself/is a coroutine that runs by itself/; s/^true/false/; s/12 ns/12 units/' docs/a.md
    printf '\nMore.\n' >>docs/a.md
    translation 1 check 'docs/ru/a.md:6: stale: docs/a.md:3 "A task is a coroutine that runs by itself."' \
        'docs/ru/a.md:9: stale: docs/a.md:5' 'stale: docs/a.md:9 "<!-- begin: echo 12 units' \
        'missing: docs/a.md:18 "More."; translate it here, below <!-- en: '
    translation 0 update
    [ "$(grep -c '12 units' docs/ru/a.md)" -eq 3 ]
    translation 0 "accept docs/ru/a.md:6"
    translation 1 check "missing: docs/a.md:18"
    [ "${#lines[@]}" -eq 1 ]
}

@test "an output that was measured anew is no other output, nor are words in other lines" {
    sed -i 's/^12 ns/13.5 ns/; s/runs by itself/runs\nby itself/' docs/a.md
    translation 0 check
    translation 0 update
    grep -q '^13.5 ns' docs/ru/a.md
}

@test "blocks too many and words that the glossary rejects are named" {
    sed -i '/^A task/,+1d' docs/a.md
    sed -i 's/^See/Корутины и «корутины»: see/' docs/ru/a.md
    translation 1 check 'docs/ru/a.md:6: too many: "A task runs by itself." translates no block' \
        '"Корутин": the glossary says "сопрограмма"'
    [ "${#lines[@]}" -eq 2 ]
    mkdir claims
    printf '{\n  "ru": "Дедлок."\n}\n' >claims/1.json
    translation 1 check 'claims/1.json:2: "Дедлок": the glossary says "взаимная блокировка"'
}

@test "links lead to Russian pages where there are any" {
    grep -q '\[b\](\.\./b\.md) (англ\.)' docs/ru/a.md
    translation 0 "new docs/b.md"
    sed -i 's/In order/По порядку/; s/Gather/[Сбор](#in-order)/' docs/ru/b.md
    sed -i 's/b\.md/b.md#in-order/' docs/a.md docs/ru/a.md
    translation 1 check "links are not those of Russian pages"
    translation 0 update
    grep -q '\[b\](b\.md#по-порядку)\.' docs/ru/a.md
    grep -q '\[Сбор\](#по-порядку)' docs/ru/b.md
}

@test "pages and commands that are not there are refused" {
    translation 2 renew "usage: scripts/translation check"
    translation 2 accept "usage"
    translation 1 "check docs/none.md" "docs/none.md is no page that is translated"
    translation 1 "new docs/a.md" "docs/ru/a.md: exists already"
    rm docs/a.md
    translation 1 check "docs/a.md is gone"
}
