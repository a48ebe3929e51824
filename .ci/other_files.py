"""Writes a CSV as XLS, XLSX and ODS with programs that are not ours, dates and numbers as such, below two rows of preamble.
`other_files.py FILE.csv FOLDER`; or, with two plans, says whether they plan the same: `other_files.py PLAN.json PLAN.json`"""
import csv, datetime, json, pathlib, sys
import openpyxl, xlwt
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P

PREAMBLE = [["Service users"], ["Printed on 27 February 2026"], []]
NUMBERS = {"Care Records", "Record ID"}


def value(heading, text):
    """What a program that exports would have in the cell."""
    for form in ("%d/%m/%Y", "%d-%b-%Y", "%Y-%m-%d"):
        try:
            return datetime.datetime.strptime(text, form)
        except ValueError:
            pass
    return int(text) if heading in NUMBERS and text.isdigit() else text


def cells(path):
    rows = list(csv.reader(open(path, encoding="utf-8-sig", newline="")))
    return [*PREAMBLE, rows[0], *([value(*it) for it in zip(rows[0], row)] for row in rows[1:])]


def xls(rows, to):
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("Export")
    text, date = (xlwt.easyxf(num_format_str=form) for form in ("@", "dd/mm/yyyy"))
    for at, row in enumerate(rows):
        for column, cell in enumerate(row):
            if cell != "":
                sheet.write(at, column, cell, date if isinstance(cell, datetime.datetime) else text)
    book.save(to)


def xlsx(rows, to):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for cell in (cell for row in book.active.iter_rows() for cell in row if isinstance(cell.value, str)):
        cell.data_type = "s"  # A text that begins with "=" is no formula here.
    book.save(to)


def ods(rows, to):
    book = OpenDocumentSpreadsheet()
    table = Table(name="Export")
    for row in rows:
        line = TableRow()
        for cell in row:
            if isinstance(cell, datetime.datetime):
                there = TableCell(valuetype="date", datevalue=cell.date().isoformat())
            elif isinstance(cell, int):
                there = TableCell(valuetype="float", value=str(cell))
            else:
                there = TableCell(valuetype="string")
            if cell != "":
                there.addElement(P(text=f"{cell:%d/%m/%Y}" if isinstance(cell, datetime.datetime) else str(cell)))
            line.addElement(there)
        table.addElement(line)
    book.spreadsheet.addElement(table)
    book.save(to)


def planned(path):
    plan = json.load(open(path))
    return plan["counts"], [(row["external_id"], row["outcome"], row["check"]) for row in plan["rows"]]


if sys.argv[1].endswith(".json"):
    one, other = planned(sys.argv[1]), planned(sys.argv[2])
    differ = [pair for pair in zip(one[1], other[1]) if pair[0] != pair[1]]
    assert one == other, (one[0], other[0], differ[:5])
    print(f"{len(one[1])} service users are planned alike")
else:
    source, folder = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    rows = cells(source)
    for write in (xls, xlsx, ods):
        write(rows, str(folder / f"{source.stem}.{write.__name__}"))
