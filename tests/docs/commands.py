#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Does what the pages tell a reader to do. timeout: 900 s

All files and commands of a page are applied, in their order, to a copy of the tree. A page
that calls make has one for itself; the others use one after another, and what a page has
left there is removed before the next one, so that none can lean on another's files. A
command must end well; a generated part must come out in the shape in which it stands
there, with whatever numbers; what a lesson prints must be the same to the letter, except
for what the Python beside it has measured. Russian pages have the same commands, says
scripts/translation, and nothing is run twice.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
from pages import ROOT, Tap, all_pages, original, parse  # noqa: E402

LIMIT_S = 240
CANNOT = 77  # the exit code of what this machine cannot do
NOT_COPIED = {".git", "build", "__pycache__"}
KEPT_RESULTS = {"README.md", "schemas", "reference"}
NUMBER = re.compile(r"\b(?:0x)?[0-9a-f]{16}\b|[-+]?\d[\d.,]*(?:e[-+]?\d+)?[kMG]?")
UNIT = re.compile(r"\b(?:ns|us|µs|ms|s|min|bytes|KiB|MiB|GiB)\b")
LESSONS = "build/release/lessons/"
PYTHON = "python3 docs/lessons/"
PYTHON_OLDEST = (3, 11)  # except*, TaskGroup, timeout()
MEASURED = re.compile(r"-?\d[\d.]*(?= (?:ns|ms|s|bytes|updates|workers)\b)")
BUILT = ["bin", "lessons"]
# What a page that calls make, or what calls it, finds built, so as to build what it has changed.
OBJECTS = ["obj", "gen", "shared", "tests/gen"]
MAKES = re.compile(r"^(?:make|scripts/quartet)\b", re.M)


def share_program(source, target):
    """A program is linked, not copied, where that can be: what makes one anew puts a new file
    in its place. All else (a map beside it, too) may be written over, and is copied."""
    if os.access(source, os.X_OK) and not os.path.islink(source):
        try:
            return os.link(source, target)
        except OSError:
            pass  # another file system
    return shutil.copy2(source, target, follow_symlinks=False)


def copy_tree(target, build, built):
    def ignore(folder, names):
        if folder == os.path.join(ROOT, "results"):
            return {name for name in names if name not in KEPT_RESULTS}
        return NOT_COPIED.intersection(names)

    shutil.copytree(ROOT, target, ignore=ignore, symlinks=True)
    for part in built:
        source = os.path.join(build, part)
        if os.path.isdir(source):
            # Other tests may call make: what it is writing is not what it has made.
            shutil.copytree(source, os.path.join(target, "build", "release", part), symlinks=True,
                            copy_function=share_program, ignore=shutil.ignore_patterns("*.new"))  # fmt: skip


def execute(command, folder):
    """Returns (exit code, output). Make's own variables must not leak into a block.

    The pages pin to CPU 0. Where this process may not use it, its first one takes its
    place."""
    command = command.replace("--cpus 0", f"--cpus {min(os.sched_getaffinity(0))}")
    environment = {
        key: value
        for key, value in os.environ.items()
        if key not in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS", "MODE", "BUILD", "QUARTET_RUNNERS")
    }
    environment.update(NO_COLOR="1", LC_ALL="C.UTF-8", HOME=folder)
    # Ten programs that no page with a make runs: linked once, when there is a new model, and
    # not after each change of a line. ("make test" has linked the traced runners of the tree.)
    if "MODELS" not in command:
        environment["TRACED"] = ""
    environment["QUARTET_LOCK"] = os.path.join(folder, "lock")  # nobody's times count here
    try:
        done = subprocess.run(
            ["sh", "-eu", "-c", command],
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=LIMIT_S,
            check=False,
        )
        return done.returncode, done.stdout.decode("utf-8", "replace")
    except subprocess.TimeoutExpired:
        return 124, f"not finished after {LIMIT_S} s"


def shape(text):
    """What of an output does not depend on how fast this machine is: its lines in any
    order (tables are sorted by speed), without numbers, units, or marks."""
    lines = []
    for line in text.splitlines():
        if line.strip().startswith("note:"):
            continue  # about this machine
        line = UNIT.sub("U", NUMBER.sub("0", line)).replace("~", " ")
        line = re.sub(r"[-─]{2,}", "--", line)
        lines.append(" ".join(line.split()))
    return sorted(line for line in lines if line)


def run_block(tap, block, folder):
    file = block.words.get("file")
    if file is not None:
        path = os.path.join(folder, file)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as out:
            out.write(block.text)
        return
    if block.language != "sh" or block.generated:
        return
    if "skip" in block.words:
        tap.skipped(block.name(), block.words["skip"])
        return
    text = block.words.get("small", block.text)
    if text.split()[:2] != block.text.split()[:2]:
        tap.failure(block.name(), f"'{text}' is another command than in the page")
        return
    code, output = execute(text, folder)
    if code == 0:
        tap.passed(block.name())
    else:
        tap.failure(block.name(), f"exit code {code}\n{block.text}{output}")


def unmeasured(text):
    """The lines of a Python program, without the numbers that have a unit."""
    return [MEASURED.sub("0", line) for line in text.splitlines()]


def way_to_compare(command):
    if command.startswith(LESSONS):  # prints the same on every machine
        return str.splitlines
    return unmeasured if command.startswith(PYTHON) else shape


def run_part(tap, part, folder):
    name = f"{part.name()}: {part.command}"
    if part.skip:
        tap.skipped(name, part.skip)
        return
    if part.command.startswith(PYTHON) and sys.version_info < PYTHON_OLDEST:
        tap.skipped(name, "needs Python 3.11")
        return
    code, output = execute(part.command, folder)
    written = part.text.split("\n", 1)[1] if part.text.startswith("$ ") else part.text
    compared = way_to_compare(part.command)
    found, wanted = compared(output), compared(written)
    if code == CANNOT:
        tap.skipped(name, output.strip().splitlines()[-1])
    elif code != 0:
        tap.failure(name, f"exit code {code}\n{output}")
    elif found != wanted:
        tap.failure(
            name,
            "another shape than in the page; run scripts/update-readme\n"
            + "\n".join(f"only in the page: {line}" for line in wanted if line not in found)
            + "\n"
            + "\n".join(f"only found now: {line}" for line in found if line not in wanted),
        )
    else:
        tap.passed(name)


def makes(blocks):
    """Does the page call make, in what is run of it?"""
    return any(
        block.language == "sh"
        and "skip" not in block.words
        and MAKES.search(block.words.get("small", block.text))
        for block in blocks
    )


def contents(folder):
    """All that is in a folder, and by what one sees that a file was changed."""
    found = {}
    for place, folders, files in os.walk(folder):
        found.update({os.path.join(place, name): None for name in folders})
        for path in (os.path.join(place, name) for name in files):
            about = os.lstat(path)
            found[path] = (about.st_ino, about.st_size, about.st_mtime_ns)
    return found


class Copy:
    """A copy of the tree, made when it is asked for, and anew after a page has changed it."""

    def __init__(self, build, built):
        self.build = build
        self.built = built
        self.place = None

    def folder(self):
        if self.place is None:
            self.place = tempfile.TemporaryDirectory(prefix="quartet-docs-")
            copy_tree(os.path.join(self.place.name, "quartet"), self.build, self.built)
            self.before = contents(self.place.name)
        return os.path.join(self.place.name, "quartet")

    def remove(self):
        if self.place is not None:
            self.place.cleanup()
            self.place = None

    def tidy(self):
        """Removes what a page has left. Whatever it has changed wants another copy."""
        after = contents(self.place.name)
        if any(after.get(path, "gone") != about for path, about in self.before.items()):
            self.remove()
            return
        for path in sorted(after.keys() - self.before.keys(), reverse=True):  # files, then folders
            if after[path] is None and not os.path.islink(path):
                os.rmdir(path)
            else:
                os.remove(path)


def make_once(made):
    """A copy knows no commit, so what names one is made again: here, once for all that call
    make. If that fails, the page says why. Returns the folder of the build."""
    if made.place is None:
        execute("make -s -j2 all", made.folder())
    return os.path.join(made.folder(), "build", "release")


def run_page(tap, blocks, parts, copy):
    folder = copy.folder()
    for block in blocks:
        run_block(tap, block, folder)
    for part in parts:
        run_part(tap, part, folder)
    copy.tidy()


def main():
    build = os.path.join(ROOT, os.environ.get("QUARTET_BUILD", "build/release"))
    tap = Tap()
    pages = sys.argv[1:] or [page for page in all_pages() if original(page) is None]
    if os.path.basename(build) != "release":
        tap.skipped("commands of the pages", "the pages speak of MODE=release")
        return tap.end()
    common = Copy(build, BUILT)
    made = Copy(build, BUILT + OBJECTS)
    for page in pages:
        blocks, parts = parse(page)
        if makes(blocks):
            own = Copy(make_once(made), BUILT + OBJECTS)
            run_page(tap, blocks, parts, own)
            own.remove()
        elif parts or any(block.language == "sh" for block in blocks):
            run_page(tap, blocks, parts, common)
    common.remove()
    made.remove()
    return tap.end()


if __name__ == "__main__":
    sys.exit(main())
