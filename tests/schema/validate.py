#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Holds JSON files against the schemas in results/schemas.

    validate.py FILE...     "-" is standard input
    validate.py --schemas   holds the schemas themselves against theirs

Which schema is meant is said by the file itself, in its member "schema". Prints a line
per mistake (file, place, what is wrong) and exits 1 if there is any; exits 77 where the
Debian package python3-jsonschema is missing.
"""

import json
import os
import pathlib
import sys

SYSTEM_PYTHON = "/usr/bin/python3"  # has the Debian packages, whatever PATH says first

try:
    import jsonschema
except ImportError:
    if os.path.exists(SYSTEM_PYTHON) and "QUARTET_SYSTEM_PYTHON" not in os.environ:
        os.environ["QUARTET_SYSTEM_PYTHON"] = "tried"
        os.execv(SYSTEM_PYTHON, [SYSTEM_PYTHON, *sys.argv])
    print("validate.py: python3-jsonschema is not installed")
    sys.exit(77)

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "results" / "schemas"


def load_schemas():
    schemas = {}
    for path in sorted(FOLDER.glob("*.schema.json")):
        schema = json.loads(path.read_text(encoding="utf-8"))
        if schema["$id"] != path.name:
            sys.exit(f"{path}: its $id must be its name")
        schemas[path.name] = schema
    return schemas


def validator_for(schema, schemas):
    """References between the files are resolved here, never from the network."""
    try:
        from referencing import Registry, Resource
        from referencing.jsonschema import DRAFT7
    except ImportError:  # before jsonschema 4.18
        resolver = jsonschema.RefResolver(schema["$id"], schema, store=schemas)
        return jsonschema.Draft7Validator(schema, resolver=resolver)
    resources = [(name, Resource(one, DRAFT7)) for name, one in schemas.items()]
    return jsonschema.Draft7Validator(schema, registry=Registry().with_resources(resources))


def deepest(error):
    """Of "neither null nor this object" only what is wrong in the object is of interest."""
    while error.context:
        error = min(error.context, key=lambda one: (one.validator == "type", -len(one.path)))
    return error


def refuse_constant(word):
    raise ValueError(f"{word} is not JSON")


def refuse_duplicates(pairs):
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a name stands twice in one object")
    return members


def read(path):
    text = sys.stdin.read() if path == "-" else pathlib.Path(path).read_text(encoding="utf-8")
    return json.loads(text, parse_constant=refuse_constant, object_pairs_hook=refuse_duplicates)


def loose_ends(report):
    """What a schema cannot say: names that must occur elsewhere in the report."""
    ids = [table["id"] for table in report["tables"]]
    if len(ids) != len(set(ids)):
        yield "tables: an id stands twice"
    for table in report["tables"]:
        cells = [cell["id"] for cell in table["cells"]]
        if len(cells) != len(set(cells)):
            yield f"{table['id']}: the id of a cell stands twice"
        named = set(table.get("ranking", []))
        for comparison in table.get("comparisons", []):
            named |= {comparison["a"], comparison["b"]}
        for block in table["blocks"]:
            named |= set(block["order"])
        for name in sorted(named - set(cells)):
            yield f"{table['id']}: names '{name}', which is none of its cells"
        numbers = {block["number"] for block in table["blocks"]}
        for cell in table["cells"]:
            if not {sample["block"] for sample in cell["samples"]} <= numbers:
                yield f"{cell['id']}: has a sample of a block that is not there"


def mistakes(path, schemas):
    try:
        document = read(path)
    except (OSError, ValueError) as error:
        yield f"cannot be read: {error}"
        return
    kind = document.get("schema") if isinstance(document, dict) else None
    for schema in schemas.values():
        if schema["properties"]["schema"]["const"] == kind:
            break
    else:
        yield f"its schema is {kind!r}, which is not known"
        return
    found = False
    for error in validator_for(schema, schemas).iter_errors(document):
        found = True
        error = deepest(error)
        place = "/".join(str(step) for step in error.absolute_path) or "(root)"
        yield f"{place}: {error.message[:300]}"
    if kind == "quartet.report/1" and not found:
        yield from loose_ends(document)


def main():
    if len(sys.argv) < 2:
        sys.exit("usage: validate.py FILE...|--schemas")
    schemas = load_schemas()
    if sys.argv[1:] == ["--schemas"]:
        for schema in schemas.values():
            jsonschema.Draft7Validator.check_schema(schema)
        return 0
    failed = False
    for path in sys.argv[1:]:
        for mistake in mistakes(path, schemas):
            print(f"{path}: {mistake}")
            failed = True
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
