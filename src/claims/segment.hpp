// Cuts readable text into the pieces that can be claims: headings, sentences and their clauses, list items,
// table rows and cells; and finds where the reference list stands.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace assay::claims {

enum class UnitKind { heading, sentence, row, cell };

std::string_view to_string(UnitKind kind);

/// A piece of text. `begin` and `end` are bytes of the text; units do not overlap and stand in order.
struct Unit {
    UnitKind kind = UnitKind::sentence;
    std::size_t begin = 0, end = 0;
    std::size_t sentence_begin = 0, sentence_end = 0; ///< of the whole sentence (or row) it is a part of
    std::size_t block_begin = 0, block_end = 0;       ///< of the paragraph, list item or table row
    int heading = -1;                                 ///< index of the unit that is its heading; -1: none
    std::string subject;                              ///< of a cell: what the first cell of its row says
    std::string
        column; ///< of a cell: the head of its column; of a row: the heads of all columns, parted by tabs
    bool in_item = false;
};

struct Span {
    std::size_t begin = 0, end = 0;
    bool empty() const { return begin >= end; }
};

struct Segments {
    std::vector<Unit> units;
    std::vector<Span> references; ///< stretches that hold lists of references, without their headings
};

Segments segment(std::string_view text);

/// The sentences of a stretch of running text; line ends count as spaces.
std::vector<Span> sentences(std::string_view text, std::size_t begin, std::size_t end);

/// A sentence cut into clauses that can be true or false by themselves; most sentences are one.
std::vector<Span> clauses(std::string_view text, Span sentence);

} // namespace assay::claims
