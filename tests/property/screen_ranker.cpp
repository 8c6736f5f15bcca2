// What must hold of the ranker whatever the data: the incremental model is the model, the order of the rows
// is no information, the number of threads changes nothing.
#include "screen/diverse.hpp"
#include "screen/features.hpp"
#include "screen/models.hpp"
#include "screen/ranker.hpp"
#include "screen/simulate.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>
#include <string>

using namespace assay::screen;

namespace {

struct Invented {
    std::vector<std::string> titles;
    std::vector<Text> texts;
    std::vector<char> relevant;
};

// Records of words from two overlapping vocabularies.
Invented invented(unsigned seed, std::size_t n) {
    std::mt19937 random(seed);
    Invented out;
    for (std::size_t i = 0; i < n; ++i) {
        const bool relevant = random() % 8 == 0 || i < 2;
        std::string title;
        const unsigned length = 5 + random() % 12;
        for (unsigned w = 0; w < length; ++w) {
            const unsigned pick = random() % 100;
            const unsigned word = relevant && pick < 30 ? random() % 15 : 10 + random() % 120;
            title += "word" + std::to_string(word) + " ";
        }
        out.titles.push_back(title);
        out.relevant.push_back(relevant);
    }
    for (const auto& title : out.titles)
        out.texts.push_back({title, ""});
    return out;
}

RankerOptions with_gain(double gain) {
    RankerOptions options;
    options.gain = gain;
    return options;
}

std::vector<std::size_t> counting(std::size_t n) {
    std::vector<std::size_t> rows(n);
    std::iota(rows.begin(), rows.end(), std::size_t{0});
    return rows;
}

} // namespace

TEST_CASE("screen ranker: refit from scratch equals the incremental model") {
    for (unsigned seed = 1; seed <= 5; ++seed) {
        CAPTURE(seed);
        const auto data = invented(seed, 150);
        const Similarity similarity(text_features(data.texts, {}).matrix);
        Ranker incremental(similarity, with_gain(1e-13));
        std::vector<std::size_t> read;
        for (std::size_t step = 0; step < 70; ++step) {
            const std::size_t record = incremental.ready() ? incremental.best() : step;
            incremental.decide(record, data.relevant[record] != 0);
            read.push_back(record);
        }
        Ranker fresh(similarity, with_gain(1e-13));
        for (const std::size_t record : read)
            fresh.decide(record, data.relevant[record] != 0);
        REQUIRE(fresh.ready());
        for (std::size_t record = 0; record < 150; ++record)
            CHECK(incremental.score(record) == doctest::Approx(fresh.score(record)).epsilon(1e-4));
    }
}

TEST_CASE("screen ranker: the solution satisfies the optimality conditions of the machine") {
    const auto data = invented(11, 120);
    const Similarity similarity(text_features(data.texts, {}).matrix);
    Ranker ranker(similarity, with_gain(1e-16));
    for (std::size_t record = 0; record < 60; ++record)
        ranker.decide(record, data.relevant[record] != 0);
    ranker.score(0);
    const Solver& solver = ranker.solver();
    const double n = 60, n1 = static_cast<double>(solver.relevant()), share = 1 + 1 / 9.8;
    for (std::size_t j = 0; j < 60; ++j) {
        // a_j = 2 C_j max(0, 1 - y_j f_j): the derivative of the squared hinge
        const double cost = 0.11 * (solver.is_relevant(j) ? n / (n1 * share) : n / (9.8 * (n - n1) * share));
        const double margin = (solver.is_relevant(j) ? 1 : -1) * solver.decision(j);
        CHECK(std::abs(solver.weight(j)) ==
              doctest::Approx(2 * cost * std::max(0.0, 1 - margin)).epsilon(1e-5));
    }
}

TEST_CASE("screen ranker: the order of the rows is no information") {
    for (unsigned seed = 21; seed <= 24; ++seed) {
        CAPTURE(seed);
        const auto data = invented(seed, 120);
        auto rows = counting(120);
        std::shuffle(rows.begin(), rows.end(), std::mt19937(seed));
        std::vector<Text> texts;
        std::vector<char> relevant;
        std::vector<std::size_t> place(120);
        for (std::size_t i = 0; i < 120; ++i) {
            texts.push_back(data.texts[rows[i]]);
            relevant.push_back(data.relevant[rows[i]]);
            place[rows[i]] = i;
        }
        const auto priors = std::vector<std::size_t>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
        std::vector<std::size_t> moved_priors, moved_start;
        for (const std::size_t p : priors)
            moved_priors.push_back(place[p]);
        for (std::size_t i = 0; i < 120; ++i)
            moved_start.push_back(place[i]);
        const Similarity a(text_features(data.texts, {}).matrix), b(text_features(texts, {}).matrix);
        const auto first = replay(a, with_gain(1e-9), data.relevant, priors, counting(120));
        const auto second = replay(b, with_gain(1e-9), relevant, moved_priors, moved_start);
        std::vector<std::size_t> back;
        for (const std::size_t row : second.order)
            back.push_back(rows[row]);
        CHECK(first.order == back);
    }
}

TEST_CASE("screen ranker: rows given up for want of memory come back the same") {
    const auto data = invented(51, 200);
    const Similarity similarity(text_features(data.texts, {}).matrix);
    RankerOptions little = with_gain(1e-9);
    little.row_bytes = 0; // the least it works with: 64 rows
    const std::vector<std::size_t> priors = {0, 1, 2, 3, 4, 5, 6, 7};
    const std::vector<char> relevant_too = [&] { // the last row too, so that most of the list is read
        auto relevant = data.relevant;
        relevant[199] = 1;
        return relevant;
    }();
    const auto scarce = replay(similarity, little, relevant_too, priors, counting(200));
    CHECK(scarce.order.size() > 70);
    CHECK(scarce.order == replay(similarity, with_gain(1e-9), relevant_too, priors, counting(200)).order);
}

TEST_CASE("screen ranker: a replay reads each record once and stops at the last relevant one") {
    const auto data = invented(31, 90);
    const Similarity similarity(text_features(data.texts, {}).matrix);
    const auto result = replay(similarity, with_gain(1e-6), data.relevant, {}, counting(90));
    auto sorted = result.order;
    std::sort(sorted.begin(), sorted.end());
    CHECK(std::adjacent_find(sorted.begin(), sorted.end()) == sorted.end());
    CHECK(data.relevant[result.order.back()] != 0);
    const auto total = std::count(data.relevant.begin(), data.relevant.end(), char{1});
    CHECK(std::count_if(result.order.begin(), result.order.end(),
                        [&](std::size_t r) { return data.relevant[r] != 0; }) == total);
}

TEST_CASE("screen ranker: one class only, no record, one record") {
    const auto data = invented(41, 30);
    const Similarity similarity(text_features(data.texts, {}).matrix);
    const std::vector<char> none(30, 0), all(30, 1);
    CHECK(replay(similarity, with_gain(1e-6), none, {}, counting(30)).order.size() == 30);
    CHECK(replay(similarity, with_gain(1e-6), all, {}, counting(30)).order.size() == 30);
    const Similarity empty(text_features({}, {}).matrix);
    CHECK(replay(empty, with_gain(1e-6), {}, {}, {}).order.empty());
}

TEST_CASE("screen ranker: with every classifier and every strategy the order of the rows is no information") {
    const auto data = invented(61, 150);
    auto rows = counting(150);
    std::shuffle(rows.begin(), rows.end(), std::mt19937(61));
    std::vector<Text> texts;
    std::vector<char> relevant;
    std::vector<std::size_t> place(150);
    for (std::size_t i = 0; i < 150; ++i) {
        texts.push_back(data.texts[rows[i]]);
        relevant.push_back(data.relevant[rows[i]]);
        place[rows[i]] = i;
    }
    const Matrix m = text_features(data.texts, {}).matrix, moved = text_features(texts, {}).matrix;
    const Similarity a(m), b(moved);
    std::vector<std::size_t> priors = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, moved_priors;
    for (const std::size_t p : priors)
        moved_priors.push_back(place[p]);
    for (const auto& classifier : classifiers())
        for (const auto& strategy : query_strategies()) {
            if (strategy.query == Query::explore) continue; // it draws a row
            CAPTURE(classifier.name);
            CAPTURE(strategy.name);
            RankerOptions options = with_gain(1e-12);
            options.solver = classifier.solver;
            options.bayes = classifier.bayes;
            options.query = strategy.query;
            Ranker first(a, m, options), second(b, moved, options);
            const auto one = replay(first, data.relevant, priors, counting(150));
            const auto two = replay(second, relevant, moved_priors, place);
            std::vector<std::size_t> back;
            for (const std::size_t row : two.order)
                back.push_back(rows[row]);
            CHECK(one.order == back);
        }
    // A start without a model: the same records, whatever their rows.
    std::vector<std::size_t> back;
    for (const std::size_t row : diverse_order(moved, b, 20))
        back.push_back(rows[row]);
    back.resize(20);
    auto order = diverse_order(m, a, 20);
    order.resize(20);
    CHECK(order == back);
}

TEST_CASE("screen ranker: logistic regression from scratch equals the incremental model") {
    const auto data = invented(71, 150);
    const Similarity similarity(text_features(data.texts, {}).matrix);
    RankerOptions options = with_gain(1e-16);
    options.solver = {1, 9.8, Loss::logistic};
    Ranker incremental(similarity, options), fresh(similarity, options);
    std::vector<std::size_t> read;
    for (std::size_t step = 0; step < 70; ++step) {
        const std::size_t record = incremental.ready() ? incremental.best() : step;
        incremental.decide(record, data.relevant[record] != 0);
        read.push_back(record);
    }
    for (const std::size_t record : read)
        fresh.decide(record, data.relevant[record] != 0);
    for (std::size_t record = 0; record < 150; ++record)
        CHECK(incremental.score(record) == doctest::Approx(fresh.score(record)).epsilon(1e-5));
}

TEST_CASE("screen ranker: the strategies ask for what they say") {
    const auto data = invented(81, 120);
    const Matrix m = text_features(data.texts, {}).matrix;
    const Similarity similarity(m);
    RankerOptions options = with_gain(1e-12);
    options.query = Query::uncertainty;
    Ranker unsure(similarity, options);
    for (std::size_t record = 0; record < 20; ++record)
        unsure.decide(record, data.relevant[record] != 0);
    const std::size_t asked = unsure.next();
    for (std::size_t record = 20; record < 120; ++record)
        CHECK(std::abs(unsure.score(asked)) <= std::abs(unsure.score(record)) + 1e-5);
    options.query = Query::mixed;
    options.other_every = 3;
    Ranker mixed(similarity, options);
    for (std::size_t record = 0; record < 20; ++record)
        mixed.decide(record, data.relevant[record] != 0);
    const std::size_t best = mixed.best();
    CHECK(mixed.next() == best);
    CHECK(mixed.next() == best);
    CHECK(mixed.next() == asked); // the third is the uncertain one
    mixed.set_aside(asked);
    CHECK(mixed.next() == best);
}
