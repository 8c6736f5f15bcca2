// The tables of a store and how older ones become newer.
#pragma once

#include "store/database.hpp"

namespace assay::store {

/// The version this program writes.
int schema_version();

/// Brings the tables to schema_version(), all steps or none; a store that is up to date is not written.
/// Errors: "store/newer".
void migrate(Database& database);

} // namespace assay::store
