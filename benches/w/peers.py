"""Workload W, and the whole framework, by other programs, each in a process of its own; `benches/w/worker.rs` says what lines
they understand.

    python benches/w/peers.py polars|duckdb|ours-python|whole-polars|whole-duckdb FOLDER THREADS

FOLDER holds the tables (`journey.arrow`, `plan.arrow`, `episode.arrow`) and what each day comes to (`days-40.csv`). Loading
them into a program's own tables, and coding area and ethnic group as small numbers, is timed for nobody.
"""

import gc
import os
import sys
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.ipc

AREAS = 152
COUNTERS = [
    "referrals",
    "re_referrals",
    "referrals_to_s47",
    "assessments",
    "assessments_in_45",
    "assessments_in_10",
    "s47s",
    "s47s_to_conference",
    "conferences",
    "conferences_in_15",
    "plans_open",
    "plans_reviewed",
    "plans_begun",
    "plans_repeated",
    "plans_ended",
    "plans_of_two_years",
    "placements_open",
    "placements_far",
    "children_moved",
]
# The four overlapping filters by ethnic group, by the beginnings of the codes that they take: `definitions.rs`.
FILTERS = [
    ["WI", "WO", "WR", "MW", "MO", "AI", "AP", "AB", "AO", "BC", "BA", "BO", "CH", "OO"],
    ["WB", "WI", "WO", "WR"],
    ["BC", "BA", "BO", "MW", "MO"],
    ["AI", "AP", "AB", "AO", "BC", "BA", "BO"],
]


CODED = ("area", "ethnicity")


def load(folder, name):
    """A table with area and ethnic group as numbers, and the codes that the latter stand for."""
    with pa.ipc.open_file(folder / f"{name}.arrow") as file:
        batches = [file.get_batch(n) for n in range(file.num_record_batches)]
    codes = batches[0]["ethnicity"].dictionary.to_pylist()
    schema = batches[0].schema
    for coded in CODED:
        schema = schema.set(schema.get_field_index(coded), pa.field(coded, pa.uint8()))
    numbers = [[c.indices if pa.types.is_dictionary(c.type) else c for c in batch.columns] for batch in batches]
    batches = [pa.RecordBatch.from_arrays(columns, schema=schema) for columns in numbers]
    return pa.Table.from_batches(batches), codes


def taken(codes):
    """Of each filter the numbers of the ethnic groups that it takes."""
    return [[n for n, code in enumerate(codes) if code[:2] in begins] for begins in FILTERS]


def memory(name):
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(name):
            return int(line.split()[1]) * 1024
    raise OSError("this system does not tell the memory of a process")


def answer(program, line):
    verb, indicators, periods, *rest = line.split(" ", 3)
    case = (int(indicators), int(periods))
    program.prepare(*case)
    if verb == "run":
        # What an earlier case left behind is not this one's.
        gc.collect()
        started = time.perf_counter()
        found = program.run(*case)
        seconds = time.perf_counter() - started
        del found
        return f"seconds {seconds}"
    if verb == "peak":
        gc.collect()
        Path("/proc/self/clear_refs").write_text("5")
        before = memory("VmRSS:")
        found = program.run(*case)
        peak = memory("VmHWM:") - before
        del found
        return f"bytes {max(peak, 0)}"
    if verb == "counts":
        counts = program.counts(program.run(*case), *case)
        if isinstance(counts, str):
            Path(rest[0]).write_text(counts)
            return "written"
        assert counts.shape == (AREAS, case[1], case[0] // 14 * len(COUNTERS)), counts.shape
        Path(rest[0]).write_bytes(counts.astype("<i8").tobytes())
        return "written"
    return f"cannot understand {line}"


def main():
    name, folder, threads = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
    os.environ["POLARS_MAX_THREADS"] = str(threads)
    try:
        if name == "polars":
            from by_polars import Program
        elif name == "duckdb":
            from by_duckdb import Program
        elif name == "ours-python":
            from by_staysafe import Program
        elif name == "whole-polars":
            from whole_polars import Program
        elif name == "whole-duckdb":
            from whole_duckdb import Program
        else:
            raise ValueError(f"no program is called {name}")
        program = Program(folder, threads)
    except Exception as why:
        print(f"cannot begin: {why!r}".replace("\n", " "), flush=True)
        return
    print("ready", flush=True)
    for line in sys.stdin:
        try:
            said = answer(program, line.rstrip("\n"))
        except Exception as why:
            said = f"cannot {why!r}".replace("\n", " ")
        print(said, flush=True)


if __name__ == "__main__":
    main()
