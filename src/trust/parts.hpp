// What the checks share: making a finding of a row, wording, families of measures. Internal to the folder.
#pragma once

#include "trust/checks.hpp"

#include <string>
#include <string_view>

namespace assay::trust {

/// A finding about one row of a table; study, row and place are filled.
Finding finding(const model::Result& row, std::string_view field, Possible possible);
Finding finding(const model::Published& row, std::string_view field, Possible possible);
Finding finding(const model::Arm& row, std::string_view field, Possible possible);
Finding finding(const model::Study& row, std::string_view field, Possible possible);

/// Adds an input: name and digits.
void input(Finding& finding, std::string name, std::string value);
void input(Finding& finding, std::string name, const Printed& value);

/// A P value for a sentence: "0.036", "6.5e-06".
std::string p_words(double p);
/// "0.021 to 0.024", or one value where both print the same.
std::string p_words(const Range& range);
/// A computed number for a sentence, to 3 or so digits.
std::string number_words(double value);
/// "Frusso 1999, cramps per week, 4 wk"
std::string subject(const Cell& cell);

/// The scale on which an interval of a measure is symmetric.
enum class Symmetry { difference, ratio, unknown };
Symmetry symmetry(std::string_view measure);

/// Lower case, letters and digits only, single spaces.
std::string plain(std::string_view text);

/// Every run of digits with an optional point that is followed by a per cent sign.
std::vector<Printed> percentages(std::string_view text);

bool printed_status(const std::string& status); ///< printed or secondary: somebody else's number

// The functions of the table, by file.
void run_grim(const Context&, Sink&);
void run_grimmer(const Context&, Sink&);
void run_debit(const Context&, Sink&);
void run_percent(const Context&, Sink&);
void run_flow(const Context&, Sink&);
void run_p_means(const Context&, Sink&);
void run_p_change(const Context&, Sink&);
void run_p_counts(const Context&, Sink&);
void run_p_choice(const Context&, Sink&);
void run_p_interval(const Context&, Sink&);
void run_estimate_inside(const Context&, Sink&);
void run_interval_centre(const Context&, Sink&);
void run_interval_level(const Context&, Sink&);
void run_interval_se(const Context&, Sink&);
void run_contrast(const Context&, Sink&);
void run_sd_difference(const Context&, Sink&);
void run_se_as_sd(const Context&, Sink&);
void run_scale(const Context&, Sink&);
void run_sd_limit(const Context&, Sink&);
void run_skew(const Context&, Sink&);
void run_repeated_cells(const Context&, Sink&);
void run_sources_disagree(const Context&, Sink&);
void run_duplicate_cohorts(const Context&, Sink&);
void run_subgroups(const Context&, Sink&);
void run_editions(const Context&, Sink&);
void run_quotes_disagree(const Context&, Sink&);
void run_dose(const Context&, Sink&);
void run_dose_basis(const Context&, Sink&);
void run_units(const Context&, Sink&);
void run_periods(const Context&, Sink&);
void run_baseline(const Context&, Sink&);
void run_rob_disagree(const Context&, Sink&);
void run_identifiers(const Context&, Sink&);
void run_retractions(const Context&, Sink&);

} // namespace assay::trust
