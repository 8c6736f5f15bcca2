// Numbers as printed, and what whole numbers of people can give: the fixtures of the literature.
#include "support/near.hpp"
#include "trust/granularity.hpp"
#include "trust/identifiers.hpp"
#include "trust/printed.hpp"
#include "trust/pvalues.hpp"
#include "trust/salts.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <fstream>

using namespace assay::trust;

namespace {

nlohmann::json fixtures() {
    std::ifstream file(ASSAY_SOURCE_DIR "/tests/data/trust/fixtures.json");
    return nlohmann::json::parse(file);
}

Printed digits(const char* text) {
    const auto read = read_printed(text);
    REQUIRE(read);
    return *read;
}

double p_named(const std::vector<NamedP>& tests, std::string_view name) {
    for (const NamedP& test : tests)
        if (test.test == name) return test.p;
    FAIL("no such test");
    return 0;
}

Group group(const char* mean, const char* sd, double n) {
    return {digits(mean), digits(sd), n};
}

// P values of R 4.2.2 (t.test formulas, chisq.test, fisher.test, glm) for the same summaries.
constexpr assay::test::Tolerance of_r{1e-9, 1e-12};

} // namespace

TEST_CASE("printed numbers keep their digits") {
    CHECK(digits("5.00").decimals == 2);
    CHECK(digits("5").decimals == 0);
    CHECK(digits("-.59").value == doctest::Approx(-0.59));
    CHECK(digits("-.59").decimals == 2);
    CHECK(digits("1.20e-3").decimals == 5);
    CHECK(digits("<0.05").value == doctest::Approx(0.05));
    CHECK(digits("5.00").text() == "5.00");
    CHECK_FALSE(read_printed("n/a"));
    CHECK_FALSE(read_printed(""));
    CHECK(as_printed(4.5).decimals == 1);
    CHECK(digits("0.25").rounded().contains(0.245));
    CHECK(digits("0.25").rounded().contains(0.255));
    CHECK_FALSE(digits("0.25").rounded().contains(0.2551));
}

TEST_CASE("GRIM reproduces the published cases") {
    int cases = 0;
    const auto all = fixtures();
    for (const auto& item : all["grim"]) {
        ++cases;
        const auto mean = read_printed(item["mean"].get<std::string>());
        CHECK_MESSAGE(grim(*mean, item["n"]) == item["consistent"].get<bool>(), item.dump());
    }
    CHECK(cases == 16);
}

TEST_CASE("GRIMMER reproduces the published cases") {
    int cases = 0;
    const auto all = fixtures();
    for (const auto& item : all["grimmer"]) {
        ++cases;
        const auto mean = read_printed(item["mean"].get<std::string>()),
                   sd = read_printed(item["sd"].get<std::string>());
        CHECK_MESSAGE(grimmer(*mean, *sd, item["n"]) == item["consistent"].get<bool>(), item.dump());
    }
    CHECK(cases == 5);
}

TEST_CASE("GRIM knows its limits") {
    CHECK(grim(digits("4.74"), 12.5)); // no whole number of people: nothing is known
    CHECK_FALSE(grim_informative(digits("4.74"), 120));
    CHECK(grim_informative(digits("4.74"), 25));
    CHECK_FALSE(grim(digits("7.84"), 48)); // whole cramps
    CHECK(grim(digits("7.84"), 48, 0.5));  // means of two weeks
    const auto sizes = sizes_for_mean(digits("4.74"), 25);
    REQUIRE_FALSE(sizes.empty());
    for (const int size : sizes)
        CHECK(grim(digits("4.74"), size));
}

TEST_CASE("DEBIT: the mean of zeros and ones fixes their SD") {
    CHECK(debit(digits("0.30"), digits("0.47"), 20)); // 6 of 20: 0.4702
    CHECK_FALSE(debit(digits("0.30"), digits("0.30"), 20));
    CHECK_FALSE(debit(digits("0.30"), digits("0.52"), 20));
}

TEST_CASE("percentages against counts") {
    CHECK(percent_of(digits("86.0"), 37, 43));
    CHECK_FALSE(percent_possible(digits("86.0"), 41)); // 35.3 people
    CHECK_FALSE(percent_possible(digits("60.5"), 39)); // 23.6 people
    CHECK(percent_possible(digits("60.5"), 43));
    CHECK(percent_of(digits("33"), 1, 3));
    CHECK_FALSE(percent_of(digits("34"), 1, 3));
}

TEST_CASE("P from means: R's values lie in the range, and the range is narrow") {
    const auto range = p_of_groups(group("-20.4", "15.9", 40), group("-4.7", "12.7", 39));
    REQUIRE(range);
    CHECK(range->contains(6.5019978688202244e-06));
    CHECK(range->contains(6.4982403054208728e-06));
    CHECK(range->high < 1e-5);
    const auto wider = p_of_groups(group("-8.7", "16.3", 40), group("-1.2", "12.6", 39));
    CHECK(wider->contains(0.025125822775653707));
    CHECK(wider->contains(0.024817075098548472));
    CHECK(gap_in_z(*wider, printed_p({0.02, '='}, digits("0.02"))) == 0); // printed .02, cut off or rounded
    CHECK(gap_in_z(*range, printed_p({0.03, '='}, digits("0.03"))) > 2);
    CHECK_FALSE(p_of_groups(group("1.0", "0.0", 10), group("2.0", "1.0", 10)));
    CHECK_FALSE(p_of_groups(group("1.0", "1.0", 1), group("2.0", "1.0", 10)));
}

TEST_CASE("P of a change covers every correlation") {
    const auto range = p_of_pairs(group("7.5", "2.2", 40), group("4.7", "1.8", 40));
    REQUIRE(range);
    CHECK(range->high < 2e-4); // the largest P, at r = -1, is still far below .034
    CHECK(gap_in_z(*range, printed_p({0.034, '='}, digits("0.034"))) > 1);
}

TEST_CASE("P from counts agrees with R") {
    using assay::test::near;
    const auto tests = p_of_counts(30, 43, 21, 43);
    CHECK(near(p_named(tests, "chi-squared"), 0.048213708441550124, of_r));
    CHECK(near(p_named(tests, "chi-squared, continuity corrected"), 0.079091452679086099, of_r));
    CHECK(near(p_named(tests, "Fisher exact"), 0.078418093675755515, of_r));
    CHECK(near(p_named(tests, "likelihood ratio"), 0.047232899904756431, of_r));
    CHECK(near(p_named(tests, "Wald, log risk ratio"), 0.054615281205056598, of_r));
    CHECK(near(p_named(tests, "Wald, log odds ratio"), 0.050265369920631922, of_r));
    CHECK(near(p_named(p_of_counts(0, 20, 7, 31), "Fisher exact"), 0.033760756846679452, of_r));
    CHECK(p_of_counts(0, 20, 0, 31).empty());
    CHECK(p_of_counts(5, 4, 1, 9).empty());
    CHECK(p_of_counts(1.5, 4, 1, 9).empty());
}

TEST_CASE("P from an interval") {
    // Altman and Bland 2011, BMJ 343:d2304: RR 0.81 (0.70 to 0.94) gives P = 0.005.
    const auto range =
        p_of_interval(digits("0.81"), digits("0.70"), digits("0.94"), 0.95, true, std::nullopt);
    REQUIRE(range);
    CHECK(range->contains(0.005));
    CHECK(range->high < 0.02);
}

TEST_CASE("formulas give their share of the element") {
    using assay::test::near;
    constexpr assay::test::Tolerance four_digits{5e-5, 0};
    CHECK(near(*elemental_fraction("MgO", "Mg"), 0.60304, four_digits));
    CHECK(near(*elemental_fraction("MgCl2", "Mg"), 0.25529, four_digits));
    CHECK(near(*elemental_fraction("MgCl2.6H2O", "Mg"), 0.11955, four_digits));
    CHECK(near(*elemental_fraction("MgSO4.7H2O", "Mg"), 0.09861, four_digits));
    CHECK(near(*elemental_fraction("Mg3(C6H5O7)2", "Mg"), 0.16163, four_digits));
    CHECK_FALSE(elemental_fraction("MgO", "Ca"));
    CHECK_FALSE(elemental_fraction("Xx2", "Mg"));
    CHECK_FALSE(elemental_fraction("Mg(OH", "Mg"));
    CHECK_FALSE(elemental_fraction("", "Mg"));
    const auto table = salts();
    CHECK(table.size() > 60);
    CHECK(salts_of_form(table, "magnesium", "oxide monohydrate").size() == 1);
    CHECK(salts_of_form(table, "magnesium", "chloride").size() == 2);
    CHECK(salts_of_form(table, "magnesium", "bisglycinate").size() == 2);
    CHECK(salts_of_form(table, "magnesium", "magic").empty());
}

TEST_CASE("registry numbers and DOIs") {
    CHECK(bad_registry_numbers("ISRCTN03989660 (retrospective)").empty());
    REQUIRE(bad_registry_numbers("ISRCTN0389660").size() == 1);
    CHECK(bad_registry_numbers("ISRCTN0389660").front().text == "ISRCTN0389660");
    CHECK(bad_registry_numbers("NCT03807219, see also ACTRN12615001210538").empty());
    CHECK(bad_registry_numbers("NCT3807219").size() == 1);
    CHECK(bad_registry_numbers("none seen").empty());
    CHECK_FALSE(has_registry_number("on ISRCTN, number not printed"));
    CHECK(doi_trouble("10.1111/anae.12107").empty());
    CHECK(doi_trouble("10.1016/j.jand.2019.01.003").empty());
    CHECK_FALSE(doi_trouble("10.1016/j.sleep.2024.123456").empty());
    CHECK_FALSE(doi_trouble("11.1016/x").empty());
    CHECK_FALSE(doi_trouble("10.1016").empty());
}
