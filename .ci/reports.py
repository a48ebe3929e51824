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
try:
    import junitparser
except ImportError:
    print("NOT RUN: JUnit in junitparser, it could not be installed")
else:
    read = junitparser.JUnitXml.fromfile(str(folder / "junit.xml"))
    assert (read.tests, read.failures, read.errors) == (counts["cases"], counts["failed"], 0), "junitparser counts the same"
    results = [case.result for suite in read for case in suite]
    failures = [it for result in results for it in result if isinstance(it, junitparser.Failure)]
    assert len(failures) == counts["failed"] and all(it.text and it.message for it in failures), "each with its story"

parsed = folder / "tap.json"
if not parsed.exists() or not parsed.stat().st_size:
    print("NOT RUN: TAP in tap-parser, it could not be installed")
else:
    tap = json.loads(parsed.read_text("utf-8"))
    unread = [event for event in tap if event[0] in ("extra", "bailout")]
    assert not unread, f"tap-parser takes every line for TAP 14: {unread[:3]}"
    points = [event[1] for event in tap if event[0] == "assert"]
    failed = [point for point in points if not point["ok"] and not point.get("todo")]
    assert (len(points), len(failed)) == (counts["cases"], counts["failed"]), "tap-parser counts the same"
    assert all(point["diag"]["at"]["line"] > 0 for point in failed), "with the place in the diagnostics"
print(f"{counts['cases']} cases agree in JSON, NDJSON, JUnit and TAP")
