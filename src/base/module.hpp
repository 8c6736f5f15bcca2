// Parts that few need and that bring many libraries along (a database server, MPI) are modules beside the
// program: loaded when they are asked for, so that every other command starts without them.
#pragma once

#include <string>

namespace assay {

/// The function `name` of the module `file` ("libassay_postgres.so"), which is looked for in the program's
/// folder and in the one above it. Null: there is no such module, or the system cannot load it; `tried` then
/// holds where it was looked for.
void* module_function(const std::string& file, const char* name, std::string* tried = nullptr);

} // namespace assay
