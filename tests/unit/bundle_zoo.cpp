// Every kind of bad input gets its message at the right file, line and column: the zoo of defective data.
#include "unit/bundle_zoo.hpp"

#include <cstdlib>

TEST_CASE("the base review of the zoo has nothing to complain about") {
    CHECK(zoo::messages(zoo::base()) == "");
}

TEST_CASE("zoo: each defect gets its messages") {
    // ASSAY_UPDATE_ZOO=1 writes what the program says now; read the difference before committing it.
    const bool update = std::getenv("ASSAY_UPDATE_ZOO") != nullptr;
    const auto cases = zoo::cases();
    CHECK(cases.size() >= 40);
    for (const zoo::Case& zoo_case : cases) {
        CAPTURE(zoo_case.name);
        const std::string got = zoo::messages(zoo_case.folder);
        if (update)
            assay::write_file_atomic(zoo_case.path, zoo_case.head + "expect\n" + got);
        else
            CHECK(got == zoo_case.expected);
        CHECK(got != "");
    }
}
