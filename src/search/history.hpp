// Search histories as hosts export them or as they are copied from the page: headings, columns for limiters
// and dates, newest line first. What is left are the lines of the strategy in their order.
#pragma once

#include "search/clean.hpp"

namespace assay::search {

/// Lines that no host would have written come back as they are. What is left out and would have changed the
/// result (dates and filters set on the host's page) is reported.
Cleaned without_host_layout(Cleaned in, Diagnostics& diagnostics);

} // namespace assay::search
