// RoB 2: the tables give the published judgement for every possible set of answers.
#include "base/sha256.hpp"
#include "certainty/amstar2.hpp"
#include "certainty/rob2.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <fstream>
#include <map>
#include <string>

using namespace assay::certainty;

namespace {

const RobTool& tool(const std::vector<RobTool>& tools, std::string_view id) {
    for (const RobTool& row : tools)
        if (row.id == id) return row;
    FAIL("no such tool");
    return tools.front();
}

std::string judged(const RobTool& rob, std::string_view domain, const std::vector<RobAnswer>& answers) {
    const RobDomain* found = rob.find(domain);
    REQUIRE(found);
    return judge(rob, *found, answers).algorithm;
}

} // namespace

TEST_CASE("RoB 2: all answer sets of the parallel tool") {
    std::ifstream file(ASSAY_SOURCE_DIR "/tests/data/trust/rob2_hashes.json");
    const auto truth = nlohmann::json::parse(file);
    const auto tools = rob_tools();
    const RobTool& rob2 = tool(tools, "rob2");
    std::size_t total = 0;
    for (const auto& [name, expected] : truth["domains"].items()) {
        const RobDomain* domain = rob2.find(name);
        REQUIRE(domain);
        const auto options = expected["options"].get<std::vector<std::vector<std::string>>>();
        REQUIRE(options.size() == domain->questions.size());
        for (std::size_t i = 0; i < options.size(); ++i) {
            auto allowed = domain->questions[i].answers;
            CHECK(std::is_permutation(allowed.begin(), allowed.end(), options[i].begin(), options[i].end()));
        }
        assay::Sha256 hash;
        std::map<std::string, int> counts;
        std::vector<std::size_t> at(options.size(), 0);
        std::vector<std::uint32_t> bits(options.size());
        for (bool more = true; more;) {
            std::string line;
            for (std::size_t i = 0; i < options.size(); ++i) {
                bits[i] = answer_bit(options[i][at[i]]);
                line += options[i][at[i]] + ",";
            }
            const int index = judge(*domain, bits);
            REQUIRE(index >= 0);
            const std::string& judgement = rob2.judgements[static_cast<std::size_t>(index)];
            ++counts[judgement];
            ++total;
            hash.update(line + judgement + "\n");
            more = false;
            for (std::size_t i = options.size(); i-- > 0 && !more;) { // the last question runs fastest
                more = ++at[i] < options[i].size();
                if (!more) at[i] = 0;
            }
        }
        CHECK(hash.finish() == expected["sha256"].get<std::string>());
        for (const auto& [judgement, count] : expected["counts"].items())
            CHECK(counts[judgement] == count.get<int>());
    }
    CHECK(total == 200950);
}

TEST_CASE("RoB 2: unanswered questions leave the domain open, and only where they matter") {
    const auto tools = rob_tools();
    const RobTool& rob2 = tool(tools, "rob2");
    const RobDomain& d1 = *rob2.find("D1");
    CHECK(judge(rob2, d1, std::vector<RobAnswer>{{"1.2", "N"}}).algorithm == "High");
    const auto open = judge(rob2, d1, std::vector<RobAnswer>{{"1.2", "Y"}});
    CHECK(open.algorithm.empty());
    CHECK(open.missing == std::vector<std::string>{"1.1"});
    const auto wrong = judge(rob2, d1, std::vector<RobAnswer>{{"1.1", "Y"}, {"1.2", "yes"}, {"1.3", "N"}});
    CHECK(wrong.algorithm.empty());
    CHECK(wrong.invalid == std::vector<std::string>{"1.2=yes"});
    const auto full = judge(rob2, d1, std::vector<RobAnswer>{{"1.1", "Y"}, {"1.2", "PY"}, {"1.3", "N"}});
    CHECK(full.algorithm == "Low");
    CHECK(full.rule == "otherwise");
}

TEST_CASE("overall: the worst domain; several concerns are for a person to raise") {
    const auto tools = rob_tools();
    const RobTool& rob2 = tool(tools, "rob2");
    using Names = std::vector<std::string>;
    CHECK(overall(rob2, Names{"Low", "Low"}) == "Low");
    CHECK(overall(rob2, Names{"Low", "Some concerns", "Some concerns"}) == "Some concerns");
    CHECK(may_be_raised(rob2, Names{"Low", "Some concerns", "Some concerns"}));
    CHECK_FALSE(may_be_raised(rob2, Names{"High", "Some concerns", "Some concerns"}));
    CHECK_FALSE(may_be_raised(rob2, Names{"Low", "Some concerns"}));
    CHECK(overall(rob2, Names{"Low", "High"}) == "High");
    CHECK(overall(rob2, Names{"Low", ""}).empty());
    CHECK(overall(rob2, Names{}).empty());
}

TEST_CASE("cluster variant: where it differs from the parallel tool") {
    const auto tools = rob_tools();
    const RobTool& cluster = tool(tools, "rob2-cluster");
    using Answers = std::vector<RobAnswer>;
    CHECK(judged(cluster, "D1b", Answers{{"1b.1", "Y"}}) == "Low");
    CHECK(judged(cluster, "D1b", Answers{{"1b.1", "N"}, {"1b.2", "PY"}}) == "High");
    CHECK(judged(cluster, "D1b", Answers{{"1b.1", "N"}, {"1b.2", "N"}, {"1b.3", "Y"}}) == "Some concerns");
    CHECK(judged(cluster, "D1b", Answers{{"1b.1", "N"}, {"1b.2", "NI"}, {"1b.3", "Y"}}) == "High");
    CHECK(judged(cluster, "D1b", Answers{{"1b.1", "N"}, {"1b.2", "NI"}, {"1b.3", "NI"}}) == "Some concerns");
    // Not aware of being in a trial, carers unaware: nothing can have deviated because of it.
    const Answers unaware{{"2.1a", "N"}, {"2.1b", "NA"}, {"2.2", "N"}, {"2.3", "Y"},
                          {"2.4", "Y"},  {"2.5", "N"},   {"2.6", "Y"}};
    CHECK(judged(cluster, "D2-assign", unaware) == "Low");
    const Answers harmless{{"2.1a", "Y"}, {"2.1b", "Y"}, {"2.2", "Y"}, {"2.3", "Y"},
                           {"2.4", "N"},  {"2.5", "N"},  {"2.6", "Y"}};
    CHECK(judged(cluster, "D2-assign", harmless) == "Low"); // the parallel tool has some concerns here
    CHECK(judged(cluster, "D3", Answers{{"3.1a", "Y"}, {"3.1b", "Y"}}) == "Low");
    CHECK(judged(cluster, "D3",
                 Answers{{"3.1a", "Y"}, {"3.1b", "N"}, {"3.2", "N"}, {"3.3", "Y"}, {"3.4", "N"}}) ==
          "Some concerns");
    CHECK(judged(cluster, "D4", Answers{{"4.1", "N"}, {"4.2", "N"}, {"4.3a", "N"}}) == "Low");
    CHECK(judged(cluster, "D4", Answers{{"4.1", "N"}, {"4.2", "N"}, {"4.3a", "Y"}, {"4.3b", "N"}}) == "Low");
}

TEST_CASE("crossover variant: domain S is marked, 5.4 counts") {
    const auto tools = rob_tools();
    const RobTool& crossover = tool(tools, "rob2-crossover");
    for (const RobQuestion& question : crossover.find("DS")->questions)
        CHECK(question.status == "unverified");
    using Answers = std::vector<RobAnswer>;
    CHECK(judged(crossover, "DS", Answers{{"S.1", "NI"}, {"S.2", "NI"}, {"S.3", "NI"}}) == "Some concerns");
    CHECK(judged(crossover, "DS", Answers{{"S.3", "N"}}) == "High");
    CHECK(judged(crossover, "DS", Answers{{"S.1", "Y"}, {"S.3", "Y"}}) == "Low");
    CHECK(judged(crossover, "D5", Answers{{"5.1", "Y"}, {"5.2", "N"}, {"5.3", "N"}, {"5.4", "Y"}}) == "High");
    CHECK(judged(crossover, "D5", Answers{{"5.1", "Y"}, {"5.2", "N"}, {"5.3", "N"}, {"5.4", "NA"}}) == "Low");
}

TEST_CASE("ROBINS-I V2: the drawn paths, and the one that is not drawn") {
    const auto tools = rob_tools();
    const RobTool& robins = tool(tools, "robins-i-v2");
    using Answers = std::vector<RobAnswer>;
    CHECK(judged(robins, "triage", Answers{{"B1", "N"}, {"B2", "Y"}, {"B3", "N"}}) == "Critical");
    CHECK(judged(robins, "triage", Answers{{"B1", "Y"}, {"B2", "NA"}, {"B3", "N"}}) == "Low");
    CHECK(judged(robins, "D1-assign", Answers{{"1.1", "Y"}, {"1.2", "Y"}, {"1.3", "N"}, {"1.4", "N"}}) ==
          "Low except confounding");
    CHECK(judged(robins, "D1-assign", Answers{{"1.1", "SN"}, {"1.4", "Y"}}) == "Critical");
    CHECK(judged(robins, "D1-adhere",
                 Answers{{"1.1", "Y"}, {"1.2", "Y"}, {"1.3", "Y"}, {"1.4", "N"}, {"1.5", "N"}}) == "Low");
    CHECK(judged(robins, "D2", Answers{{"2.1", "Y"}, {"2.4", "N"}, {"2.5", "N"}}) == "Low");
    CHECK(judged(robins, "D2",
                 Answers{{"2.1", "N"}, {"2.2", "N"}, {"2.3", "WY"}, {"2.4", "WY"}, {"2.5", "N"}}) ==
          "Serious");
    CHECK(judged(robins, "D2", Answers{{"2.1", "N"}, {"2.2", "N"}, {"2.3", "N"}, {"2.4", "SY"}}) ==
          "Critical");
    const Answers selected{{"3.1", "SN"}, {"3.3", "N"}, {"3.6", "N"}, {"3.7", "N"}, {"3.8", "Y"}};
    CHECK(judged(robins, "D3", selected) == "Critical");
    const Answers corrected{{"3.1", "SN"}, {"3.3", "N"}, {"3.6", "Y"}};
    CHECK(judged(robins, "D3", corrected) == "Moderate");
    CHECK(judged(robins, "D4", Answers{{"4.1", "Y"}, {"4.2", "Y"}, {"4.3", "Y"}}) == "Low");
    CHECK(judged(robins, "D5", Answers{{"5.1", "N"}, {"5.2", "Y"}, {"5.3", "SY"}}) == "Serious");
    CHECK(judged(robins, "D6", Answers{{"6.1", "N"}, {"6.2", "Y"}, {"6.3", "Y"}, {"6.4", "N"}}) ==
          "Critical");
    CHECK(judged(robins, "D6", Answers{{"6.1", "N"}, {"6.2", "NI"}, {"6.3", "NI"}, {"6.4", "NI"}}) ==
          "Serious");
    CHECK(judged(robins, "D6", Answers{{"6.1", "N"}, {"6.2", "NI"}, {"6.3", "N"}, {"6.4", "N"}}) ==
          "Moderate");
}

TEST_CASE("every tool is whole: questions have labels, rules end in a catch-all, answers have codes") {
    for (const RobTool& rob : rob_tools()) {
        CHECK(rob.link.rfind("https://", 0) == 0);
        for (const RobDomain& domain : rob.domains) {
            CHECK_MESSAGE(!domain.questions.empty(), rob.id, " ", domain.id);
            if (rob.method == "table") REQUIRE_MESSAGE(!domain.parts.empty(), rob.id, " ", domain.id);
            for (const RobQuestion& question : domain.questions) {
                CHECK_FALSE(question.label.empty());
                for (const std::string& code : question.answers)
                    CHECK(answer_bit(code) != 0);
            }
            for (const RobPart& part : domain.parts)
                if (part.name != "final")
                    CHECK_MESSAGE(part.rules.back().conditions.empty(), rob.id, " ", domain.id);
        }
    }
}

TEST_CASE("AMSTAR 2: the rule for confidence") {
    using enum AmstarAnswer;
    std::array<AmstarAnswer, 16> answers;
    answers.fill(yes);
    CHECK(amstar_rating(answers).confidence == "high");
    answers[0] = no;
    CHECK(amstar_rating(answers).confidence == "high"); // one weakness that is not critical
    answers[9] = no;
    CHECK(amstar_rating(answers).confidence == "moderate");
    answers[1] = partly;
    CHECK(amstar_rating(answers).confidence == "moderate");
    answers[1] = no;
    CHECK(amstar_rating(answers).confidence == "low");
    CHECK(amstar_rating(answers).critical_flaws == std::vector<int>{2});
    answers[10] = no_meta_analysis;
    CHECK(amstar_rating(answers).confidence == "low");
    answers[12] = no;
    CHECK(amstar_rating(answers).confidence == "critically low");
}
