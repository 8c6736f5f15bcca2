// The tree of headings that makes "exp X/" more than X: tree numbers sorted, so that a branch is one
// interval.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace assay::search {

class Thesaurus {
public:
    bool empty() const { return names_.empty(); }
    std::size_t size() const { return names_.size(); }

    /// By name, letter case and word breaks aside, or by an entry term. -1: not in the tree.
    int find(std::string_view name) const;
    const std::string& name(int heading) const { return names_[static_cast<std::size_t>(heading)]; }
    /// The heading and all below it, once each, in the order of the tree.
    std::vector<int> explode(int heading) const;
    bool has_narrower(int heading) const { return explode(heading).size() > 1; }

    void add(std::string_view name, std::string_view tree_number); ///< empty number: outside the tree
    void add_entry_term(std::string_view term, std::string_view name);
    void finish(); ///< after the last add

private:
    static std::string key(std::string_view name);

    std::vector<std::string> names_;
    std::vector<std::vector<std::string>> numbers_; ///< of each heading
    std::vector<std::pair<std::string, int>> tree_; ///< sorted by tree number
    std::unordered_map<std::string, int> by_name_;
};

/// Reads NLM's list of the tree ("Sleep;F02.830.855" a line) or its descriptors as XML. Other text gives an
/// empty thesaurus.
Thesaurus read_thesaurus(std::string_view bytes);

} // namespace assay::search
