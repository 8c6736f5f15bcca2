// The carriers for what went wrong outside the user's data: the world (Error) and ourselves (Bug).
// Faults in the user's data are Diagnostics; outcomes of the science are values.
#pragma once

#include "base/place.hpp"

#include <stdexcept>
#include <string>

namespace assay {

/// Exit codes of the program; the same everywhere.
enum class Exit { fine = 0, finding = 1, input = 2, environment = 3, bug = 70 };

/// A request that cannot be met: missing file, full disk, unknown option value.
class Error : public std::runtime_error {
public:
    Error(std::string code_, std::string text, Exit exit_ = Exit::environment, Place place_ = {})
        : std::runtime_error(std::move(text)), code(std::move(code_)), exit(exit_), place(std::move(place_)) {
    }

    std::string code; ///< stable, "file/unreadable"
    Exit exit;        ///< what the program returns when nobody handles it
    Place place;      ///< empty file: no place
};

/// A broken promise inside assay. Never reachable by input; thrown in release builds too.
class Bug : public std::logic_error {
public:
    using std::logic_error::logic_error;
};

[[noreturn]] void throw_bug(const char* condition, const char* file, int line);

} // namespace assay

#define ASSAY_EXPECT(condition)                                                                              \
    do {                                                                                                     \
        if (!(condition)) ::assay::throw_bug(#condition, __FILE__, __LINE__);                                \
    } while (false)
