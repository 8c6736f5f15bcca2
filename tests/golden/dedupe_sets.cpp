// Four labelled sets of records: nothing may be lost, and no fewer copies found than the best open program
// finds.
#include "app/dedupe.hpp"
#include "base/files.hpp"
#include "dedupe/score.hpp"
#include "text/csv.hpp"

#include <doctest/doctest.h>

#include <filesystem>

using namespace assay;

namespace {

std::vector<std::string> column(std::string_view csv, std::string_view name) {
    Diagnostics ignored;
    const auto table = text::read_csv("table", csv, ignored);
    std::size_t at = 0;
    while (at < table.header().size() && table.header()[at].text != name)
        ++at;
    std::vector<std::string> values;
    for (const auto& row : table.rows())
        values.emplace_back(table.cells(row)[at].text);
    return values;
}

} // namespace

TEST_CASE("labelled sets: no study is lost, copies are found") {
    struct Set {
        const char* name;
        std::size_t records, most_left; ///< copies that the best open program leaves (dedupe-sweep, focused)
    };
    const std::string folder = std::string(ASSAY_SHARED_DATA) + "/dedupe/";
    for (const Set& set : {Set{"copper", 505, 0}, Set{"tafenoquine", 179, 0}, Set{"respiratory", 1988, 7},
                           Set{"diabetes", 1845, 0}}) {
        CAPTURE(set.name);
        const std::string path = folder + "dedupe_" + set.name + ".csv";
        if (std::string(ASSAY_SHARED_DATA).empty() || !std::filesystem::exists(path)) {
            MESSAGE("skipped: no shared data");
            return;
        }
        const std::string csv = read_file(path);
        app::DedupeRequest request;
        request.file = path;
        const auto result = app::dedupe(request, csv);
        REQUIRE(result.ready());
        CHECK(result.records() == set.records);
        CHECK_FALSE(result.diagnostics.has_errors());
        const auto score = dedupe::score(column(csv, "group"), column(result.groups_csv(), "group"));
        CHECK(score.lost == 0);
        CHECK(score.left <= set.most_left);
        CHECK(score.pair_precision == 1);
    }
}
