#include "report/value.hpp"

#include "plot/number.hpp"
#include "plot/words.hpp"

namespace assay::report {

namespace {

using plot::shortest;

/// Pieces joined by commas, empty ones left out.
std::string joined(std::initializer_list<std::string> pieces, std::string_view between = ", ") {
    std::string out;
    for (const std::string& piece : pieces) {
        if (piece.empty()) continue;
        if (!out.empty()) out += between;
        out += piece;
    }
    return out;
}

std::string named(std::string_view name, const std::optional<double>& value) {
    return value ? std::string(name) + shortest(*value) : std::string();
}

std::string of_interval(double level, const std::optional<double>& low, const std::optional<double>& high) {
    if (!low && !high) return {};
    return plot::ci_name(level) + " " + (low ? shortest(*low) : "?") + " to " + (high ? shortest(*high) : "?");
}

/// "iqr" and "ci" as readers write them.
std::string spread_name(const std::string& kind) { return kind == "iqr" ? "IQR" : kind == "ci" ? "CI" : kind; }

/// "(IQR 2 to 7)"; empty without numbers.
std::string spread(const std::string& kind, const std::optional<double>& low, const std::optional<double>& high) {
    if (!low && !high) return {};
    return "(" + spread_name(kind) + (kind.empty() ? "" : " ") + (low ? shortest(*low) : "?") + " to " +
           (high ? shortest(*high) : "?") + ")";
}

struct ValueText {
    std::string operator()(const model::Events& e) const {
        if (e.events && e.n) return shortest(*e.events) + " of " + shortest(*e.n);
        return joined({named("events ", e.events), named("n ", e.n)});
    }
    std::string operator()(const model::Moments& m) const {
        const std::string mean = m.mean ? shortest(*m.mean) : std::string();
        const std::string sd = m.sd ? "(SD " + shortest(*m.sd) + ")" : std::string();
        const std::string range = m.minimum || m.maximum ? spread("range", m.minimum, m.maximum) : std::string();
        return joined({joined({mean, sd}, " "), named("SE ", m.se), of_interval(m.ci_level, m.ci_low, m.ci_high),
                       named("t = ", m.t), named("df = ", m.df),
                       joined({named("median ", m.median), spread(m.spread_kind, m.spread_low, m.spread_high), range}, " "),
                       named("n ", m.n)});
    }
    std::string operator()(const model::Rate& r) const {
        return joined({named("", r.events) + (r.events ? " events" : ""), named("person-time ", r.person_time)});
    }
    std::string operator()(const model::Contrast& c) const {
        const std::string interval = of_interval(c.ci_level, c.ci_low, c.ci_high);
        const std::string estimate = joined({c.measure, c.estimate ? shortest(*c.estimate) : std::string(),
                                             interval.empty() ? interval : "(" + interval + ")"}, " ");
        return joined({estimate, named("SE ", c.se), named("SD of the differences ", c.sd), named("t = ", c.t),
                       named("F = ", c.f), named("df = ", c.df), named("n ", c.n)});
    }
    std::string operator()(const model::Statement& s) const {
        return joined({joined({named("median ", s.median), spread(s.spread_kind, s.spread_low, s.spread_high)}, " "), named("n ", s.n)});
    }
};

} // namespace

std::string printed_p(const std::optional<model::PValue>& p) {
    if (!p) return {};
    return std::string(1, p->relation) + " " + shortest(p->value);
}

std::string value_text(const model::Result& row) {
    const std::string value = std::visit(ValueText{}, row.data);
    const std::string p = row.p ? "p " + printed_p(row.p) : std::string();
    const std::string text = joined({value, p});
    return plot::with_minus(text.empty() ? "in words only" : text);
}

std::string status_text(const model::Result& row) {
    if (row.n_status.empty() || row.n_status == row.status) return row.status;
    return row.status + "; n " + row.n_status;
}

std::string dose_text(const model::Arm& arm) {
    std::string dose;
    if (arm.dose) {
        dose = shortest(*arm.dose) + " " + arm.dose_unit;
        if (!arm.dose_basis.empty()) dose += " (" + (arm.dose_basis == "unknown" ? "basis unknown" : arm.dose_basis) + ")";
    }
    std::string elemental;
    if (arm.elemental_mg && !(arm.dose_basis == "elemental" && arm.dose && *arm.dose == *arm.elemental_mg))
        elemental = plot::trimmed(*arm.elemental_mg, 1) + " mg elemental";
    return joined({arm.form, arm.route == "oral" ? std::string() : arm.route, joined({dose, elemental}, "; ")});
}

std::string published_text(const model::Published& published) {
    std::string text = joined({published.measure, published.estimate ? shortest(*published.estimate) : std::string()}, " ");
    const std::string interval = of_interval(published.ci_level, published.ci_low, published.ci_high);
    if (!interval.empty()) text += " (" + interval + ")";
    return plot::with_minus(joined({text, published.p ? "p " + printed_p(published.p) : std::string()}));
}

} // namespace assay::report
