// How the people of a review work, as they agreed: how many read a record, what they look for, when they
// stop. Each change is an event, so the log tells who changed what, when and why.
#pragma once

#include "store/store.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace assay::store {

struct Setting {
    std::string value; ///< empty: set back to what holds without it
    std::string who, when, why;
    std::int64_t event = 0;
};

/// The newest event of each name.
using Settings = std::map<std::string, Setting, std::less<>>;

Settings settings(Store& store);
/// One event per name; what stands already is left out. Returns how many were added.
int change_settings(Store& store, const Act& act, const std::map<std::string, std::string>& changes,
                    const std::string& why);

/// The value of a name; empty: not set.
std::string setting(const Settings& all, std::string_view name);
/// A value with semicolons between its parts.
std::vector<std::string> list_of(const Settings& all, std::string_view name);
/// How many people must read a record: at least 1, which is what holds unless it was set.
int reviewers_of(const Settings& all);

} // namespace assay::store
