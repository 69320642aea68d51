#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Reads a page that the driver has written, and holds it against the report.

    page.py wellformed PAGE            every element is closed, ids are unique, references
                                       lead somewhere, nothing is asked for from elsewhere
    page.py numbers PAGE REPORT        every number of a plot's table is the report's
    page.py answers PAGE REPORT        five questions, answered from the page alone

REPORT must have been analysed: `quartet report --format json`.
"""

import html.parser
import json
import math
import os
import re
import sys

VOID = {"meta", "link", "br", "img", "hr", "input"}


def fail(text):
    raise SystemExit(f"page.py: {text}")


class Page(html.parser.HTMLParser):
    """All elements in their order; the tables as rows of cells."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.open, self.elements, self.tables, self.text = [], [], {}, []
        self.rows, self.cell, self.places = None, None, []
        self.feed(text)
        self.close()
        if self.open:
            fail(f"<{self.open[-1]}> is not closed")

    def handle_starttag(self, tag, attributes):
        names = [name for name, _ in attributes]
        if len(set(names)) != len(names):
            fail(f"<{tag}> has an attribute twice: {names}")
        self.elements.append((tag, dict(attributes)))
        if tag not in VOID:
            self.open.append(tag)
        if tag in ("figure", "section"):
            self.places.append(dict(attributes).get("id", ""))
        if tag == "table":
            self.rows = []
            self.tables[self.places[-1]] = self.rows
        if tag == "tr" and self.rows is not None:
            self.rows.append([])
        if tag in ("td", "th") and self.rows:
            self.cell = [None, ""]
        if tag == "data":
            self.cell[0] = float(dict(attributes)["value"])

    def handle_startendtag(self, tag, attributes):
        if "svg" not in self.open and tag not in VOID:
            fail(f"<{tag}/> closes itself outside of SVG")
        self.elements.append((tag, dict(attributes)))

    def handle_endtag(self, tag):
        if not self.open or self.open[-1] != tag:
            fail(f"</{tag}> where {self.open[-1:]} is open")
        self.open.pop()
        if tag in ("figure", "section"):
            self.places.pop()
        if tag in ("td", "th") and self.cell is not None:
            if self.cell[0] is None and re.fullmatch(r"-?\d+(\.\d+)?", self.cell[1]):
                self.cell[0] = float(self.cell[1])  # all its digits are shown
            self.rows[-1].append(tuple(self.cell))
            self.cell = None
        if tag == "table":
            self.rows = None

    def handle_data(self, data):
        self.text.append(data)
        if self.cell is not None:
            self.cell[1] += data


def described(plot, text):
    """Its second label is a text in the plot, or what stands below it."""
    name = re.search(r'aria-labelledby="\S+ (\S+)"', plot)
    return name and re.search(rf'<(desc|figcaption) id="{re.escape(name[1])}">[^<]', text)


def wellformed(page, _report, text):
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    if len(set(ids)) != len(ids):
        fail("an id stands twice")
    for tag, attributes in page.elements:
        if tag in ("script", "iframe", "object", "embed", "base", "form"):
            fail(f"there is a <{tag}>")
        for name, value in attributes.items():
            if name.startswith("on") or name in ("src", "srcset", "action"):
                fail(f"<{tag} {name}=...>")
            if name == "href" and value not in ("report.json", "data:,") and value[1:] not in ids:
                fail(f"a link leads to '{value}'")
            if name == "aria-labelledby" and not set(value.split()) <= set(ids):
                fail(f"aria-labelledby names no element: {value}")
    plots = re.findall(r"<svg viewBox.*?</svg>", text, re.DOTALL)
    if not plots or not all("<title" in plot and described(plot, text) for plot in plots):
        fail("a plot has no title or description, or there is no plot")
    if re.search(r"url\(|@import|https?://", text):
        fail("the page asks for something")
    if re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text):
        fail("there is a control character")


# ---- numbers ---------------------------------------------------------------------------


def same(shown, value, where):
    if value is None:
        value = float("nan")
    if shown is None:
        shown = float("nan")
    if math.isnan(shown) != math.isnan(value) or (
            not math.isnan(value) and not math.isclose(shown, value, rel_tol=1e-9)):
        fail(f"{where}: the page has {shown}, the report {value}")


def at(value, *path):
    for name in path:
        value = None if value is None else value.get(name)
    return value


def cpu_of(cell):
    return at(cell, "statistics", "caused_cpu_ns", "median") or at(cell, "statistics", "cpu_ns", "median")


def check_row(row, expected, where):
    for (shown, _), value in zip(row[1:], expected):
        if value != "text":
            same(shown, value, where)
    return len(expected)


def ratios(rows, table, _report):
    cells = {cell["id"]: cell for cell in table["cells"]}
    if [row[0][1] for row in rows[1:]] != [cells[name]["label"] for name in table["ranking"]]:
        fail(f"{table['id']}: the rows are not those of the ranking")
    checked = 0
    for row, name in zip(rows[1:], table["ranking"]):
        pair = next((p for p in table["comparisons"] if (p["a"], p["b"]) == (name, table["ranking"][0])), None)
        found = statistics_of(cells[name])
        checked += check_row(row, [pair["ratio"] if pair else 1, at(pair, "low"), at(pair, "high"), "text",
                                   found["wall_ns"]["median"], cpu_of(cells[name]),
                                   at(found, "memory", "bytes")], f"{name} ratios")
    return checked


def statistics_of(cell):
    return cell["statistics"]


def rounds(rows, table, _report):
    cells = {cell["id"]: cell for cell in table["cells"]}
    checked = 0
    for row, block in zip(rows[1:], table["blocks"], strict=True):
        times = [next((s["wall_ns"] for s in cells[name]["samples"] if s["block"] == block["number"]), None)
                 for name in table["ranking"]]
        twin = next((s["wall_ns"] for s in at(cells, block.get("twin"), "twins") or []
                     if s["block"] == block["number"]), None)
        checked += check_row(row, [*times, twin], f"{table['id']} block {block['number']}")
    return checked


def latency(rows, table, _report):
    cells = {cell["label"]: cell for cell in table["cells"]}
    return sum(check_row(row, [at(cells[row[0][1]], "statistics", "latency_ns", name)
                               for name in ("count", "p50", "p90", "p99", "p999")], row[0][1])
               for row in rows[1:])


def sweep(rows, found, report):
    tables = {table["id"]: table for table in report["tables"]}
    points = iter(rows[1:])
    checked = 0
    for series in found["series"]:
        for point in series["points"]:
            cells = tables[point["table"]]["cells"]
            cell = next((c for c in cells if c["label"] == series["label"]), None)
            wall, count = at(cell, "statistics", "wall_ns"), at(cell, "statistics", "operations")
            bounds = [wall[edge] / count if wall and wall["confidence"] > 0 else None for edge in ("low", "high")]
            row = next(points)
            checked += check_row(row, [tables[point["table"]]["concurrency"], point["wall_ns_per_operation"],
                                       *bounds, point["ratio_to_first"], point["low"], point["high"],
                                       point["ratio_to_best"]], f"{series['label']} in {point['table']}")
    return checked


def gate(rows, table, report):
    entries = [e for e in report["gate"]["comparisons"] if e["table"] == table["id"]]
    checked = 0
    for row, entry in zip(rows[1:], entries, strict=True):
        checked += check_row(row, ["text", entry["base"], entry["head"], entry["ratio"], entry["low"],
                                   entry["high"], 1 + entry["threshold"]], f"{entry['row']} {entry['metric']}")
    return checked


def strips(rows, table, _report):
    """Of the files of events, which lie beside the report."""
    folder = os.path.join(os.path.dirname(sys.argv[3]), "trace")
    checked, left = 0, iter(rows[1:])
    for number, cell in enumerate(table["cells"]):
        path = os.path.join(folder, f"{table['id'].replace('/', '-')}.{number}.json")
        if not os.path.exists(path):
            continue
        with open(path, encoding="utf-8") as file:
            trace = json.load(file)
        row = next(left)
        if row[0][1] != cell["label"]:
            fail(f"{path}: the row is that of {row[0][1]}")
        lost = trace["lost"] + sum(lane["lost"] for lane in trace["lanes"])
        checked += check_row(row, [trace["workers"], trace["tasks"], trace["finished_ns"], "text", "text",
                                   "text", lost], f"strip of {cell['label']}")
    if next(left, None) is not None:
        fail(f"{table['id']}: a strip without events")
    return checked


def numbers(page, report, _text):
    checked = 0
    for place, rows in page.tables.items():
        found = re.fullmatch(r"([ts])(\d+)-(\w+)", place)
        if found:
            subject = report["tables" if found[1] == "t" else "sweeps"][int(found[2]) - 1]
            checked += globals()[found[3]](rows, subject, report)
    if checked < 20:
        fail(f"only {checked} numbers were found")
    print(f"{checked} numbers are the report's")


# ---- questions -------------------------------------------------------------------------


def answers(page, report, _text):
    """Fastest and slowest row, a tie, the noisiest table, memory of the heaviest row."""
    rows = page.tables["glance"][1:]
    tables = report["tables"]
    for row, table in zip(rows, tables, strict=True):
        cells = {cell["id"]: cell for cell in table["cells"]}
        ranking = table["ranking"]
        if not ranking:
            continue
        equal = {p["a"]: p["equal"] for p in table["comparisons"] if p["b"] == ranking[0]}
        fastest = [cells[n]["label"] for n in ranking if n == ranking[0] or equal[n] is not False]
        if row[1][1].split(" ~ ") != fastest:
            fail(f"{table['id']}: fastest: {row[1][1]} is not {fastest}")
        if len(ranking) > 1 and row[2][1] != cells[ranking[-1]]["label"]:
            fail(f"{table['id']}: slowest: {row[2][1]}")
        memory = {cells[n]["label"]: at(statistics_of(cells[n]), "memory", "bytes") or 0 for n in ranking}
        if any(memory.values()):
            same(row[5][0], max(memory.values()), "heaviest")
            if memory[row[4][1]] != max(memory.values()):
                fail(f"{table['id']}: heaviest: {row[4][1]}")
    floors = {row[0][1]: row[6][0] for row in rows if len(row) > 6 and row[6][0] is not None}
    known = {table["title"]: table["noise"]["floor"] for table in tables if table["ranking"]
             and table["noise"]["floor"] is not None}
    if floors and max(floors, key=floors.get) != max(known, key=known.get):
        fail("the noisiest table is another one")


def main():
    if len(sys.argv) < 3 or sys.argv[1] not in ("wellformed", "numbers", "answers"):
        fail("see the head of this file")
    with open(sys.argv[2], encoding="utf-8") as file:
        text = file.read()
    report = json.load(open(sys.argv[3], encoding="utf-8")) if len(sys.argv) > 3 else None
    globals()[sys.argv[1]](Page(text), report, text)


main()
