// The store on a PostgreSQL server, for teams: a module beside the program, where it was built with libpqxx.
#include "base/error.hpp"
#include "base/module.hpp"
#include "store/database.hpp"

namespace assay::store {

namespace {

using Open = Database* (*)(const std::string& url);

Open opener() {
    static const auto open =
        reinterpret_cast<Open>(module_function("libassay_postgres.so", "assay_open_postgres"));
    return open;
}

} // namespace

std::unique_ptr<Database> open_postgres(const std::string& url) {
    const Open open = opener();
    if (!open)
        throw Error("store/no-postgres",
                    "this assay has no module for PostgreSQL (it was built without libpqxx): only files can "
                    "be stores",
                    Exit::input);
    return std::unique_ptr<Database>(open(url));
}

bool has_postgres() {
    return opener() != nullptr;
}

} // namespace assay::store
