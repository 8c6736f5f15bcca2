#include "certainty/voices.hpp"

#include "base/utf8.hpp"

#include <algorithm>
#include <set>

namespace assay::certainty {

namespace {

using namespace model;

constexpr std::string_view consensus = "consensus";

std::string at(const Place& place) {
    return place.file + ":" + std::to_string(place.line);
}

std::string listed(const std::vector<std::string>& words) {
    std::string text;
    for (const std::string& word : words)
        text += (text.empty() ? "" : ", ") + word;
    return text;
}

void tell(std::vector<RowMessage>& messages, std::string code, const RobAnswerRow& row, std::string field,
          std::string message, std::string hint) {
    RowMessage made;
    made.code = std::move(code);
    made.row = row.place;
    made.field = std::move(field);
    made.message = std::move(message);
    made.hint = std::move(hint);
    messages.push_back(std::move(made));
}

bool has(const std::vector<std::string>& codes, std::string_view code) {
    return std::find(codes.begin(), codes.end(), code) != codes.end();
}

/// "Y" typed as "yes" or "y": what was probably meant.
std::string code_hint(const RobQuestion& question, const std::string& code) {
    std::string upper;
    for (const char c : code)
        upper += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    if (upper == "YES") upper = "Y";
    if (upper == "NO") upper = "N";
    if (upper != code && has(question.answers, upper)) return "did you mean '" + upper + "'?";
    return "its answers are " + listed(question.answers);
}

/// The answers that decide whether a question applies, as they stand: "2.1 is N, 2.2 is PN".
std::string because(const Voices& voices, const RobQuestion& question, const std::string& assessor) {
    std::vector<std::string> parts;
    for (const auto& way : question.applies)
        for (const RobCondition& condition : way) {
            const auto index = static_cast<std::size_t>(condition.question);
            const RobAnswerRow* row = voices.answer(index, assessor);
            const std::string& id = voices.domain.questions[index].id;
            std::string part = row ? id + " is " + row->answer : id + " does not apply";
            if (!has(parts, part)) parts.push_back(std::move(part));
        }
    return listed(parts);
}

} // namespace

std::string_view answer_class(std::string_view code) {
    if (code == "PY") return "Y";
    if (code == "PN") return "N";
    return code;
}

std::vector<std::string> Voices::assessors() const {
    std::vector<std::string> names;
    std::set<std::string_view> seen;
    for (const Said& each : said)
        if (each.differ)
            for (const RobAnswerRow* row : each.rows)
                if (seen.insert(row->assessor).second) names.push_back(row->assessor);
    if (names.empty()) names.emplace_back();
    return names;
}

const RobAnswerRow* Voices::answer(std::size_t question, const std::string& assessor) const {
    const Said& each = said[question];
    if (!each.differ) return each.agreed;
    const auto found = each.by.find(assessor);
    return found == each.by.end() ? nullptr : found->second;
}

Voices listen(const RobTool& tool, const RobDomain& domain, std::span<const RobAnswerRow* const> rows,
              std::vector<RowMessage>& messages, std::map<const RobAnswerRow*, std::string>& states) {
    Voices voices(domain);
    for (std::size_t i = 0; i < domain.questions.size(); ++i) {
        const RobQuestion& question = domain.questions[i];
        Voices::Said& said = voices.said[i];
        const RobAnswerRow* settled = nullptr;
        for (const RobAnswerRow* row : rows) {
            if (row->question != question.id || row->answer.empty()) continue;
            if (!has(question.answers, row->answer)) {
                tell(messages, "rob/impossible-answer", *row, "answer",
                     question.id + " of " + tool.id + " cannot be answered " + in_quotes(row->answer),
                     code_hint(question, row->answer));
                states[row] = "not possible";
                continue;
            }
            const auto [same, fresh] = said.by.emplace(row->assessor, row);
            if (!fresh) {
                tell(messages, "rob/answered-twice", *row, "question",
                     question.id + " is answered twice" +
                         (row->assessor.empty() ? std::string() : " by " + in_quotes(row->assessor)),
                     "the first is at " + at(same->second->place) +
                         (row->assessor.empty() ? "; two people need two names in 'assessor'" : ""));
                states[row] = "not possible";
                continue;
            }
            if (row->assessor == consensus) settled = row;
            said.rows.push_back(row);
            states[row] = "used";
        }
        if (settled) {
            for (const RobAnswerRow* row : said.rows)
                if (row != settled) states[row] = "settled";
            said.rows = {settled};
        }
        for (const RobAnswerRow* row : said.rows) {
            const RobAnswerRow* first = said.rows.front();
            if (answer_class(row->answer) == answer_class(first->answer)) continue;
            said.differ = true;
            tell(messages, "rob/assessors-differ", *row, "answer",
                 question.id + ": " + in_quotes(row->assessor) + " answers " + row->answer + ", " +
                     in_quotes(first->assessor) + " answers " + first->answer,
                 "the other row is at " + at(first->place) + "; a row by 'consensus' settles it");
        }
        for (const RobAnswerRow* row : said.rows) {
            if (said.differ) states[row] = "differs";
            if (!said.agreed || row->answer != answer_class(row->answer)) said.agreed = row;
        }
    }
    return voices;
}

Walk walk(const RobTool& tool, const Voices& voices, const std::string& assessor,
          std::vector<RowMessage>& messages, std::map<const RobAnswerRow*, std::string>& states) {
    const RobDomain& domain = voices.domain;
    std::vector<std::uint32_t> raw(domain.questions.size(), 0);
    std::vector<const RobAnswerRow*> rows(raw.size());
    for (std::size_t i = 0; i < raw.size(); ++i) {
        rows[i] = voices.answer(i, assessor);
        if (rows[i]) raw[i] = answer_bit(rows[i]->answer);
    }
    Walk made;
    // "Not applicable" where the question is asked counts as unanswered, which may open later ones.
    for (bool again = true; again;) {
        again = false;
        made.bits = raw;
        made.asked = route(domain, made.bits);
        for (std::size_t i = 0; i < raw.size() && !again; ++i) {
            const RobQuestion& question = domain.questions[i];
            if (made.asked[i] != Applies::yes || raw[i] != answer_bit("NA") || question.applies.empty() ||
                question.na_free)
                continue;
            if (states[rows[i]] != "not possible")
                tell(messages, "rob/impossible-answer", *rows[i], "answer",
                     question.id + " is NA, but it applies: " + because(voices, question, assessor),
                     "answer it, or correct the earlier answer");
            states[rows[i]] = "not possible";
            raw[i] = 0;
            again = true;
        }
    }
    std::vector<RobAnswer> answers;
    for (std::size_t i = 0; i < raw.size(); ++i) {
        const RobQuestion& question = domain.questions[i];
        if (made.asked[i] == Applies::no) {
            answers.push_back({question.id, "NA"});
            if (!rows[i] || rows[i]->answer == "NA") continue;
            if (states[rows[i]] != "does not apply")
                tell(messages, "rob/not-applicable", *rows[i], "answer",
                     question.id + " does not apply: " + because(voices, question, assessor),
                     "write NA or leave it out; it is not used");
            states[rows[i]] = "does not apply";
        } else if (raw[i] != 0) {
            answers.push_back({question.id, rows[i]->answer});
        }
    }
    if (!domain.parts.empty()) made.judgement = judge(tool, domain, answers);
    return made;
}

} // namespace assay::certainty
