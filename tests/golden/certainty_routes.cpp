// The tables of the appraisal tools as a whole: every way through the questions of a domain ends in a
// judgement, and a question that does not apply cannot change it.
#include "certainty/rob2.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <functional>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

using namespace assay::certainty;

namespace {

using Bits = std::vector<std::uint32_t>;

std::vector<std::uint32_t> options(const RobQuestion& question) {
    std::vector<std::uint32_t> bits;
    for (const std::string& code : question.answers)
        if (code != "NA" || question.na_free || question.applies.empty()) bits.push_back(answer_bit(code));
    return bits;
}

/// Calls `leaf` with every set of answers that a reader who keeps to the route can give: what does not apply
/// is 0.
void each_way(const RobDomain& domain, Bits& bits, std::size_t at,
              const std::function<void(const Bits&)>& leaf) {
    if (at == bits.size()) return leaf(bits);
    Bits seen(bits);
    const auto asked = route(domain, seen);
    if (asked[at] == Applies::no) {
        bits[at] = 0;
        return each_way(domain, bits, at + 1, leaf);
    }
    CHECK(asked[at] == Applies::yes); // all earlier questions are answered
    for (const std::uint32_t option : options(domain.questions[at])) {
        bits[at] = option;
        each_way(domain, bits, at + 1, leaf);
    }
    bits[at] = 0;
}

} // namespace

TEST_CASE(
    "every way through every domain ends in a judgement, whatever stands under questions that do not apply") {
    std::map<std::string, std::size_t> ways;
    for (const RobTool& tool : rob_tools()) {
        if (tool.method != "table") continue;
        for (const RobDomain& domain : tool.domains) {
            Bits bits(domain.questions.size(), 0);
            std::mt19937 random(7);
            std::size_t count = 0, wrong = 0, changed = 0;
            std::set<int> reached;
            each_way(domain, bits, 0, [&](const Bits& way) {
                ++count;
                Bits routed(way);
                route(domain, routed);
                const int judgement = judge(domain, routed);
                if (judgement < 0 || judgement >= static_cast<int>(tool.judgements.size())) ++wrong;
                reached.insert(judgement);
                Bits noisy(way); // junk where nothing is asked
                for (std::size_t i = 0; i < way.size(); ++i) {
                    const auto& answers = domain.questions[i].answers;
                    if (way[i] == 0) noisy[i] = answer_bit(answers[random() % answers.size()]);
                }
                Bits both(noisy);
                route(domain, both); // what is not asked becomes NA again
                if (judge(domain, both) != judgement) ++changed;
                if (judge(domain, noisy) != judgement) ++changed; // and the table itself does not look at it
            });
            CHECK_MESSAGE(wrong == 0, tool.id, " ", domain.id);
            CHECK_MESSAGE(changed == 0, tool.id, " ", domain.id);
            CHECK_MESSAGE(reached.size() > 1, tool.id, " ", domain.id);
            ways[tool.id + " " + domain.id] = count;
        }
    }
    CHECK(ways["rob2 D1"] == 125); // no question hangs on another
    CHECK(ways["rob2 D5"] == 125);
    // 3.1 y: 2 ways; else 3 x (3.2 y: 2; n: 2 x (3.3 n: 2; y, NI: 3 x 3.4: 5))
    CHECK(ways["rob2 D3"] == 2 + 3 * (2 + 2 * (2 + 3 * 5)));
}

TEST_CASE("a better domain never makes the whole worse, and a judged triage of no concern changes nothing") {
    for (const RobTool& tool : rob_tools()) {
        if (tool.method == "flaws") continue;
        const auto& scale = tool.judgements;
        for (std::size_t a = 0; a < scale.size(); ++a)
            for (std::size_t b = 0; b < scale.size(); ++b)
                for (std::size_t better = 0; better <= b; ++better) {
                    using Names = std::vector<std::string>;
                    const int before = tool.judgement(overall(tool, Names{scale[a], scale[b]}));
                    CHECK(tool.judgement(overall(tool, Names{scale[a], scale[better]})) <= before);
                    CHECK(tool.judgement(overall(tool, Names{scale[a], scale[b], scale[0]})) == before);
                }
    }
}

TEST_CASE("every tool says what it judges, in letters, and its questions have routes or none") {
    for (const RobTool& tool : rob_tools()) {
        CHECK((tool.subject == "result" || tool.subject == "trial" || tool.subject == "review"));
        CHECK((tool.method == "table" || tool.method == "flaws" || tool.method == "person"));
        CHECK(tool.letters.size() == tool.judgements.size());
        CHECK(std::set<std::string>(tool.letters.begin(), tool.letters.end()).size() == tool.letters.size());
        CHECK((tool.levels.empty() || tool.levels.size() == tool.judgements.size()));
        CHECK(tool.levels.empty() == (tool.method != "table")); // only risk-of-bias tools rate risk of bias
        for (std::size_t i = 1; i < tool.levels.size(); ++i)
            CHECK(tool.levels[i - 1] <= tool.levels[i]);
        for (const RobDomain& domain : tool.domains) {
            CHECK_FALSE(domain.label.empty());
            CHECK((tool.method == "table") != domain.parts.empty());
            std::set<std::string> ids;
            for (std::size_t i = 0; i < domain.questions.size(); ++i) {
                const RobQuestion& question = domain.questions[i];
                CHECK_MESSAGE(ids.insert(question.id).second, tool.id, " ", question.id, " twice");
                for (const auto& way : question.applies)
                    for (const RobCondition& condition : way)
                        CHECK(static_cast<std::size_t>(condition.question) < i);
                // "Not applicable" is an answer exactly where a question hangs on another or leaves it free.
                const bool na = std::find(question.answers.begin(), question.answers.end(), "NA") !=
                                question.answers.end();
                CHECK_MESSAGE(na == (!question.applies.empty() || question.na_free), tool.id, " ",
                              question.id);
            }
        }
    }
}
