#include "report/checklist_places.hpp"

#include "base/ascii.hpp"
#include "base/error.hpp"
#include "model/flow_boxes.hpp"
#include "plot/anchor.hpp"
#include "report/page.hpp"

#include <algorithm>

namespace assay::report {

namespace {

using model::FlowBox;
using model::FlowOrigin;

/// What the table of places looks at.
struct Case {
    const model::Review& review;
    const model::ReviewResults& results;

    bool counted() const { return results.flow.origin == FlowOrigin::events; }
    bool source_of(std::initializer_list<std::string_view> kinds) const {
        const auto& sources = results.flow.sources;
        return counted() && std::any_of(sources.begin(), sources.end(), [&](const model::FlowSource& source) {
                   return std::find(kinds.begin(), kinds.end(), source.kind) != kinds.end();
               });
    }
};

using ascii::to_lower;

/// The section of the first analysis of which `holds`.
template<class Holds> ChecklistPlace analysis_where(const Case& at, Holds holds) {
    for (const model::AnalysisResult& result : at.results.analyses) {
        const model::Analysis* declared = at.review.find(result.id);
        if (declared && holds(result))
            return {"#" + plot::anchor("f", result.id.value),
                    "each analysis, first " + analysis_label(at.review, *declared)};
    }
    return {};
}

ChecklistPlace if_so(bool holds, const char* where, const char* text) {
    return holds ? ChecklistPlace{where, text} : ChecklistPlace{};
}

/// A store knows when records came in, not when somebody searched: that is said by a name with a date,
/// "Ovid MEDLINE 2026-11-20".
bool dated(const model::FlowSource& source) {
    const std::string& s = source.label;
    for (std::size_t i = 0; i + 10 <= s.size(); ++i) {
        bool fits = true;
        for (std::size_t j = 0; j < 10; ++j) {
            const char c = s[i + j];
            fits = fits && (j == 4 || j == 7 ? c == '-' : c >= '0' && c <= '9');
        }
        if (fits) return true;
    }
    return false;
}

bool has_main(const model::AnalysisResult& result) {
    return result.main.has_value();
}

/// Every study of every synthesis has a rating that is more than a first impression.
bool all_rated(const Case& at) {
    bool any = false;
    for (const model::AnalysisResult& result : at.results.analyses)
        for (const model::Effect& effect : result.effects) {
            any = true;
            const bool rated =
                std::any_of(at.review.rob.begin(), at.review.rob.end(), [&](const model::RobRow& row) {
                    return row.study == effect.study && row.status != "preliminary";
                });
            if (!rated) return false;
        }
    return any;
}

ChecklistPlace who_was_studied(const Case& at) {
    for (const model::Question& question : at.review.questions)
        for (const model::Study& study : at.review.studies)
            if (studied_for(study, question.id) && at.results.find(question.id))
                return {"#" + plot::question_anchor(question.id) + "-who", "each question: who was studied"};
    return {};
}

struct Row {
    std::string_view find;
    ChecklistPlace (*place)(const Case&);
};

constexpr Row places[] = {
    {"title",
     +[](const Case& at) {
         const std::string title = to_lower(at.review.title + " " + at.review.subtitle);
         return if_so(title.find("systematic review") != std::string::npos ||
                          title.find("meta-analysis") != std::string::npos,
                      "#title", "Title");
     }},
    {"questions",
     +[](const Case& at) {
         return if_so(!at.review.questions.empty(), "#overview", "Questions at a glance");
     }},
    {"sources",
     +[](const Case& at) {
         const auto& all = at.results.flow.sources;
         return if_so(at.counted() && !all.empty() && std::all_of(all.begin(), all.end(), dated),
                      "#flow-sources", "Records and flow: sources");
     }},
    {"selection", +[](const Case& at) { return if_so(at.counted(), "#flow-how", "Records and flow: how"); }},
    {"outcomes",
     +[](const Case& at) {
         return if_so(!at.review.outcomes.empty(), "#methods-outcomes", "Methods: outcomes");
     }},
    {"analyses",
     +[](const Case& at) {
         return if_so(!at.review.analyses.empty(), "#methods-analyses", "Methods: analyses");
     }},
    {"conversions",
     +[](const Case& at) {
         return if_so(!at.results.analyses.empty(), "#provenance", "How each pooled number was made");
     }},
    {"reading", +[](const Case&) { return if_so(true, "#methods-reading", "Methods: how to read"); }},
    {"subgroups-planned",
     +[](const Case& at) {
         const auto& all = at.review.analyses;
         return if_so(std::any_of(all.begin(), all.end(), [](const auto& a) { return !a.subgroup.empty(); }),
                      "#methods-choices", "Methods: subgroups and other choices");
     }},
    {"sensitivity-planned",
     +[](const Case& at) {
         const auto& all = at.review.analyses;
         return if_so(!all.empty() && (!at.review.sets.empty() ||
                                       std::any_of(all.begin(), all.end(),
                                                   [](const auto& a) { return !a.sensitivity.empty(); })),
                      "#methods-choices", "Methods: subgroups and other choices");
     }},
    {"certainty",
     +[](const Case& at) {
         const auto& all = at.results.analyses;
         return if_so(std::any_of(all.begin(), all.end(), [](const auto& a) { return a.grade.has_value(); }),
                      "#methods-certainty", "Methods: certainty");
     }},
    {"flow",
     +[](const Case& at) {
         return if_so(at.results.flow.origin != FlowOrigin::none, "#flow", "Records and flow");
     }},
    {"excluded",
     +[](const Case& at) {
         return if_so(at.counted() && !at.results.flow.excluded.empty(), "#flow-excluded",
                      "Records and flow: full texts excluded");
     }},
    {"who", who_was_studied},
    {"bias",
     +[](const Case& at) {
         for (const model::Analysis& analysis : at.review.analyses)
             if (const auto* result = at.results.find(analysis.id); result && !result->effects.empty())
                 return if_so(all_rated(at),
                              ("#" + plot::question_anchor(analysis.question) + "-bias").c_str(),
                              "each question: risk of bias");
         return ChecklistPlace{};
     }},
    {"rows", +[](const Case& at) { return if_so(!at.review.results.empty(), "#rows", "Every row"); }},
    {"pooled",
     +[](const Case& at) {
         const auto& all = at.results.analyses;
         return if_so(std::any_of(all.begin(), all.end(), has_main), "#provenance",
                      "How each pooled number was made");
     }},
    {"subgroups",
     +[](const Case& at) {
         return analysis_where(at, [](const auto& a) { return a.subgroups.has_value(); });
     }},
    {"sensitivity",
     +[](const Case& at) {
         return analysis_where(at, [](const auto& a) { return has_main(a) && !a.variants.empty(); });
     }},
    {"rated",
     +[](const Case& at) { return analysis_where(at, [](const auto& a) { return a.grade.has_value(); }); }},
    {"data", +[](const Case&) { return if_so(true, "#data", "Data"); }},
    {"databases",
     +[](const Case& at) {
         return if_so(at.source_of({"database"}), "#flow-sources", "Records and flow: sources");
     }},
    {"registers",
     +[](const Case& at) {
         return if_so(at.source_of({"register"}), "#flow-sources", "Records and flow: sources");
     }},
    {"websites",
     +[](const Case& at) {
         return if_so(at.source_of({"website", "organisation"}), "#flow-sources",
                      "Records and flow: sources");
     }},
    {"citations",
     +[](const Case& at) {
         return if_so(at.source_of({"citation"}), "#flow-sources", "Records and flow: sources");
     }},
    {"update",
     +[](const Case& at) {
         return if_so(at.results.flow.previous.has_value(), "#flow", "Records and flow");
     }},
    {"totals",
     +[](const Case& at) {
         const bool known = at.results.flow.origin != FlowOrigin::none;
         return if_so(known && !at.results.flow.sources.empty(), "#flow-sources",
                      "Records and flow: sources");
     }},
    {"dedupe",
     +[](const Case& at) {
         return if_so(at.counted() && at.results.flow[FlowBox::duplicates].value_or(0) > 0, "#flow-how",
                      "Records and flow: how");
     }},
};

} // namespace

ChecklistPlace checklist_place(std::string_view find, const model::Review& review,
                               const model::ReviewResults& results) {
    if (find.empty()) return {};
    for (const Row& row : places)
        if (row.find == find) return row.place(Case{review, results});
    throw_bug("a known word in prisma_items.csv", __FILE__, __LINE__);
}

std::set<std::string, std::less<>> page_ids(std::string_view html) {
    constexpr std::string_view mark = " id=\"";
    std::set<std::string, std::less<>> ids;
    for (auto at = html.find(mark); at != std::string_view::npos; at = html.find(mark, at)) {
        at += mark.size();
        const auto end = html.find('"', at);
        if (end == std::string_view::npos) break;
        ids.emplace(html.substr(at, end - at));
    }
    return ids;
}

} // namespace assay::report
