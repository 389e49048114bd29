#!/usr/bin/env python3
"""Balances of a day with nothing but Python's own library: asks, follows a 202, reads NDJSON and CSV exactly.

    MKS_GATEWAY_URL, MKS_GATEWAY_KEY   where the gateway is, and the key if it wants one
    usage: balances.py YYYYMMDD MEMBER

Mind: Decimal keeps every digit, but its sums are rounded to 28 digits unless told otherwise: see the context below.
Mind: float(amount) loses digits after the fifteenth or so. pandas does that by itself: read_csv(..., dtype=str).
Mind: open a CSV file with newline='': its cells may hold line breaks, and splitlines() cuts through them.
"""
import csv
import io
import json
import os
import sys
import urllib.error
import urllib.request
from decimal import Context, Decimal, Inexact, localcontext

URL = os.environ.get("MKS_GATEWAY_URL", "http://127.0.0.1:3000")
KEY = os.environ.get("MKS_GATEWAY_KEY")
TIMEOUT_SECONDS = 10
WAIT_SECONDS = int(os.environ.get("WAIT", "8"))  # shorter than the time-out above


class Problem(Exception):
    """A failure as the gateway tells it (RFC 9457). Go by the type; the texts are for people."""

    def __init__(self, document):
        super().__init__(document.get("detail") or document["title"])
        self.type = document["type"]
        self.document = document


def ask(path, method="GET", body=None, timeout=TIMEOUT_SECONDS, **headers):
    request = urllib.request.Request(URL + path, method=method, data=body and json.dumps(body).encode())
    if body:
        request.add_header("Content-Type", "application/json")
    if KEY:
        request.add_header("Authorization", "Bearer " + KEY)
    for name, value in headers.items():
        request.add_header(name, value)
    try:
        return urllib.request.urlopen(request, timeout=timeout)
    except urllib.error.HTTPError as answer:
        raise Problem(json.load(answer)) from None


def report_of(date, member):
    """The path of the ready report."""
    prefer = f"wait={WAIT_SECONDS}"
    wanted = {"processDate": date, "member": member}
    with ask("/balances", "POST", wanted, Accept="application/x-ndjson", Prefer=prefer) as answer:
        path, is_ready = answer.headers["Location"], answer.status == 200
    while not is_ready:
        with ask(path, Prefer=prefer) as answer:
            report = json.load(answer)
        if report["state"] not in ("queued", "preparing", "ready"):
            raise Problem(report.get("problem") or {"type": "about:blank", "title": report["state"]})
        is_ready = report["state"] == "ready"
    return path


def total(amounts):
    """Exact, or an error: never rounded."""
    with localcontext(Context(prec=200, traps=[Inexact])):
        return sum(map(Decimal, amounts), Decimal(0))


def main(date, member):
    path = report_of(date, member)
    with ask(path + "/rows?format=ndjson", timeout=600) as lines:
        rows = [json.loads(line) for line in lines]
    with ask(path + "/rows?format=csv", timeout=600) as answer:
        cells = list(csv.DictReader(io.TextIOWrapper(answer, "utf-8", newline="")))
    print("report", path.removeprefix("/balances/"))
    print("rows", len(rows))
    print("ndjson total", format(total(row["balanceAmount"] for row in rows), "f"))
    print("csv total", format(total(row["BAKIYE"] for row in cells), "f"))


if __name__ == "__main__":
    try:
        main(*sys.argv[1:3])
    except Problem as problem:
        if problem.type == "/problems/outside-service-hours":
            print("MKS opens at", problem.document["opensAt"], file=sys.stderr)
            sys.exit(3)
        print(f"problem {problem.type}: {problem}", file=sys.stderr)
        sys.exit(1)
