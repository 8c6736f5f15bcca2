// Every row of a table of reference results for the magnesium trials, computed with R's metafor and printed with eight
// digits: tests/data/reference.
#include "../support/near.hpp"
#include "converged.hpp"
#include "../support/table.hpp"
#include "effect/measures.hpp"

#include "synth/estimators.hpp"
#include "synth/gls.hpp"
#include "synth/leave_one_out.hpp"
#include "synth/pool.hpp"
#include "synth/regtest.hpp"
#include "synth/trimfill.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <set>

using namespace assay;
using namespace assay::test;

namespace {

std::string folder() { return std::string(ASSAY_SOURCE_DIR) + "/tests/data/reference"; }

/// Which trials a variant leaves out. The table names variants in words; these are the trials meant.
const std::map<std::string, std::set<std::string>> left_out = {
    {"all", {}},
    {"without ISIS-4", {"egger2001_isis-41995"}},
    {"without ISIS-4, MAGIC", {"li2007_isis-41995", "li2007_magic2000"}},
    {"no flag F01/F03", {"rodriguezmoran2014", "guerreroromero2009"}},
    {"no Mexico (Durango) group", {"rodriguezmoran2014", "guerreroromero2009", "simentalmendia2012", "simentalmendia2014"}},
    {"placebo only", {"barbagallo2010", "guerreroromero2009"}},
    {"wrongly independent", {}},
};

struct Set {
    std::vector<model::Effect> effects;
    std::vector<double> y, v;
};

/// The trials of a set, as log odds ratios or risk ratios where there are counts, else as printed.
Set set_of(const std::string& name, std::string variant) {
    std::string measure = "OR";
    if (variant.ends_with(" RR")) {
        measure = "RR";
        variant.erase(variant.size() - 3);
    }
    const auto& without = left_out.at(variant);
    const Table table = read_table(folder() + "/sets.csv");
    std::vector<effect::Row> rows;
    std::vector<std::string> studies;
    bool counts = false;
    for (std::size_t i = 0; i < table.rows; ++i) {
        if (table.text.at("set")[i] != name || without.contains(table.text.at("study")[i])) continue;
        effect::Row row;
        const auto cell = [&](const char* column) { return table.numbers.at(column)[i]; };
        counts = cell("e1").has_value();
        row[effect::Role::ai] = cell("e1");
        row[effect::Role::n1i] = cell("n1");
        row[effect::Role::ci] = cell("e2");
        row[effect::Role::n2i] = cell("n2");
        row[effect::Role::yi] = cell("yi");
        row[effect::Role::sei] = cell("sei");
        rows.push_back(row);
        studies.push_back(table.text.at("study")[i]);
    }
    const auto computed = effect::compute(effect::measure(counts ? measure : "GEN"), rows);
    Set set;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        REQUIRE(computed[i].status == effect::Status::ok);
        model::Effect one;
        one.label = studies[i];
        one.y = computed[i].y;
        one.v = computed[i].v;
        if (counts) {
            const double a = *rows[i][effect::Role::ai], c = *rows[i][effect::Role::ci];
            one.counts = model::Table2x2{a, *rows[i][effect::Role::n1i] - a, c, *rows[i][effect::Role::n2i] - c};
        }
        set.effects.push_back(one);
        set.y.push_back(one.y);
        set.v.push_back(one.v);
    }
    return set;
}

/// Compares the printed cells of one row of the table.
class Printed {
public:
    Printed(const Table& table, std::size_t row) : table_(table), row_(row) {
        name_ = text("set_id") + " / " + text("variant") + " / " + text("method");
    }
    const std::string& text(const char* column) const { return table_.text.at(column)[row_]; }
    std::optional<double> number(const char* column) const { return table_.numbers.at(column)[row_]; }
    void cell(const std::string& column, std::optional<double> got, Tolerance tolerance = eight_digits) const {
        const auto printed = table_.numbers.at(column)[row_];
        if (!printed) return;
        CHECK_MESSAGE((got && near(*got, *printed, tolerance)),
                      name_ << ": " << column << ": expected " << doctest::toString(*printed) << ", got "
                            << doctest::toString(got.value_or(NAN)));
    }
    const std::string& name() const { return name_; }

private:
    const Table& table_;
    std::size_t row_;
    std::string name_;
};

void check(const Printed& row, const model::Synthesis& got, Tolerance tolerance = eight_digits) {
    row.cell("k", got.k, tolerance);
    row.cell("estimate", got.estimate, tolerance);
    row.cell("se", got.se, tolerance);
    row.cell("ci_low", got.ci_low, tolerance);
    row.cell("ci_high", got.ci_high, tolerance);
    row.cell("p", got.p, tolerance);
    row.cell("tau2", got.tau2, tolerance);
    row.cell("i2", got.i2, tolerance);
    row.cell("Q", got.q, tolerance);
    row.cell("Q_p", got.q_p, tolerance);
    row.cell("pi_low", got.pi_low, tolerance);
    row.cell("pi_high", got.pi_high, tolerance);
}

synth::PoolOptions options(const std::string& model, const std::string& method, const std::string& test) {
    synth::PoolOptions o;
    o.model = model;
    o.method = method;
    o.test = test;
    return o;
}

void trim_fill(const Printed& row, const Set& set) {
    const auto got = synth::trim_and_fill({set.y, set.v}, synth::find_estimator("DL"), synth::Test::z);
    row.cell("k", got.mean.k);
    row.cell("estimate", got.mean.estimate);
    row.cell("se", got.mean.se);
    row.cell("tau2", got.mean.tau2.value);
    row.cell("i2", got.i2);
    CHECK_MESSAGE(row.text("method") == "trim-fill DL (k0=" + std::to_string(got.missing) + ")", row.name());
}

/// A row whose estimator iterates. The table was made with metafor's default control: where its tau2 is not ours to the
/// printed digits, ours must satisfy the defining equation and lie within metafor's stop of the printed one, and with
/// the printed tau2 put in, every other printed number must be reproduced. Returns whether that was needed.
bool iterated(const Printed& row, const Set& set, const std::string& method, const std::string& test) {
    synth::PoolOptions o = options("random", method, test);
    const model::Synthesis got = synth::pool(set.effects, "GEN", o);
    const double printed = row.number("tau2").value();
    CHECK_MESSAGE(satisfies_equation({set.y, set.v}, got.tau2, method), row.name());
    if (near(got.tau2, printed, printed_to_eight)) {
        check(row, got);
        return false;
    }
    CHECK_MESSAGE(near(got.tau2, printed, stop_of(method)), row.name() << ": tau2 " << got.tau2 << ", printed " << printed);
    o.tau2 = printed;
    check(row, synth::pool(set.effects, "GEN", o));
    return true;
}

/// The printed ends of the range lie where tau2 stops within metafor's tolerance of ours.
void leave_one_out(const Printed& row, const Set& set) {
    double low = INFINITY, high = -INFINITY;
    double lowest_low = INFINITY, highest_low = INFINITY, lowest_high = -INFINITY, highest_high = -INFINITY;
    const double stop = metafor_scoring_stop.absolute;
    for (std::size_t i = 0; i < set.effects.size(); ++i) {
        std::vector<model::Effect> rest = set.effects;
        rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(i));
        synth::PoolOptions o = options("random", "REML", "z");
        const model::Synthesis one = synth::pool(rest, "GEN", o);
        low = std::min(low, one.estimate);
        high = std::max(high, one.estimate);
        o.tau2 = std::max(0.0, one.tau2 - stop);
        const double a = synth::pool(rest, "GEN", o).estimate;
        o.tau2 = one.tau2 + stop;
        const double b = synth::pool(rest, "GEN", o).estimate;
        lowest_low = std::min(lowest_low, std::min(a, b));
        highest_low = std::min(highest_low, std::max(a, b));
        lowest_high = std::max(lowest_high, std::min(a, b));
        highest_high = std::max(highest_high, std::max(a, b));
    }
    const double printed_low = row.number("ci_low").value(), printed_high = row.number("ci_high").value();
    CHECK_MESSAGE((near(low, printed_low, eight_digits) || (printed_low >= lowest_low && printed_low <= highest_low)),
                  row.name() << ": low " << low << ", printed " << printed_low);
    CHECK_MESSAGE((near(high, printed_high, eight_digits) || (printed_high >= lowest_high && printed_high <= highest_high)),
                  row.name() << ": high " << high << ", printed " << printed_high);
}

void generalised_least_squares(const Printed& row, const Set& set) {
    constexpr double shared = 100.0 / 26; // the control group's variance: SD 10, n 26
    std::vector<double> covariance(9, shared);
    for (std::size_t i = 0; i < 3; ++i)
        covariance[i * 4] = set.v[i];
    const auto got = synth::pool_correlated(set.y, covariance);
    REQUIRE(got.defined);
    row.cell("estimate", got.estimate);
    row.cell("se", got.se);
}

} // namespace

TEST_CASE("every row of the reference results is reproduced") {
    const Table table = read_table(folder() + "/pooled.csv");
    REQUIRE(table.rows == 189);
    int stopped_early = 0;
    for (std::size_t i = 0; i < table.rows; ++i) {
        const Printed row(table, i);
        const std::string& method = row.text("method");
        if (method == "FE GLS") {
            generalised_least_squares(row, set_of(row.text("set_id"), "all"));
            continue;
        }
        const Set set = set_of(row.text("set_id"), row.text("variant"));
        const std::string measure = row.text("measure") == "log RR" ? "RR" : "OR";
        if (method == "FE") check(row, synth::pool(set.effects, measure, options("common", "IV", "z")));
        else if (method == "DL") check(row, synth::pool(set.effects, measure, options("random", method, "z")));
        else if (method == "REML" || method == "PM") stopped_early += iterated(row, set, method, "z");
        else if (method == "REML+HKSJ") stopped_early += iterated(row, set, "REML", "knha");
        else if (method == "MH OR") check(row, synth::pool(set.effects, "OR", options("common", "MH", "z")));
        else if (method == "Peto OR") check(row, synth::pool(set.effects, "OR", options("common", "Peto", "z")));
        else if (method == "Egger (lm) z/t") {
            const auto got = synth::egger_classic(set.y, set.v);
            row.cell("k", got.k);
            row.cell("estimate", got.statistic);
            row.cell("p", got.p);
        } else if (method.starts_with("trim-fill")) trim_fill(row, set);
        else if (method == "leave-one-out REML range") leave_one_out(row, set);
        else FAIL("an unknown method in the table: " << method);
    }
    // docs/methods/differences.md states this number; it must not grow unnoticed.
    CHECK(stopped_early == 47);
}
