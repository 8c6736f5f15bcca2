#include "app/screening_ballots.hpp"

#include <algorithm>

namespace assay::app {

void Ballots::add(std::size_t row, store::Label label) {
    Ballot& ballot = ballots_[row];
    const auto at =
        std::lower_bound(ballot.standing.begin(), ballot.standing.end(), label.event,
                         [](const store::Label& l, std::int64_t event) { return l.event < event; });
    if (at != ballot.standing.end() && at->event == label.event) return;
    ballot.standing.insert(at, std::move(label));
    count(ballot);
}

void Ballots::remove(std::size_t row, std::int64_t event) {
    const auto found = ballots_.find(row);
    if (found == ballots_.end()) return;
    auto& standing = found->second.standing;
    standing.erase(std::remove_if(standing.begin(), standing.end(),
                                  [&](const store::Label& label) { return label.event == event; }),
                   standing.end());
    if (standing.empty())
        ballots_.erase(found);
    else
        count(found->second);
}

const Ballot& Ballots::of(std::size_t row) const {
    static const Ballot none;
    const auto found = ballots_.find(row);
    return found == ballots_.end() ? none : found->second;
}

void Ballots::count(Ballot& ballot) const {
    ballot.labels.clear();
    ballot.resolved.reset();
    for (const store::Label& label : ballot.standing) {
        if (label.resolves)
            ballot.resolved = label;
        else
            ballot.labels[label.who] = label;
    }
    ballot.consensus =
        store::add_up(ballot.labels, ballot.resolved ? &*ballot.resolved : nullptr, reviewers_);
}

} // namespace assay::app
