// The settings of a screening: read from the store of a review, checked before they are put there.
#pragma once

#include "store/settings.hpp"

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace assay::app {

/// What holds for a screening; each member is the setting of its name.
struct Setup {
    int reviewers = 1; ///< how many people must read a record
    /// With two reviewers or more: nobody is shown the decisions of others, nor what the model makes of a
    /// record, before enough people have decided on it.
    bool blind = true;
    std::vector<std::string> people;                       ///< who may decide; empty: anybody
    std::vector<std::string> adjudicators;                 ///< who may settle conflicts; empty: anybody
    std::string protocol;                                  ///< JSON: title, questions, criteria; empty: none
    std::vector<std::string> include_words, exclude_words; ///< shown in colour
    std::vector<std::string> reasons;                      ///< for exclusion, in the order of the protocol
    double target = 0.95;                                  ///< recall to reach
    double confidence = 0.95;                              ///< of the test and of the audit
    std::uint32_t seed = 1; ///< of the order before there is a model, where there is no protocol
};

struct SettingRow {
    std::string_view name, help;
    std::string_view usual; ///< what holds where it is not set
};
std::span<const SettingRow> setting_rows();

Setup setup_of(const store::Settings& settings);

/// Puts settings into the store, all or none; the value of `protocol` is the path of a JSON file. An empty
/// value sets back. Returns how many changed. Errors: "screen/setting".
int change_setup(store::Store& store, const store::Act& act, const std::map<std::string, std::string>& wanted,
                 const std::string& why);

/// The lines of a protocol that say what is looked for and what is not.
struct Criteria {
    std::string title;
    std::vector<std::string> questions, include, exclude;
};
Criteria criteria_of(const Setup& setup);

/// What holds, since when, by whom and why; schema "assay/screen-setup/1".
std::string setup_text(const store::Settings& settings);
std::string setup_json(const store::Settings& settings);

} // namespace assay::app
