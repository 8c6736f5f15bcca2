// Brings a file of records into a store as they are read: no more than one is in memory, and nothing stays in
// the store unless all came.
#pragma once

#include "store/store.hpp"

#include <optional>
#include <set>
#include <string>
#include <vector>

namespace assay::store {

class Import {
public:
    /// `source.format` and `source.records` are given to finish().
    Import(Store& store, Act act, SourceFile source);

    /// Records marked as deleted make those with the same PubMed id forgotten.
    void add(const model::Record& record);
    /// Keeps all of it; without a record nothing is written, not even the source.
    Imported finish(const std::string& format);

private:
    /// An event that waits for the one of the import itself, which comes before it in the log and says how
    /// many records there are.
    struct Waiting {
        std::int64_t record;
        std::string kind, value, why;
    };

    void begin();
    void forget(const std::string& pmid);

    Store& store_;
    Act act_;
    SourceFile source_;
    std::optional<Transaction> transaction_;
    std::vector<Waiting> waiting_;
    std::set<std::int64_t> gone_;
    Imported done_;
};

} // namespace assay::store
