// Blank rows for the questions of a tool that can apply, given what is answered already.
#include "app/folder.hpp"
#include "app/rob.hpp"
#include "base/error.hpp"
#include "base/files.hpp"
#include "base/utf8.hpp"
#include "certainty/appraise.hpp"
#include "text/csv.hpp"
#include "text/encoding.hpp"

#include <algorithm>
#include <map>

namespace assay::app {

namespace {

using namespace model;
using Cells = std::map<std::string, std::string, std::less<>>;

constexpr std::string_view answers_file = "rob_answers.csv";
constexpr std::string_view usual_columns[] = {"study",    "report", "outcome", "result", "tool",  "aim",
                                              "question", "answer", "note",    "source", "where", "assessor"};

[[noreturn]] void refuse(const char* code, const std::string& message) {
    throw Error(code, message, Exit::input);
}

template<class Rows> std::string or_near(const Rows& rows, const std::string& id) {
    std::vector<std::string> ids;
    for (const auto& row : rows)
        ids.push_back(row.id.value);
    const auto near = nearest_name(id, ids);
    return near.empty() ? std::string() : "; did you mean " + in_quotes(near) + "?";
}

/// What is asked for, completed and found to make sense.
AppraisalSubject subject_for(const RobNew& request, const certainty::RobTool& tool, const Review& review) {
    AppraisalSubject subject{StudyId(request.study),
                             ReportId(request.report),
                             OutcomeId(request.outcome),
                             ResultId(request.result),
                             tool.id,
                             request.aim};
    if (!request.result.empty()) {
        const auto* row = review.find(subject.result);
        if (!row)
            refuse("rob/result", "there is no result " + in_quotes(request.result) +
                                     or_near(review.results, request.result));
        if (subject.study.empty()) subject.study = row->study;
        if (subject.outcome.empty()) subject.outcome = row->outcome;
        if (row->study != subject.study)
            refuse("rob/result",
                   "result " + in_quotes(request.result) + " is of study " + in_quotes(row->study.value));
        if (row->outcome != subject.outcome)
            refuse("rob/result",
                   "result " + in_quotes(request.result) + " is of outcome " + in_quotes(row->outcome.value));
    }
    if (!subject.outcome.empty() && !review.find(subject.outcome))
        refuse("rob/outcome", "there is no outcome " + in_quotes(subject.outcome.value) +
                                  or_near(review.outcomes, subject.outcome.value));
    if (tool.subject == "review") {
        if (subject.report.empty()) refuse("rob/report", tool.id + " rates a review: --report names it");
        if (!review.find(subject.report))
            refuse("rob/report", "there is no report " + in_quotes(request.report) +
                                     or_near(review.reports, request.report));
        if (!subject.study.empty() || !subject.outcome.empty())
            refuse("rob/study", tool.id + " rates a review: --study, --outcome and --result do not fit");
    } else {
        if (subject.study.empty()) refuse("rob/study", tool.id + " rates a trial: --study names it");
        if (!review.find(subject.study))
            refuse("rob/study",
                   "there is no study " + in_quotes(request.study) + or_near(review.studies, request.study));
        if (!subject.report.empty()) refuse("rob/report", tool.id + " rates a trial: --report does not fit");
        if (tool.subject == "result" && subject.outcome.empty())
            refuse("rob/outcome", tool.id + " judges a result: name it with --outcome or --result");
        if (tool.subject == "trial" && !subject.outcome.empty())
            refuse("rob/outcome", tool.id + " rates a trial as a whole: --outcome and --result do not fit");
    }
    if (!subject.aim.empty() && !tool.has_aims())
        refuse("rob/aim", tool.id + " does not distinguish aims: --aim does not fit");
    if (subject.aim.empty() && tool.has_aims()) subject.aim = "assignment";
    if (tool.has_aims() && std::none_of(tool.domains.begin(), tool.domains.end(),
                                        [&](const auto& domain) { return domain.aim() == subject.aim; }))
        refuse("rob/aim", tool.id + " has no questions for the effect of " + subject.aim);
    return subject;
}

bool same_subject(AppraisalSubject row, const AppraisalSubject& wanted, const Review& review) {
    if (const auto* result = row.result.empty() ? nullptr : review.find(row.result)) {
        if (row.study.empty()) row.study = result->study;
        if (row.outcome.empty()) row.outcome = result->outcome;
    }
    if (row.aim.empty()) row.aim = wanted.aim.empty() ? "" : "assignment";
    return row == wanted;
}

std::vector<Cells> rows_for(const RobNew& request, const Review& review) {
    const auto tools = certainty::rob_tools();
    const auto* tool = certainty::find_tool(tools, request.tool);
    if (!tool) {
        std::string known;
        std::vector<std::string> ids;
        for (const auto& each : tools) {
            known += (known.empty() ? "" : ", ") + each.id;
            ids.push_back(each.id);
        }
        const auto near = nearest_name(request.tool, ids);
        refuse("rob/tool",
               "there is no tool " + in_quotes(request.tool) +
                   (near.empty() ? "; the tools are " + known : "; did you mean " + in_quotes(near) + "?"));
    }
    const auto subject = subject_for(request, *tool, review);
    std::vector<const RobAnswerRow*> answered;
    for (const auto& row : review.rob_answers)
        if (same_subject(subject_of(row), subject, review) &&
            (request.assessor.empty() || row.assessor.empty() || row.assessor == request.assessor))
            answered.push_back(&row);
    // A blank row that stands in the file already is not written a second time.
    std::vector<std::string> blank;
    for (const auto* row : answered)
        if (row->answer.empty() && row->assessor == request.assessor) blank.push_back(row->question);
    const auto* study = review.find(subject.study);
    std::vector<Cells> rows;
    for (const auto& open : certainty::open_questions(*tool, subject.aim, answered)) {
        if (std::find(blank.begin(), blank.end(), open.question->id) != blank.end()) continue;
        Cells cells;
        cells["study"] = subject.study.value;
        cells["report"] = subject.report.value;
        cells["outcome"] = subject.outcome.value;
        cells["result"] = subject.result.value;
        cells["tool"] = tool->id;
        cells["aim"] = subject.aim;
        cells["question"] = open.question->id;
        cells["source"] = study ? study->source.value : subject.report.value;
        cells["assessor"] = request.assessor;
        rows.push_back(std::move(cells));
    }
    if (rows.empty())
        refuse("rob/nothing", blank.empty() ? "every question that can apply is answered"
                                            : "the rows that are open stand in rob_answers.csv already");
    return rows;
}

void write(std::string& out, const std::vector<std::string>& columns, const Cells& cells) {
    std::vector<std::string_view> line;
    for (const auto& column : columns) {
        const auto found = cells.find(column);
        line.push_back(found == cells.end() ? std::string_view() : std::string_view(found->second));
    }
    text::write_csv_row(out, line);
}

} // namespace

RobRows new_rob_rows(const RobNew& request, bool header) {
    RobRows made;
    auto checked = check(request.folder);
    made.diagnostics = std::move(checked.diagnostics);
    const auto rows = rows_for(request, checked.review);
    const std::vector<std::string> columns(std::begin(usual_columns), std::end(usual_columns));
    if (header) {
        const std::vector<std::string_view> line(columns.begin(), columns.end());
        text::write_csv_row(made.csv, line);
    }
    for (const auto& row : rows)
        write(made.csv, columns, row);
    made.rows = rows.size();
    return made;
}

RobRows append_rob_rows(const RobNew& request) {
    const auto path = request.folder / answers_file;
    std::error_code failure;
    if (!std::filesystem::exists(path, failure)) {
        auto made = new_rob_rows(request, true);
        write_file_atomic(path, made.csv);
        return made;
    }
    RobRows made;
    auto checked = check(request.folder);
    made.diagnostics = std::move(checked.diagnostics);
    std::string bytes = read_file(path);
    Diagnostics faults;
    const auto table = text::read_csv(std::string(answers_file), bytes, faults);
    if (!table.readable() || faults.has_errors())
        refuse("rob/file", std::string(answers_file) +
                               " cannot be read in full; `assay check` says why, nothing is written");
    std::vector<std::string> columns;
    for (const auto& cell : table.header())
        columns.emplace_back(text::trim(cell.text));
    const auto rows = rows_for(request, checked.review);
    for (const auto& row : rows)
        for (const auto& [column, value] : row)
            if (!value.empty() && std::find(columns.begin(), columns.end(), column) == columns.end())
                refuse("rob/file", std::string(answers_file) + " has no column '" + column +
                                       "': add it to the first line");
    if (!bytes.empty() && bytes.back() != '\n') made.csv = "\n";
    for (const auto& row : rows)
        write(made.csv, columns, row);
    write_file_atomic(path, bytes + made.csv);
    made.rows = rows.size();
    return made;
}

} // namespace assay::app
