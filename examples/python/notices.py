#!/usr/bin/env python3
"""Takes the gateway's notices (Standard Webhooks) with nothing but Python's own library: verifies, works on each id
once, answers 204 or 401.

    usage: notices.py SECRET_FILE [PORT]   the file holds whsec_ and base64, as the gateway's secretFile does

Mind: signed are the bytes that came. What json.loads and json.dumps make of them is something else: verify first.
Mind: == stops at the first octet that differs, and its time tells a forger how far the guess was right.
Mind: hmac.compare_digest of two str fails with TypeError if one is not ASCII: compare bytes.
Mind: with Flask the raw body is request.get_data(), with Django request.body, with FastAPI await request.body().
"""
import base64
import hashlib
import hmac
import json
import re
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

MAX_AGE_SECONDS = 300
MAX_BODY_BYTES = 65_536  # a notice has a few thousand; what is longer is cut here, and so is not what was signed
MAX_IDS = 10_000  # the gateway tries a notice for a day: more than come in a day


def read_secret(file):
    """While the secret is exchanged the gateway signs with both, so one is enough here."""
    with open(file, encoding="ascii") as lines:
        first = lines.readline().strip()
    secret = base64.b64decode(first[6:], validate=True) if first.startswith("whsec_") else b""
    if len(secret) < 16:
        sys.exit(f"{file} must hold whsec_ and base64")
    return secret


def fault_of(headers, body):
    """Why the notice is not to be believed; None if it is."""
    notice_id, timestamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    signed = f"{notice_id}.{timestamp}.".encode() + body
    expected = b"v1," + base64.b64encode(hmac.new(SECRET, signed, hashlib.sha256).digest())
    signatures = headers.get("webhook-signature", "").encode().split(b" ")
    if not any(hmac.compare_digest(found, expected) for found in signatures):
        return "no signature is right"
    is_time = re.fullmatch(r"[0-9]{1,12}", timestamp)
    if not is_time or abs(time.time() - int(timestamp)) > MAX_AGE_SECONDS:
        return "the timestamp is too far away"
    return None


def work(notice):
    """Your work. If it raises, the answer is 500 and the notice comes again."""
    print(notice["type"], notice["data"]["report"], flush=True)


class Receiver(BaseHTTPRequestHandler):
    timeout = 10
    # Lost with the process. Yours belong into the database, in the transaction that does the work.
    seen = {}
    lock = threading.Lock()

    def take(self):
        length = max(0, int(self.headers.get("content-length") or 0))
        body = self.rfile.read(min(length, MAX_BODY_BYTES))
        fault = fault_of(self.headers, body)
        if fault:
            print("refused:", fault, file=sys.stderr)
            return 401
        notice_id = self.headers["webhook-id"]
        with self.lock:
            if notice_id in self.seen:
                print("again", notice_id, flush=True)
                return 204
            work(json.loads(body))
            self.seen[notice_id] = True
            if len(self.seen) > MAX_IDS:
                del self.seen[next(iter(self.seen))]
        return 204

    def do_POST(self):
        try:
            status = self.take()
        except Exception as error:
            print(repr(error), file=sys.stderr)
            status = 500
        self.send_response(status)
        self.end_headers()

    def log_message(self, *_):
        """What matters is told above."""


if __name__ == "__main__":
    SECRET = read_secret(sys.argv[1])
    PORT = int(sys.argv[2]) if len(sys.argv) > 2 else 9000
    server = ThreadingHTTPServer(("127.0.0.1", PORT), Receiver)
    print("listening on", PORT, flush=True)
    server.serve_forever()
