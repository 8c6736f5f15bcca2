// Multinomial naive Bayes on weighted terms: how much more often each term stands in the included records.
//
// With two classes the complement of one class is the other, so complement naive Bayes (Rennie, Shih, Teevan
// and Karger, ICML 2003, without its normalisation of weights) ranks records in the same order; a unit test
// holds both.
#pragma once

#include "screen/matrix.hpp"

#include <vector>

namespace assay::screen {

struct BayesOptions {
    double alpha = 3.822; ///< added to the sum of every term; ASReview's ELAS u3
    /// What the included records together weigh beside the excluded ones, at mean weight one; 0: every record
    /// weighs one.
    double ratio = 1.2;
};

class Bayes {
public:
    /// `matrix` must outlive it. Terms that one record alone has are not in the matrix and count for nothing.
    Bayes(const Matrix& matrix, BayesOptions options);

    void decide(std::size_t record, bool relevant);

    /// One per record: the log odds of the included against the excluded class, from the terms alone (the
    /// shares of the classes would add the same to every record). Needs both classes.
    const std::vector<double>& scores();

private:
    const Matrix& matrix_;
    BayesOptions options_;
    std::vector<double> sums_[2]; ///< of each term over the excluded, the included records
    std::size_t decided_[2] = {0, 0};
    std::vector<double> weights_, scores_;
    bool stale_ = true;
};

} // namespace assay::screen
