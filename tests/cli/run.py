#!/usr/bin/env python3
"""Runs the console blocks of a document and compares what the program prints with what the document says.

    run.py --program build/assay DOCUMENT.md...     compare; exit 1 on a difference
    run.py --update --program build/assay DOC.md    write the true output into the document

A block is fenced as ```console. Lines that begin with "$ " are commands (bash); what follows is the expected output,
standard error included; a last line "[exit N]" expects that exit code. A line "..." matches any lines. A block fenced
as ```LANGUAGE file=NAME is written to NAME first. Commands run in an empty folder that has the project's reviews/,
tests/data and docs; `assay`, `build/assay` and `./dev demo` are the program under test.
"""
import argparse
import difflib
import os
import re
import subprocess
import sys
import tempfile

FENCE = re.compile(r"^```(\S*)\s*(.*)$")


def blocks(lines):
    """Yields (first, last, language, info): line numbers of the content of each fenced block, last exclusive."""
    start = None
    for number, line in enumerate(lines):
        fence = FENCE.match(line)
        if not fence:
            continue
        if start is None:
            start, language, info = number + 1, fence.group(1), fence.group(2)
        elif line.strip() == "```":
            yield start, number, language, info
            start = None
    if start is not None:
        raise SystemExit("line %d: a fenced block is not closed" % start)


def steps(lines):
    """Splits a console block into [command, expected lines]."""
    result = []
    for line in lines:
        if line.startswith("$ "):
            result.append([line[2:], []])
        elif result and line.startswith("> ") and not result[-1][1]:
            result[-1][0] += "\n" + line[2:]
        elif result:
            result[-1][1].append(line)
    return result


def matches(expected, actual):
    """True if actual fits expected, where a line "..." stands for any number of lines."""
    if "..." not in expected:
        return expected == actual
    cut = expected.index("...")
    if expected[:cut] != actual[:cut]:
        return False
    rest = expected[cut + 1:]
    return any(matches(rest, actual[begin:]) for begin in range(cut, len(actual) + 1))


def run(command, folder, program):
    environment = dict(os.environ, LC_ALL="C.UTF-8", COLUMNS="100", NO_COLOR="1", ASSAY_PROGRESS="never", ASSAY=program,
                       PATH=os.path.join(folder, "build") + os.pathsep + os.environ["PATH"])
    done = subprocess.run(["bash", "-c", command], cwd=folder, env=environment, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=300)
    lines = done.stdout.decode("utf-8", "replace").split("\n")
    if lines and lines[-1] == "":
        lines.pop()
    if done.returncode:
        lines.append("[exit %d]" % done.returncode)
    return [line.rstrip() for line in lines]


def prepare(folder, root, program):
    for name in ("reviews", "docs"):
        if os.path.isdir(os.path.join(root, name)):
            os.symlink(os.path.join(root, name), os.path.join(folder, name))
    os.makedirs(os.path.join(folder, "tests"))
    os.symlink(os.path.join(root, "tests", "data"), os.path.join(folder, "tests", "data"))
    os.makedirs(os.path.join(folder, "build"))
    os.symlink(program, os.path.join(folder, "build", "assay"))
    # The verb itself is read from ./dev, so that a README which shows it cannot drift away from what it runs.
    with open(os.path.join(root, "dev"), encoding="utf-8") as script:
        demo = re.search(r"^demo\) ##.*?\n(.*?)\n    ;;", script.read(), re.S | re.M).group(1)
    demo = "\n".join(line for line in demo.splitlines() if line.strip() != "program")
    with open(os.path.join(folder, "dev"), "w", encoding="utf-8") as script:
        script.write('#!/usr/bin/env bash\nset -e\n[ "$1" = demo ] || exit 2\nbuild=build\n' + demo + "\n")
    os.chmod(os.path.join(folder, "dev"), 0o755)


def check(document, root, program, update):
    with open(document, encoding="utf-8") as file:
        lines = file.read().split("\n")
    failures = 0
    edits = []
    count = 0
    with tempfile.TemporaryDirectory(prefix="assay-cli.") as folder:
        prepare(folder, root, program)
        for first, last, language, info in blocks(lines):
            name = re.match(r"file=(\S+)", info)
            if name:
                path = os.path.join(folder, name.group(1))
                os.makedirs(os.path.dirname(path), exist_ok=True)
                with open(path, "w", encoding="utf-8") as file:
                    file.write("\n".join(lines[first:last]) + "\n")
                continue
            if language != "console":
                continue
            written = []
            for command, expected in steps(lines[first:last]):
                count += 1
                actual = run(command, folder, program)
                expected = [line.rstrip() for line in expected]
                written += ["$ " + command.replace("\n", "\n> ")]
                if matches(expected, actual):
                    written += expected
                    continue
                written += actual
                if not update:
                    failures += 1
                    print("%s:%d: $ %s" % (document, first + 1, command))
                    print("\n".join(difflib.unified_diff(expected, actual, "document", "program", lineterm="")))
            edits.append((first, last, written))
    if update:
        for first, last, written in reversed(edits):
            lines[first:last] = written
        with open(document, "w", encoding="utf-8") as file:
            file.write("\n".join(lines))
    if not count:
        print("%s: no console block" % document)
    return failures, count


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", required=True)
    parser.add_argument("--update", action="store_true")
    parser.add_argument("documents", nargs="+")
    arguments = parser.parse_args()
    root = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
    failures = total = 0
    for document in arguments.documents:
        bad, count = check(document, root, os.path.abspath(arguments.program), arguments.update)
        failures += bad
        total += count
    print("%d commands, %d differ" % (total, failures))
    return 1 if failures or not total else 0


if __name__ == "__main__":
    sys.exit(main())
