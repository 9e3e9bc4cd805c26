"""A stand-in for the advisory service, in the form of OSV: what it knows of a release it is told."""

import json
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Advisories = Mapping[str, Sequence[Mapping[str, object]]]


@contextmanager
def serving(advisories: Advisories) -> Iterator[str]:
    """Answer for `name==version`; its address."""

    class Answer(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            known = advisories.get(f"{asked['package']['name']}=={asked['version']}", ())
            body = json.dumps({"vulns": known} if known else {}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1/query"
    finally:
        server.shutdown()


def advisory(id: str, package: str, fixed: str = "", aliases: Sequence[str] = ()) -> Mapping[str, object]:
    """One advisory."""
    events = [{"introduced": "0"}, *([{"fixed": fixed}] if fixed else [])]
    of = {"package": {"name": package, "ecosystem": "PyPI"}, "ranges": [{"type": "ECOSYSTEM", "events": events}]}
    return {"id": id, "aliases": list(aliases), "summary": "a hole", "affected": [of]}
