// Finding names in what people write: lower case, whole words.
#pragma once

#include <string>
#include <string_view>

namespace assay::person {

/// `word` stands in `text` as a whole word (both in lower case).
bool has_word(std::string_view text, std::string_view word);

} // namespace assay::person
