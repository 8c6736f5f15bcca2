#include "screen/models.hpp"

namespace assay::screen {

namespace {

const Model table[] = {
    {"default", "stems, one and two words, linear support vector machine; references where there are enough",
     {.stems = true, .rule = WordRule::by_script}, {.gain = 1e-6}, false, 0.2},
    {"elas-u4", "the reading order of ASReview's default (ELAS u4), record by record",
     {}, {.gain = 1e-10, .compatible = true}, true, 0},
};

} // namespace

std::span<const Model> models() { return table; }

std::optional<Model> model_of(std::string_view name) {
    for (const Model& model : table)
        if (model.name == name) return model;
    return std::nullopt;
}

} // namespace assay::screen
