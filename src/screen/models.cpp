#include "screen/models.hpp"

namespace assay::screen {

namespace {

TextOptions text_of(bool stems, bool pairs, Weighing weighing = Weighing::logarithm,
                    Unit unit = Unit::words) {
    TextOptions text;
    text.stems = stems;
    text.pairs = pairs;
    // Pieces are cut from whole runs; words of scripts without spaces are single characters.
    text.rule = unit == Unit::characters ? WordRule::two_or_more : WordRule::by_script;
    text.unit = unit;
    text.weighing = weighing;
    return text;
}

const Features feature_table[] = {
    {"stems", "stems of words, one and two neighbouring", text_of(true, true), {}},
    {"words", "words as they stand, one and two neighbouring", text_of(false, true), {}},
    {"single", "stems of single words", text_of(true, false), {}},
    {"characters",
     "three to five characters within a word",
     text_of(false, false, Weighing::logarithm, Unit::characters),
     {}},
    {"stems-characters", "stems (0.7) and characters (0.3)", text_of(true, true), {0, 0.3}},
    {"titles", "stems, and those of the title once more (0.1)", text_of(true, true), {0.1, 0}},
    {"counts", "stems weighted by their plain counts", text_of(true, true, Weighing::plain), {}},
    {"once", "stems weighted alike however often they occur", text_of(true, true, Weighing::once), {}},
    {"bm25", "stems weighted by BM25", text_of(true, true, Weighing::bm25), {}},
};

const Classifier classifier_table[] = {
    {"svm", "linear support vector machine, squared hinge, C 0.11, balance 9.8", {}, std::nullopt},
    {"logistic", "logistic regression, C 1, balance 9.8", {1, 9.8, Loss::logistic}, std::nullopt},
    {"bayes", "naive Bayes (multinomial = complement), alpha 3.822, balance 1.2", {}, BayesOptions{}},
};

const QueryStrategy query_table[] = {
    {"certainty", "the record most like the included", Query::certainty},
    {"uncertainty", "the record the model is least sure of", Query::uncertainty},
    {"mixed", "certainty, every 20th time uncertainty", Query::mixed},
    {"explore", "certainty, every 20th time any record", Query::explore},
};

RankerOptions ranked(double gain, bool compatible) {
    RankerOptions ranker;
    ranker.gain = gain;
    ranker.compatible = compatible;
    return ranker;
}

const Model model_table[] = {
    {"default", "stems, one and two words, linear support vector machine; references where there are enough",
     text_of(true, true), ranked(1e-6, false), false, 0.2},
    {"elas-u4", "the reading order of ASReview's default (ELAS u4), record by record", TextOptions{},
     ranked(1e-10, true), true, 0},
};

} // namespace

std::span<const Features> feature_makers() {
    return feature_table;
}

std::span<const Classifier> classifiers() {
    return classifier_table;
}

std::span<const QueryStrategy> query_strategies() {
    return query_table;
}

std::span<const Model> models() {
    return model_table;
}

std::optional<Model> model_of(std::string_view name) {
    for (const Model& model : model_table)
        if (model.name == name) return model;
    return std::nullopt;
}

Matrix matrix_of(std::span<const Text> records, const TextOptions& text, const Blocks& blocks) {
    Matrix matrix = text_features(records, text).matrix;
    if (blocks.titles > 0) {
        std::vector<Text> titles;
        for (const Text& record : records)
            titles.push_back({record.title, {}});
        matrix = beside(matrix, text_features(titles, text).matrix, blocks.titles);
    }
    if (blocks.characters > 0) {
        const TextOptions pieces = text_of(false, false, Weighing::logarithm, Unit::characters);
        matrix = beside(matrix, text_features(records, pieces).matrix, blocks.characters);
    }
    return matrix;
}

void set_balance(RankerOptions& ranker, double ratio) {
    ranker.solver.ratio = ratio;
    if (ranker.bayes) ranker.bayes->ratio = ratio;
}

} // namespace assay::screen
