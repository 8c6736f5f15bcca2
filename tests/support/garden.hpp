// The invented list of tests/data/screen: eighty records, twelve of them relevant, in a store of its own.
#pragma once

#include "app/store.hpp"
#include "base/bytes.hpp"
#include "store/store.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <unistd.h>

namespace assay::test {

struct Garden {
    std::filesystem::path file;
    store::Store store;
    std::map<std::int64_t, bool> truth; ///< whether a record is relevant

    explicit Garden(const std::string& name = "garden")
        : file(std::filesystem::temp_directory_path() /
               ("assay_" + name + "_" + std::to_string(getpid()) + ".db")),
          store(store::Store::open(file.string(), true)) {
        app::import_file(store, {"ann", "2026-11-22T10:00:00Z"}, {}, "garden.csv",
                         FileBytes(ASSAY_SOURCE_DIR "/tests/data/screen/garden.csv"));
        store.each_event(
            [&](const store::Event& e) {
                truth[e.record] = e.value == "Included";
                return true;
            },
            "history");
        REQUIRE(truth.size() == 80);
    }
    Garden(const Garden&) = delete;
    Garden& operator=(const Garden&) = delete;
    ~Garden() {
        for (const char* end : {"", "-wal", "-shm"})
            std::filesystem::remove(file.string() + end);
    }

    std::string right(std::int64_t record) const { return truth.at(record) ? "include" : "exclude"; }
};

} // namespace assay::test
