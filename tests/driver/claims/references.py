#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Do the tables, rows, programs and outputs that claims or questions name exist?

    references.py FOLDER BIN
"""

import json
import pathlib
import re
import subprocess
import sys

FOLDER, BIN = map(pathlib.Path, sys.argv[1:])
faults = []


LANES = pathlib.Path(__file__).resolve().parents[3] / "lanes" / "python"


def describe(program):
    done = subprocess.run([program, "--describe"], capture_output=True, check=True)
    return json.loads(done.stdout)


MODELS = {model: describe(BIN / model) for model in
          ("sequential", "multiprocess", "multithread", "coroutine", "eventloop")}
LEFT_OUT = {one["name"] for one in MODELS["sequential"].get("left_out") or []}


def label(model):
    if isinstance(model, str):
        return model
    words = (key if value is True else f"{key}={value}" for key, value in model["options"].items())
    return " ".join([model["model"], *words])


def names(options):
    return {option["name"] for option in options}


def check_table(name, table, lanes):
    """The workload, its options and those of each model are known to the runners."""
    if table["workload"] in LEFT_OUT:
        return
    for model in table["models"]:
        model = {"model": model, "options": {}} if isinstance(model, str) else model
        if model["model"] in lanes and model["model"] not in MODELS:
            MODELS[model["model"]] = describe(LANES / model["model"])
        about = MODELS[model["model"]]
        workload = next((one for one in about["workloads"] if one["name"] == table["workload"]),
                        None)
        if workload is None:
            faults.append(f"{name}: {model['model']} has no workload {table['workload']}")
            continue
        unknown = set(table.get("arguments", {})) - names(workload["options"])
        unknown |= set(model["options"]) - names(about["options"])
        faults.extend(f"{name}: no option {option}" for option in sorted(unknown))


def conditions(claim):
    for rule in ("confirmed", "refuted"):
        for kind in claim.get(rule, {}).values():
            yield from kind
    if "figure" in claim:
        yield claim["figure"]


def check(path):
    claim = json.loads(path.read_text(encoding="utf-8"))
    experiment = claim.get("experiment", {})
    tables = experiment.get("plan", {}).get("tables", [])
    rows = {(table["id"], label(model)) for table in tables for model in table["models"]}
    named = {name for table in tables for name in map(label, table["models"])}
    faults.extend(f"{path.name}: no table has the lane {lane}"
                  for lane in experiment.get("lanes", []) if lane not in named)
    for table in tables:
        check_table(path.name, table, experiment.get("lanes", []))
    source = (FOLDER / experiment["python"]).read_text() if "python" in experiment else ""
    outputs = set(re.findall(r'"(\w+)"(?=:|\] =)', source))
    for condition in conditions(claim):
        for value in (condition["of"], condition.get("to")):
            if value and "output" in value and value["output"] not in outputs:
                faults.append(f"{path.name}: {experiment['python']} prints no {value['output']}")
            elif value and "table" in value and (value["table"], value["row"]) not in rows:
                faults.append(f"{path.name}: no row {value['table']}, {value['row']}")


for file in sorted(FOLDER.glob("*.json")):
    check(file)
print("\n".join(faults) or "all is there")
sys.exit(1 if faults else 0)
