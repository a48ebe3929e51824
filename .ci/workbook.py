"""Opens a workbook that `rehearse plan` wrote, as somebody else's program does: every sheet, every value as text, and no
formula but those that count decisions. `workbook.py PLAN.xlsx`"""
import sys
import openpyxl

book = openpyxl.load_workbook(sys.argv[1])
expected = ["Start here", "Fix first", "Decisions", "All service users", "Field changes", "Branches", "Sign-off", "Problems", "About"]
assert book.sheetnames == expected, book.sheetnames
cells = formulas = 0
for sheet in book:
    for row in sheet.iter_rows():
        for cell in row:
            if cell.value is None:
                continue
            cells += 1
            if cell.data_type == "f":
                formulas += 1
                assert str(cell.value).startswith("=COUNTIF(Decisions!"), (sheet.title, cell.coordinate, cell.value)
                assert sheet.title in ("Start here", "Sign-off"), sheet.title
            assert cell.hyperlink is None, (sheet.title, cell.coordinate)
decisions = book["Decisions"]
assert decisions.freeze_panes == "D2", decisions.freeze_panes
assert decisions.auto_filter.ref, "a filter"
assert any("Same person" in (it.formula1 or "") for it in decisions.data_validations.dataValidation), "a drop-down"
assert decisions.column_dimensions["R"].hidden and decisions.column_dimensions["S"].hidden, "the key is hidden"
heads = [cell for cell in decisions[1] if str(cell.value).endswith("(fill in)")]
yellow = {decisions.cell(row, head.column).fill.start_color.rgb for head in heads for row in range(2, decisions.max_row + 1)}
assert heads and yellow == {"FFFFF9DB"}, yellow
everybody = list(book["All service users"].iter_rows(min_row=2, values_only=True))
assert all(isinstance(row[1], (str, type(None))) for row in everybody), "identifiers are text"
print(f"{len(book.sheetnames)} sheets, {cells} cells, {formulas} formulas, {len(everybody)} rows")
