#include "app/trial_people.hpp"

#include "app/person.hpp"
#include "base/error.hpp"
#include "base/files.hpp"
#include "base/utf8.hpp"
#include "person/advice.hpp"
#include "text/csv.hpp"
#include "text/format.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <map>

namespace assay::app {

namespace {

using Json = nlohmann::ordered_json;

struct OnePerson {
    std::string name;
    trial::Diary diary;
    std::vector<trial::Period> schedule;
};

std::vector<OnePerson> read_people(const PeopleRequest& request, Diagnostics& diagnostics) {
    std::vector<OnePerson> people;
    const auto file = request.list.filename().string();
    const auto bytes = read_file(request.list, std::size_t{16} << 20);
    const auto table = text::read_csv(file, bytes, diagnostics);
    if (!table.readable()) return people;
    std::map<std::string, std::size_t, std::less<>> at;
    for (std::size_t i = 0; i < table.header().size(); ++i)
        at[std::string(table.header()[i].text)] = i;
    for (const char* name : {"person", "diary", "schedule"})
        if (!at.count(name))
            diagnostics.add("csv/missing-column", {file, 1, 0}, std::string("no column '") + name + "'",
                            "a list of people has the columns person, diary and schedule");
    if (diagnostics.has_errors()) return people;
    for (const auto& row : table.rows()) {
        if (row.damaged) continue;
        const auto cells = table.cells(row);
        auto cell = [&](const char* name) { return std::string(cells[at[name]].text); };
        OnePerson one;
        one.name = cell("person");
        const auto folder = request.list.parent_path();
        const auto diary = folder / cell("diary"), schedule = folder / cell("schedule");
        const auto diary_bytes = read_file(diary), schedule_bytes = read_file(schedule);
        one.diary =
            trial::read_diary(cell("diary"), diary_bytes, request.outcome, diagnostics, request.values);
        one.schedule = trial::read_schedule(cell("schedule"), schedule_bytes, diagnostics);
        people.push_back(std::move(one));
    }
    return people;
}

/// Each person's likelihood on one grid; people without a usable day in both arms are left out with a note.
std::vector<trial::PersonCurve> curves_of(const std::vector<OnePerson>& people, const PeopleRequest& request,
                                          PeopleResult& result) {
    trial::AnalyseOptions options;
    options.values = request.values;
    options.second_half = request.second_half;
    std::vector<trial::PersonCurve> curves;
    auto both = [](const std::vector<double>& x) {
        return std::any_of(x.begin(), x.end(), [](double v) { return v > 0.5; }) &&
               std::any_of(x.begin(), x.end(), [](double v) { return v < 0.5; });
    };
    auto left_out = [&](const OnePerson& one) {
        result.notes.push_back(one.name + " has no usable days in both arms and is left out.");
    };
    if (!request.values) {
        for (const auto& one : people) {
            if (one.schedule.empty()) continue;
            const auto series = trial::count_series(one.diary, one.schedule, options);
            if (both(series.x))
                curves.push_back({one.name, trial::log_likelihood(series, -5, 5, 0.1)});
            else
                left_out(one);
        }
        return curves;
    }
    std::vector<std::pair<const OnePerson*, trial::ValueSeries>> usable;
    double spread = 0;
    for (const auto& one : people) {
        if (one.schedule.empty()) continue;
        auto series = trial::value_series(one.diary, one.schedule, options);
        const double own = series.y.size() >= 6 && both(series.x) ? trial::within_sd(series) : 0;
        if (own > 0) {
            spread = std::max(spread, own);
            usable.emplace_back(&one, std::move(series));
        } else {
            left_out(one);
        }
    }
    for (const auto& [one, series] : usable)
        curves.push_back({one->name, trial::log_likelihood(series, -4 * spread, 4 * spread, spread / 10)});
    return curves;
}

std::string column(std::string text, std::size_t width) {
    return std::string(width > text.size() ? width - text.size() : 1, ' ') + text;
}

} // namespace

PeopleResult several_people(const PeopleRequest& request, Diagnostics& diagnostics) {
    PeopleResult result;
    result.outcome = request.outcome;
    result.values = request.values;
    result.spread_scale = request.spread_scale;
    const auto people = read_people(request, diagnostics);
    if (diagnostics.has_errors()) return result;
    const auto curves = curves_of(people, request, result);
    if (curves.empty())
        throw Error("trial/people", "nobody on the list has usable days with and without the treatment",
                    Exit::input);
    for (const auto& prior : request.priors)
        result.under.push_back({prior, trial::together(curves, {prior, request.spread_scale})});
    auto settled = [](const trial::PeoplePosterior& p) {
        return p.p_below_0 > 0.95 ? -1 : p.p_below_0 < 0.05 ? 1 : 0;
    };
    for (const auto& under : result.under)
        if (settled(under.posterior) != settled(result.under.front().posterior)) {
            result.notes.push_back(
                "What is settled changes with the prior of the mean: the data alone do not settle it.");
            break;
        }
    if (curves.size() < 3)
        result.notes.push_back(
            "Fewer than three people: the spread between them is hardly more than its prior.");
    result.notes.push_back(
        "The people of such a list are no random sample: the mean tells of people like them.");
    return result;
}

std::string people_text(const PeopleResult& result, int width) {
    width = std::clamp(width, 60, 110);
    auto shown = [&](double b) { return text::readable(result.values ? b : std::exp(b)); };
    auto range = [&](double low, double high) { return shown(low) + " to " + shown(high); };
    const auto& main = result.under.front().posterior;
    const std::string what = result.values ? "difference" : "rate ratio";
    std::string out = folded(std::to_string(main.people.size()) + " people, " + safe_text(result.outcome) +
                                 ": mean " + what + " " + shown(main.q50) + " (95 % interval " +
                                 range(main.q025, main.q975) + "); for a further person like them " +
                                 range(main.next_low, main.next_high) + ". " + person::disclaimer(),
                             width, "", "");
    out += "\n  person               alone              with the others       P(" +
           std::string(result.values ? "<0" : "RR<1") + ")\n";
    for (const auto& one : main.people) {
        std::string name = safe_text(one.name);
        name.resize(std::max<std::size_t>(18, name.size()), ' ');
        std::string alone = shown(one.alone) + " (" + range(one.alone_low, one.alone_high) + ")";
        alone.resize(std::max<std::size_t>(24, alone.size()), ' ');
        std::string with = shown(one.mean) + " (" + range(one.low, one.high) + ")";
        with.resize(std::max<std::size_t>(24, with.size()), ' ');
        out += "  " + name + " " + alone + " " + with + column(text::fixed(one.p_below_0, 3), 6) + "\n";
    }
    out += "\n  prior of the mean     mean (95 % interval)     P(" +
           std::string(result.values ? "<0" : "RR<1") + ")  spread between people\n";
    for (const auto& under : result.under) {
        const auto& p = under.posterior;
        std::string name = under.prior.name;
        name.resize(std::max<std::size_t>(20, name.size()), ' ');
        std::string mean = shown(p.q50) + " (" + range(p.q025, p.q975) + ")";
        mean.resize(std::max<std::size_t>(24, mean.size()), ' ');
        out += "  " + name + "  " + mean + column(text::fixed(p.p_below_0, 3), 7) + "  " +
               text::readable(p.spread) + " (" + text::readable(p.spread_low) + " to " +
               text::readable(p.spread_high) + ")\n";
    }
    out += "\n";
    for (const auto& under : result.under)
        out += folded(under.prior.name + (result.values ? ": difference ~ N(" : ": log RR ~ N(") +
                          text::fixed(under.prior.mean, 3) + ", " + text::fixed(under.prior.sd, 3) + "); " +
                          under.prior.source,
                      width, "  ", "    ");
    out += folded("Spread between people: half-normal with scale " + text::readable(result.spread_scale) +
                      (result.values ? "." : " on the log scale."),
                  width, "  ", "    ");
    for (const auto& note : result.notes)
        out += folded(safe_text(note), width, "! ", "  ");
    return out;
}

std::string people_json(const PeopleResult& result) {
    Json root;
    root["schema"] = "assay/trial-people/1";
    root["outcome"] = result.outcome;
    root["scale"] = result.values ? "difference" : "log rate ratio";
    root["spread_scale"] = result.spread_scale;
    root["posteriors"] = Json::array();
    for (const auto& under : result.under) {
        const auto& p = under.posterior;
        Json item;
        item["prior"] = {{"name", under.prior.name},
                         {"mean", under.prior.mean},
                         {"sd", under.prior.sd},
                         {"source", under.prior.source}};
        item["mean"] = {{"mean", p.mean}, {"sd", p.sd},     {"q025", p.q025},
                        {"q50", p.q50},   {"q975", p.q975}, {"p_below_0", p.p_below_0}};
        item["spread"] = {{"q50", p.spread}, {"q025", p.spread_low}, {"q975", p.spread_high}};
        item["next_person"] = {{"q025", p.next_low}, {"q975", p.next_high}, {"p_below_0", p.next_below_0}};
        item["log_ml"] = p.log_ml;
        item["people"] = Json::array();
        for (const auto& one : p.people)
            item["people"].push_back({{"name", one.name},
                                      {"alone", {one.alone, one.alone_low, one.alone_high}},
                                      {"with_the_others", {one.mean, one.low, one.high}},
                                      {"p_below_0", one.p_below_0}});
        root["posteriors"].push_back(std::move(item));
    }
    root["notes"] = result.notes;
    root["disclaimer"] = person::disclaimer();
    return root.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

} // namespace assay::app
