#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Puts the sources that pages show into them, as they are now.

usage: tests/docs/sources.py PAGE...     (scripts/update-readme calls it)

    <!-- source: docs/lessons/python/py_gather.py -->          the file without its first comments
    <!-- source: docs/lessons/gather.c lesson-gather -->    the function behind its marker

Whether they are is a test, tests/docs/references.py.
"""

import os
import sys

sys.dont_write_bytecode = True
from pages import END, ROOT, SOURCE, Source, read_page  # noqa: E402

LANGUAGES = {".py": "python", ".c": "c", ".h": "c", ".S": "asm"}


def with_sources(page):
    """The page's text with all of them renewed."""
    lines, inside = [], False
    for number, line in enumerate(read_page(page).splitlines(), 1):
        shown = SOURCE.match(line)
        inside = inside and line != END
        if not inside:
            lines.append(line)
        if shown:
            source = Source(page, number, *shown.groups())
            language = LANGUAGES[os.path.splitext(source.path)[1]]
            lines += [f"```{language}", *source.wanted().splitlines(), "```"]
            inside = True
    if inside:
        raise ValueError(f"{page}: a source is not closed by {END}")
    return "".join(line + "\n" for line in lines)


def main():
    if len(sys.argv) < 2 or sys.argv[1].startswith("-"):
        print(__doc__.strip())
        return 0 if sys.argv[1:] in (["-h"], ["--help"]) else 2
    for argument in sys.argv[1:]:
        page = os.path.relpath(os.path.abspath(argument), ROOT)
        text = with_sources(page)
        if text != read_page(page):
            with open(os.path.join(ROOT, page), "w", encoding="utf-8") as file:
                file.write(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
