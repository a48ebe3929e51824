"""Reads the reports of a run with Python's own parsers and says what does not agree. Usage: reports.py FOLDER"""

import json
import pathlib
import sys
import xml.etree.ElementTree

folder = pathlib.Path(sys.argv[1])
events = [json.loads(line) for line in (folder / "run.ndjson").read_text("utf-8").splitlines()]
run = json.loads((folder / "run.json").read_text("utf-8"))
counts = run["counts"]
done = [event for event in events if event["event"] == "case_done"]
assert len(done) == len(run["cases"]) == counts["cases"], "every case is in both"
assert events[-1]["counts"] == counts, "both count the same"
assert counts["failed"] > 0 and run["exit_code"] == 1, "the run was to fail"

suites = xml.etree.ElementTree.parse(folder / "junit.xml").getroot()
cases = suites.findall("./testsuite/testcase")
names = {(case.get("classname"), case.get("name")) for case in cases}
assert len(cases) == len(names) == counts["cases"] == int(suites.get("tests")), "one testcase a case, each once"
failures = [case for case in cases if case.find("failure") is not None]
assert len(failures) == counts["failed"] == int(suites.get("failures")), "one failure a failed case"
assert all(len(case.findall("failure")) == 1 and case.find("failure").text for case in failures), "with its story"
assert all(case.get("file") and int(case.get("line")) > 0 for case in cases), "each with its place"

version, *lines = (folder / "run.tap").read_text("utf-8").splitlines()
assert version == "TAP version 14" and f"1..{counts['cases']}" in (lines[0], lines[-1]), "TAP has its plan"
points = [line for line in lines if line.startswith(("ok ", "not ok "))]
numbers = [int(line.removeprefix("not ").split()[1]) for line in points]
assert numbers == list(range(1, counts["cases"] + 1)), "every point has its number"
assert sum(line.startswith("not ok ") and " # " not in line for line in points) == counts["failed"]
try:
    import yaml
except ImportError:
    print("NOT RUN: the YAML in TAP, PyYAML is missing")
else:
    blocks = "\n".join(lines).split("\n  ---\n")[1:]
    for block in blocks:
        inside = block.split("\n  ...\n")[0]
        assert yaml.safe_load(inside)["at"]["line"] > 0, "a block says where"
    assert len(blocks) == counts["failed"] + counts["failed_as_expected"]
print(f"{counts['cases']} cases agree in JSON, NDJSON, JUnit and TAP")
