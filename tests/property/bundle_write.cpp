// Formatting twice is formatting once; what the model writes, the reader reads. A failure prints its seed.
#include "bundle/write.hpp"
#include "unit/bundle_zoo.hpp"

#include <random>

using namespace assay;

TEST_CASE("property: canonical(canonical(folder)) = canonical(folder), for folders with random slips") {
    const bundle::Folder base = zoo::base();
    for (std::uint64_t seed = 1; seed <= 150; ++seed) {
        CAPTURE(seed);
        std::mt19937_64 random(seed);
        bundle::Folder folder = base;
        for (int slips = 1 + static_cast<int>(random() % 4); slips > 0; --slips) {
            auto file = folder.files.begin();
            std::advance(file, static_cast<std::ptrdiff_t>(random() % folder.files.size()));
            const std::string_view pieces[] = {" ",        "\r", "\n",   "\"",   ",", ";",
                                               "\xC2\xA0", "x",  "\xE9", "\"\"", "7"};
            file->second.insert(random() % file->second.size(), pieces[random() % std::size(pieces)]);
        }
        Diagnostics first, second, checked;
        bundle::read_and_check(folder, zoo::vocabulary(), checked); // never throws
        const bundle::Folder once = bundle::canonical(folder, first);
        if (first.has_errors()) continue;
        CHECK(bundle::canonical(once, second).files == once.files);
        CHECK_FALSE(second.has_errors());
        // Formatting changes no meaning: the same errors before and after.
        Diagnostics after;
        bundle::read_and_check(once, zoo::vocabulary(), after);
        CHECK(after.count(Severity::error) == checked.count(Severity::error));
    }
}

TEST_CASE("property: parse(write(results)) = results") {
    for (std::uint64_t seed = 1; seed <= 200; ++seed) {
        CAPTURE(seed);
        std::mt19937_64 random(seed);
        const auto number = [&]() -> std::optional<double> {
            if (random() % 4 == 0) return std::nullopt;
            return static_cast<double>(static_cast<std::int64_t>(random() % 2000001) - 1000000) /
                   static_cast<double>(1 + random() % 999);
        };
        model::Review review;
        for (std::size_t i = 0; i < 1 + random() % 8; ++i) {
            model::Result row;
            row.id = model::ResultId("r" + std::to_string(i));
            row.timepoint = random() % 2 ? "4 wk, \"end\"" : "";
            row.weeks = number();
            if (const auto p = number()) row.p = model::PValue{*p, "=<>"[random() % 3]};
            switch (random() % 5) {
            case 0:
                row.data = model::Events{number(), number()};
                break;
            case 1:
                row.data = model::Moments{number(), number(), number()};
                break;
            case 2:
                row.data = model::Rate{number(), number()};
                break;
            case 3:
                row.data = model::Contrast{"MD",     number(), number(),
                                           number(), number(), number(),
                                           number(), number(), random() % 2 ? 0.95 : 0.9};
                break;
            default:
                row.data = model::Statement{number(), number(), number(), number(), "iqr"};
            }
            review.results.push_back(row);
        }
        const std::string bytes = bundle::write_table(review, bundle::TableId::results);
        bundle::Folder folder;
        folder.files["results.csv"] = bytes;
        Diagnostics diagnostics;
        const bundle::Loaded loaded = bundle::read_review(folder, diagnostics);
        REQUIRE(loaded.review.results.size() == review.results.size());
        for (std::size_t i = 0; i < review.results.size(); ++i) {
            CHECK(loaded.review.results[i].data.index() == review.results[i].data.index());
            CHECK(loaded.review.results[i].weeks == review.results[i].weeks);
        }
        CHECK(bundle::write_table(loaded.review, bundle::TableId::results) == bytes);
    }
}
