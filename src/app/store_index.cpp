#include "app/store_index.hpp"

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/sha256.hpp"

#include <filesystem>

namespace assay::app {

std::string index_file(const std::string& where) {
    return where.find("://") == std::string::npos ? where + ".index" : std::string();
}

search::Index index_of(store::Store& store, const std::string& where, Diagnostics& diagnostics,
                       const Progress& progress) {
    const std::string file = index_file(where), key = sha256(store.records_state());
    std::error_code ignored;
    if (!file.empty() && std::filesystem::is_regular_file(file, ignored)) {
        try {
            if (auto known = search::Index::from_bytes(read_file(file, std::size_t{16} << 30), key))
                return std::move(*known);
        } catch (const Error&) { // a file that cannot be read is as good as none
        }
    }
    const auto total = static_cast<std::size_t>(store.count_records());
    search::Index index;
    bool stopped = false;
    store.each_record([&](std::int64_t id, const model::Record& record) {
        index.add(record, id);
        if (progress && index.documents() % 1024 == 0)
            stopped = !progress("indexing records", index.documents(), total);
        return !stopped;
    });
    if (stopped) throw Error("stopped", "stopped", Exit::environment);
    index.finish();
    if (file.empty() || index.documents() < index_kept_from) return index;
    // Another program may have added records meanwhile: then the file's key is older than they are.
    try {
        write_file_atomic(file, index.bytes(key));
    } catch (const Error& error) {
        diagnostics.add("search/index-not-kept", {file, 0, 0}, error.what(),
                        "the next search makes the index anew");
    }
    return index;
}

} // namespace assay::app
