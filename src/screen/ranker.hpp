// Ranks the records that nobody has decided on yet, and learns from every decision.
#pragma once

#include "base/random.hpp"
#include "screen/bayes.hpp"
#include "screen/liblinear.hpp"
#include "screen/similarity.hpp"
#include "screen/solver.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace assay::screen {

/// Which record to read next, given the scores. Ties go to the lower row.
enum class Query {
    certainty,   ///< the one most like the included
    uncertainty, ///< the one the model is least sure of: its score is closest to zero
    mixed,       ///< certainty, and every `other_every`-th time uncertainty
    explore,     ///< certainty, and every `other_every`-th time any record, drawn from the seed
};

struct RankerOptions {
    SolverOptions solver;
    /// Set: naive Bayes instead of the solver.
    std::optional<BayesOptions> bayes;
    Query query = Query::certainty;
    std::size_t other_every = 20; ///< for Query::mixed and Query::explore
    /// How exactly the model is solved after a decision: see Solver::solve.
    double gain = 1e-7;
    /// True: read in the order of ASReview's ELAS u4, whatever it takes. Where the lead of the best record is
    /// so small that it hangs on where scikit-learn's solver stops, its path is retraced with the random
    /// numbers of `seed`. Use with a gain of 1e-10.
    bool compatible = false;
    /// Memory for the similarities of decided records to all others; what does not fit is computed again when
    /// needed.
    std::size_t row_bytes = std::size_t{512} << 20;
    /// Of NumPy's global generator before the first fit (`compatible`), or of Query::explore.
    std::uint32_t seed = 0;
};

class Ranker {
public:
    /// `similarity` must outlive the ranker.
    Ranker(const Similarity& similarity, RankerOptions options);
    /// Any classifier; naive Bayes looks at the terms themselves. Both must outlive the ranker.
    Ranker(const Similarity& similarity, const Matrix& matrix, RankerOptions options);

    /// Takes a decision in. Each record once.
    void decide(std::size_t record, bool relevant);

    /// True when both classes have been seen, so that there is a model.
    bool ready() const { return relevant_ > 0 && relevant_ < decided_.size(); }
    bool decided(std::size_t record) const { return is_decided_[record]; }
    std::size_t decisions() const { return decided_.size(); }

    /// The undecided record with the highest score, ties to the lower row. Refits if a decision came in
    /// since. Needs ready() and an undecided record.
    std::size_t best();

    /// The undecided record that the query strategy asks for; best() where that is certainty.
    std::size_t next();

    /// Never proposes this record, though nothing is learnt from it.
    void set_aside(std::size_t record);

    /// The undecided records with the highest scores, at most `count`, ties to the lower row; those set aside
    /// left out. Needs ready(); not for the compatible mode.
    std::vector<std::size_t> top(std::size_t count);

    /// Decided records in the order of their decisions, as solver() numbers them.
    std::span<const std::uint32_t> decided_rows() const { return decided_; }

    /// The model's score of any record (positive: more like the included ones); the decision value of the
    /// solver, or the log odds of naive Bayes.
    double score(std::size_t record);

    std::size_t refits() const { return refits_; }
    /// How many of them retraced the steps of scikit-learn's solver.
    std::size_t retraced() const { return retraced_; }
    const Solver& solver() const { return solver_; }

private:
    void refit();
    std::vector<float> open_scores();
    void flush(double threshold);
    std::vector<float> free_row();
    const std::vector<float>& row(std::size_t j);
    std::size_t compatible_best();

    const Similarity& similarity_;
    RankerOptions options_;
    Solver solver_;
    std::optional<Bayes> bayes_;
    std::size_t relevant_ = 0, queries_ = 0;
    Random random_;
    std::vector<std::uint32_t> decided_;
    std::vector<char> is_decided_;
    std::vector<std::vector<float>> rows_; ///< similarities of each decided record to all records
    std::vector<std::size_t> last_use_;    ///< of each of them; empty rows were given up
    std::size_t rows_kept_ = 0, uses_ = 0;
    std::vector<float> pool_[2];  ///< sum over a class of applied_j K_j., minus infinity once decided
    std::vector<double> applied_; ///< the part of |weight_j| that pool_ holds
    double applied_total_[2] = {0, 0};
    std::vector<float> nearest_; ///< the largest similarity of each decided record to any other
    bool stale_ = false;
    std::size_t refits_ = 0, retraced_ = 0;
    FitSeeds fit_seeds_;
};

} // namespace assay::screen
