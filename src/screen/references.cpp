#include "screen/references.hpp"

#include <algorithm>
#include <cmath>
#include <unordered_map>

namespace assay::screen {

ReferenceFeatures reference_features(std::span<const std::string_view> ids,
                                     std::span<const Citation> citations) {
    std::unordered_map<std::string_view, std::uint32_t> row_of;
    for (std::uint32_t row = 0; row < ids.size(); ++row)
        if (!ids[row].empty()) row_of.emplace(ids[row], row);

    std::unordered_map<std::string_view, std::uint32_t> column_of;
    std::vector<std::vector<std::uint32_t>> cited(ids.size());
    const auto column = [&](std::string_view work) {
        return column_of.emplace(work, static_cast<std::uint32_t>(column_of.size())).first->second;
    };
    ReferenceFeatures features;
    for (const Citation& citation : citations) {
        const auto row = row_of.find(citation.record);
        if (row == row_of.end() || citation.work.empty()) continue;
        ++features.known;
        cited[row->second].push_back(column(citation.work));
    }
    for (const auto& [id, row] : row_of) { // a work that is a record itself meets the records that cite it
        const auto known = column_of.find(id);
        if (known != column_of.end()) cited[row].push_back(known->second);
    }
    std::vector<std::uint32_t> uses(column_of.size(), 0);
    for (auto& works : cited) {
        std::sort(works.begin(), works.end());
        works.erase(std::unique(works.begin(), works.end()), works.end());
        for (const std::uint32_t work : works)
            ++uses[work];
    }

    Matrix& matrix = features.matrix;
    matrix.rows = ids.size();
    matrix.columns = column_of.size();
    const double n = static_cast<double>(ids.size());
    std::size_t links = 0;
    for (const auto& works : cited) {
        double squares = 0;
        for (const std::uint32_t work : works) {
            if (uses[work] < 2) continue; // nobody shares it
            const double weight = std::log((1 + n) / (1 + uses[work])) + 1;
            squares += weight * weight;
            matrix.column.push_back(work);
            matrix.value.push_back(static_cast<float>(weight));
            ++links;
        }
        const auto scale = squares > 0 ? static_cast<float>(1 / std::sqrt(squares)) : 0.0f;
        for (std::size_t k = matrix.begin.back(); k < matrix.value.size(); ++k)
            matrix.value[k] *= scale;
        matrix.begin.push_back(matrix.column.size());
        matrix.self.push_back(squares > 0 ? 1.0f : 0.0f);
    }
    features.links_per_record = ids.empty() ? 0 : static_cast<double>(links) / n;
    return features;
}

} // namespace assay::screen
