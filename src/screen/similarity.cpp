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

Similarity::Similarity(const Matrix& matrix) : matrix_(matrix), records_(matrix.rows) {
    build();
}

Similarity::Similarity(Matrix&& matrix) : owned_(std::move(matrix)), matrix_(owned_), records_(matrix_.rows) {
    build();
}

void Similarity::build() {
    std::vector<std::uint32_t> uses(matrix_.columns, 0);
    for (const std::uint32_t column : matrix_.column)
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

    // Where the next entry of a column goes: into the postings, or into the blocks.
    constexpr std::size_t common_bit = std::size_t{1} << 63;
    std::vector<std::size_t> next(matrix_.columns);
    std::size_t common = 0, filled = 0;
    postings_begin_.reserve(matrix_.columns + 1);
    for (std::size_t c = 0; c < matrix_.columns; ++c) {
        postings_begin_.push_back(filled);
        next[c] = uses[c] >= least ? common_bit | common++ : filled;
        if (uses[c] < least) filled += uses[c];
    }
    postings_begin_.push_back(filled);
    postings_.resize(filled);
    blocks_.assign(blocks * common_ * block, 0);
    for (std::size_t r = 0; r < records_; ++r)
        for (std::size_t k = matrix_.begin[r]; k < matrix_.begin[r + 1]; ++k) {
            std::size_t& to = next[matrix_.column[k]];
            if (to & common_bit)
                blocks_[(r / block * common_ + (to & ~common_bit)) * block + r % block] = matrix_.value[k];
            else
                postings_[to++] = {static_cast<std::uint32_t>(r), matrix_.value[k]};
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
    const std::size_t end = matrix_.begin[record + 1];
    for (std::size_t k = matrix_.begin[record]; k < end; ++k) {
        if (k + ahead < end)
            __builtin_prefetch(postings_.data() + postings_begin_[matrix_.column[k + ahead]]);
        const float value = matrix_.value[k];
        const Posting* const last = postings_.data() + postings_begin_[matrix_.column[k] + 1];
        for (const Posting* p = postings_.data() + postings_begin_[matrix_.column[k]]; p != last; ++p)
            out[p->record] += value * p->value;
    }
}

} // namespace assay::screen
