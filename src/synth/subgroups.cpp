#include "synth/subgroups.hpp"

#include "num/distributions.hpp"
#include "num/sums.hpp"

#include <algorithm>

namespace assay::synth {

namespace {
std::vector<model::SubgroupResult> levels_of(std::span<const model::Effect> effects) {
    std::vector<model::SubgroupResult> groups;
    for (std::size_t i = 0; i < effects.size(); ++i) {
        auto group = std::find_if(groups.begin(), groups.end(),
                                  [&](const auto& g) { return g.level == effects[i].subgroup; });
        if (group == groups.end()) {
            groups.push_back({});
            groups.back().level = effects[i].subgroup;
            group = groups.end() - 1;
        }
        group->members.push_back(i);
    }
    return groups;
}

/// Q of the groups' estimates around their weighted mean.
void test_between(model::SubgroupTest& test) {
    num::Sum weight, weighted;
    int pooled = 0;
    const auto usable = [](const model::SubgroupResult& g) { return g.synthesis.k > 0 && g.synthesis.se > 0; };
    for (const auto& group : test.groups) {
        if (!usable(group)) continue;
        const double w = 1 / (group.synthesis.se * group.synthesis.se);
        weight += w;
        weighted += w * group.synthesis.estimate;
        ++pooled;
    }
    if (pooled < 2) return;
    const double mean = weighted.value() / weight.value();
    num::Sum q;
    for (const auto& group : test.groups) {
        if (!usable(group)) continue;
        const double off = (group.synthesis.estimate - mean) / group.synthesis.se;
        q += off * off;
    }
    test.q = q.value();
    test.df = pooled - 1;
    test.p = num::chi_squared_upper(test.q, test.df);
}
} // namespace

model::SubgroupTest subgroups(std::span<const model::Effect> effects, const std::string& measure,
                              const PoolOptions& options, const std::string& column) {
    model::SubgroupTest test;
    test.column = column;
    test.groups = levels_of(effects);
    for (auto& group : test.groups) {
        std::vector<model::Effect> members;
        for (std::size_t i : group.members)
            members.push_back(effects[i]);
        group.synthesis = pool(members, measure, options);
    }
    test_between(test);
    return test;
}

} // namespace assay::synth
