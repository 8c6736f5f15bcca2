// Do the numbers a row gives agree with one another? A printed SD beside a standard error, an interval or a
// test is compared with the SD that follows from them.
#pragma once

#include "model/review.hpp"
#include "model/row_message.hpp"

#include <vector>

namespace assay::effect {

/// "sd 4 does not follow from se = 2 and n = 25: sd.se gives 10", in the order of the rows. Nothing is said
/// about what rounding of the printed digits can explain, nor about rules that estimate (medians) or need a
/// number from elsewhere.
std::vector<model::RowMessage> disagreements(const model::Review& review);

} // namespace assay::effect
