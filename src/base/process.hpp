// Runs another program without a shell: arguments are passed as they are, so no text can become a command.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace assay {

struct ProcessResult {
    bool found = false; ///< false: there is no such program on the path
    int exit = 0;       ///< its exit code; 128 + n when signal n ended it
    std::string output; ///< what it wrote to standard output
};

/// Feeds `input` to the program and returns when it has ended. Its standard error is discarded. More than
/// `most` bytes of output or more than `seconds` end it (exit 137). Errors: "process/failed" when the system
/// refuses.
ProcessResult run_program(const std::string& program, std::span<const std::string> arguments,
                          std::string_view input = {}, std::size_t most = std::size_t{256} << 20,
                          double seconds = 60);

} // namespace assay
