// The functions behind the table of further methods of `assay meta`; each turns one method's result into a
// section.
#pragma once

#include "app/meta_data.hpp"
#include "synth/gosh.hpp"
#include "synth/multiverse.hpp"

#include <optional>
#include <string>

namespace assay::app {

/// An empty section.
inline report::Section titled(std::string id, std::string title) {
    report::Section section;
    section.id = std::move(id);
    section.title = std::move(title);
    return section;
}

inline report::Cell cell(const std::optional<double>& number) {
    return number ? report::Cell(*number) : report::Cell();
}
inline report::Cell whole(double number) {
    return report::Cell(number);
}

/// The fit of data.model(), or why there is none: then the section gets a note and the result is empty.
std::optional<synth::UniFit> fitted(const MetaData& data, report::Section& section);

// meta_model.cpp: of the fitted model
report::Section fit_statistics_section(const MetaData&, const std::string&);
report::Section confint_section(const MetaData&, const std::string& method);
report::Section vif_section(const MetaData&, const std::string&);
report::Section contrast_section(const MetaData&, const std::string& rows);
report::Section equal_tau2_section(const MetaData&, const std::string&);
report::Section profile_section(const MetaData&, const std::string&);
report::Section strata_section(const MetaData&, const std::string&);

// meta_studies.cpp: one row for each study
report::Section leave_one_out_section(const MetaData&, const std::string&);
report::Section residuals_section(const MetaData&, const std::string&);
report::Section blup_section(const MetaData&, const std::string&);
report::Section baujat_section(const MetaData&, const std::string&);
report::Section influence_section(const MetaData&, const std::string&);
report::Section cumulative_section(const MetaData&, const std::string& column);
report::Section leave_sets_out_section(const MetaData&, const std::string& how_many);

// meta_bias.cpp: small studies and selection
report::Section regtest_section(const MetaData&, const std::string& predictor);
report::Section trimfill_section(const MetaData&, const std::string& estimator);
report::Section rank_test_section(const MetaData&, const std::string&);
report::Section asymmetry_section(const MetaData&, const std::string& test);
report::Section fail_safe_section(const MetaData&, const std::string& type);
report::Section henmi_copas_section(const MetaData&, const std::string&);
report::Section excess_section(const MetaData&, const std::string&);
report::Section selection_section(const MetaData&, const std::string& type);
report::Section p_uniform_section(const MetaData&, const std::string&);
report::Section pet_peese_section(const MetaData&, const std::string&);

// meta_clusters.cpp: effects that depend on one another, counts, a variance with moderators
report::Section multilevel_section(const MetaData&, const std::string& random);
report::Section robust_section(const MetaData&, const std::string& column);
report::Section rve_section(const MetaData&, const std::string& column);
report::Section glmm_section(const MetaData&, const std::string& model);
report::Section location_scale_section(const MetaData&, const std::string& formula);

// meta_resample.cpp: the analysis many times over
report::Section permutation_section(const MetaData&, const std::string& how_many);
report::Section bootstrap_section(const MetaData&, const std::string& kind);
report::Section multiverse_section(const MetaData&, const std::string& choices);
report::Section gosh_section(const MetaData&, const std::string& sample);

/// All combinations of the choices, for the section and the plot.
struct MultiverseResult {
    std::vector<std::string> measures; ///< one per choice of data
    synth::Multiverse result;
};
MultiverseResult multiverse_of(const MetaData& data, const std::string& choices);
synth::GoshPlan gosh_plan(const MetaData& data, const std::string& sample);
/// The studies in the order of a column: rows of the data.
std::vector<std::size_t> order_by(const MetaData& data, const std::string& column);

/// The grid of tau2 that a profile is drawn over: from 0 to beyond the interval.
std::vector<double> profile_grid(const MetaData& data, const synth::UniFit& fit);

} // namespace assay::app
