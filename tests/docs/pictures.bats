#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# Pictures of pages: each is there, is what its page says, and scripts/update-readme renews it.

load ../common

@test "each picture that a page shows is an SVG with a title, and made by a command" {
    run_for 0 python3 -IS - "$ROOT" <<'PYTHON'
import glob, os, re, sys, xml.etree.ElementTree as tree
root, shown, made = sys.argv[1], set(), set()
for page in glob.glob(f"{root}/*.md") + glob.glob(f"{root}/docs/**/*.md", recursive=True):
    text = open(page, encoding="utf-8").read()
    shown |= {os.path.relpath(os.path.join(os.path.dirname(page), name), root)
              for name in re.findall(r"^!\[[^]]+\]\(([^)]+)\)$", text, re.M)}
    made |= {name for name, _ in re.findall(r"^<!-- picture: ([^ :]+): (.*) -->$", text, re.M)}
assert shown == made and len(shown) >= 2, (shown, made)
there = {os.path.relpath(name, root) for name in glob.glob(f"{root}/docs/pictures/*")}
assert there == made, (there, made)
for name in made:
    path = os.path.join(root, name)
    top = tree.parse(path).getroot()
    space = "{http://www.w3.org/2000/svg}"
    assert top.tag == space + "svg" and top.find(space + "title") is not None, name
    assert os.path.getsize(path) < 60000, name
print(len(made), "pictures")
PYTHON
}

@test "update-readme renews a picture, and leaves it where its command fails" {
    cd "$BATS_TEST_TMPDIR"
    mkdir -p tests claims
    cp -a "$ROOT"/{scripts,docs,README.md,README.ru.md} .
    cp -a "$ROOT/tests/docs" tests
    cp -a "$ROOT"/claims/*.json claims
    printf '%s\n' '# Page' '<!-- picture: one.svg: echo new -->' '![one](one.svg)' >page.md
    cp page.md before.md
    echo old >one.svg
    run_for 0 scripts/update-readme page.md
    expect "the picture" "$(cat one.svg)" new
    cmp page.md before.md
    sed -i 's/echo new/echo half; false/' page.md
    run_for 1 scripts/update-readme page.md
    expect "the picture" "$(cat one.svg) $(ls one.svg*)" "new one.svg"
}
