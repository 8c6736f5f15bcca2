// How much each record has in common with a given one: inner products of its row with all rows.
#pragma once

#include "screen/matrix.hpp"

#include <span>

namespace assay::screen {

class Similarity {
public:
    explicit Similarity(const Matrix& matrix);

    std::size_t records() const { return records_; }
    /// out[i] = <row of `record`, row i>; out has one place per record.
    void row(std::size_t record, std::span<float> out) const;
    /// Exactly what a record has in common with itself.
    float self(std::size_t record) const { return self_[record]; }

private:
    struct Posting {
        std::uint32_t record;
        float value;
    };

    std::size_t records_ = 0;
    // Rows again, with rare columns numbered apart from the common ones.
    std::vector<std::size_t> begin_;
    std::vector<std::uint32_t> column_; ///< rare columns of a row
    std::vector<float> value_;
    std::vector<std::size_t> postings_begin_;
    std::vector<Posting> postings_;
    // Columns that many records have are stored whole, in blocks of records.
    std::size_t common_ = 0;
    std::vector<float> blocks_; ///< [block][common column][record in the block]
    std::vector<float> self_;
};

} // namespace assay::screen
