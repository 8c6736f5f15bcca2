// Which row of a table an input is for: by its first byte, or one row for a whole run.
#pragma once

#include "base/error.hpp"

#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

namespace assay::fuzz {

/// The index of the row that ASSAY_FUZZ_ONLY names by its id, else `first`. An id of no row ends the run:
/// minutes spent on the wrong thing must not be counted. "?" lists the ids.
template<typename Rows> std::size_t chosen(const Rows& rows, unsigned char first) {
    static const char* const only = std::getenv("ASSAY_FUZZ_ONLY");
    if (!only) return first;
    static const std::size_t row = [&] {
        if (std::string_view(only) == "?") {
            for (const auto& each : rows)
                std::printf("row %s\n", std::string(each.id).c_str());
            std::fflush(stdout);
            std::_Exit(0);
        }
        std::size_t at = 0;
        while (at < rows.size() && rows[at].id != only)
            ++at;
        ASSAY_EXPECT(at < rows.size());
        return at;
    }();
    return row;
}

} // namespace assay::fuzz
