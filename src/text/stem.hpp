// Reduces English words to their stems (Porter 2, the English stemmer of the Snowball project).
#pragma once

#include <memory>
#include <string_view>

namespace assay::text {

/// Not for use by two threads at once.
class Stemmer {
public:
    Stemmer();
    ~Stemmer();
    Stemmer(const Stemmer&) = delete;
    Stemmer& operator=(const Stemmer&) = delete;
    /// The stem of a word in lower case; valid until the next call.
    std::string_view stem(std::string_view word);

private:
    struct Snowball;
    std::unique_ptr<Snowball> snowball_;
};

} // namespace assay::text
