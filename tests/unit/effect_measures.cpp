#include "../support/near.hpp"
#include "base/error.hpp"
#include "effect/measures.hpp"
#include "num/distributions.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <fstream>
#include <set>
#include <sstream>

using namespace assay;
using namespace assay::effect;
using namespace assay::test;

namespace {
std::string page_text(std::string_view page) {
    std::ifstream in(std::string(ASSAY_SOURCE_DIR) + "/docs/methods/" + std::string(page));
    std::stringstream text;
    text << in.rdbuf();
    return text.str();
}

Row counts(double a, double n1, double c, double n2) {
    Row row;
    row[Role::ai] = a;
    row[Role::n1i] = n1;
    row[Role::ci] = c;
    row[Role::n2i] = n2;
    return row;
}

Row moments(double m1, double sd1, double n1, double m2, double sd2, double n2) {
    Row row;
    row[Role::m1i] = m1;
    row[Role::sd1i] = sd1;
    row[Role::n1i] = n1;
    row[Role::m2i] = m2;
    row[Role::sd2i] = sd2;
    row[Role::n2i] = n2;
    return row;
}

Computed one(std::string_view id, const Row& row, const Options& options = {}) {
    return compute(measure(id), std::span(&row, 1), options).front();
}
} // namespace

TEST_CASE("each measure has a formula, a source, a page that names it, and a back-transform that inverts") {
    std::set<std::string_view> ids;
    for (const Measure& m : measures()) {
        CAPTURE(m.id);
        CHECK(ids.insert(m.id).second);
        CHECK_FALSE(m.title.empty());
        CHECK_FALSE(m.formula.empty());
        CHECK_FALSE(m.source.empty());
        CHECK_FALSE(m.needs.empty());
        CHECK(page_text(m.page).find("`" + std::string(m.id) + "`") != std::string::npos);
        CHECK(find_measure(m.id) == &m);
        for (double y : {-0.7, -0.1, 0.0, 0.2, 0.9}) {
            const double shown = m.back(y);
            if (std::isfinite(shown)) CHECK(near(m.back(m.forward(shown)), shown, same_number));
        }
        CHECK(is_ratio(m) == (m.axis == Axis::log));
        if (m.scale == Scale::log) CHECK(m.null == 1);
        // Without numbers there is no effect, and the reason is that they are missing.
        CHECK(one(m.id, Row{}).status == Status::missing);
    }
    CHECK_THROWS_AS(measure("XX"), Error);
    CHECK(find_measure("or") == nullptr);
}

TEST_CASE("roles have names that lead back to them") {
    for (int i = 0; i < static_cast<int>(Role::count); ++i)
        CHECK(role_of(role_name(static_cast<Role>(i))) == static_cast<Role>(i));
    CHECK_FALSE(role_of("nothing"));
}

TEST_CASE("worked example of the page on binary measures") {
    // 15 of 100 against 30 of 100; the page prints these digits.
    const Row row = counts(15, 100, 30, 100);
    CHECK(std::fabs(one("RR", row).y - -0.6931) < 0.00005);
    CHECK(std::fabs(one("RR", row).v - 0.0800) < 0.00005);
    CHECK(std::fabs(one("OR", row).y - -0.8873) < 0.00005);
    CHECK(std::fabs(one("OR", row).v - 0.1261) < 0.00005);
    CHECK(std::fabs(one("RD", row).y - -0.15) < 1e-12);
    CHECK(std::fabs(one("RD", row).v - 0.003375) < 1e-9);
    CHECK(std::fabs(one("PETO", row).y - -0.8559) < 0.00005);
    CHECK(std::fabs(one("AS", row).y - -0.1819) < 0.00005);
    CHECK(std::fabs(one("AS", row).v - 0.005) < 1e-12);
}

TEST_CASE("worked example of the page on means") {
    const Row row = moments(103, 5.5, 50, 100, 4.5, 50);
    // Borenstein et al. 2009, Introduction to Meta-Analysis, pages 22, 26 and 27: D = 3, V = 1.0100; d = 0.5970, g = 0.5924.
    CHECK(std::fabs(one("MD", row).y - 3) < 1e-12);
    CHECK(std::fabs(one("MD", row).v - 1.0100) < 0.00005);
    Options plain;
    plain.correct = false;
    CHECK(std::fabs(one("SMD", row, plain).y - 0.5970) < 0.00005);
    CHECK(std::fabs(one("SMD", row, plain).v - 0.0418) < 0.00005);
    CHECK(std::fabs(one("SMD", row).y - 0.5924) < 0.00005);
    Options borenstein;
    borenstein.vtype = Vtype::LS2;
    CHECK(std::fabs(one("SMD", row, borenstein).v - 0.0411) < 0.00005);
    // Page 32: log response ratio 0.1871, variance 0.0246 for 61.515 (19.475) against 51.015 (19.475), 10 each.
    const Row ratio = moments(61.515, 19.475, 10, 51.015, 19.475, 10);
    CHECK(std::fabs(one("ROM", ratio, plain).y - 0.1871) < 0.0001); // the book takes the log of 1.2058
    CHECK(std::fabs(one("ROM", ratio, plain).v - 0.0246) < 0.00005);
}

TEST_CASE("worked example of the page on paired means") {
    Row row;
    row[Role::m1i] = 103;
    row[Role::m2i] = 100;
    row[Role::sd1i] = row[Role::sd2i] = 7.1005;
    row[Role::ni] = 50;
    row[Role::ri] = 0.7;
    // Borenstein et al. 2009, page 25: D = 3, S_difference = 5.5, SE = 0.7778.
    CHECK(std::fabs(std::sqrt(one("MC", row).v) - 0.7778) < 0.00005);
    row[Role::ri] = 1;
    CHECK(one("MC", row).status == Status::sd_zero);
}

TEST_CASE("worked examples of the further pages") {
    const auto near4 = [](double got, double printed) { CHECK(std::fabs(got - printed) < 0.00005); };
    const auto row_of = [](std::initializer_list<std::pair<Role, double>> values) {
        Row row;
        for (const auto& [role, value] : values)
            row[role] = value;
        return row;
    };
    const Row rates = row_of({{Role::x1i, 10}, {Role::t1i, 100}, {Role::x2i, 20}, {Role::t2i, 100}});
    near4(one("IRR", rates).y, -0.6931);
    near4(one("IRR", rates).v, 0.15);
    near4(one("IRD", rates).y, -0.1);
    near4(one("IRD", rates).v, 0.003);
    const Row table = counts(15, 100, 30, 100);
    near4(one("PHI", table).y, -0.1796);
    near4(one("YUQ", table).y, -0.4167);
    near4(one("OR2DL", table).y, -0.4892);
    const Row pairs = row_of({{Role::ai, 20}, {Role::bi, 12}, {Role::ci, 5}, {Role::di, 63}});
    near4(one("MPORC", pairs).y, 0.8755);
    near4(one("MPRD", pairs).y, 0.07);
    const Row r = row_of({{Role::ri, 0.5}, {Role::ni, 28}});
    near4(one("ZCOR", r).y, 0.5493);
    near4(one("ZCOR", r).v, 0.04);
    const Row share = row_of({{Role::xi, 10}, {Role::ni, 50}});
    near4(one("PR", share).y, 0.2);
    near4(one("PR", share).v, 0.0032);
    near4(one("PLO", share).y, -1.3863);
    near4(one("PLO", share).v, 0.125);
    near4(one("GEN", row_of({{Role::yi, 0.5}, {Role::sei, 0.2}})).v, 0.04);
    const Row alpha = row_of({{Role::ai, 0.8}, {Role::mi, 10}, {Role::ni, 52}});
    near4(one("ABT", alpha).y, 1.6094);
    near4(one("ABT", alpha).v, 0.0444);
}

TEST_CASE("which zero gets a half") {
    const std::vector<Row> rows = {counts(0, 10, 3, 10), counts(2, 10, 3, 10), counts(0, 10, 0, 10)};
    const auto added = [&](AddTo to, bool drop00 = false) {
        Options options;
        options.to = to;
        options.drop00 = drop00;
        std::vector<double> result;
        for (const Computed& c : compute(measure("OR"), rows, options))
            result.push_back(c.status == Status::ok ? c.added : -1);
        return result;
    };
    CHECK(added(AddTo::only0) == std::vector<double>{0.5, 0, 0.5});
    CHECK(added(AddTo::all) == std::vector<double>{0.5, 0.5, 0.5});
    CHECK(added(AddTo::if0all) == std::vector<double>{0.5, 0.5, 0.5});
    CHECK(added(AddTo::none) == std::vector<double>{-1, 0, -1});
    CHECK(added(AddTo::only0, true) == std::vector<double>{0.5, 0, -1});
    CHECK(compute(measure("AS"), rows).front().added == 0);
}

TEST_CASE("impossible and unusable numbers are told apart") {
    CHECK(one("OR", counts(11, 10, 3, 10)).status == Status::impossible);
    CHECK(one("OR", counts(-1, 10, 3, 10)).status == Status::impossible);
    CHECK(one("OR", counts(NAN, 10, 3, 10)).status == Status::impossible);
    CHECK(one("MD", moments(1, -1, 10, 1, 1, 10)).status == Status::impossible);
    CHECK(one("MD", moments(1, 0, 10, 1, 0, 10)).status == Status::sd_zero);
    CHECK(one("SMD", moments(1, 1, 1, 1, 1, 1)).status == Status::too_small);
    CHECK(one("ROM", moments(-1, 1, 10, 1, 1, 10)).status == Status::undefined);
    Row given;
    given[Role::yi] = 1;
    given[Role::sei] = 0;
    CHECK(one("GEN", given).status == Status::sd_zero);
    given[Role::sei] = -1;
    CHECK(one("GEN", given).status == Status::impossible);
    given[Role::sei] = INFINITY;
    CHECK(one("GEN", given).status == Status::undefined);
}
