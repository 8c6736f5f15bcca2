// Influence, leaving out and cumulating against metafor.
#include "families.hpp"
#include "synth/influence.hpp"
#include "synth/series.hpp"
#include "uni_model.hpp"

#include <algorithm>
#include <numeric>

namespace assay::test {

void run_influence(const Case& golden, Checker& check) {
    const Inputs inputs = inputs_of(golden);
    const Design design = design_of(golden.model());
    const synth::Influence got = synth::influence(inputs.y, inputs.v, design.x, design.columns,
                                                  estimator_of(golden.model()), test_of(golden.model()));
    check.numbers("rstudent", got.rstudent);
    check.numbers("dffits", got.dffits);
    check.numbers("cook_d", got.cook_d);
    check.numbers("cov_r", got.cov_r);
    check.numbers("tau2_del", got.tau2_del);
    check.numbers("QE_del", got.qe_del);
    check.numbers("hat", got.hat);
    check.numbers("weight_pct", got.weight_pct);
    check.matrix("dfbetas", got.dfbetas, got.columns);
    check.numbers("is_infl", std::vector<double>(got.is_influential.begin(), got.is_influential.end()));
}

namespace {
void compare_rows(const std::vector<synth::MeanRow>& rows, const Case& golden, Checker& check) {
    const auto column = [&](const char* field, auto member) {
        std::vector<double> values;
        for (const auto& row : rows)
            values.push_back(static_cast<double>(row.*member));
        check.numbers(field, values);
    };
    using Row = synth::MeanRow;
    column("k", &Row::k);
    column("estimate", &Row::estimate);
    column("se", &Row::se);
    column("stat", &Row::statistic);
    column("zval", &Row::statistic);
    column("pval", &Row::p);
    column("ci_lb", &Row::ci_low);
    column("ci_ub", &Row::ci_high);
    column("Q", &Row::q);
    column("Qp", &Row::q_p);
    column("QE", &Row::q);
    column("QEp", &Row::q_p);
    // metafor gives no tau2 for common-effect models.
    if (estimator_of(golden.model()))
        column("tau2", &Row::tau2);
    else
        check.numbers("tau2", std::vector<double>{});
    column("I2", &Row::i2);
    column("H2", &Row::h2);
}
} // namespace

void run_leave_each_out(const Case& golden, Checker& check) {
    const Inputs inputs = inputs_of(golden);
    if (design_of(golden.model()).present) throw Unsupported{"leave1out with moderators"};
    compare_rows(synth::leave_each_out(inputs.y, inputs.v, estimator_of(golden.model()),
                                       test_of(golden.model()), golden.model().value("level", 0.95)),
                 golden, check);
}

void run_cumulative(const Case& golden, Checker& check) {
    const Inputs inputs = inputs_of(golden);
    std::vector<std::size_t> order(inputs.y.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    if (golden.task().contains("order_by") && golden.task().at("order_by").is_string()) {
        const auto& by = inputs.table.numbers.at(golden.task().at("order_by").get<std::string>());
        const bool falling = golden.task().value("decreasing", false);
        // Rows without a value come last.
        const auto key = [&](std::size_t i) {
            const auto value = by[inputs.kept[i]];
            return value ? (falling ? -*value : *value) : INFINITY;
        };
        std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return key(a) < key(b); });
    }
    std::vector<double> numbers;
    for (std::size_t i : order)
        numbers.push_back(static_cast<double>(i + 1));
    check.numbers("order", numbers);
    // cumul(res, order=order(year)): since version 4 the argument is a variable to order by, so that the
    // studies come in the order of these ranks, not in the order that they name.
    std::vector<std::size_t> used(order.size());
    for (std::size_t i = 0; i < order.size(); ++i)
        used[order[i]] = i;
    compare_rows(synth::cumulate(inputs.y, inputs.v, used, estimator_of(golden.model()),
                                 test_of(golden.model()), golden.model().value("level", 0.95)),
                 golden, check);
}

} // namespace assay::test
