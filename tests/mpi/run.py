#!/usr/bin/env python3
"""assay gosh under mpirun with 2 to 4 processes prints the same bytes as alone. Skipped (77) without mpirun or module."""
import os
import shutil
import subprocess
import sys

program = os.path.abspath(sys.argv[1])
data = os.path.abspath(sys.argv[2])
if not shutil.which("mpirun") or not os.path.exists(os.path.join(os.path.dirname(program), "libassay_mpi.so")):
    print("skipped: no mpirun, or built without OpenMPI")
    sys.exit(77)

failed = 0
for more in ([], ["--method", "DL"], ["--model", "common"], ["--sample", "20000", "--seed", "7"]):
    command = [program, "gosh", data, "--measure", "RR", "--ai", "tpos", "--bi", "tneg", "--ci", "cpos", "--di", "cneg",
               "--json"] + more
    alone = subprocess.run(command, capture_output=True, check=True).stdout
    for ranks in (2, 3, 4):
        start = ["mpirun", "-n", str(ranks), "--oversubscribe"]
        if os.getuid() == 0:
            start.append("--allow-run-as-root")
        together = subprocess.run(start + command, capture_output=True)
        if together.returncode or together.stdout != alone:
            failed += 1
            print("%d processes, %s: exit %d, %d bytes instead of %d\n%s" %
                  (ranks, " ".join(more) or "REML", together.returncode, len(together.stdout), len(alone),
                   together.stderr.decode()[-800:]))
print("failed: %d" % failed if failed else "same bytes from 1, 2, 3 and 4 processes")
sys.exit(1 if failed else 0)
