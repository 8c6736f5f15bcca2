#include "plot/anchor.hpp"

namespace assay::plot {

std::string anchor(std::string_view kind, std::string_view id) {
    constexpr std::string_view hex = "0123456789ABCDEF";
    std::string out(kind);
    out += '-';
    for (const char c : id) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                           c == '.' || c == '_';
        if (plain) {
            out += c;
        } else {
            const auto byte = static_cast<unsigned char>(c);
            out += '_';
            out += hex[byte >> 4];
            out += hex[byte & 15];
        }
    }
    return out;
}

std::string row_anchor(const model::ResultId& id) { return anchor("r", id.value); }
std::string analysis_anchor(const model::AnalysisId& id) { return anchor("a", id.value); }
std::string effect_anchor(const model::AnalysisId& id, std::size_t index) {
    return anchor("e", id.value) + "." + std::to_string(index + 1);
}
std::string study_anchor(const model::StudyId& id) { return anchor("s", id.value); }
std::string source_anchor(const model::ReportId& id) { return anchor("src", id.value); }
std::string question_anchor(const model::QuestionId& id) { return anchor("q", id.value); }
std::string published_anchor(const model::PublishedId& id) { return anchor("p", id.value); }

std::string effect_link(const model::AnalysisId& id, std::size_t index, const model::Effect& effect) {
    return effect.rows.size() == 1 ? row_anchor(effect.rows.front()) : effect_anchor(id, index);
}

} // namespace assay::plot
