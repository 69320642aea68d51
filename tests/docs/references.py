#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Do the pages speak of things that exist?

Links between files and to headings, markers that lessons point to (`DOC: name` in a
page, //DOC: name in exactly one source, and no marker that no page knows), targets of
make, scripts, the form of sources in pages, sources that pages show, the length of README.md and of
commands that a reader types.
"""

import collections
import os
import re
import shutil
import subprocess
import sys

sys.dont_write_bytecode = True
from course import check_course  # noqa: E402
from pages import LINK, ROOT, Tap, all_pages, original, parse, parse_all, prose, read_page  # noqa: E402

README_LINES = 150
COMMAND_CHARACTERS = 100
MARKER = re.compile(r"`DOC:\s([a-z0-9-]+)`")
SOURCE_MARKER = re.compile(r"^//DOC: ([a-z0-9-]+)$", re.MULTILINE)
MAKE = re.compile(r"`make((?: [^`]+)?)`")
MAKE_LINE = re.compile(r"^make((?: .*)?)$", re.MULTILINE)
SCRIPT = re.compile(r"(?<!release/)\b((?:scripts|tests|driver|runners|workloads|lib|docs|tools)/[\w./-]+\w)")


def heading_anchor(heading):
    """The name that web pages give to a heading: lower case, words joined by dashes."""
    text = re.sub(r"[`*]|\[([^\]]*)\]\([^)]*\)", r"\1", heading).strip().lower()
    return re.sub(r"[^\w\- ]", "", text).replace(" ", "-")


def headings(page):
    text = re.sub(r"^```.*?^```$", "", read_page(page), flags=re.DOTALL | re.MULTILINE)
    return {heading_anchor(h) for h in re.findall(r"^#+ (.*)$", text, re.MULTILINE)}


def check_links(page):
    problems = []
    for target in LINK.findall(prose(page)):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        found = os.path.normpath(os.path.join(os.path.dirname(page), path)) if path else page
        if not os.path.exists(os.path.join(ROOT, found)):
            problems.append(f"{page}: the link to {target} leads nowhere")
        elif anchor and found.endswith(".md") and anchor not in headings(found):
            problems.append(f"{page}: {found} has no heading #{anchor}")
    return problems


FUNCTION = re.compile(r"`(\w+)\(\)`\s+(?:in|в|из)\s+\[[^\]]*\]\(([^)#]+)\)")


def check_functions(page):
    """`name()` in [file](file): the file must define it, or call it."""
    problems = []
    for name, target in FUNCTION.findall(read_page(page)):
        path = os.path.join(ROOT, os.path.dirname(page), target)
        if not os.path.exists(path):
            continue  # check_links() says so
        with open(path, encoding="utf-8") as file:
            text = file.read()
        if not re.search(rf"\b{name}\(", text):
            problems.append(f"{page}: {target} has no {name}()")
    return problems


def source_markers():
    places = collections.defaultdict(list)
    for folder in ["lib", "runners", "workloads", "driver", "docs", "tools"]:
        for place, _, files in os.walk(os.path.join(ROOT, folder)):
            for name in files:
                if not name.endswith((".c", ".h", ".S")):
                    continue
                path = os.path.join(place, name)
                with open(path, encoding="utf-8") as file:
                    for marker in SOURCE_MARKER.findall(file.read()):
                        places[marker].append(os.path.relpath(path, ROOT))
    return places


def check_markers(pages):
    named = {m: page for page in pages for m in MARKER.findall(read_page(page))}
    places = source_markers()
    problems = []
    for marker, page in sorted(named.items()):
        if len(places[marker]) != 1:
            found = ", ".join(places[marker]) or "nowhere"
            problems.append(f"{page}: DOC: {marker} must stand in one source; found: {found}")
    for marker, files in sorted(places.items()):
        if marker not in named:
            problems.append(f"{files}: no page points to DOC: {marker}")
    return problems


def check_targets(pages):
    targets = set()
    for part in ("Makefile", "scripts/install.mk", "tests/tests.mk"):
        with open(os.path.join(ROOT, part), encoding="utf-8") as file:
            targets.update(re.findall(r"^([a-z][a-z-]*):", file.read(), re.MULTILINE))
    problems = []
    for page in pages:
        text = read_page(page)
        for words in MAKE.findall(text) + MAKE_LINE.findall(text):
            for word in words.split("#")[0].split():
                if re.fullmatch(r"[a-z][a-z-]*", word) and word not in targets:
                    problems.append(f"{page}: there is no target for `make {word}`")
    return problems


def check_paths(page):
    """Paths that stand in `code`: they are not links, but should exist as well."""
    problems = []
    text = re.sub(r"^```.*?^```$", "", read_page(page), flags=re.DOTALL | re.MULTILINE)
    for code in re.findall(r"`([^`\n]+)`", text):
        for path in SCRIPT.findall(code):
            if "divisors" in path or "<" in code or "NAME" in code or "*" in code:
                continue
            if not os.path.exists(os.path.join(ROOT, path)):
                problems.append(f"{page}: `{path}` does not exist")
    return problems


def check_format(pages):
    """Sources in pages look like all others."""
    problems = []
    for page in pages:
        for block in parse(page)[0]:
            if block.language != "c" or "file" not in block.words:
                continue
            name = os.path.join(ROOT, os.path.basename(block.words["file"]))
            formatted = subprocess.run(
                ["clang-format", "--assume-filename=" + name],
                input=block.text,
                stdout=subprocess.PIPE,
                encoding="utf-8",
                check=True,
            ).stdout
            if formatted != block.text:
                problems.append(f"{block.name()}: clang-format would change this")
    return problems


def check_shown(pages):
    """What a page shows of a source is what stands there."""
    return [
        f"{source.name()}: {source.path} says something else now; run scripts/update-readme {page}"
        for page in pages
        for source in parse_all(page)[2]
        if source.text != source.wanted()
    ]


def check_commands(pages):
    """A command that a lesson asks for fits a line."""
    return [
        f"{part.name()}: {len(part.command)} characters; {COMMAND_CHARACTERS} are the most"
        for page in pages
        if page.startswith("docs/lessons/")
        for part in parse(page)[1]
        if len(part.command) > COMMAND_CHARACTERS
    ]


def main():
    tap = Tap()
    pages = all_pages()
    for page in pages:
        tap.check(f"{page}: links and paths", check_links(page) + check_paths(page))
        tap.check(f"{page}: functions", check_functions(page))
    tap.check("markers of the lessons", check_markers(pages))
    tap.check("targets of make", check_targets(pages))
    pages = [page for page in pages if original(page) is None]  # the others have the same code
    tap.check("sources that pages show", check_shown(pages))
    tap.check("commands of lessons", check_commands(pages))
    tap.check("the course is whole", check_course())
    if shutil.which("clang-format"):
        tap.check("sources in pages are formatted", check_format(pages))
    else:
        tap.skipped("sources in pages are formatted", "clang-format is not installed")
    if "README.md" in pages:
        lines = len(read_page("README.md").splitlines())
        problem = [f"README.md has {lines} lines; {README_LINES} are the most"]
        tap.check("length of README.md", problem if lines > README_LINES else [])
    return tap.end()


if __name__ == "__main__":
    sys.exit(main())
