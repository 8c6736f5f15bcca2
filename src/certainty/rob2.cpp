#include "certainty/rob2.hpp"

#include "base/diagnostics.hpp"
#include "base/embedded.hpp"
#include "base/error.hpp"
#include "text/csv.hpp"

#include <algorithm>
#include <array>

namespace assay::certainty {

namespace {

constexpr std::array<std::string_view, 13> codes{"Y",  "PY", "PN", "N", "NI", "NA", "WY",
                                                 "SY", "WN", "SN", "U", "P",  "NM"};

std::vector<std::string> split(std::string_view text, char separator) {
    std::vector<std::string> pieces;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find(separator), text.size());
        if (end > 0) pieces.emplace_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return pieces;
}

/// y and n stand for "yes or probably yes" and "no or probably no".
std::uint32_t bits_of(std::string_view name) {
    if (name == "y") return answer_bit("Y") | answer_bit("PY");
    if (name == "n") return answer_bit("N") | answer_bit("PN");
    return answer_bit(name);
}

int index_of(const std::vector<std::string>& names, std::string_view name) {
    const auto found = std::find(names.begin(), names.end(), name);
    return found == names.end() ? -1 : static_cast<int>(found - names.begin());
}

int question_index(const RobDomain& domain, std::string_view id) {
    for (std::size_t i = 0; i < domain.questions.size(); ++i)
        if (domain.questions[i].id == id) return static_cast<int>(i);
    return -1;
}

/// "1.2=NI 1.3=y": all must hold.
std::vector<RobCondition> conditions(const RobTool& tool, const RobDomain& domain, std::string_view text) {
    std::vector<RobCondition> made;
    for (const std::string& term : split(text, ' ')) {
        const std::size_t sign = term.find('=');
        ASSAY_EXPECT(sign != std::string::npos);
        const std::string_view name = std::string_view(term).substr(0, sign);
        RobCondition condition;
        const bool worst = name == "worst";
        condition.question = worst ? -1 : question_index(domain, name);
        ASSAY_EXPECT(worst || condition.question >= 0);
        for (const std::string& value : split(std::string_view(term).substr(sign + 1), '/')) {
            const std::uint32_t bits = worst ? 1U << index_of(tool.judgements, value) : bits_of(value);
            ASSAY_EXPECT(bits != 0);
            condition.answers |= bits;
        }
        made.push_back(condition);
    }
    return made;
}

RobRule compile(const RobTool& tool, const RobDomain& domain, std::string_view when,
                std::string_view judgement) {
    RobRule rule;
    rule.when = when;
    rule.judgement = index_of(tool.judgements, judgement);
    ASSAY_EXPECT(rule.judgement >= 0);
    rule.conditions = conditions(tool, domain, when);
    return rule;
}

std::vector<model::RiskLevel> levels_of(std::string_view text) {
    std::vector<model::RiskLevel> levels;
    for (const std::string& word : split(text, '/'))
        levels.push_back(word == "low"    ? model::RiskLevel::low
                         : word == "some" ? model::RiskLevel::some
                                          : model::RiskLevel::high);
    return levels;
}

std::string_view embedded(std::string_view name) {
    for (const Embedded& file : embedded_methods())
        if (file.name == name) return file.bytes;
    throw_bug("embedded table", __FILE__, __LINE__);
}

/// Calls `row` with the cells of each row of a table of ours, whose columns are fixed.
template<class Row> void each_row(std::string_view file, Row row) {
    Diagnostics none;
    const text::CsvTable table = text::read_csv(std::string(file), embedded(file), none);
    ASSAY_EXPECT(none.items().empty());
    for (const text::CsvRow& at : table.rows()) {
        std::vector<std::string_view> cells;
        for (const text::CsvCell& cell : table.cells(at))
            cells.push_back(cell.text);
        row(cells);
    }
}

RobTool* find_tool(std::vector<RobTool>& tools, std::string_view id) {
    const auto found =
        std::find_if(tools.begin(), tools.end(), [&](const RobTool& tool) { return tool.id == id; });
    ASSAY_EXPECT(found != tools.end());
    return &*found;
}

RobDomain& domain_of(RobTool& tool, std::string_view id) {
    for (RobDomain& domain : tool.domains)
        if (domain.id == id) return domain;
    RobDomain made;
    made.id = id;
    tool.domains.push_back(std::move(made));
    return tool.domains.back();
}

RobPart& part_of(RobDomain& domain, std::string_view name) {
    for (RobPart& part : domain.parts)
        if (part.name == name) return part;
    RobPart made;
    made.name = name;
    domain.parts.push_back(std::move(made));
    return domain.parts.back();
}

constexpr int undecided = -1;

/// The rule of a part that decides, or none; `open`: a question that must be answered first.
struct Outcome {
    const RobRule* rule = nullptr;
    int open = -1;
};

Outcome decide(const RobPart& part, std::span<const std::uint32_t> bits, int worst) {
    Outcome outcome;
    for (const RobRule& rule : part.rules) {
        bool holds = true;
        int open = -1;
        for (const RobCondition& condition : rule.conditions) {
            const std::uint32_t seen =
                condition.question < 0 ? 1U << worst : bits[static_cast<std::size_t>(condition.question)];
            if (seen == 0)
                open = condition.question;
            else if ((seen & condition.answers) == 0)
                holds = false;
        }
        if (!holds) continue;
        if (open >= 0) { // it might hold: nothing later may decide
            outcome.open = open;
            return outcome;
        }
        outcome.rule = &rule;
        return outcome;
    }
    return outcome;
}

} // namespace

std::string_view RobDomain::name() const {
    return std::string_view(id).substr(0, id.find('-'));
}

std::string_view RobDomain::aim() const {
    if (id.ends_with("-assign")) return "assignment";
    return id.ends_with("-adhere") ? "adhering" : "";
}

bool RobTool::has_aims() const {
    return std::any_of(domains.begin(), domains.end(),
                       [](const RobDomain& domain) { return !domain.aim().empty(); });
}

int RobTool::judgement(std::string_view name) const {
    return index_of(judgements, name);
}

const RobDomain* RobTool::find(std::string_view domain) const {
    for (const RobDomain& row : domains)
        if (row.id == domain) return &row;
    return nullptr;
}

std::uint32_t answer_bit(std::string_view code) {
    for (std::size_t i = 0; i < codes.size(); ++i)
        if (codes[i] == code) return 1U << i;
    return 0;
}

std::vector<RobTool> rob_tools() {
    std::vector<RobTool> tools;
    each_row("tools.csv", [&](const std::vector<std::string_view>& cells) {
        RobTool tool;
        tool.id = cells.at(0);
        tool.version = cells.at(1);
        tool.title = cells.at(2);
        tool.judgements = split(cells.at(3), '/');
        tool.status = cells.at(4);
        tool.link = cells.at(5);
        tool.subject = cells.at(6);
        tool.method = cells.at(7);
        tool.levels = levels_of(cells.at(8));
        tool.letters = split(cells.at(9), '/');
        tools.push_back(std::move(tool));
    });
    each_row("questions.csv", [&](const std::vector<std::string_view>& cells) {
        RobQuestion question;
        question.id = cells.at(2);
        question.label = cells.at(3);
        question.answers = split(cells.at(4), '/');
        question.status = cells.at(5);
        question.na_free = cells.at(7) == "free";
        RobTool& tool = *find_tool(tools, cells.at(0));
        RobDomain& domain = domain_of(tool, cells.at(1));
        for (const std::string& way : split(cells.at(6), '|')) // each names earlier questions only
            question.applies.push_back(conditions(tool, domain, way));
        domain.questions.push_back(std::move(question));
    });
    each_row("domains.csv", [&](const std::vector<std::string_view>& cells) {
        domain_of(*find_tool(tools, cells.at(0)), cells.at(1)).label = cells.at(2);
    });
    each_row("rules.csv", [&](const std::vector<std::string_view>& cells) {
        RobTool& tool = *find_tool(tools, cells.at(0));
        RobDomain& domain = domain_of(tool, cells.at(1));
        part_of(domain, cells.at(2)).rules.push_back(compile(tool, domain, cells.at(3), cells.at(4)));
    });
    return tools;
}

std::vector<Applies> route(const RobDomain& domain, std::span<std::uint32_t> bits) {
    ASSAY_EXPECT(bits.size() == domain.questions.size());
    std::vector<Applies> asked(bits.size(), Applies::yes);
    for (std::size_t i = 0; i < bits.size(); ++i) {
        const auto& ways = domain.questions[i].applies;
        if (ways.empty()) continue;
        asked[i] = Applies::no;
        for (const auto& way : ways) {
            Applies holds = Applies::yes;
            for (const RobCondition& condition : way) {
                const std::uint32_t seen = bits[static_cast<std::size_t>(condition.question)];
                if (seen == 0 && holds == Applies::yes) holds = Applies::open;
                if (seen != 0 && (seen & condition.answers) == 0) holds = Applies::no;
            }
            if (holds == Applies::yes) asked[i] = Applies::yes;
            if (holds == Applies::open && asked[i] == Applies::no) asked[i] = Applies::open;
        }
        if (asked[i] == Applies::no) bits[i] = answer_bit("NA");
    }
    return asked;
}

int judge(const RobDomain& domain, std::span<const std::uint32_t> bits) {
    ASSAY_EXPECT(bits.size() == domain.questions.size());
    int worst = 0;
    for (const RobPart& part : domain.parts) {
        const Outcome outcome = decide(part, bits, worst);
        if (outcome.open >= 0) return undecided;
        if (!outcome.rule) continue; // "final" leaves the others as they are
        worst = part.name == "final" ? outcome.rule->judgement : std::max(worst, outcome.rule->judgement);
    }
    return worst;
}

RobJudgement judge(const RobTool& tool, const RobDomain& domain, std::span<const RobAnswer> answers) {
    RobJudgement result;
    result.domain = domain.id;
    std::vector<std::uint32_t> bits(domain.questions.size(), 0);
    for (const RobAnswer& answer : answers) {
        const int at = question_index(domain, answer.question);
        if (at < 0) continue; // of another domain
        const RobQuestion& question = domain.questions[static_cast<std::size_t>(at)];
        if (index_of(question.answers, answer.code) < 0)
            result.invalid.push_back(answer.question + "=" + answer.code);
        else
            bits[static_cast<std::size_t>(at)] = answer_bit(answer.code);
    }
    int worst = 0;
    bool decided = result.invalid.empty();
    for (const RobPart& part : domain.parts) {
        const Outcome outcome = decide(part, bits, worst);
        if (outcome.open >= 0) {
            result.missing.push_back(domain.questions[static_cast<std::size_t>(outcome.open)].id);
            decided = false;
            continue;
        }
        if (!outcome.rule) continue;
        worst = part.name == "final" ? outcome.rule->judgement : std::max(worst, outcome.rule->judgement);
        const std::string when = outcome.rule->when.empty() ? "otherwise" : outcome.rule->when;
        result.rule +=
            (result.rule.empty() ? "" : "; ") + (part.name.empty() ? when : part.name + ": " + when);
    }
    if (decided) result.algorithm = tool.judgements[static_cast<std::size_t>(worst)];
    return result;
}

std::string overall(const RobTool& tool, std::span<const std::string> judgements) {
    int worst = -1;
    for (const std::string& name : judgements) {
        const int at = index_of(tool.judgements, name);
        if (at < 0) return {};
        worst = std::max(worst, at);
    }
    return worst < 0 ? std::string() : tool.judgements[static_cast<std::size_t>(worst)];
}

bool may_be_raised(const RobTool& tool, std::span<const std::string> judgements) {
    constexpr std::string_view concerns = "Some concerns";
    const auto count = std::count(judgements.begin(), judgements.end(), concerns);
    return count > 1 && overall(tool, judgements) == concerns;
}

} // namespace assay::certainty
