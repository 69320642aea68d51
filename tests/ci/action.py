#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs the steps of action.yml as the service would: action.py ACTION NAME=VALUE...

`run:` by bash with what `env:` adds; actions/cache and actions/upload-artifact are copies of folders
below $SERVICE. Expressions are replaced; `if:` knows always() and comparisons. Prints
the outputs of the action and ends with the exit code of the first step that failed.
"""

import os
import pathlib
import re
import shutil
import subprocess
import sys

import yaml

SERVICE = pathlib.Path(os.environ["SERVICE"])


def parse_outputs(path):
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return dict(line.split("=", 1) for line in lines if "=" in line)


class Run:
    def __init__(self, action, inputs):
        self.values = {"github.token": os.environ.get("GITHUB_TOKEN", ""),
                       "github.sha": os.environ["GITHUB_SHA"], "github.run_attempt": "1",
                       "runner.os": "Linux"}
        for name, one in action["inputs"].items():
            self.values["inputs." + name] = inputs.pop(name, None)
            if self.values["inputs." + name] is None:
                self.values["inputs." + name] = self.expand(one["default"])
        if inputs:
            raise SystemExit(f"the action has no input {', '.join(inputs)}")

    def expand(self, text):
        return re.sub(r"\$\{\{ *([\w.-]+) *\}\}", lambda found: self.values.get(found[1], ""), str(text))

    def wanted(self, step, failed):
        condition = step.get("if", "success()")
        parts = [part.strip() for part in condition.split("&&")]
        if failed and "always()" not in parts:
            return False
        for part in parts:
            found = re.fullmatch(r"([\w.-]+) == '([^']*)'", part)
            if found and self.values[found[1]] != found[2]:
                return False
        return True

    def use(self, step):
        words = {name: self.expand(value) for name, value in step["with"].items()}
        if step["uses"].startswith("actions/cache@"):
            if (SERVICE / "cache").exists():
                shutil.copytree(SERVICE / "cache", words["path"], dirs_exist_ok=True)
        elif step["uses"].startswith("actions/upload-artifact@"):
            shutil.rmtree(SERVICE / "artifact", ignore_errors=True)
            if os.path.exists(words["path"]):
                shutil.copytree(words["path"], SERVICE / "artifact")
        else:
            raise SystemExit(f"an action that the test does not know: {step['uses']}")

    def run(self, step):
        outputs = SERVICE / "outputs"
        outputs.unlink(missing_ok=True)
        environment = dict(os.environ, GITHUB_OUTPUT=str(outputs))
        environment.pop("GITHUB_TOKEN", None)
        environment.update({name: self.expand(value) for name, value in step.get("env", {}).items()})
        assert step["shell"] == "bash"
        code = subprocess.run(["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c",
                               self.expand(step["run"])], env=environment, check=False).returncode
        for name, value in parse_outputs(outputs).items():
            self.values[f"steps.{step.get('id')}.outputs.{name}"] = value
        return code


def main():
    action = yaml.safe_load(open(sys.argv[1], encoding="utf-8"))
    run = Run(action, dict(word.split("=", 1) for word in sys.argv[2:]))
    failed = 0
    for step in action["runs"]["steps"]:
        if not run.wanted(step, failed):
            continue
        print(f"step: {step['name']}", flush=True)
        code = run.use(step) if "uses" in step else run.run(step)
        failed = failed or code or 0
    if not failed and os.path.isdir(".quartet"):
        shutil.copytree(".quartet", SERVICE / "cache", dirs_exist_ok=True)
    for name, one in action["outputs"].items():
        print(f"output {name}={run.expand(one['value'])}")
    return failed


sys.exit(main())
