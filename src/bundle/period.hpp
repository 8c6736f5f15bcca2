// The words for the time over which something is counted.
#pragma once

#include <string_view>

namespace assay::bundle {

/// "week", "4 weeks", "1.5 months": an optional number above zero and a unit of time.
bool readable_period(std::string_view text);

} // namespace assay::bundle
