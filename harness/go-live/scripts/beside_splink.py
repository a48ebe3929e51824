"""Links two messy exports with rehearse and with Splink (PyPI, 5.0 and DuckDB), in one run on one computer.

Both get the same two CSV files, written by `rehearse population --mess`, and neither sees labels. Identifiers are left
out of the question: who is who is told from names, dates of birth, NHS numbers, telephones and addresses. A record counts
for the service user that suits it best (one service user may have two records), at the cut of even odds, as
`figures` counts it. Splink has its own settings for such data ("usual") and settings chosen by hand for it ("tuned").

    cargo build --release -p rehearse && cargo build --release -p go-live --example figures
    python3 -m venv v && v/bin/pip install splink==5.0.0
    v/bin/python harness/go-live/scripts/beside_splink.py [--service-users 100000] [--seed 51] [--runs 3]

What is timed is a whole process, from the two files to the links: for rehearse that is `plan --no-workbook`, which reads
more, says more and writes a plan.
"""

import argparse
import csv
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

# Fields as Splink likes them: lower case, no accents, no titles, blanks as missing.
CLEAN = """
create table {name} as select
    cast(row_number() over () as bigint) as unique_id,
    '{name}' as source,
    nullif(regexp_replace(lower(strip_accents("{given}")), '[^a-z ]', '', 'g'), '') as given,
    nullif(regexp_replace(lower(strip_accents("{family}")), '[^a-z]', '', 'g'), '') as family,
    nullif(regexp_replace(lower(strip_accents("{known}")), '[^a-z ]', '', 'g'), '') as known,
    coalesce(
        try_strptime("{born}", ['%d/%m/%Y', '%Y-%m-%d', '%d.%m.%Y', '%d-%m-%Y', '%d %b %Y', '%d %B %Y', '%d-%b-%Y', '%d-%b-%y']), null
    )::date as born,
    case when length(regexp_replace("{nhs}", '[^0-9]', '', 'g')) = 10 then regexp_replace("{nhs}", '[^0-9]', '', 'g') end as nhs,
    nullif(upper(regexp_replace("{postcode}", '[^A-Za-z0-9]', '', 'g')), '') as postcode,
    nullif(right(regexp_replace("{phone}", '[^0-9]', '', 'g'), 10), '') as phone,
    nullif(right(regexp_replace("{mobile}", '[^0-9]', '', 'g'), 10), '') as mobile,
    nullif(regexp_replace(lower("{line}"), '[^a-z0-9 ]', '', 'g'), '') as line
from read_csv('{path}', all_varchar = true, header = true, quote = '"', escape = '"', nullstr = '')
"""
SIDES = {
    "rostering": dict(given="Forename", family="Surname", known="Known As", born="D.O.B.", nhs="NHS No.",
                      postcode="Postcode", phone="Telephone", mobile="Mobile", line="Address 1"),
    "acp": dict(given="First Name", family="Last Name", known="Preferred Name", born="Date of Birth", nhs="NHS Number",
                postcode="Post Code", phone="Phone", mobile="Mobile Phone", line="Address Line 1"),
}


def splink(folder, kind, out):
    """One linkage; its links go to `out` as rows of rostering row, ACP row, both counted from 1."""
    import splink.comparison_level_library as cll
    import splink.comparison_library as cl
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on
    import duckdb

    connection = duckdb.connect()
    connection.execute("set threads = 2")
    for name, columns in SIDES.items():
        connection.execute(CLEAN.format(name=name, path=folder / f"{name}.csv", **columns))
        connection.execute(f"alter table {name} add column outward varchar")
        connection.execute(f"update {name} set outward = left(postcode, greatest(length(postcode) - 3, 0))")
    api = DuckDBAPI(connection=connection)
    sides = [api.register(name, dataset_display_name=f"{name}_side") for name in SIDES]

    born = cl.DateOfBirthComparison("born", input_is_string=False)
    strict = [block_on("nhs"), block_on("given", "family", "born")]
    if kind == "usual":
        comparisons = [
            cl.ForenameSurnameComparison("given", "family"), born, cl.ExactMatch("nhs"),
            cl.ExactMatch("postcode").configure(term_frequency_adjustments=True), cl.ExactMatch("phone"),
        ]
        blocks = [block_on("nhs"), block_on("born", "substr(family, 1, 1)"), block_on("family", "postcode"), block_on("phone")]
    else:
        names = cl.CustomComparison([
            cll.CustomLevel("given_l is null or given_r is null or family_l is null or family_r is null").configure(is_null_level=True),
            cll.And(cll.ExactMatchLevel("given", term_frequency_adjustments=True), cll.ExactMatchLevel("family")),
            cll.CustomLevel("given_l = family_r and family_l = given_r", "swapped"),
            cll.CustomLevel("family_l = family_r and (given_l = known_r or known_l = given_r or known_l = known_r)", "known as"),
            cll.And(cll.JaroWinklerLevel("given", 0.9), cll.JaroWinklerLevel("family", 0.9)),
            cll.And(cll.ExactMatchLevel("family"), cll.CustomLevel("left(given_l, 1) = left(given_r, 1)", "initial")),
            cll.CustomLevel("given_l = given_r and (contains(family_l, family_r) or contains(family_r, family_l))", "part of the family name"),
            cll.ExactMatchLevel("given"),
            cll.ExactMatchLevel("family"),
            cll.ElseLevel(),
        ], output_column_name="names")
        dates = cl.CustomComparison([
            cll.NullLevel("born"),
            cll.ExactMatchLevel("born", term_frequency_adjustments=True),
            cll.CustomLevel("year(born_l) = year(born_r) and month(born_l) = day(born_r) and day(born_l) = month(born_r)", "day and month"),
            cll.CustomLevel("damerau_levenshtein(strftime(born_l, '%Y%m%d'), strftime(born_r, '%Y%m%d')) <= 1", "one digit"),
            cll.CustomLevel("year(born_l) = year(born_r)", "year"),
            cll.ElseLevel(),
        ], output_column_name="dates")
        nhs = cl.DamerauLevenshteinAtThresholds("nhs", [1])
        home = cl.CustomComparison([
            cll.NullLevel("postcode"),
            cll.CustomLevel("postcode_l = postcode_r and line_l = line_r", "same line"),
            cll.ExactMatchLevel("postcode", term_frequency_adjustments=True),
            cll.DamerauLevenshteinLevel("postcode", 1),
            cll.ExactMatchLevel("outward"),
            cll.ElseLevel(),
        ], output_column_name="home")
        phones = cl.CustomComparison([
            cll.CustomLevel("coalesce(phone_l, mobile_l) is null or coalesce(phone_r, mobile_r) is null").configure(is_null_level=True),
            cll.CustomLevel("phone_l = phone_r or phone_l = mobile_r or mobile_l = phone_r or mobile_l = mobile_r", "shared"),
            cll.ElseLevel(),
        ], output_column_name="phones")
        comparisons = [names, dates, nhs, home, phones]
        blocks = [
            block_on("nhs"), block_on("born", "substr(family, 1, 1)"), block_on("born", "substr(given, 1, 1)"),
            block_on("family", "postcode"), block_on("given", "postcode"), block_on("phone"), block_on("mobile"),
            block_on("given", "family", "outward"), block_on("family", "year(born)", "month(born)"),
            block_on("family", "year(born)", "day(born)"), block_on("born", "postcode"),
            "l.given = r.family and l.family = r.given", "l.known = r.given and l.family = r.family and l.outward = r.outward",
        ]
    settings = SettingsCreator(
        link_type="link_only", comparisons=comparisons, blocking_rules_to_generate_predictions=blocks,
        retain_matching_columns=False, retain_intermediate_calculation_columns=False,
    )
    linker = Linker(sides, settings, log_level="ERROR")
    linker.training.estimate_probability_two_random_records_match(strict, recall=0.7)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    for rule in (block_on("nhs"), block_on("given", "family", "outward"), block_on("born", "substr(family, 1, 1)")):
        linker.training.estimate_parameters_using_expectation_maximisation(rule, max_pairs=2e6)
    pairs = linker.inference.predict(threshold_match_probability=0.5)
    # Splink names the sides in the order of their names.
    columns = [row[0] for row in connection.execute(f"describe {pairs.physical_name}").fetchall()]
    source = next(column for column in columns if column.startswith("source_dataset") and column.endswith("_l"))
    connection.execute(f"""
        copy (
            select user_row, record_row from (
                select
                    case when {source} = 'rostering_side' then unique_id_l else unique_id_r end as user_row,
                    case when {source} = 'rostering_side' then unique_id_r else unique_id_l end as record_row,
                    match_weight
                from {pairs.physical_name}
            ) qualify row_number() over (partition by record_row order by match_weight desc, user_row) = 1
        ) to '{out}' (header false)
    """)


def timed(command):
    """Wall seconds, CPU seconds and peak MB of one process."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.monotonic()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(child.pid, 0)
    wall = time.monotonic() - began
    if os.waitstatus_to_exitcode(status) not in (0, 1):
        sys.exit(f"{command[0]} failed with {os.waitstatus_to_exitcode(status)}")
    after = used.ru_utime + used.ru_stime
    return wall, after, used.ru_maxrss // 1024


def score(links, truth):
    right = len(links & truth)
    precision, recall = right / max(len(links), 1), right / max(len(truth), 1)
    return precision, recall, 2 * precision * recall / max(precision + recall, 1e-9)


def main():
    if sys.argv[1:2] == ["--splink"]:
        return splink(Path(sys.argv[2]), sys.argv[3], sys.argv[4])
    parse = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parse.add_argument("--service-users", type=int, default=100_000)
    parse.add_argument("--seed", type=int, default=51)
    parse.add_argument("--runs", type=int, default=3)
    parse.add_argument("--target", default="target/release", help="where cargo put the programs")
    args = parse.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        beside(Path(folder), args)


def beside(folder, args):
    rehearse = f"{args.target}/rehearse"
    subprocess.run(
        [rehearse, "population", "--seed", str(args.seed), "--service-users", str(args.service_users), "--mess",
         "--files", "csv", "--out", folder / "in"], check=True, stdout=subprocess.DEVNULL)
    with open(folder / "in" / "truth.csv", encoding="utf-8-sig", newline="") as file:
        # A row as a spreadsheet shows it: the first below the headings is 2.
        truth = {
            (int(row["Rostering row"]) - 1, int(row["ACP row"]) - 1)
            for row in csv.DictReader(file) if row["Rostering row"] and row["ACP row"] and row["Same person"] == "yes"
        }
    commands = {
        "rehearse plan": [rehearse, "plan", folder / "in" / "rostering.csv", folder / "in" / "acp.csv", "--no-workbook",
                          "--now", "2026-02-27", "-q", "--out"],
        "Splink 5 usual": [sys.executable, __file__, "--splink", folder / "in", "usual"],
        "Splink 5 tuned": [sys.executable, __file__, "--splink", folder / "in", "tuned"],
    }
    times = {name: [] for name in commands}
    links = {}
    for run in range(args.runs):
        for name, command in commands.items():
            out = folder / f"{name}-{run}"
            times[name].append(timed([*command, out]))
            if name.startswith("Splink"):
                with open(out, newline="") as file:
                    links[name] = {(int(a), int(b)) for a, b in csv.reader(file)}
    figures = subprocess.run(
        [f"{args.target}/examples/figures", str(args.service_users), str(args.seed)], check=True, capture_output=True, text=True)
    ours = next(line for line in figures.stdout.splitlines() if line.startswith("all links")).split()
    precision, recall, f1 = (float(ours[ours.index(name) + 1]) for name in ("P", "R", "F1"))
    print(f"{args.service_users} service users, seed {args.seed}, {len(truth)} true pairs, {args.runs} runs, no labels, no identifiers")
    print(f"{'':<16} {'P':>7} {'R':>7} {'F1':>7} {'wall s, median':>15} {'least':>7} {'CPU s':>7} {'MB':>6}")
    for name in commands:
        found = (precision, recall, f1) if name == "rehearse plan" else score(links[name], truth)
        wall, cpu, memory = zip(*times[name])
        print(f"{name:<16} {found[0]:7.4f} {found[1]:7.4f} {found[2]:7.4f} {statistics.median(wall):15.2f} {min(wall):7.2f} "
              f"{statistics.median(cpu):7.2f} {max(memory):6}")
    fastest = statistics.median(wall for wall, _, _ in times["rehearse plan"])
    for name in ("Splink 5 usual", "Splink 5 tuned"):
        print(f"{name} takes {statistics.median(wall for wall, _, _ in times[name]) / fastest:.0f} times as long.")


main()
