#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The part of GitHub's API that keeps comments: comments.py FILE PORT_FILE

Comments of pull request 7 of some/thing lie in FILE, a JSON array of texts. The token "writer" may
write, "reader" may not, as that of a pull request from a fork.
"""

import http.server
import json
import pathlib
import re
import sys

COMMENTS = pathlib.Path(sys.argv[1])
ISSUE = "/repos/some/thing/issues/7/comments"


class Handler(http.server.BaseHTTPRequestHandler):
    def log_message(self, *words):
        pass

    def answer(self, code, content):
        body = json.dumps(content).encode()
        self.send_response(code)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def shown(self, number, text):
        host, port = self.server.server_address
        return {"url": f"http://{host}:{port}{ISSUE}/{number}", "body": text}

    def handle_any(self):
        size = int(self.headers.get("Content-Length", 0))
        body = json.loads(self.rfile.read(size)) if size else None
        texts = json.loads(COMMENTS.read_text(encoding="utf-8"))
        one = re.fullmatch(ISSUE + r"/(\d+)", self.path)
        if self.command == "GET" and self.path.startswith(ISSUE + "?"):
            page = int(self.path.rsplit("page=", 1)[1])
            start = 100 * (page - 1)
            self.answer(200, [self.shown(start + i, text) for i, text in enumerate(texts[start:start + 100])])
            return
        if self.headers["Authorization"] != "Bearer writer":
            self.answer(403, {"message": "Resource not accessible by integration"})
            return
        if self.command == "POST" and self.path == ISSUE:
            texts.append(body["body"])
        elif self.command == "PATCH" and one:
            texts[int(one[1])] = body["body"]
        else:
            self.answer(404, {})
            return
        COMMENTS.write_text(json.dumps(texts), encoding="utf-8")
        self.answer(200, {})

    do_GET = do_POST = do_PATCH = handle_any


server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
pathlib.Path(sys.argv[2]).write_text(str(server.server_address[1]), encoding="ascii")
server.serve_forever()
