// The reference tables: every row has its source, fractions follow from the formula, labels mean what the
// table says.
#include "base/embedded.hpp"
#include "person/advice.hpp"
#include "person/formula.hpp"
#include "person/label.hpp"
#include "person/tables.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

using namespace assay;

namespace {

person::Tables magnesium(Diagnostics& diagnostics) {
    std::vector<person::TableFile> files;
    for (const auto& file : embedded_data()) {
        const auto dot = file.name.find('.');
        const auto folder = file.name.substr(0, dot);
        if (folder == "magnesium" || folder == "common")
            files.push_back({std::string(file.name.substr(dot + 1)), file.bytes});
    }
    return person::read_tables("magnesium", files, diagnostics);
}

} // namespace

TEST_CASE("the shipped tables are read without a message and name a source in every row") {
    Diagnostics diagnostics;
    const auto tables = magnesium(diagnostics);
    for (const auto& item : diagnostics.sorted())
        MESSAGE(to_text(item));
    CHECK(diagnostics.items().empty());
    CHECK(tables.limits.size() == 88);
    CHECK(tables.forms.size() == 45);
    CHECK(tables.interactions.size() == 61);
    CHECK(tables.gates.size() == 24);
    CHECK(tables.red_flags.size() == 24);
    CHECK(tables.raw.size() == person::table_titles().size());
    for (const auto& table : tables.raw) {
        const auto column =
            std::find(table.header.begin(), table.header.end(), "source") - table.header.begin();
        if (table.name == "goals") continue; // words of our own, no facts
        REQUIRE(static_cast<std::size_t>(column) < table.header.size());
        for (const auto& row : table.rows)
            CHECK_MESSAGE(!row[static_cast<std::size_t>(column)].empty(), table.name << " " << row.front());
    }
}

TEST_CASE("molar masses and elemental fractions follow from the formula") {
    Diagnostics diagnostics;
    const auto tables = magnesium(diagnostics);
    for (const auto& form : tables.forms) {
        const auto made = person::composition(form.formula, tables.substance.element, tables.elements);
        REQUIRE_MESSAGE(made.has_value(), form.formula);
        CHECK_MESSAGE(std::fabs(made->molar_mass - form.molar_mass) < 0.0011,
                      form.id << " " << made->molar_mass);
        CHECK_MESSAGE(std::fabs(made->fraction - form.fraction) < 0.6e-5, form.id << " " << made->fraction);
        CHECK(made->atoms == form.atoms);
    }
}

TEST_CASE("formulae: brackets, hydrates, and what cannot be read") {
    const std::map<std::string, double> masses = {{"H", 1.008}, {"O", 15.999}, {"Mg", 24.305}, {"C", 12.011}};
    CHECK(person::composition("Mg(OH)2", "Mg", masses)->molar_mass == doctest::Approx(58.319));
    CHECK(person::composition("MgO.H2O", "Mg", masses)->molar_mass == doctest::Approx(58.319));
    CHECK(person::composition("Mg3(C6H5O7)2.9H2O", "Mg", masses)->atoms == 3);
    for (const char* bad : {"", "mg", "Mg(", "Mg)", "Mg(OH", "Mg.", "MgXx", "Mg0", "2",
                            "Mg(O(H(O(H(O(H(O(H(O(H)))))))))", "Mg 2"})
        CHECK_MESSAGE(!person::composition(bad, "Mg", masses), bad);
}

TEST_CASE("label sentences: every row of label_checks") {
    Diagnostics diagnostics;
    const auto tables = magnesium(diagnostics);
    REQUIRE(tables.label_checks.size() == 11);
    for (const auto& check : tables.label_checks) {
        person::Label label;
        label.text = check.text;
        const auto made = person::elemental(label, tables);
        CAPTURE(check.origin.id);
        CAPTURE(check.text);
        CHECK(made.basis == check.basis);
        // To the digits that the row prints.
        const double digits = check.low >= 150 && check.low == std::floor(check.low) ? 0.5 : 0.05;
        CHECK(made.low >= check.low - digits);
        CHECK(made.high <= check.high + digits);
        CHECK(std::fabs(made.low - check.low) <= digits + (check.high - check.low));
        CHECK(std::fabs(made.high - check.high) <= digits + (check.high - check.low));
        if (!check.flag.empty()) CHECK(made.flagged(check.flag));
    }
}

TEST_CASE("labels: the numbers behind the sentences") {
    Diagnostics diagnostics;
    const auto tables = magnesium(diagnostics);
    auto read = [&](const char* text) {
        person::Label label;
        label.text = text;
        return person::elemental(label, tables);
    };
    auto open = read("Magnesium Glycinate 500 mg");
    CHECK(open.low == doctest::Approx(58.30).epsilon(1e-4));
    CHECK(open.high == doctest::Approx(70.48).epsilon(1e-4));
    CHECK(*open.if_elemental == 500);
    CHECK(open.most() == 500);
    auto buffered = read("Magnesium glycinate 1000 mg provides 200 mg magnesium (20%)");
    REQUIRE(buffered.words.size() == 1);
    CHECK(buffered.words[0].find("39 % to 52 %") != std::string::npos);
    CHECK(read("Magnesium glycinate 1,000 mg (20%)").flagged("buffered"));
    auto frusso = read("900 mg magnesium citrate");
    CHECK(2 * frusso.low == doctest::Approx(204.05).epsilon(1e-4));
    CHECK(2 * frusso.high == doctest::Approx(290.93).epsilon(1e-4));
    CHECK(read("magnesium oxide 1000 mg provides 900 mg magnesium").flagged("impossible"));
    CHECK(read("8 mEq magnesium").low == doctest::Approx(8 * 12.1525));
    // The same product as a profile states it: the amount that counts, and the words of the label.
    person::Label stated;
    stated.text = "Magnesium glycinate 1000 mg provides 200 mg magnesium (20%)";
    stated.amount = 200;
    stated.unit = "mg";
    stated.meaning = "elemental";
    CHECK(person::elemental(stated, tables).flagged("buffered"));
    CHECK(person::elemental(stated, tables).low == 200);
    CHECK(read("magnesium").basis == "unreadable");
    CHECK(read("99999999999999999999 mg").basis == "unreadable");
    // A form the table does not have: anything up to the amount.
    CHECK(read("magnesium picolinate 300 mg").high == 300);
}

TEST_CASE("every interaction has a direction, an order rule with its gaps, a source and a status") {
    Diagnostics diagnostics;
    const auto tables = magnesium(diagnostics);
    int unverified = 0;
    for (const auto& row : tables.interactions) {
        CAPTURE(row.origin.id);
        CHECK(!row.direction.empty());
        CHECK(!row.origin.source.empty());
        CHECK(!row.atc.empty());
        if (row.order == person::Order::either) CHECK((row.hours_before || row.hours_after));
        if (row.order == person::Order::drug_first) CHECK(row.hours_before.has_value());
        if (row.order == person::Order::drug_after) CHECK(row.hours_after.has_value());
        CHECK(row.cautious_before.value_or(0) >=
              row.hours_before.value_or(0) * (row.order == person::Order::either));
        CHECK(row.cautious_after.value_or(0) >=
              row.hours_after.value_or(0) * (row.order == person::Order::either));
        if (!row.origin.verified()) ++unverified;
    }
    CHECK(unverified == 6);
}

TEST_CASE("a faulty table is told with its line") {
    Diagnostics diagnostics;
    const std::string bytes = "id,drug,direction,severity,order,hours_before,source,status\n"
                              "I1,x,sideways,separate,either_order,2,somebody,seen\n"
                              "I1,y,additive,separate,sometimes,two,,seen\n";
    const std::vector<person::TableFile> files = {{"interactions.csv", bytes}};
    person::read_tables("x", files, diagnostics);
    auto has = [&](std::string_view code, int line) {
        return std::any_of(diagnostics.items().begin(), diagnostics.items().end(),
                           [&](const Diagnostic& d) { return d.code == code && d.place.line == line; });
    };
    CHECK(has("csv/unknown-value", 2));
    CHECK(has("id/duplicate", 3));
    CHECK(has("csv/unknown-value", 3));
    CHECK(has("csv/bad-value", 3));
    CHECK(has("csv/missing-value", 3));
}
