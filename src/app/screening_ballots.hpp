// Who decided what on which record at one stage, and what that adds up to. It only knows records that
// somebody has decided on.
#pragma once

#include "store/flow.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace assay::app {

struct Ballot {
    std::vector<store::Label> standing;         ///< all that were not taken back, by event
    std::map<std::string, store::Label> labels; ///< the newest of each reviewer
    std::optional<store::Label> resolved;       ///< what settled a conflict
    store::Consensus consensus;
    bool read() const { return !consensus.value.empty() || consensus.conflict; }
};

class Ballots {
public:
    explicit Ballots(int reviewers = 1) : reviewers_(reviewers) {}

    /// A label twice changes nothing.
    void add(std::size_t row, store::Label label);
    /// Takes the label of that event back; what the same reviewer said before stands again.
    void remove(std::size_t row, std::int64_t event);
    /// An empty one where nobody has decided.
    const Ballot& of(std::size_t row) const;
    /// By row.
    const std::map<std::size_t, Ballot>& touched() const { return ballots_; }

private:
    void count(Ballot& ballot) const;

    int reviewers_;
    std::map<std::size_t, Ballot> ballots_;
};

} // namespace assay::app
