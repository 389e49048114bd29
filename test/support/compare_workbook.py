"""Compares a workbook, cell by cell, with the rows it was made of: compare_workbook.py WORKBOOK ROWS.json"""

import json
import sys
from decimal import Decimal

import openpyxl
from openpyxl.utils.escape import unescape

with open(sys.argv[2], encoding="utf-8") as file:
    rows = json.load(file)
sheet = openpyxl.load_workbook(sys.argv[1])["BAKIYE"]
changed = 0
for line, row in enumerate(rows, start=2):
    for column, (name, wanted) in enumerate(row.items(), start=1):
        value = sheet.cell(line, column).value
        if isinstance(value, (int, float)):
            same = name == "balanceAmount" and Decimal(repr(value)) == Decimal(wanted)
        else:
            same = unescape(value or "") == wanted
        if not same:
            changed += 1
            print(f"  row {line - 1} {name}: {wanted!r} became {value!r}")
print(f"openpyxl {openpyxl.__version__}: {len(rows) * 9} cells, {changed} changed, filter {sheet.auto_filter.ref}")
sys.exit(0 if changed == 0 and sheet.freeze_panes == "A2" else 1)
