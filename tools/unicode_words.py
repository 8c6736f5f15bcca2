#!/usr/bin/env python3
"""Prints src/screen/unicode_tables.cpp: which code points belong to words, and their lower case, as Python's `re` and
`str.lower` see them (general categories of the Unicode Character Database this Python carries)."""
import re
import sys
import unicodedata

WORD = re.compile(r"\w")


def ranges(points):
    out = []
    for point in points:
        if out and out[-1][1] + 1 == point:
            out[-1][1] = point
        else:
            out.append([point, point])
    return out


def steps(pairs):
    """Runs of (point, lower) with the same distance, one or two code points apart."""
    out = []
    for point, low in pairs:
        if out:
            run = out[-1]
            gap = point - run[1]
            if low - point == run[2] and (gap == run[3] or (run[0] == run[1] and gap in (1, 2))):
                run[1], run[3] = point, gap
                continue
        out.append([point, point, low - point, 1])
    return out


def table(rows, per_line):
    cells = ["{" + ", ".join(str(value) for value in row) + "}" for row in rows]
    return "\n".join("    " + ", ".join(cells[at:at + per_line]) + "," for at in range(0, len(cells), per_line))


words = ranges(c for c in range(0x80, sys.maxunicode + 1) if not 0xD800 <= c < 0xE000 and WORD.match(chr(c)))
lowers = steps((c, ord(chr(c).lower())) for c in range(0x80, sys.maxunicode + 1)
               if not 0xD800 <= c < 0xE000 and len(chr(c).lower()) == 1 and chr(c).lower() != chr(c))
print("""// Which code points belong to words, and their lower case. Printed by tools/unicode_words.py from the Unicode Character
// Database %s; ASCII is not in the tables.
#include "screen/unicode_tables.hpp"

namespace assay::screen {

// clang-format off
namespace {

constexpr CodeRange words[] = {
%s
};

constexpr LowerRun lowers[] = {
%s
};

} // namespace
// clang-format on

std::span<const CodeRange> word_ranges() { return words; }
std::span<const LowerRun> lower_runs() { return lowers; }

} // namespace assay::screen""" % (unicodedata.unidata_version, table(words, 8), table(lowers, 6)))
