#include "screen/similarity.hpp"

#include "base/error.hpp"
#include "screen/vector_ops.hpp"

#include <algorithm>
#include <utility>

namespace assay::screen {

namespace {

constexpr std::size_t block = 512;       // records; a block of sums stays in the fastest cache
constexpr std::size_t common_share = 10; // a column is stored whole when a tenth of the records have it
constexpr std::size_t block_bytes = std::size_t{256} << 20;

} // namespace

Similarity::Similarity(const Matrix& matrix) : records_(matrix.rows), self_(matrix.self) {
    std::vector<std::size_t> uses(matrix.columns, 0);
    for (const std::uint32_t column : matrix.column)
        ++uses[column];
    const std::size_t blocks = (records_ + block - 1) / block;
    const std::size_t most = block_bytes / (std::max<std::size_t>(blocks, 1) * block * sizeof(float));
    std::size_t least = std::max<std::size_t>(records_ / common_share, 16);
    for (;;) { // a bound on memory: ask for more records per column where there are too many such columns
        common_ = static_cast<std::size_t>(
            std::count_if(uses.begin(), uses.end(), [&](std::size_t n) { return n >= least; }));
        if (common_ <= most) break;
        least += least / 4 + 1;
    }

    constexpr std::uint32_t common_bit = 1u << 31;
    std::vector<std::uint32_t> place(matrix.columns);
    std::uint32_t next_common = 0, next_rare = 0;
    postings_begin_.push_back(0);
    for (std::size_t c = 0; c < matrix.columns; ++c) {
        if (uses[c] >= least)
            place[c] = common_bit | next_common++;
        else {
            place[c] = next_rare++;
            postings_begin_.push_back(postings_begin_.back() + uses[c]);
        }
    }
    postings_.resize(postings_begin_.back());
    blocks_.assign(blocks * common_ * block, 0);
    std::vector<std::size_t> filled(postings_begin_.begin(), postings_begin_.end() - 1);
    begin_.reserve(records_ + 1);
    begin_.push_back(0);
    column_.reserve(postings_.size());
    value_.reserve(postings_.size());
    for (std::size_t r = 0; r < records_; ++r) {
        for (std::size_t k = matrix.begin[r]; k < matrix.begin[r + 1]; ++k) {
            const std::uint32_t to = place[matrix.column[k]];
            if (to & common_bit)
                blocks_[(r / block * common_ + (to & ~common_bit)) * block + r % block] = matrix.value[k];
            else {
                column_.push_back(to);
                value_.push_back(matrix.value[k]);
                postings_[filled[to]++] = {static_cast<std::uint32_t>(r), matrix.value[k]};
            }
        }
        begin_.push_back(column_.size());
    }
}

void Similarity::row(std::size_t record, std::span<float> out) const {
    ASSAY_EXPECT(record < records_ && out.size() == records_);
    std::fill(out.begin(), out.end(), 0.0f);
    const float* own = blocks_.data() + record / block * common_ * block + record % block;
    std::vector<std::pair<std::size_t, float>> shared; // its own common columns
    for (std::size_t c = 0; c < common_; ++c)
        if (const float value = own[c * block]; value != 0) shared.emplace_back(c, value);
    for (std::size_t start = 0, b = 0; start < records_; start += block, ++b) {
        const float* columns = blocks_.data() + b * common_ * block;
        ScaledRows rows(out.data() + start, std::min(block, records_ - start));
        for (const auto& [c, value] : shared)
            rows.add(columns + c * block, value);
    }
    constexpr std::size_t ahead = 4; // lists lie far apart in memory
    for (std::size_t k = begin_[record]; k < begin_[record + 1]; ++k) {
        if (k + ahead < begin_[record + 1])
            __builtin_prefetch(postings_.data() + postings_begin_[column_[k + ahead]]);
        const float value = value_[k];
        const Posting* const last = postings_.data() + postings_begin_[column_[k] + 1];
        for (const Posting* p = postings_.data() + postings_begin_[column_[k]]; p != last; ++p)
            out[p->record] += value * p->value;
    }
}

} // namespace assay::screen
