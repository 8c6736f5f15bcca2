// What the methods of `assay meta` work on: the studies that were kept, as effects, raw inputs and variables;
// and the tables of further methods and plots. A new one is a function and a row.
#pragma once

#include "app/meta.hpp"
#include "synth/estimators.hpp"
#include "synth/fit.hpp"
#include "synth/formula.hpp"
#include "synth/uni.hpp"

#include <optional>
#include <span>

namespace assay::app {

struct MetaData {
    const MetaRequest& request;
    const effect::Measure& measure;
    const model::AnalysisResult& analysis;
    std::vector<effect::Row> rows;          ///< raw inputs of the studies kept
    std::vector<synth::Variable> variables; ///< all columns, studies kept
    std::vector<double> y, v;
    std::optional<synth::DesignMatrix> design;
    std::vector<double> weights; ///< of the user; empty: inverse variances

    std::size_t k() const { return y.size(); }
    const std::string& label(std::size_t i) const { return analysis.effects[i].label; }
    /// Null: common effect.
    const synth::Estimator* estimator() const;
    synth::Test test() const;
    /// The model that was asked for, with moderators and weights; its spans look into this object.
    synth::UniModel model() const;
    /// Names of its coefficients.
    std::vector<std::string> coefficient_names() const;
    /// A column of numbers; throws Error when there is none of this name, or a cell is empty or no number.
    std::vector<double> numbers(const std::string& column, const std::string& option) const;
    /// A column as written; throws Error when there is none of this name.
    const std::vector<std::string>& words(const std::string& column, const std::string& option) const;
    /// People in each study, from whichever inputs tell; throws Error where they do not.
    std::vector<double> sizes(const std::string& option) const;
};

struct SectionMethod {
    std::string_view id;       ///< the option without dashes; metafor's name where it has one
    std::string_view argument; ///< what may be given ("COLUMN"); empty: a flag
    std::string_view missing;  ///< what an absent argument means; empty with an argument: it must be given
    std::string_view help;
    std::string_view
        script; ///< the same in R, on `res`; "{}" stands for the argument; empty: R has no such thing
    report::Section (*run)(const MetaData&, const std::string& argument);
};
std::span<const SectionMethod> section_methods();

struct PlotMethod {
    std::string_view id, help;
    std::string (*draw)(const MetaData&); ///< a whole SVG file
};
std::span<const PlotMethod> plot_methods();

/// The model with all that --mods, --weights or --unweighted ask for.
report::Section model_section(const MetaData& data);

/// The R script for metafor that does the same.
std::string meta_script(const MetaRequest& request);

} // namespace assay::app
