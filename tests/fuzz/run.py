#!/usr/bin/env python3
"""Fuzzes targets for a time of CPU each and says what came of it.

usage: run.py BUILD-FOLDER JOB... [--seconds N] [--processes N] [--seeds FOLDER]

A JOB is a target ("csv"), a row of one that reads many formats ("records:ris", "search:ovid"), or all rows
("records:"). Inputs found in earlier runs, in BUILD-FOLDER/corpus, and --seeds are where a run starts from;
what crashes is written to tests/fuzz/crashes, to become a test. Exit code 1: something was found.
"""
import argparse
import os
import pathlib
import re
import signal
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent


def arguments():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("jobs", nargs="+")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--seeds", type=pathlib.Path)
    return parser.parse_args()


def rows(binary):
    """The ids of the rows that a target can be told to keep to."""
    text = subprocess.run([binary, "-runs=1"], env={**os.environ, "ASSAY_FUZZ_ONLY": "?"}, capture_output=True, text=True)
    return re.findall(r"^row (\S+)$", text.stdout, re.M)


def cpu_seconds(pid):
    try:
        fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return None
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Run:
    def __init__(self, build, target, row, index, options):
        self.name = f"{target}:{row}" if row else target
        corpus = build / "corpus" / self.name.replace(":", "_")
        corpus.mkdir(parents=True, exist_ok=True)
        self.crashes = HERE / "crashes" / target
        self.crashes.mkdir(parents=True, exist_ok=True)
        self.log = corpus.with_suffix(".log")
        given = [HERE / "corpus" / target, self.crashes] + ([options.seeds] if options.seeds else [])
        command = [build / "tests" / "fuzz" / f"fuzz_{target}", "-print_final_stats=1", "-timeout=30", "-max_len=8192",
                   "-rss_limit_mb=3000", f"-artifact_prefix={self.crashes}/", corpus, *[g for g in given if g.exists()]]
        env = {**os.environ, **({"ASSAY_FUZZ_ONLY": row} if row else {})}
        self.index, self.known = index, set(self.crashes.iterdir())
        self.used = 0.0
        self.process = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, stderr=self.log.open("wb"))

    def over(self, seconds):
        if self.process.poll() is not None:
            return True
        self.used = cpu_seconds(self.process.pid) or self.used
        if self.used < seconds:
            return False
        self.process.send_signal(signal.SIGINT)
        self.process.wait()
        return True

    def report(self, seconds):
        text = self.log.read_text(errors="replace")
        inputs = re.findall(r"number_of_executed_units: (\d+)", text)
        found = self.used < seconds or "ERROR:" in text
        if self.index is not None:  # replayed without the row's name, the first byte chooses
            for crash in set(self.crashes.iterdir()) - self.known:
                crash.write_bytes(bytes([self.index]) + crash.read_bytes()[1:])
        print(f"{self.name:24} {self.used:6.0f} s  {int(inputs[-1]) if inputs else 0:>9,} inputs  "
              f"{'FOUND, see ' + str(self.log) if found else 'nothing found'}", flush=True)
        return found


def main():
    options = arguments()
    todo = []
    for job in options.jobs:
        target, colon, row = job.partition(":")
        names = rows(options.build / "tests" / "fuzz" / f"fuzz_{target}") if colon else []
        if colon and (not names or (row and row not in names)):
            sys.exit(f"{target} has no row '{row}', but: {' '.join(names)}")
        todo += [(target, name, names.index(name)) for name in ([row] if row else names)] or [(target, "", None)]
    running, found = [], False
    while todo or running:
        while todo and len(running) < options.processes:
            running.append(Run(options.build, *todo.pop(0), options))
        time.sleep(0.2)
        for run in [run for run in running if run.over(options.seconds)]:
            running.remove(run)
            found |= run.report(options.seconds)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
