# SPDX-License-Identifier: MIT
"""Is the course whole? Each page asks for a prediction and shows what was measured, answers its
exercises, and has its program in Python; the table of docs/words.md leads to each page, its
command and each claim. Called by references.py, which looks at links as well."""

import glob
import os
import re

from pages import ROOT, parse_all, read_page

LESSONS = "docs/lessons/"
WORDS = ("docs/words.md", "docs/ru/words.md")
ROW = re.compile(r"^\| (.+?) \| (.+?) \| \[([\w-]+)\]\((\S+)\) \| `([^`]+)` \| (.+) \|$")
CLAIM = re.compile(r"\[(\d+)\]\([./]*(claims/[\w.-]+)\)")


def names(pattern):
    return {os.path.splitext(os.path.basename(path))[0] for path in glob.glob(os.path.join(ROOT, pattern))}


def check_lesson(name):
    """A page shows its question with the strip of a measured answer, and its program in Python
    with what that prints."""
    page = f"{LESSONS}{name}.md"
    _, parts, sources = parse_all(page)
    shown = {part.command: part.text for part in parts}
    python = f"{LESSONS}python/py_{name.replace('-', '_')}.py"
    asked = [text for command, text in shown.items()
             if re.fullmatch(rf"build/release/bin/quartet lesson {name} --answer \S+", command)]
    problems = []
    if not asked or len(asked[0].splitlines()) < 4:
        problems.append(f"{page}: shows no answer to `quartet lesson {name}`")
    if python not in [source.path for source in sources]:
        problems.append(f"{page}: does not show {python}")
    if not shown.get(f"python3 {python}"):
        problems.append(f"{page}: does not show what {python} prints")
    if "**Exercises" in read_page(page) and "<summary>Answers</summary>" not in read_page(page):
        problems.append(f"{page}: has exercises, and no answers")
    return problems


def rows(page):
    """The rows of the table, as (line, word, page, command, claims), and lines that are none."""
    table, problems = [], []
    for number, line in enumerate(read_page(page).splitlines(), 1):
        if not line.startswith("| ") or line.startswith("| ---"):
            continue
        found = ROW.match(line)
        if found:
            word, _, _, target, command, claims = found.groups()
            lesson = os.path.normpath(os.path.join("docs", target))
            table.append((f"{page}:{number}", word, lesson, command, CLAIM.findall(claims)))
        elif "](" in line:
            problems.append(f"{page}:{number}: not word, Python, page, command and claims")
    return table, problems


def check_row(place, word, lesson, command, claims):
    problems = []
    if not os.path.exists(os.path.join(ROOT, lesson)):
        return [f"{place}: {word}: there is no {lesson}"]
    if command not in read_page(lesson):
        problems.append(f"{place}: {word}: {lesson} has no `{command}`")
    if not claims:
        problems.append(f"{place}: {word}: leads to no claim")
    for number, path in claims:
        if not os.path.exists(os.path.join(ROOT, path)):
            problems.append(f"{place}: {word}: there is no {path}")
        elif not os.path.basename(path).startswith(f"{int(number):02}-"):
            problems.append(f"{place}: {word}: {path} is not claim {number}")
    return problems


def check_words():
    problems, tables = [], []
    for page in WORDS:
        table, wrong = rows(page)
        tables.append([row[2:] for row in table])
        problems += wrong
        for row in table:
            problems += check_row(*row)
    if tables[0] != tables[1]:
        problems.append(f"{WORDS[1]}: other pages, commands or claims than in {WORDS[0]}")
    missing = {f"{LESSONS}{name}.md" for name in lessons()} - {row[0] for row in tables[0]}
    missing |= names("claims/*.json") - {
        os.path.splitext(os.path.basename(path))[0] for row in tables[0] for _, path in row[2]}
    return problems + [f"{WORDS[0]}: no word leads to {name}" for name in sorted(missing)]


def lessons():
    return sorted(names("docs/lessons/*.md") - {"README"})


def check_course():
    problems = check_words()
    for name in lessons():
        problems += check_lesson(name)
    for name in sorted(names("docs/lessons/questions/*.json") ^ set(lessons())):
        problems.append(f"{LESSONS}: {name} has a page or a question, and not both")
    return problems
