// The index beside a store: made once, read again, never where it does not fit; and the known records.
#include "app/search_run.hpp"
#include "app/search_store.hpp"
#include "app/store_index.hpp"
#include "base/error.hpp"
#include "base/files.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <unistd.h>

using namespace assay;
namespace fs = std::filesystem;

namespace {

const store::Act ann{"ann", "2026-11-22T10:00:00Z"};

struct Review {
    fs::path folder = fs::temp_directory_path() / ("assay_store_index_" + std::to_string(getpid()));
    std::string where = (folder / "review.db").string();
    Review() {
        fs::remove_all(folder);
        fs::create_directories(folder);
    }
    ~Review() { fs::remove_all(folder); }

    void import(store::Store& s, const std::string& label, std::size_t from, std::size_t count,
                bool deleted = false) const {
        std::vector<model::Record> records(count);
        for (std::size_t i = 0; i < count; ++i) {
            records[i].title = "Sleep study " + std::to_string(from + i);
            records[i].date = "2015";
            records[i].deleted = deleted;
            records[i].ids = {{"pmid", std::to_string(from + i)},
                              {"doi", "10.1000/x." + std::to_string(from + i)}};
        }
        store::SourceFile source;
        source.label = source.file = source.sha256 = label;
        s.import(ann, source, records);
    }
};

app::Searched searched(store::Store& s, const std::string& where, const std::string& query,
                       const std::string& known = {}) {
    app::SearchRequest request;
    request.strategy = {"query", query, "ovid"};
    request.each_line = true;
    Diagnostics diagnostics;
    const auto index = app::index_of(s, where, diagnostics);
    if (!known.empty()) request.known = app::read_known("known", known, diagnostics);
    return app::run_search(request, index, [&](std::size_t at) { return s.record(index.ids()[at]); });
}

} // namespace

TEST_CASE("the index of a store is kept, and made anew when records or its bytes changed") {
    Review review;
    auto s = store::Store::open(review.where, true);
    review.import(s, "a", 1, 100);
    const std::string file = app::index_file(review.where);
    CHECK(searched(s, review.where, "sleep.ti.").hits.size() == 100);
    CHECK_FALSE(fs::exists(file)); // few records: not worth a file
    review.import(s, "b", 101, 2000);
    CHECK(searched(s, review.where, "sleep.ti.").hits.size() == 2100);
    REQUIRE(fs::exists(file));
    const std::string first = read_file(file);
    CHECK(searched(s, review.where, "2100.ti.").hits.size() == 1);
    CHECK(read_file(file) == first);
    review.import(s, "c", 5000, 1);
    CHECK(searched(s, review.where, "sleep.ti.").hits.size() == 2101);
    CHECK(read_file(file) != first);
    review.import(s, "d", 2100, 1, true); // PubMed takes one back
    CHECK(searched(s, review.where, "sleep.ti.").hits.size() == 2100);
    CHECK(searched(s, review.where, "2100.ti.").hits.empty());
    std::string damaged = read_file(file);
    damaged[damaged.size() / 2] ^= 4;
    write_file_atomic(file, damaged);
    CHECK(searched(s, review.where, "sleep.ti.").hits.size() == 2100);
    CHECK(read_file(file) != damaged); // put right
    write_file_atomic(file, first);    // of other records
    CHECK(searched(s, review.where, "sleep.ti.").hits.size() == 2100);
}

TEST_CASE("an index that cannot be kept is a note, and the answer is the same") {
    Review review;
    auto s = store::Store::open(review.where, true);
    review.import(s, "a", 1, 2500);
    fs::create_directories(fs::path(app::index_file(review.where)) / "in the way");
    Diagnostics diagnostics;
    const auto index = app::index_of(s, review.where, diagnostics);
    CHECK(index.documents() == 2500);
    REQUIRE(diagnostics.items().size() == 1);
    CHECK(diagnostics.items()[0].code == "search/index-not-kept");
    CHECK(app::index_file("postgresql://a@b/c").empty());
}

TEST_CASE("a strategy is measured line by line against known records") {
    Review review;
    auto s = store::Store::open(review.where, true);
    review.import(s, "a", 1, 20);
    const std::string strategy = "1. 3.ti.\n2. 4.ti. or 5.ti.\n3. 5.ti.\n4. 1 or 2\n5. 4 or 3\n";
    const auto found =
        searched(s, review.where, strategy, "# my set\n3\nhttps://doi.org/10.1000/X.5\nPMID: 7\n99\n");
    REQUIRE(found.lines.size() == 5);
    CHECK(found.hits.size() == 3);
    CHECK(found.known.size() == 4);
    CHECK(found.absent.size() == 1);
    CHECK(found.lines[4].known.size() == 2); // 3 and 5 of 3, 5, 7
    CHECK(found.lines[4].relevant == 2);
    CHECK(found.lines[0].only == 1); // 3 is found nowhere else
    CHECK(found.lines[1].only == 1); // 4; 5 would still come from line 3
    CHECK(found.lines[2].only == 0);
    CHECK(found.known_text() == "2 of 3 known records found: recall 0.667, precision 0.667\n"
                                "missed: PMID: 7, found by no line\n");
    // The same set as records, without ids for one of them.
    const auto records = searched(s, review.where, strategy,
                                  "TY  - JOUR\nTI  - Sleep study 3.\nPY  - 2015\nER  - \n"
                                  "TY  - JOUR\nTI  - Sleep study 4\nPY  - 1999\nER  - \n");
    CHECK(records.known.size() == 2);
    CHECK(records.absent.size() == 1); // another year is another study
    CHECK(records.lines[0].known.size() == 1);
    CHECK_THROWS_AS(searched(s, review.where, strategy, "nothing of use\n"), Error);
}

TEST_CASE("records included at full text are a known set") {
    Review review;
    auto s = store::Store::open(review.where, true);
    review.import(s, "a", 1, 6);
    Diagnostics diagnostics;
    const auto index = app::index_of(s, review.where, diagnostics);
    CHECK_THROWS_AS(app::included_of(s, index), Error);
    s.save_merges(ann, std::vector<store::Merge>{{2, 5, "9", "title"}}, "rules");
    store::Event label;
    label.kind = "label", label.record = 5, label.stage = "fulltext", label.value = "include";
    s.append(ann, label);
    const auto known = app::included_of(s, index);
    REQUIRE(known.size() == 1);
    CHECK(known[0].documents == std::vector<std::size_t>{1, 4}); // both copies
}
