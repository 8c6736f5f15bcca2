#include "dedupe/cluster.hpp"

#include "dedupe/block.hpp"

#include <algorithm>
#include <numeric>
#include <unordered_set>

namespace assay::dedupe {

namespace {

// Union-find whose members can be listed: each group is a ring.
class Forest {
public:
    explicit Forest(std::size_t size) : parent_(size), next_(size) {
        std::iota(parent_.begin(), parent_.end(), 0U);
        std::iota(next_.begin(), next_.end(), 0U);
    }
    std::uint32_t root(std::uint32_t i) {
        while (parent_[i] != i)
            i = parent_[i] = parent_[parent_[i]];
        return i;
    }
    void unite(std::uint32_t a, std::uint32_t b) {
        if (b < a) std::swap(a, b);
        parent_[b] = a; // the group's name is its first record
        std::swap(next_[a], next_[b]);
    }
    template<class Call> bool all_members(std::uint32_t start, Call call) const {
        std::uint32_t at = start;
        do {
            if (!call(at)) return false;
            at = next_[at];
        } while (at != start);
        return true;
    }

private:
    std::vector<std::uint32_t> parent_, next_;
};

struct Edge {
    float score;
    std::uint16_t conflicts;
    std::uint32_t first, second;
};

// What contradicts a merge whatever the other members say. Thin and unplaced are want of support, which other
// members may give; another page is outweighed for all once two members share an identifier.
std::uint16_t contradictions(bool same_identifier) {
    std::uint16_t mask = 0xFFFF;
    const auto clear = [&](Conflict c) {
        mask = static_cast<std::uint16_t>(mask & ~(1U << static_cast<unsigned>(c)));
    };
    clear(Conflict::thin);
    clear(Conflict::unplaced);
    if (same_identifier) clear(Conflict::page);
    return mask;
}

// Two groups are joined only if no member of one contradicts a member of the other: a chain of good pairs
// must not carry a record to a place where it does not belong. Groups are small; very large ones are sampled.
bool compatible(const Catalogue& catalogue, const Rules& rules, const Forest& forest, std::uint32_t a,
                std::uint32_t b, const std::vector<bool>& decided, bool same_identifier) {
    const std::uint16_t mask = contradictions(same_identifier);
    constexpr int most = 12;
    int seen_a = 0;
    return forest.all_members(a, [&](std::uint32_t i) {
        if (++seen_a > most) return true;
        int seen_b = 0;
        return forest.all_members(b, [&](std::uint32_t j) {
            if (++seen_b > most || decided[i] || decided[j]) return true; // a person knows better
            const Comparison c = compare(catalogue, catalogue[i], catalogue[j], rules);
            return (c.conflicts & mask) == 0 && c.score > 0;
        });
    });
}

std::uint64_t pair_key(std::uint32_t a, std::uint32_t b) {
    return std::uint64_t{std::min(a, b)} << 32 | std::max(a, b);
}

// Pairs that a person keeps apart, asked for whole groups.
class Apart {
public:
    explicit Apart(std::span<const Decision> decisions) {
        for (const Decision& d : decisions)
            if (!d.same) pairs_.insert(pair_key(d.first, d.second));
    }
    bool forbids(const Forest& forest, std::uint32_t a, std::uint32_t b) const {
        if (pairs_.empty()) return false;
        return !forest.all_members(a, [&](std::uint32_t i) {
            return forest.all_members(b, [&](std::uint32_t j) { return !pairs_.contains(pair_key(i, j)); });
        });
    }

private:
    std::unordered_set<std::uint64_t> pairs_;
};

std::string_view relation_of(const Comparison& comparison) {
    for (const ConflictRow& row : conflict_table())
        if (comparison.has(row.conflict) && !row.relation.empty()) return row.relation;
    return {};
}

// Alike enough in title or content to be told about.
bool same_content(const Comparison& c) {
    const bool title = c.has(Evidence::title_equal) || c.has(Evidence::title_near) ||
                       c.has(Evidence::title_close) || c.has(Evidence::title_part);
    const bool people = !c.has(Evidence::authors_none) && !c.has(Evidence::authors_some);
    return title && people && !c.has(Evidence::title_generic);
}

} // namespace

std::size_t Groups::count() const {
    std::size_t roots = 0;
    for (std::uint32_t i = 0; i < group.size(); ++i)
        roots += group[i] == i ? 1 : 0;
    return roots;
}

Groups group(const Catalogue& catalogue, const Rules& rules, std::span<const Decision> decisions,
             const Progress& progress) {
    Groups result;
    const std::vector<Candidate> pairs = candidates(catalogue);
    result.compared = pairs.size();
    std::vector<Edge> edges;
    for (std::size_t i = 0; i < pairs.size(); ++i) {
        if (progress && i % 65536 == 0) progress("comparing pairs", i, pairs.size());
        const auto [a, b] = pairs[i];
        const Comparison c = compare(catalogue, catalogue[a], catalogue[b], rules, false);
        const bool related = c.conflicts != 0 && c.score >= rules.relation_from && same_content(c);
        if (c.score < rules.review_from && !related) continue;
        edges.push_back({static_cast<float>(c.score), c.conflicts, a, b});
    }
    std::sort(edges.begin(), edges.end(), [](const Edge& a, const Edge& b) {
        if (a.score != b.score) return a.score > b.score;
        return a.first != b.first ? a.first < b.first : a.second < b.second;
    });
    Forest forest(catalogue.size());
    const Apart apart(decisions);
    std::vector<bool> decided(catalogue.size(), false);
    for (const Decision& d : decisions) {
        const std::uint32_t a = forest.root(d.first), b = forest.root(d.second);
        if (!d.same || a == b) continue;
        if (apart.forbids(forest, a, b)) {
            result.clashes.push_back(d);
            continue;
        }
        decided[d.first] = decided[d.second] = true;
        forest.unite(a, b);
        result.merges.push_back(
            {d.first, d.second, compare(catalogue, catalogue[d.first], catalogue[d.second], rules), true});
    }
    std::vector<const Edge*> left;
    for (const Edge& edge : edges) {
        const std::uint32_t a = forest.root(edge.first), b = forest.root(edge.second);
        if (a == b || apart.forbids(forest, a, b)) continue;
        if (edge.conflicts != 0 || edge.score < rules.merge_from) {
            left.push_back(&edge);
            continue;
        }
        const Comparison whole = compare(catalogue, catalogue[edge.first], catalogue[edge.second], rules);
        const bool same = whole.has(Evidence::doi_equal) || whole.has(Evidence::pmid_equal);
        if (!compatible(catalogue, rules, forest, a, b, decided, same)) {
            left.push_back(&edge);
            continue;
        }
        forest.unite(a, b);
        result.merges.push_back({edge.first, edge.second, whole, false});
    }
    result.group.resize(catalogue.size());
    for (std::uint32_t i = 0; i < catalogue.size(); ++i)
        result.group[i] = forest.root(i);
    // Of the pairs between the same two groups the best one is kept.
    std::unordered_set<std::uint64_t> told;
    for (const Edge* edge : left) {
        const std::uint32_t a = result.group[edge->first], b = result.group[edge->second];
        if (a == b || apart.forbids(forest, a, b) || !told.insert(pair_key(a, b)).second) continue;
        Link link{edge->first, edge->second,
                  compare(catalogue, catalogue[edge->first], catalogue[edge->second], rules), false};
        const std::string_view kind = relation_of(link.comparison);
        if (!kind.empty() && same_content(link.comparison))
            result.relations.push_back({link, kind});
        else if (edge->score >= rules.review_from)
            result.review.push_back(link);
    }
    return result;
}

} // namespace assay::dedupe
