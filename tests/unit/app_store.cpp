// Files into a store, copies found in it, decisions kept: what assay import and assay dedupe --store do.
#include "app/store.hpp"
#include "base/error.hpp"
#include "store/flow.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <unistd.h>

using namespace assay;
namespace fs = std::filesystem;

namespace {

struct Review {
    fs::path file = fs::temp_directory_path() / ("assay_app_store_" + std::to_string(getpid()) + ".db");
    store::Store store = store::Store::open(file.string(), true);
    ~Review() {
        for (const char* end : {"", "-wal", "-shm"})
            fs::remove(file.string() + end);
    }
};

const store::Act ann{"ann", "2026-11-22T10:00:00Z"};

std::string ris(const std::string& title, const std::string& page, const std::string& doi) {
    return "TY  - JOUR\nAU  - Smith, Jane\nTI  - " + title +
           "\nJO  - Journal of Sleep\nPY  - 2019\nVL  - 12\nSP  - " + page + "\nDO  - " + doi + "\nER  - \n";
}

} // namespace

TEST_CASE("store: a file that changes while it is imported adds nothing") {
    class Changing : public MemoryBytes {
    public:
        using MemoryBytes::MemoryBytes;
        bool unchanged() const override { return false; }
    };
    Review review;
    const std::string a = ris("Magnesium for night cramps", "101", "10.1000/1");
    CHECK_THROWS_AS(app::import_file(review.store, ann, {}, "a.ris", Changing(a)), Error);
    CHECK(review.store.count_records() == 0);
    CHECK(review.store.sources().empty());
    CHECK(app::import_file(review.store, ann, {}, "a.ris", MemoryBytes(a)).counts.added == 1);
}

TEST_CASE("store: importing, finding copies, deciding, undoing") {
    Review review;
    const std::string a = ris("Magnesium for night cramps in old age", "101", "10.1000/1") +
                          ris("Zinc and colds", "7", "10.1000/2");
    const std::string b = ris("Magnesium for night cramps in old age", "101", "10.1000/1") +
                          ris("Zinc and the common cold", "7", "10.1000/9");
    app::ImportRequest request;
    request.label = "MEDLINE";
    CHECK(app::import_file(review.store, ann, request, "a.ris", MemoryBytes(a)).counts.added == 2);
    request.label.clear();
    CHECK(app::import_file(review.store, ann, request, "folder/b.ris", MemoryBytes(b)).label == "b.ris");
    const auto again = app::import_file(review.store, ann, request, "c.ris", MemoryBytes(a));
    CHECK(again.known);
    REQUIRE(again.diagnostics.items().size() == 1);
    CHECK(again.diagnostics.items()[0].code == "store/imported-before");
    CHECK(review.store.count_records() == 4);

    app::DedupeRequest dedupe;
    auto found = app::dedupe_store(review.store, ann, dedupe, {});
    CHECK(found.found.records() == 4);
    CHECK(found.found.groups() == 3);
    CHECK(store::flow(review.store)[model::FlowBox::duplicates] == 1);

    // A person joins the other two; a decision about an unknown record is told.
    dedupe.decisions_file = "queue.csv";
    dedupe.decisions = "first,second,decision\n2,4,same\n2,77,same\n";
    found = app::dedupe_store(review.store, ann, dedupe, {});
    CHECK(found.new_verdicts == 1);
    CHECK(found.found.diagnostics.has_errors());
    CHECK(found.found.groups() == 2);

    // The decision stays without the file, until it is undone.
    dedupe.decisions = {};
    CHECK(app::dedupe_store(review.store, ann, dedupe, {}).found.groups() == 2);
    const std::string_view kinds[] = {"decide"};
    app::undo_in_store(review.store, ann, std::to_string(review.store.last_event(kinds)), "not sure");
    CHECK(app::dedupe_store(review.store, ann, dedupe, {}).found.groups() == 3);

    // An undone merge is not made again.
    const std::string_view merges[] = {"merge"};
    app::undo_in_store(review.store, ann, std::to_string(review.store.last_event(merges)), "two trials");
    CHECK(app::dedupe_store(review.store, ann, dedupe, {}).found.groups() == 4);
    CHECK(app::log_text(review.store, "undo", 0).find("two trials") != std::string::npos);
}
