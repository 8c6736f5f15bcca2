// GOSH: the pooled result of every subset of the studies, or of a random sample of subsets. Work is cut into
// blocks of 4096 subsets, each computed from scratch, so that any split over threads and processes gives the
// same bytes.
#pragma once

#include "synth/variants.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace assay::synth {

struct GoshPlan {
    std::span<const double> y, v;
    const Estimator* estimator = nullptr; ///< null: common effect
    std::uint64_t sample = 0;             ///< 0: all subsets (at most 30 studies); else that many random ones
    std::uint64_t seed = 1;
    unsigned threads = 1;
    /// H2 as Q per degree of freedom (below 1 where effects agree better than chance) also for random
    /// effects, as metafor's gosh() gives it for DL.
    bool h2_from_q = false;

    std::uint64_t subsets() const; ///< how many there are
    std::uint64_t blocks() const;
};

/// Most studies for which all subsets are walked through.
constexpr std::size_t gosh_most_studies = 30;
constexpr std::uint64_t gosh_block = 4096;

/// Subset `index` (0 .. subsets - 1) of all in the order they are walked through: bit i is study i. The order
/// is a Gray code: neighbours differ in one study.
std::uint64_t gosh_members(std::uint64_t index);

/// The numbers of each subset.
enum class GoshNumber { estimate, tau2, i2, h2, q };
constexpr std::size_t gosh_numbers = 5;

/// Everything for each subset in [first, first + size): arrays of that length, any may be empty. For a plan
/// with all subsets or a sample; first is a multiple of gosh_block.
struct GoshArrays {
    std::span<double> estimate, tau2, i2, h2, q;
};
void gosh_subsets(const GoshPlan& plan, std::uint64_t first, std::uint64_t size, const GoshArrays& out);

/// What a stretch of blocks adds up to; parts are joined in the order of their blocks.
struct GoshPart {
    /// Per block: count, sums of the five numbers, of squares of estimate and I2 about a centre, of their
    /// product, then for each study the count and the sum of estimates of subsets that hold it.
    std::vector<double> block_sums;
    std::size_t block_length = 0;
    std::vector<std::uint64_t> histogram; ///< gosh_numbers x bins
    std::vector<std::uint64_t> grid;      ///< estimate (columns) by I2 (rows), for a picture
    std::uint64_t several = 0;            ///< subsets whose estimate of tau2 did not settle
};
constexpr std::size_t gosh_columns = 80, gosh_rows = 40;

GoshPart gosh_part(const GoshPlan& plan, std::uint64_t first_block, std::uint64_t last_block);
void join(GoshPart& left, const GoshPart& right);

/// Which bins hold the wanted quantiles; then their values are collected in a second walk.
struct GoshWanted {
    std::vector<double> probabilities;
    std::vector<std::uint8_t> bins; ///< gosh_numbers x bins; 1: wanted
};
GoshWanted gosh_wanted(const GoshPart& all, std::vector<double> probabilities);
std::array<std::vector<double>, gosh_numbers> gosh_collect(const GoshPlan& plan, const GoshWanted& wanted,
                                                           std::uint64_t first_block,
                                                           std::uint64_t last_block);

struct GoshSummary {
    std::uint64_t subsets = 0;
    std::vector<double> probabilities;
    std::array<std::vector<double>, gosh_numbers> quantiles; ///< type 7 of Hyndman & Fan 1996
    std::array<double, gosh_numbers> mean{};
    double estimate_sd = 0;
    std::optional<double> correlation;           ///< of estimate and I2; unset when one of them does not vary
    std::vector<double> mean_with, mean_without; ///< of the estimate over subsets with and without each study
    double estimate_low = 0, estimate_high = 0;  ///< edges of the grid
    std::vector<std::uint64_t> grid;
    std::uint64_t unsettled = 0;
};
GoshSummary gosh_summary(const GoshPlan& plan, const GoshPart& all, const GoshWanted& wanted,
                         const std::array<std::vector<double>, gosh_numbers>& collected);

/// All of it in one process. Olkin, Dahabreh & Trikalinos 2012, Res Synth Methods 3:214.
GoshSummary gosh(const GoshPlan& plan,
                 std::vector<double> probabilities = {0, 0.05, 0.25, 0.5, 0.75, 0.95, 1});

} // namespace assay::synth
