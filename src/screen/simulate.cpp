#include "screen/simulate.hpp"

#include "base/error.hpp"

#include <algorithm>

namespace assay::screen {

Replay replay(const Similarity& similarity, const RankerOptions& options, std::span<const char> relevant,
              std::span<const std::size_t> priors, std::span<const std::size_t> start,
              const Progress& progress) {
    ASSAY_EXPECT(relevant.size() == similarity.records());
    Ranker ranker(similarity, options);
    return replay(ranker, relevant, priors, start, progress);
}

Replay replay(Ranker& ranker, std::span<const char> relevant, std::span<const std::size_t> priors,
              std::span<const std::size_t> start, const Progress& progress) {
    const std::size_t n = relevant.size();
    ASSAY_EXPECT(start.size() == n && ranker.decisions() == 0);
    Replay result;
    result.priors = priors.size();
    auto left = static_cast<std::size_t>(
        std::count_if(relevant.begin(), relevant.end(), [](char r) { return r != 0; }));
    const bool nothing_to_find = left == 0;
    const auto read = [&](std::size_t record) {
        ranker.decide(record, relevant[record] != 0);
        result.order.push_back(record);
        left -= relevant[record] != 0;
    };
    for (const std::size_t record : priors)
        read(record);
    std::size_t next = 0;
    while (result.order.size() < n && (left > 0 || nothing_to_find)) {
        if (ranker.ready())
            read(ranker.next());
        else {
            while (ranker.decided(start[next]))
                ++next;
            read(start[next]);
        }
        if (progress && !progress("reading", result.order.size(), n))
            throw Error("screen/stopped", "the simulation was stopped");
    }
    result.refits = ranker.refits();
    std::vector<char> found;
    for (std::size_t i = priors.size(); i < result.order.size(); ++i)
        found.push_back(relevant[result.order[i]]);
    result.metrics = measure(found, n - priors.size());
    return result;
}

} // namespace assay::screen
