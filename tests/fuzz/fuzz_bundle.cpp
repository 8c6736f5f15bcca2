// Fuzz target: a whole folder. Reading, checking, showing, its flow of records and formatting never crash, and
// formatting twice changes nothing.
#include "base/error.hpp"
#include "bundle/check.hpp"
#include "bundle/json.hpp"
#include "bundle/write.hpp"
#include "certainty/flow.hpp"
#include "fuzz/folder.hpp"
#include "plot/flow_svg.hpp"
#include "report/flow_csv.hpp"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace assay;
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    Diagnostics diagnostics;
    const bundle::Loaded loaded =
        bundle::read_and_check(split_folder(bytes), bundle::format_vocabulary(), diagnostics);
    for (const Diagnostic& item : diagnostics.sorted())
        (void)to_text(item);
    (void)bundle::diagnostics_json(diagnostics);

    model::Flow flow = certainty::stated_flow(loaded.review);
    flow.problems = certainty::flow_problems(flow, loaded.review.flow_accepted);
    for (const auto layout : {plot::Layout::wide, plot::Layout::compact})
        (void)plot::flow_svg(flow, layout, certainty::waiting_text(flow));
    (void)report::flow_csv(flow, "index.html#flow");

    Diagnostics once, twice;
    const bundle::Folder formatted = bundle::canonical(loaded.folder, once);
    if (once.has_errors()) return 0;
    const bundle::Folder again = bundle::canonical(formatted, twice);
    ASSAY_EXPECT(!twice.has_errors());
    ASSAY_EXPECT(again.files == formatted.files);
    return 0;
}
