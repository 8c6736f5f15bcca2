#include "text/stem.hpp"

#include "base/error.hpp"

#include <libstemmer.h>

namespace assay::text {

struct Stemmer::Snowball {
    sb_stemmer* handle = sb_stemmer_new("english", "UTF_8");
    ~Snowball() { sb_stemmer_delete(handle); }
};

Stemmer::Stemmer() : snowball_(std::make_unique<Snowball>()) {
    if (!snowball_->handle) throw Error("text/no-stemmer", "the Snowball library has no English stemmer");
}

Stemmer::~Stemmer() = default;

std::string_view Stemmer::stem(std::string_view word) {
    const auto* symbols = reinterpret_cast<const sb_symbol*>(word.data());
    const sb_symbol* stemmed = sb_stemmer_stem(snowball_->handle, symbols, static_cast<int>(word.size()));
    if (!stemmed) return word; // out of memory inside the library: the word is its own stem
    return {reinterpret_cast<const char*>(stemmed),
            static_cast<std::size_t>(sb_stemmer_length(snowball_->handle))};
}

} // namespace assay::text
