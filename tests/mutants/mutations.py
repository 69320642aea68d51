# SPDX-License-Identifier: MIT
"""The mutations of a line of C, and how some of them are drawn from the source (see run)."""

import collections
import pathlib
import random
import re

ROOT = pathlib.Path(__file__).resolve().parents[2]

TURNED = {"<": ">=", ">": "<=", "<=": ">", ">=": "<", "==": "!=", "!=": "=="}
MOVED = {" < ": " <= ", " <= ": " < ", " > ": " >= ", " >= ": " > ", " + 1": "", " - 1": ""}
NO_DIGIT = r"(?![\d.])"  # what follows " + 1" and " - 1"
COMPARISON = re.compile(r" (<=|>=|==|!=|<|>) ")
RELEASE = re.compile(
    r"^\s+\w*(?:(?<![bc])lock|wake|signal|broadcast|post|release|close|free|stop|unlink|wait)\w*\(.*\);$"
)
STATEMENT = re.compile(r"^\s+(?:[a-z][\w.>\[\]-]*(?:\+\+|--| [-+|&]?= [^;]+)|\w+\([^;]*\));$")
ENDS = ("return", "goto", "break", "CHECK(")  # a CHECK says what cannot happen
SUCCESS = re.compile(r"\breturn (?:-E[A-Z]+|error|-errno|false);")

WHOLE = (";", "{", "}", ":")  # the line after such a one begins a statement, and no `if` owns it

Mutation = collections.namedtuple("Mutation", "part kind path line before after")


def is_code(line):
    text = line.strip()
    return text != "" and not text.startswith(("//", "#", "*", "/*", "static const", "extern"))


def of_line(line):
    """All mutations of a line: (kind, what the line becomes)."""
    for match in COMPARISON.finditer(line):
        turned = TURNED[match.group(1)]
        yield "comparison turned", line[: match.start(1)] + turned + line[match.end(1) :]
    for before, after in MOVED.items():
        where = re.search(re.escape(before) + (NO_DIGIT if before[-1] == "1" else ""), line)
        if where:
            yield "off by one", line[: where.start()] + after + line[where.end() :]
    if RELEASE.match(line):
        yield "lock, wake or close dropped", re.match(r"\s*", line).group() + ";"
    elif STATEMENT.match(line) and not line.strip().startswith(ENDS):
        yield "statement dropped", re.match(r"\s*", line).group() + ";"
    if SUCCESS.search(line):
        good = "true" if "return false;" in line else "0"
        yield "error returned as success", SUCCESS.sub(f"return {good};", line, count=1)


def candidates(part, folders):
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.c")):
            last = "{"
            for number, line in enumerate(path.read_text(encoding="utf-8").splitlines()):
                if is_code(line):
                    for kind, after in of_line(line):
                        if not kind.endswith("dropped") or last.endswith(WHOLE):
                            yield Mutation(part, kind, str(path.relative_to(ROOT)), number, line, after)
                    last = line.split(" // ")[0].rstrip()


def draw(folders_of, count, seed):
    """folders_of: part -> where its sources are. Evenly over parts and kinds, so that the many comparisons do not hide the few locks."""
    dice = random.Random(seed)
    parts = sorted(folders_of)
    piles = {}
    for part in parts:
        by_kind = collections.defaultdict(list)
        for mutation in candidates(part, folders_of[part]):
            by_kind[mutation.kind].append(mutation)
        piles[part] = by_kind
    drawn = []
    while len(drawn) < count and any(piles[part] for part in parts):
        part = parts[len(drawn) % len(parts)]
        kind = dice.choice(sorted(piles[part]))
        pile = piles[part][kind]
        drawn.append(pile.pop(dice.randrange(len(pile))))
        if not pile:
            del piles[part][kind]
    return drawn
