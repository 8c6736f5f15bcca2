#include "screen/models.hpp"

namespace assay::screen {

namespace {

TextOptions stemmed() {
    TextOptions text;
    text.stems = true;
    text.rule = WordRule::by_script;
    return text;
}

RankerOptions ranked(double gain, bool compatible) {
    RankerOptions ranker;
    ranker.gain = gain;
    ranker.compatible = compatible;
    return ranker;
}

const Model table[] = {
    {"default", "stems, one and two words, linear support vector machine; references where there are enough",
     stemmed(), ranked(1e-6, false), false, 0.2},
    {"elas-u4", "the reading order of ASReview's default (ELAS u4), record by record", TextOptions{},
     ranked(1e-10, true), true, 0},
};

} // namespace

std::span<const Model> models() {
    return table;
}

std::optional<Model> model_of(std::string_view name) {
    for (const Model& model : table)
        if (model.name == name) return model;
    return std::nullopt;
}

} // namespace assay::screen
