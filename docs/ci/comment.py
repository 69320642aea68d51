#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Puts comment.md on the pull request, or in the place of what stands there: comment.py FILE

The first line of FILE is a mark that no reader sees (<!-- quartet check -->). The comment that
begins with it is updated; so a pull request has one, however often it is checked.

Variables, as GitHub sets them: GITHUB_REF (refs/pull/N/merge), GITHUB_REPOSITORY, GITHUB_API_URL;
and GITHUB_TOKEN. Without a pull request, or a token that may write (a pull request from
a fork has none), a line says so and nothing else happens: exit code 0.
"""

import json
import os
import pathlib
import re
import sys
import urllib.error
import urllib.request

TIMEOUT_S = 30
PAGES_MAX = 20
SIZE_MAX = 60000  # GitHub takes 65536


def ask(method, url, body=None):
    request = urllib.request.Request(url, method=method, data=body and json.dumps(body).encode())
    request.add_header("Authorization", "Bearer " + os.environ["GITHUB_TOKEN"])
    request.add_header("Accept", "application/vnd.github+json")
    with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:
        return json.load(answer)


def find(issue, mark):
    """The address of the comment with this mark, or None."""
    for page in range(1, PAGES_MAX + 1):
        comments = ask("GET", f"{issue}/comments?per_page=100&page={page}")
        for comment in comments:
            if comment["body"].startswith(mark):
                return comment["url"]
        if len(comments) < 100:
            break
    return None


def put(text):
    """What was done, as a line."""
    pull = re.fullmatch(r"refs/pull/(\d+)/.*", os.environ.get("GITHUB_REF", ""))
    if not pull:
        return "not written: this is no pull request"
    if not os.environ.get("GITHUB_TOKEN"):
        return "not written: there is no token"
    api = os.environ.get("GITHUB_API_URL", "https://api.github.com")
    issue = f"{api}/repos/{os.environ['GITHUB_REPOSITORY']}/issues/{pull[1]}"
    mark = text.split("\n", 1)[0]
    if len(text) > SIZE_MAX:
        text = text[:SIZE_MAX] + "\n\n(cut; the whole is in report.md)\n"
    try:
        old = find(issue, mark)
        if old:
            ask("PATCH", old, {"body": text})
            return "updated"
        ask("POST", f"{issue}/comments", {"body": text})
        return "written"
    except urllib.error.HTTPError as error:
        if error.code in (401, 403, 404):
            return f"not written: the token may not ({error.code}); a pull request from a fork has none that may"
        return f"not written: {error}"
    except (OSError, ValueError, KeyError) as error:
        return f"not written: {error}"


def main():
    if len(sys.argv) != 2 or sys.argv[1] in ("-h", "--help"):
        print(__doc__.strip(), file=sys.stdout if len(sys.argv) == 2 else sys.stderr)
        return 0 if len(sys.argv) == 2 else 2
    try:
        text = pathlib.Path(sys.argv[1]).read_text(encoding="utf-8")
    except OSError as error:
        print(f"comment: not written: {error}", file=sys.stderr)
        return 0
    print(f"comment: {put(text)}", file=sys.stderr)
    return 0


sys.exit(main())
