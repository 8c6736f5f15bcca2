// A linear classifier on the decided records, kept solved while decisions come in one by one: a support
// vector machine or logistic regression.
//
// The machine: squared hinge loss, ridge penalty, a constant feature for the intercept (so that it is
// penalised too). The dual is
//   minimise 1/2 a'(Q + D) a - 1'a,  a >= 0,  Q_ij = y_i y_j (K_ij + 1),  D_ii = 1 / (2 C_i)
// (Hsieh, Chang, Lin, Keerthi and Sundararajan, ICML 2008, eq. 3 and 4 with the L2 loss). Coordinate descent
// starts from the last solution, and each sweep begins with the best rescaling of the two classes, which
// removes the slow common movement that a new decision causes.
//
// Logistic regression with the same penalty, in the dual (Yu, Huang and Lin, Machine Learning 85 (2011), eq.
// 4):
//   minimise 1/2 a'Q a + sum_i a_i log a_i + (C_i - a_i) log(C_i - a_i),  0 < a_i < C_i
// by coordinates as well; at the solution a_i = C_i / (1 + exp(y_i f_i)).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace assay::screen {

enum class Loss { squared_hinge, logistic };

struct SolverOptions {
    double cost = 0.11;
    /// The decided records weigh in such that the included ones together weigh `ratio` times the excluded
    /// ones, with mean weight one (ASReview's `balanced`); 0: every record weighs one.
    double ratio = 9.8;
    Loss loss = Loss::squared_hinge;
};

/// The weight of an excluded and of an included record; both numbers positive.
std::array<double, 2> class_weights(std::size_t excluded, std::size_t included, double ratio);

class Solver {
public:
    explicit Solver(SolverOptions options) : options_(options) {}

    /// `similarity[j]` to each record decided so far, in their order; `self`: to itself.
    void add(std::span<const float> similarity, float self, bool relevant);

    std::size_t size() const { return y_.size(); }
    std::size_t relevant() const { return relevant_; }
    bool both_classes() const { return relevant_ > 0 && relevant_ < size(); }

    /// Solves until no single coordinate could lower the dual objective by more than `gain`. Needs both
    /// classes.
    void solve(double gain);

    /// Signed weight of a decided record in the decision function: sum_j weight_j (K_j. + 1).
    double weight(std::size_t j) const { return y_[j] * a_[j]; }
    bool is_relevant(std::size_t j) const { return y_[j] > 0; }
    double intercept() const { return total_[1] - total_[0]; }
    double decision(std::size_t j) const { return sums_[1][j] - sums_[0][j] + intercept(); }

    /// By how much all weights of a class were rescaled since the beginning; a weight over this factor
    /// changes only where its own record calls for it.
    double scale(bool relevant) const { return scale_[relevant]; }
    double total(bool relevant) const { return total_[relevant]; }

    /// The dual variables where scikit-learn's LinearSVC would stop on the same decisions (see
    /// liblinear.hpp).
    std::vector<double> liblinear(std::uint32_t seed) const;

    /// Updates of single coordinates so far.
    std::size_t updates() const { return updates_; }

private:
    double stiffness(std::size_t j) const { return diagonal_[y_[j] > 0]; }
    double gradient(std::size_t j) const;
    void set_costs();
    double hinge_next(std::size_t j, double gain) const;
    double logistic_next(std::size_t j, double gain) const;
    void rescale_classes();
    void scale_class(int side, double factor);

    SolverOptions options_;
    std::vector<double> y_, a_;
    std::vector<std::uint32_t> members_[2]; ///< the excluded and the included
    std::vector<float> self_;
    std::vector<std::vector<float>> rows_; ///< similarities among the decided records
    std::size_t relevant_ = 0, updates_ = 0;
    double cost_[2] = {0, 0};     ///< C of excluded, included records
    double diagonal_[2] = {0, 0}; ///< D = 1 / (2 C)
    double scale_[2] = {1, 1};
    double total_[2] = {0, 0};    ///< sum of a over each class
    std::vector<double> sums_[2]; ///< sum over a class of a_j K_j.
};

} // namespace assay::screen
