#include "certainty/amstar2.hpp"

#include "base/diagnostics.hpp"
#include "base/embedded.hpp"
#include "base/error.hpp"
#include "text/csv.hpp"

#include <charconv>

namespace assay::certainty {

std::vector<AmstarItem> amstar_items() {
    std::vector<AmstarItem> items;
    for (const Embedded& file : embedded_methods()) {
        if (file.name != "amstar2.csv") continue;
        Diagnostics none;
        const text::CsvTable table = text::read_csv("amstar2.csv", file.bytes, none);
        for (const text::CsvRow& row : table.rows()) {
            const auto cells = table.cells(row);
            AmstarItem item;
            const std::string_view number = cells[0].text;
            std::from_chars(number.data(), number.data() + number.size(), item.number);
            item.critical = cells[1].text == "yes";
            items.push_back(std::move(item));
        }
    }
    ASSAY_EXPECT(items.size() == 16);
    return items;
}

AmstarRating amstar_rating(const std::array<AmstarAnswer, 16>& answers) {
    AmstarRating rating;
    for (const AmstarItem& item : amstar_items())
        if (answers[static_cast<std::size_t>(item.number - 1)] == AmstarAnswer::no)
            (item.critical ? rating.critical_flaws : rating.other_flaws).push_back(item.number);
    if (rating.critical_flaws.size() > 1)
        rating.confidence = "critically low";
    else if (rating.critical_flaws.size() == 1)
        rating.confidence = "low";
    else if (rating.other_flaws.size() > 1)
        rating.confidence = "moderate";
    else
        rating.confidence = "high";
    return rating;
}

} // namespace assay::certainty
