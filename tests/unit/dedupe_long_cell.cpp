#include "app/dedupe.hpp"

#include <doctest/doctest.h>

using namespace assay;

TEST_CASE("an abstract longer than a review's cell may be is no fault") {
    const std::string csv =
        "id,title,abstract\n1,A title of some length,\"" + std::string(100000, 'x') + "\"\n";
    app::DedupeRequest request;
    request.file = "long.csv";
    const auto result = app::dedupe(request, csv);
    CHECK(result.ready());
    CHECK(result.diagnostics.items().empty());
}
