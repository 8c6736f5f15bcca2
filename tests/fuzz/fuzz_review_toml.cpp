// Fuzz target: review.toml alone.
#include "base/error.hpp"
#include "bundle/check.hpp"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace assay;
    bundle::Folder folder;
    folder.files["review.toml"] = std::string(reinterpret_cast<const char*>(data), size);
    Diagnostics diagnostics;
    const bundle::Loaded loaded =
        bundle::read_and_check(std::move(folder), bundle::format_vocabulary(), diagnostics);
    ASSAY_EXPECT(diagnostics.has_errors()); // the tables are missing, if nothing else
    for (const Diagnostic& item : diagnostics.sorted())
        (void)to_text(item);
    return 0;
}
