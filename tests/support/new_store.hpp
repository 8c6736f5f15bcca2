// A store of its own for one test.
#pragma once

#include "store/database.hpp"
#include "store/store.hpp"

#include <cstdlib>
#include <filesystem>
#include <string>
#include <unistd.h>

namespace assay::test {

/// A new, empty store, and how to open it again: a file, or a schema of the server that ASSAY_TEST_POSTGRES
/// names.
struct NewStore {
    std::string where;
    std::filesystem::path folder;

    NewStore() {
        static int count = 0;
        const std::string name = "assay_store_" + std::to_string(getpid()) + "_" + std::to_string(count++);
        if (const char* url = std::getenv("ASSAY_TEST_POSTGRES")) {
            store::open_postgres(url)->script("CREATE SCHEMA " + name);
            where = std::string(url) + "?options=-csearch_path%3D" + name;
            return;
        }
        folder = std::filesystem::temp_directory_path() / name;
        std::filesystem::create_directories(folder);
        where = (folder / "review.db").string();
    }
    ~NewStore() {
        if (!folder.empty()) std::filesystem::remove_all(folder);
    }
    store::Store open() const { return store::Store::open(where, true); }
};

} // namespace assay::test
