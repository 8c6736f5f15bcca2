// The table of effect measures: what each is called, what it needs, how it is computed and shown, and who
// says so. A new measure is one compute function in the file of its family and one row in measures.cpp.
#pragma once

#include "effect/roles.hpp"

#include <cstdint>
#include <limits>
#include <span>
#include <string_view>
#include <vector>

namespace assay::effect {

enum class Family : std::uint8_t {
    binary,      ///< two groups, events and non-events
    means,       ///< two groups, mean, SD and n
    paired,      ///< one group measured twice
    rates,       ///< two groups, events and person-time
    correlation, ///< a correlation and n
    single,      ///< one group: proportions, rates, means
    association, ///< 2x2 tables as measures of association or as standardised differences
    regression,  ///< partial correlations and explained variance
    matched,     ///< paired 2x2 tables
    reliability, ///< coefficients of internal consistency
    generic      ///< an effect and its standard error as given
};
std::string_view to_string(Family family);

/// The scale on which effects are analysed.
enum class Scale : std::uint8_t {
    identity,
    log,
    logit,
    probit,
    arcsine,        ///< angle of the square root of a proportion
    double_arcsine, ///< Freeman-Tukey
    square_root,
    fisher_z,       ///< inverse hyperbolic tangent
    log_complement, ///< log(1 - x), sign changed
    other
};
std::string_view to_string(Scale scale);

/// The axis on which a figure shows the back-transformed effect.
enum class Axis : std::uint8_t { linear, log };

/// Which sampling variance, as metafor's vtype. `standard` is the measure's own default.
enum class Vtype : std::uint8_t { standard, LS, LS2, LS3, UB, AV, AV2, AVHO, HO, H0, ST, CS, MAX };
std::optional<Vtype> vtype_of(std::string_view name);

/// Why a study has no effect, or `ok`.
enum class Status : std::uint8_t {
    ok,
    missing,     ///< a needed number is absent
    impossible,  ///< events over n, a negative count, SD or variance
    double_zero, ///< no events (or only events) in both groups, and these are to be left out
    zero_cell,   ///< a zero makes the effect or its variance infinite
    sd_zero,     ///< an SD of zero: no sampling variance
    too_small,   ///< too few people for the formula
    undefined    ///< outside the measure's domain (a correlation of 1, a mean below zero, ...)
};
/// A sentence for readers: "a standard deviation is zero".
std::string_view to_string(Status status);

/// What applies to one study when its effect is computed.
struct Setting {
    Vtype vtype = Vtype::standard;
    bool correct = true;               ///< apply the measure's small-sample correction
    double add = 0;                    ///< added to each cell of this study
    bool by_search = false;            ///< tetrachoric: stop where a simplex search would, as metafor does
    double average1 = 0, average2 = 0; ///< sample-size weighted averages over the studies, for vtype AV
};

struct Computed {
    /// With another status than ok: NaN, or what the formula gave (a variance of zero has status zero_cell).
    double y = std::numeric_limits<double>::quiet_NaN();
    double v = std::numeric_limits<double>::quiet_NaN(); ///< finite, > 0 when status is ok
    Status status = Status::ok;
    double added = 0; ///< what was added to each cell
};

/// Which cells of a study are zero; decides about continuity corrections.
struct Zeros {
    bool valid = false; ///< the counts are complete and possible
    bool any = false;   ///< some cell is zero
    bool both = false;  ///< no events, or only events, in both groups
};

/// Sums over the studies that vtype AV needs: weighted values and weights of up to two averages.
struct Averages {
    double value1 = 0, weight1 = 0, value2 = 0, weight2 = 0;
};

struct Measure {
    std::string_view id;    ///< metafor's name: "OR"
    std::string_view title; ///< "odds ratio"
    Family family;
    std::span<const Role> needs; ///< the usual inputs; n1i may replace bi, n2i di, ni mi, sei vi
    Scale scale;                 ///< of y; `log` throughout means a ratio is displayed
    double null;                 ///< no difference, on the displayed scale
    double (*back)(double);      ///< analysis scale -> displayed
    double (*forward)(double);   ///< displayed -> analysis scale; the inverse of back
    Axis axis;
    std::string_view formula; ///< effect and variance, in the names of the roles
    std::string_view source;  ///< paper or handbook with equation or page
    std::string_view page;    ///< in docs/methods
    double default_add;       ///< continuity correction when the user says nothing
    Computed (*compute)(const Row&, const Setting&);
    Zeros (*zeros)(const Row&);                             ///< null: no counts
    void (*average)(const Row&, const Setting&, Averages&); ///< null: no vtype AV
};

/// All measures, in the order of the documentation.
std::span<const Measure> measures();

/// The row of `id` (case matters; OR2D and D2OR are other names of OR2DL and D2ORL), or null.
const Measure* find_measure(std::string_view id);

/// The row of `id`; an unknown name throws Error.
const Measure& measure(std::string_view id);

/// True for measures shown as a ratio (analysed as a logarithm).
bool is_ratio(const Measure& measure);

enum class AddTo : std::uint8_t { only0, if0all, all, none };
std::optional<AddTo> add_to_of(std::string_view name);

struct Options {
    std::optional<double> add; ///< absent: the measure's default
    AddTo to = AddTo::only0;
    bool drop00 = false;
    Vtype vtype = Vtype::standard;
    bool correct = true;
    bool by_search = false;      ///< of Setting
    bool add_to_effect = true;   ///< false: the effect comes from the plain counts (metafor's addyi)
    bool add_to_variance = true; ///< false: the variance does (addvi)
};

/// The effects of all studies of one data set; one Computed per row, in order. Whole-data rules (if0all,
/// vtype AV) look at all rows.
std::vector<Computed> compute(const Measure& measure, std::span<const Row> rows, const Options& options = {});

} // namespace assay::effect
