# SPDX-License-Identifier: MIT
"""The pages of this project as data: their fenced blocks, links and generated parts.

A block may carry words behind its language, which readers do not see:

    ```c file=workloads/x/kernel.c      a file: written before later commands run
    ```sh                               commands: run, and must succeed
    ```sh skip="needs root"             commands that are not run, and why
    ```sh small="quartet run -n 1"      the same with less to do, which is run in their place

A generated part is the output of a command, written by scripts/update-readme:

    <!-- begin: COMMAND -->  ...  <!-- end -->
    <!-- begin (skip: REASON): COMMAND -->      too long or too special for a test

A source that a page shows is a copy, kept by tests/docs/sources.py:

    <!-- source: PATH [MARKER] -->  ...  <!-- end -->

A Russian page has the English one's code, outputs and sources, kept by scripts/translation.
"""

import os
import re
import shlex
import time

FENCE = re.compile(r"^```(\w*)\s*(.*)$")
BEGIN = re.compile(r"^<!-- begin(?: \(skip: (.*?)\))?: (.*) -->$")
SOURCE = re.compile(r"^<!-- source: (\S+)(?: (\S+))? -->$")
END = "<!-- end -->"
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
RUSSIAN = "docs/ru/"
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


class Block:
    """One fenced block. `words` are those behind the language; `line` counts from 1."""

    def __init__(self, page, line, language, words, generated):
        self.page = page
        self.line = line
        self.language = language
        self.words = dict(w.split("=", 1) for w in shlex.split(words) if "=" in w)
        self.generated = generated
        self.text = ""

    def name(self):
        return f"{self.page}:{self.line}"


class Generated:
    """A part that scripts/update-readme writes: its command, and what stands there."""

    def __init__(self, page, line, skip, command):
        self.page = page
        self.line = line
        self.skip = skip
        self.command = command
        self.text = ""

    def name(self):
        return f"{self.page}:{self.line}"


class Source:
    """A part that shows a source: a whole file, or the function behind a marker."""

    def __init__(self, page, line, path, marker):
        self.page = page
        self.line = line
        self.path = path
        self.marker = marker
        self.text = ""

    def name(self):
        return f"{self.page}:{self.line}"

    def wanted(self):
        """What should stand there. Comments at the head of a file are not shown."""
        with open(os.path.join(ROOT, self.path), encoding="utf-8") as file:
            lines = file.read().splitlines()
        if self.marker is None:
            while lines and (lines[0].startswith(("#", "//")) or not lines[0]):
                lines.pop(0)
            return "".join(line + "\n" for line in lines)
        start = lines.index(f"//DOC: {self.marker}") + 1
        return "".join(line + "\n" for line in lines[start : lines.index("}", start) + 1])


def all_pages():
    """Paths of all pages, relative to the root."""
    pages = ["README.md", "README.ru.md", "FAIRNESS.md", "CONTRIBUTING.md"]
    for folder in ["docs", "lanes", "workloads", "scripts", "results", "tests"]:
        for place, folders, files in os.walk(os.path.join(ROOT, folder)):
            if folder == "results":
                folders.clear()
            pages += [
                os.path.relpath(os.path.join(place, name), ROOT)
                for name in sorted(files)
                if name.endswith(".md")
            ]
    return [page for page in pages if os.path.exists(os.path.join(ROOT, page))]


def translation(page):
    """Where the Russian version of an English page lies, or would lie; None for other paths."""
    if page == "README.md":
        return "README.ru.md"
    english = page.startswith("docs/") and page.endswith(".md") and not page.startswith(RUSSIAN)
    return RUSSIAN + page[len("docs/") :] if english else None


def original(page):
    """The English page that this one translates; None for pages that translate none."""
    if page == "README.ru.md":
        return "README.md"
    russian = page.startswith(RUSSIAN) and page != RUSSIAN + "glossary.md"
    return "docs/" + page[len(RUSSIAN) :] if russian else None


def read_page(page):
    with open(os.path.join(ROOT, page), encoding="utf-8") as file:
        return file.read()


def parse(page):
    """Returns (blocks, generated parts) in the order of the page."""
    blocks, parts, _ = parse_all(page)
    return blocks, parts


def parse_all(page):
    """Returns (blocks, generated parts, shown sources) in the order of the page."""
    blocks, parts, sources = [], [], []
    block = part = None
    for number, line in enumerate(read_page(page).splitlines(), 1):
        fence = FENCE.match(line)
        begin = BEGIN.match(line)
        shown = SOURCE.match(line)
        if block is not None and line == "```":
            block = None
        elif block is not None:
            block.text += line + "\n"
            if part is not None:
                part.text += line + "\n"
        elif fence:
            block = Block(page, number, fence.group(1), fence.group(2), part is not None)
            blocks.append(block)
        elif begin:
            part = Generated(page, number, begin.group(1), begin.group(2))
            parts.append(part)
        elif shown:
            part = Source(page, number, *shown.groups())
            sources.append(part)
        elif line == END:
            part = None
    if block is not None or part is not None:
        raise ValueError(f"{page}: a block is not closed")
    return blocks, parts, sources


def prose(page):
    """The page without its fenced blocks and without `code`."""
    text = re.sub(r"^```.*?^```$", "", read_page(page), flags=re.DOTALL | re.MULTILINE)
    return re.sub(r"`[^`]*`", "", text)


class Tap:
    """Prints results in the form that tests/run counts."""

    def __init__(self):
        self.count = 0
        self.failed = 0
        self.since = time.monotonic()

    def took(self):
        """How long it is since the last result, as bats says it."""
        began, self.since = self.since, time.monotonic()
        return f" in {round((self.since - began) * 1000)}ms"

    def passed(self, name):
        self.count += 1
        print(f"ok {self.count} - {name}{self.took()}", flush=True)

    def skipped(self, name, reason):
        self.count += 1
        print(f"ok {self.count} - {name}{self.took()} # skip {reason}", flush=True)

    def failure(self, name, text):
        self.count += 1
        self.failed += 1
        print(f"not ok {self.count} - {name}{self.took()}")
        for line in text.splitlines():
            print(f"# {line}")
        print(end="", flush=True)

    def check(self, name, problems):
        if problems:
            self.failure(name, "\n".join(problems))
        else:
            self.passed(name)

    def end(self):
        print(f"1..{self.count}")
        return 1 if self.failed else 0
