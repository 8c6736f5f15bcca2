#include "certainty/appraise.hpp"

#include "base/diagnostics.hpp"
#include "base/utf8.hpp"
#include "certainty/amstar2.hpp"
#include "certainty/voices.hpp"

#include <algorithm>
#include <unordered_map>

namespace assay::certainty {

namespace {

using namespace model;
using States = std::map<const RobAnswerRow*, std::string>;

std::string at(const Place& place) {
    return place.file + ":" + std::to_string(place.line);
}

template<class Words> std::string listed(const Words& words) {
    std::string text;
    for (const auto& word : words)
        text += (text.empty() ? "" : ", ") + std::string(word);
    return text;
}

std::string near(std::string_view name, const std::vector<std::string>& known) {
    const std::string found = nearest_name(name, known);
    return found.empty() ? std::string() : "did you mean " + in_quotes(found) + "?";
}

/// All that the folder says about one subject.
struct Group {
    AppraisalSubject subject;
    const RobTool* tool = nullptr;
    Place first;        ///< its first row
    bool wrong = false; ///< the subject does not fit the tool: nothing is said of what is missing
    std::vector<const RobAnswerRow*> answers;
    std::vector<const RobDecisionRow*> decisions;
};

class Work {
public:
    explicit Work(const Review& review) : review_(review), tools_(rob_tools()) {
        for (const Result& row : review.results)
            results_.emplace(row.id.value, &row);
    }

    Appraised run() {
        for (const RobAnswerRow& row : review_.rob_answers)
            if (Group* group = group_of(row)) group->answers.push_back(&row);
        for (const RobDecisionRow& row : review_.rob_decisions)
            if (Group* group = group_of(row)) group->decisions.push_back(&row);
        for (const Group& group : groups_)
            appraise(group);
        return std::move(made_);
    }

private:
    void tell(std::string code, const Place& row, std::string field, std::string message,
              std::string hint = {}) {
        RowMessage item;
        item.code = std::move(code);
        item.row = row;
        item.field = std::move(field);
        item.message = std::move(message);
        item.hint = std::move(hint);
        made_.messages.push_back(std::move(item));
    }

    const Result* result(const ResultId& id) const {
        const auto found = results_.find(id.value);
        return found == results_.end() ? nullptr : found->second;
    }

    // A row of results.csv says of which study and outcome it is; without an aim the tool's usual one is
    // meant.
    AppraisalSubject completed(AppraisalSubject subject, const RobTool& tool) const {
        if (const Result* row = result(subject.result)) {
            if (subject.study.empty()) subject.study = row->study;
            if (subject.outcome.empty()) subject.outcome = row->outcome;
        }
        if (subject.aim.empty() && tool.has_aims()) subject.aim = "assignment";
        return subject;
    }

    template<class Row> Group* group_of(const Row& row) {
        if (row.tool.empty()) return nullptr; // said already: the cell is needed
        const RobTool* tool = find_tool(tools_, row.tool);
        if (!tool) {
            std::vector<std::string> known;
            for (const RobTool& each : tools_)
                known.push_back(each.id);
            const std::string hint = near(row.tool, known);
            tell("rob/unknown-tool", row.place, "tool", "there is no tool " + in_quotes(row.tool),
                 hint.empty() ? "the tools are " + listed(known) : hint);
            return nullptr;
        }
        const AppraisalSubject subject = completed(subject_of(row), *tool);
        const std::string key = subject.study.value + '\n' + subject.report.value + '\n' +
                                subject.outcome.value + '\n' + subject.result.value + '\n' + subject.tool +
                                '\n' + subject.aim;
        const auto [found, fresh] = index_.try_emplace(key, groups_.size());
        if (fresh) {
            Group group;
            group.subject = subject;
            group.tool = tool;
            group.first = row.place;
            groups_.push_back(std::move(group));
            check_subject(groups_.back());
        }
        return &groups_[found->second];
    }

    void check_subject(Group& group) {
        const AppraisalSubject& subject = group.subject;
        const RobTool& tool = *group.tool;
        const auto wrong = [&](std::string field, std::string message, std::string hint) {
            group.wrong = true;
            tell("rob/subject", group.first, std::move(field), std::move(message), std::move(hint));
        };
        if (tool.subject == "review") {
            if (subject.report.empty())
                wrong("report", tool.id + " rates reviews: 'report' does not say which",
                      "fill 'report' with an id of reports.csv");
            else if (!subject.study.empty() || !subject.outcome.empty() || !subject.result.empty())
                wrong("study", tool.id + " rates reviews: 'study', 'outcome' and 'result' stay empty",
                      "empty them");
        } else if (subject.study.empty()) {
            wrong("study", tool.id + " rates trials: 'study' does not say which",
                  "fill 'study' with an id of studies.csv");
        } else if (!subject.report.empty()) {
            wrong("report", tool.id + " rates trials: 'report' stays empty", "name the source in 'source'");
        } else if (tool.subject == "trial" && (!subject.outcome.empty() || !subject.result.empty())) {
            wrong("outcome", tool.id + " rates a trial as a whole: 'outcome' and 'result' stay empty",
                  "empty them");
        } else if (const Result* row = result(subject.result)) {
            if (row->study != subject.study)
                wrong("result",
                      "result " + in_quotes(row->id.value) + " is of study " + in_quotes(row->study.value),
                      "name the row of this study, or empty 'study'");
            else if (row->outcome != subject.outcome)
                wrong("result",
                      "result " + in_quotes(row->id.value) + " is of outcome " +
                          in_quotes(row->outcome.value),
                      "name a row of this outcome, or empty 'outcome'");
        } else if (tool.subject == "result" && subject.outcome.empty()) {
            tell("rob/whole-study", group.first, "study",
                 tool.id + " judges results, and neither 'outcome' nor 'result' says which",
                 "until then the judgement counts for every result of " + in_quotes(subject.study.value));
        }
        if (!subject.aim.empty() && !tool.has_aims())
            wrong("aim", tool.id + " does not distinguish aims", "empty the cell");
        else if (domains_for(tool, subject.aim).empty() ||
                 (tool.has_aims() &&
                  std::none_of(tool.domains.begin(), tool.domains.end(),
                               [&](const RobDomain& domain) { return domain.aim() == subject.aim; })))
            wrong("aim", tool.id + " has no questions for the effect of " + subject.aim,
                  "write assignment, or leave the cell empty");
    }

    void check_questions(const Group& group, const std::vector<const RobDomain*>& domains) {
        std::vector<std::string> known;
        for (const RobDomain* domain : domains)
            for (const RobQuestion& question : domain->questions)
                known.push_back(question.id);
        for (const RobAnswerRow* row : group.answers) {
            if (row->question.empty() || std::find(known.begin(), known.end(), row->question) != known.end())
                continue;
            bool elsewhere = false;
            for (const RobDomain& domain : group.tool->domains)
                for (const RobQuestion& question : domain.questions)
                    elsewhere = elsewhere || question.id == row->question;
            std::string hint = elsewhere ? "it belongs to the other aim" : near(row->question, known);
            if (hint.empty()) hint = "its questions are " + listed(known);
            tell("rob/unknown-question", row->place, "question",
                 group.tool->id + " has no question " + in_quotes(row->question), std::move(hint));
        }
    }

    void read_domain(const Group& group, const RobDomain& domain, AppraisedDomain& made,
                     std::vector<std::string>& open) {
        const RobTool& tool = *group.tool;
        States states;
        const Voices voices = listen(tool, domain, group.answers, made_.messages, states);
        const std::vector<std::string> assessors = voices.assessors();
        std::vector<Walk> walks;
        for (const std::string& assessor : assessors)
            walks.push_back(walk(tool, voices, assessor, made_.messages, states));
        if (tool.method == "flaws")
            rate_flaws(voices, walks, made);
        else if (domain.parts.empty())
            made.open = "the tool leaves the judgement to a person";
        else
            take_judgement(assessors, walks, made);
        if (!made.missing.empty()) open.push_back(made.id + " (" + listed(made.missing) + ")");
        for (const RobQuestion& question : domain.questions)
            for (const RobAnswerRow* row : group.answers) {
                if (row->question != question.id || row->answer.empty()) continue;
                AppraisedAnswer answer;
                answer.question = question.id;
                answer.label = question.label;
                answer.code = row->answer;
                answer.note = row->note;
                answer.source = row->source;
                answer.where = row->where;
                answer.assessor = row->assessor;
                answer.state = states[row];
                answer.place = row->place;
                made.answers.push_back(std::move(answer));
            }
    }

    // One judgement if every assessor's answers lead to it.
    static void take_judgement(const std::vector<std::string>& assessors, const std::vector<Walk>& walks,
                               AppraisedDomain& made) {
        const RobJudgement& first = walks.front().judgement;
        bool same = true;
        std::string each;
        for (std::size_t i = 0; i < walks.size(); ++i) {
            const RobJudgement& own = walks[i].judgement;
            same = same && own.algorithm == first.algorithm;
            for (const std::string& question : own.missing)
                if (std::find(made.missing.begin(), made.missing.end(), question) == made.missing.end())
                    made.missing.push_back(question);
            each += (each.empty() ? "" : ", ") + assessors[i] + " " +
                    (own.algorithm.empty() ? "without judgement" : own.algorithm);
        }
        if (same && !first.algorithm.empty()) {
            made.algorithm = first.algorithm;
            made.rule = first.rule;
        } else if (!made.missing.empty()) {
            made.open = "unanswered: " + listed(made.missing);
        } else {
            made.open = "assessors differ: " + each;
        }
    }

    static void rate_flaws(const Voices& voices, const std::vector<Walk>& walks, AppraisedDomain& made) {
        constexpr std::pair<std::string_view, AmstarAnswer> meanings[] = {
            {"Y", AmstarAnswer::yes},
            {"P", AmstarAnswer::partly},
            {"N", AmstarAnswer::no},
            {"NM", AmstarAnswer::no_meta_analysis}};
        const RobDomain& domain = voices.domain;
        bool differ = false;
        for (std::size_t i = 0; i < domain.questions.size(); ++i) {
            differ = differ || voices.said[i].differ;
            if (voices.said[i].rows.empty()) made.missing.push_back(domain.questions[i].id);
        }
        if (!made.missing.empty()) {
            made.open = "unanswered: " + listed(made.missing);
            return;
        }
        if (differ) {
            made.open = "assessors differ";
            return;
        }
        std::array<AmstarAnswer, 16> answers{};
        for (std::size_t i = 0; i < answers.size(); ++i)
            for (const auto& [code, meaning] : meanings)
                if (walks.front().bits[i] == answer_bit(code)) answers[i] = meaning;
        const AmstarRating rating = amstar_rating(answers);
        made.algorithm = rating.confidence;
        const auto items = [](const std::vector<int>& numbers) {
            std::string text;
            for (const int number : numbers)
                text += (text.empty() ? "" : ", ") + std::to_string(number);
            return text.empty() ? std::string("none") : text;
        };
        made.rule = "critical flaws: " + items(rating.critical_flaws) +
                    "; other weaknesses: " + items(rating.other_flaws);
    }

    void decide(const Group& group, Appraisal& made) {
        std::map<std::string, const RobDecisionRow*> taken;
        std::vector<std::string> known{"overall"};
        for (const AppraisedDomain& domain : made.domains)
            if (group.tool->method != "flaws") known.push_back(domain.id);
        for (const RobDecisionRow* row : group.decisions) {
            if (row->domain.empty()) continue;
            if (std::find(known.begin(), known.end(), row->domain) == known.end()) {
                tell("rob/unknown-domain", row->place, "domain",
                     group.tool->id + " has no domain " + in_quotes(row->domain),
                     "its domains are " + listed(known));
                continue;
            }
            const auto [first, fresh] = taken.emplace(row->domain, row);
            if (!fresh) {
                tell("rob/decided-twice", row->place, "domain", row->domain + " is decided twice",
                     "the first is at " + at(first->second->place));
                continue;
            }
            if (row->judgement.empty() && row->direction.empty())
                tell("csv/missing-value", row->place, "judgement",
                     "judgement: the cell is empty, and so is 'direction'", "a decision needs one of them");
            if (!row->judgement.empty() && group.tool->judgement(row->judgement) < 0) {
                std::string hint = near(row->judgement, group.tool->judgements);
                tell("rob/unknown-judgement", row->place, "judgement",
                     group.tool->id + " has no judgement " + in_quotes(row->judgement),
                     hint.empty() ? "its judgements are " + listed(group.tool->judgements) : hint);
                continue;
            }
            AppraisedDomain* domain = &made.overall;
            for (AppraisedDomain& each : made.domains)
                if (each.id == row->domain) domain = &each;
            domain->decided = row->judgement;
            domain->direction = row->direction;
            domain->reason = row->reason;
            domain->by = row->by;
            domain->decision = row->place;
        }
    }

    /// As bad as the worst domain; a domain at the worst end decides before the others are judged where the
    /// tool lets the work stop there.
    std::string worst(const Group& group, const Appraisal& made, bool people) const {
        const RobTool& tool = *group.tool;
        std::vector<std::string> names;
        for (const AppraisedDomain& domain : made.domains) {
            const bool own = people || tool.method == "person"; // only people judge those domains
            names.push_back(own ? domain.judgement() : domain.algorithm);
            const bool may_stop = domain.id == "triage" || tool.method == "person";
            if (may_stop && names.back() == tool.judgements.back()) return names.back();
        }
        return certainty::overall(tool, names);
    }

    void appraise(const Group& group) {
        const RobTool& tool = *group.tool;
        const std::vector<const RobDomain*> domains = domains_for(tool, group.subject.aim);
        Appraisal made;
        made.subject = group.subject;
        made.tool_title = tool.title;
        made.version = tool.version;
        made.status = tool.status;
        made.scale = tool.judgements;
        check_questions(group, domains);
        std::vector<std::string> open;
        for (const RobDomain* domain : domains) {
            AppraisedDomain row;
            row.id = domain->name();
            row.label = domain->label;
            const bool any = std::any_of(group.answers.begin(), group.answers.end(),
                                         [](const RobAnswerRow* answer) { return !answer->answer.empty(); });
            if (any || !group.answers.empty())
                read_domain(group, *domain, row, open);
            else
                row.open = "judged without signalling answers";
            made.domains.push_back(std::move(row));
        }
        made.overall.id = "overall";
        made.overall.label = "overall";
        decide(group, made);
        made.overall.algorithm = worst(group, made, false);
        const std::string follows = worst(group, made, true);
        if (follows != made.overall.algorithm) made.overall.follows = follows;
        if (made.overall.judgement().empty()) made.overall.open = "not every domain is judged";
        std::vector<std::string> names;
        for (const AppraisedDomain& domain : made.domains)
            names.push_back(domain.judgement());
        made.may_be_raised =
            tool.method != "flaws" && made.overall.decided.empty() && certainty::may_be_raised(tool, names);
        const int index = tool.judgement(made.overall.judgement());
        if (index >= 0 && !tool.levels.empty()) made.level = tool.levels[static_cast<std::size_t>(index)];
        if (!open.empty() && !group.wrong)
            tell("rob/missing-answer", group.first, "question",
                 tool.id + " of " +
                     in_quotes(group.subject.study.empty() ? group.subject.report.value
                                                           : group.subject.study.value) +
                     ": no judgement yet for " + listed(open),
                 "`assay rob new` prints the rows that are still open");
        made_.appraisals.push_back(std::move(made));
    }

    const Review& review_;
    std::vector<RobTool> tools_;
    std::vector<Group> groups_;
    std::unordered_map<std::string_view, const Result*> results_;
    std::unordered_map<std::string, std::size_t> index_; ///< of the groups, by subject
    Appraised made_;
};

} // namespace

Appraised appraise(const Review& review) {
    if (review.rob_answers.empty() && review.rob_decisions.empty()) return {};
    return Work(review).run();
}

std::vector<RowMessage> appraisal_messages(const Review& review) {
    return appraise(review).messages;
}

} // namespace assay::certainty
