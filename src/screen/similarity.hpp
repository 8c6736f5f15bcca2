// How much each record has in common with a given one: inner products of its row with all rows.
#pragma once

#include "screen/matrix.hpp"

#include <span>

namespace assay::screen {

class Similarity {
public:
    /// `matrix` must outlive it; one that is about to go is kept.
    explicit Similarity(const Matrix& matrix);
    explicit Similarity(Matrix&& matrix);
    Similarity(const Similarity&) = delete;
    Similarity& operator=(const Similarity&) = delete;

    std::size_t records() const { return records_; }
    /// out[i] = <row of `record`, row i>; out has one place per record.
    void row(std::size_t record, std::span<float> out) const;
    /// Exactly what a record has in common with itself.
    float self(std::size_t record) const { return matrix_.self[record]; }

private:
    struct Posting {
        std::uint32_t record;
        float value;
    };

    void build();

    Matrix owned_;
    const Matrix& matrix_;
    std::size_t records_ = 0;
    std::vector<std::size_t> postings_begin_; ///< by column; those of the common columns are empty
    std::vector<Posting> postings_;
    // Columns that many records have are stored whole, in blocks of records.
    std::size_t common_ = 0;
    std::vector<float> blocks_; ///< [block][common column][record in the block]
};

} // namespace assay::screen
