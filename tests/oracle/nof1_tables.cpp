// The answers that come as CSV tables: named estimates of data sets, what a population prior implies for one
// person, weeks for 80 % power, carry-over, and how often rules of stopping claim an effect. The header tells
// the kind.
#include "app/trial_table.hpp"
#include "base/random.hpp"
#include "num/distributions.hpp"
#include "oracle/nof1.hpp"
#include "text/csv.hpp"
#include "text/number.hpp"
#include "trial/crossover.hpp"
#include "trial/draw.hpp"
#include "trial/plan.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>
#include <optional>
#include <set>
#include <stdexcept>
#include <vector>

namespace oracle {

namespace {

using namespace assay;
using Row = std::map<std::string, std::string>;

std::vector<Row> rows_of(const std::string& file, const std::string& text, std::vector<std::string>& header) {
    Diagnostics diagnostics;
    const auto table = text::read_csv(file, text, diagnostics);
    if (!table.readable() || diagnostics.has_errors())
        throw std::runtime_error("cannot read the table " + file);
    for (const auto& cell : table.header())
        header.emplace_back(cell.text);
    std::vector<Row> rows;
    for (const auto& row : table.rows()) {
        Row made;
        const auto cells = table.cells(row);
        for (std::size_t i = 0; i < cells.size() && i < header.size(); ++i)
            made[header[i]] = std::string(cells[i].text);
        rows.push_back(std::move(made));
    }
    return rows;
}

std::optional<double> number(const Row& row, const std::string& name) {
    const auto found = row.find(name);
    if (found == row.end()) return std::nullopt;
    if (found->second == "inf") return HUGE_VAL;
    return text::parse_number(found->second).value;
}

double needed(const Row& row, const std::string& name) {
    const auto value = number(row, name);
    if (!value) throw std::runtime_error("no number in the column " + name);
    return *value;
}

/// Half a unit of the last printed digit.
double half_unit(const std::string& printed) {
    const auto e = printed.find_first_of("eE");
    const auto mantissa = printed.substr(0, e);
    const auto point = mantissa.find('.');
    const int decimals = point == std::string::npos ? 0 : static_cast<int>(mantissa.size() - point - 1);
    const double scale = e == std::string::npos ? 1 : std::pow(10.0, std::stod(printed.substr(e + 1)));
    return 0.5 * std::pow(10.0, -decimals) * scale;
}

// ---- named estimates
// ------------------------------------------------------------------------------------------

/// How near an answer has to be, beside half a unit of its last digit. The closed forms agree to all digits;
/// what was found by an iteration carries the stopping rule of the program that made it.
struct Method {
    const char *theirs, *ours;
    double relative;
};
constexpr Method methods[] = {
    {"paired_t", "paired_t", 1e-9},
    {"CROS_period_adjusted", "CROS_period_adjusted", 1e-9},
    // lme4 stops its search of the variance ratio early: standard error 10.77673 where the exact one
    // is 10.77656.
    {"lmer_REML", "lmer_REML", 2e-4},
    {"Koch_rank_sum_on_half_diffs", "Koch_rank_sum_on_half_diffs", 1e-9},
    {"sign_flip_exact", "sign_flip_exact", 1e-9},
    {"log_ratio_of_totals", "log_ratio_of_totals", 1e-9},
    {"conditional_poisson", "conditional_poisson", 1e-8},
    {"poisson_fixed_subject", "poisson_fixed_subject", 1e-6},
    {"quasipoisson_fixed_subject", "quasipoisson_fixed_subject", 1e-6},
    {"glmmTMB_poisson_random_intercept", "poisson_random_intercept", 2e-5},
    {"glmmTMB_nbinom2_random_intercept", "nbinom2_random_intercept", 2e-4},
    {"two_sample_t", "two_sample_t", 1e-9},
    {"poisson_glm", "poisson_glm", 1e-5},
    {"log_response_ratio", "log_response_ratio", 1e-9},
    {"glm.nb", "glm.nb", 1e-5},
    {"quasipoisson", "quasipoisson", 1e-5},
    {"lag1_autocorr_within_phase", "lag1_autocorr_within_phase", 1e-9},
    {"NAP(decrease)", "NAP(decrease)", 1e-9},
    {"NAP(increase)", "NAP(increase)", 1e-9},
    {"n_days", "n_days", 0},
    {"OLS_daily_mean", "OLS_daily_mean", 1e-9},
    {"gls_AR1_REML", "gls_AR1_REML", 1e-5},
    {"gls_AR1_trend_REML", "gls_AR1_trend_REML", 1e-5},
};

const Method* method_of(std::string name) {
    if (const auto cut = name.find("(="); cut != std::string::npos) name.resize(cut);
    for (const auto& method : methods)
        if (name == method.theirs || name == method.ours) return &method;
    return nullptr;
}

bool counts_method(const std::string& name) {
    for (const char* word : {"poisson", "nbinom", "glm", "log_r"})
        if (name.find(word) != std::string::npos) return true;
    return false;
}

/// The level that an answer compares against, from words such as "B minus A" or "log RR B".
std::string control_in(const std::string& term, const std::set<std::string>& levels) {
    auto ends = [&](const std::string& level) {
        return term.size() > level.size() &&
               term.compare(term.size() - level.size(), level.size(), level) == 0;
    };
    if (term.find(" minus ") != std::string::npos) {
        for (const auto& level : levels)
            if (ends(" " + level) || ends("group " + level)) return level;
        for (const auto& level : levels)
            if (ends(level)) return level;
    }
    if (levels.size() == 2)
        for (const auto& level : levels)
            if (ends(" " + level)) return level == *levels.begin() ? *levels.rbegin() : *levels.begin();
    return "";
}

struct DataSet {
    std::string text;
    app::TableRequest request;
};

DataSet data_set(const std::filesystem::path& file, const std::vector<Row>& answers) {
    DataSet made;
    made.text = read(file);
    std::vector<std::string> header;
    const auto rows = rows_of(file.filename().string(), made.text, header);
    std::map<std::string, std::set<std::string>> levels;
    for (const auto& row : rows)
        for (const auto& [name, value] : row)
            levels[name].insert(value);
    bool counts = false;
    for (const auto& answer : answers)
        counts = counts || counts_method(answer.at("method"));
    made.request.counts = counts;
    // A table with several kinds of measurement says which rows are counts.
    for (const auto& [name, values] : levels)
        if (counts && values.size() > 1 && values.count("count")) made.request.where = {{name, "count"}};
    for (const auto& [name, values] : levels) {
        if (values.size() != 2) continue;
        for (const auto& answer : answers)
            if (const auto level = control_in(answer.at("term"), values); !level.empty()) {
                made.request.control = level;
                made.request.treatment = name;
            }
    }
    return made;
}

/// The numbers that a note prints, "sd_subject=0.5;theta=5.9", beside ours of the same name.
void compare_extras(const std::string& note, const trial::Estimate& ours, double relative, std::string& worst,
                    bool& good) {
    for (const auto& [name, value] : ours.extras) {
        const auto at = note.find(name + "=");
        if (at == std::string::npos) continue;
        auto printed = note.substr(at + name.size() + 1);
        printed = printed.substr(0, printed.find_first_of("; "));
        const double theirs = std::stod(printed);
        const double allowed = half_unit(printed) * 1.001 + relative * std::fabs(theirs);
        if (std::fabs(value - theirs) > allowed) {
            good = false;
            worst += " " + name + " " + text::format_number(value) + " against " + printed;
        }
    }
}

void compare(const std::string& name, const Row& answer, const trial::Estimate& ours, const Method& method,
             Tally& tally) {
    const std::pair<const char*, std::optional<double>> columns[] = {
        {"estimate", ours.estimate},   {"se", ours.se}, {"lower", ours.lower}, {"upper", ours.upper},
        {"statistic", ours.statistic}, {"df", ours.df}, {"p", ours.p}};
    bool good = true;
    std::string worst;
    double largest = 0;
    int compared = 0;
    for (const auto& [column, value] : columns) {
        const auto theirs = number(answer, column);
        if (!theirs) continue;
        ++compared;
        if (!value) {
            good = false;
            worst += std::string(" no ") + column;
            continue;
        }
        const double off = std::fabs(*value - *theirs);
        // A P far out in the tail repeats the distance of its statistic many times.
        const double stretch = std::string(column) == "p" ? 20 : 1;
        const double allowed =
            1.001 * half_unit(answer.at(column)) + method.relative * stretch * std::fabs(*theirs);
        if (*theirs != 0) largest = std::max(largest, off / std::fabs(*theirs));
        if (off > allowed) {
            good = false;
            worst += std::string(" ") + column + " " + text::format_number(*value) + " against " +
                     answer.at(column);
        }
    }
    if (answer.count("note")) compare_extras(answer.at("note"), ours, method.relative, worst, good);
    char text[80];
    std::snprintf(text, sizeof text, "%d numbers, largest relative difference %.1e", compared, largest);
    tally.say(name, good && compared > 0, text + worst);
}

void run_estimates(const std::filesystem::path& data, const std::vector<Row>& answers, Tally& tally) {
    std::map<std::string, std::vector<Row>> sets;
    for (const auto& answer : answers)
        sets[answer.at("dataset")].push_back(answer);
    for (const auto& [name, rows] : sets) {
        const auto file = std::filesystem::is_directory(data) ? data / (name + ".csv") : data;
        if (!std::filesystem::exists(file) ||
            (!std::filesystem::is_directory(data) && sets.size() > 1 && data.stem().string() != name)) {
            for (const auto& row : rows)
                tally.say(name + " " + row.at("method"), false, "no data set of this name");
            continue;
        }
        const auto set = data_set(file, rows);
        Diagnostics diagnostics;
        const auto made = app::estimate_table(file.filename().string(), set.text, set.request, diagnostics);
        for (const auto& diagnostic : diagnostics.sorted())
            std::printf("%s\n", to_text(diagnostic).c_str());
        for (const auto& row : rows) {
            const auto title = name + " " + row.at("method") + " " + row.at("term");
            const auto* method = method_of(row.at("method"));
            if (!method) {
                tally.say(title, false, "not known: no such method in assay");
                continue;
            }
            const trial::Estimate* found = nullptr;
            const bool period = row.at("term").rfind("period", 0) == 0;
            for (const auto& group : made.groups) {
                const bool named = std::any_of(made.groups.begin(), made.groups.end(),
                                               [&](const auto& g) { return g.name == row.at("term"); });
                if (named && group.name != row.at("term")) continue;
                for (const auto& estimate : group.estimates)
                    if (!found && estimate.method == method->ours &&
                        (estimate.term.rfind("period", 0) == 0) == period)
                        found = &estimate;
            }
            if (found)
                compare(title, row, *found, *method, tally);
            else
                tally.say(title, false, "assay makes no such estimate of these data");
        }
    }
}

// ---- the other kinds
// -------------------------------------------------------------------------------------------

std::string against(double ours, double theirs) {
    char text[100];
    std::snprintf(text, sizeof text, "%.6g against %.6g", ours, theirs);
    return text;
}

void run_individual_priors(const std::vector<Row>& rows, Tally& tally) {
    // The row without any spread is the pooled result itself.
    const auto pooled = std::find_if(rows.begin(), rows.end(), [](const Row& row) {
        return needed(row, "tau_between_study") == 0 && needed(row, "tau_between_person") == 0;
    });
    if (pooled == rows.end()) {
        tally.say("individual priors", false, "not known: no row without spread, so no pooled result");
        return;
    }
    const double mean = needed(*pooled, "mean_logRR"), se = needed(*pooled, "sd_logRR");
    for (const auto& row : rows) {
        const double study = needed(row, "tau_between_study"), person = needed(row, "tau_between_person");
        const double sd = trial::person_sd(se, study, person);
        auto below = [&](double ratio) { return num::normal_cdf((std::log(ratio) - mean) / sd); };
        const std::pair<const char*, double> columns[] = {{"sd_logRR", sd},
                                                          {"P(RR<1)", below(1)},
                                                          {"P(RR<0.75)", below(0.75)},
                                                          {"P(RR<0.5)", below(0.5)},
                                                          {"P(RR>1.25)", 1 - below(1.25)}};
        bool good = true;
        std::string text;
        for (const auto& [name, ours] : columns) {
            const auto theirs = number(row, name);
            if (!theirs) continue;
            // Mean and standard error are printed with four digits: their rounding reaches the last digit.
            if (std::fabs(ours - *theirs) > half_unit(row.at(name)) + 6e-4) {
                good = false;
                text += std::string(name) + " " + against(ours, *theirs) + " ";
            }
        }
        tally.say("prior of one person, tau " + row.at("tau_between_study") + ", people " +
                      row.at("tau_between_person"),
                  good, good ? "agrees" : text);
    }
}

void run_weeks(const std::vector<Row>& rows, Tally& tally) {
    for (const auto& row : rows) {
        const double size = needed(row, "nb_size_k");
        const double ours = trial::weeks_for_power(needed(row, "lambda_per_week"),
                                                   std::isinf(size) ? 0 : size, needed(row, "rate_ratio"));
        const double arm = needed(row, "weeks_per_arm"), total = needed(row, "total_weeks");
        tally.say("weeks, rate " + row.at("lambda_per_week") + ", k " + row.at("nb_size_k") + ", RR " +
                      row.at("rate_ratio"),
                  std::fabs(ours / 2 - arm) <= half_unit(row.at("weeks_per_arm")) + 5e-4 * arm &&
                      std::fabs(std::ceil(ours) - total) <= 1,
                  against(ours / 2, arm));
    }
}

void run_carry_over(const std::vector<Row>& rows, Tally& tally) {
    for (const auto& row : rows) {
        double all = 1, second = 1;
        trial::carry_over(needed(row, "true_steady_state_RR"), needed(row, "effect_half_life_days"),
                          static_cast<int>(needed(row, "period_days")),
                          static_cast<int>(needed(row, "pairs")), all, second);
        const double a = needed(row, "expected_RR_all_days"), b = needed(row, "expected_RR_second_half_only");
        // Their mean is over drawn orders, ours over all of them; for four pairs single orders have a
        // standard deviation of up to 0.040 and 0.023, so that a mean of 200 of them is within three errors
        // of 0.0085 and 0.005.
        tally.say("carry-over, half-life " + row.at("effect_half_life_days") + ", period " +
                      row.at("period_days") + ", pairs " + row.at("pairs"),
                  std::fabs(all - a) <= 0.0085 && std::fabs(second - b) <= 0.005,
                  against(all, a) + "; " + against(second, b));
    }
}

constexpr int simulated = 2000, theirs_at_least = 600;

/// Four standard errors of the difference of two simulated shares.
double simulation_error(double p) {
    const double v = std::max(p * (1 - p), 0.002);
    return 4 * std::sqrt(v / simulated + v / theirs_at_least);
}

std::pair<double, double> normal_in(const std::string& text) {
    const auto open = text.find("N("), comma = text.find(',', open);
    if (open == std::string::npos || comma == std::string::npos)
        throw std::runtime_error("no prior in " + text);
    return {std::stod(text.substr(open + 2)), std::stod(text.substr(comma + 1))};
}

void run_claims(const std::vector<Row>& rows, Tally& tally) {
    std::map<std::string, trial::Plan> plans; // by everything but the prior
    std::vector<std::string> priors;
    std::string claim;
    for (const auto& [name, value] : rows.front())
        if (name.rfind("P(claim", 0) == 0) claim = name;
    for (const auto& row : rows)
        if (std::find(priors.begin(), priors.end(), row.at("prior_logRR")) == priors.end())
            priors.push_back(row.at("prior_logRR"));
    for (const auto& row : rows) {
        const auto& looks = row.at("looks");
        const double rr = needed(row, "true_RR");
        const auto name = "claims, RR " + row.at("true_RR") + ", " + row.at("prior_logRR") + ", " + looks;
        const auto once = looks.find("once after ");
        const auto each = looks.find("every pair from ");
        if (once == std::string::npos && each == std::string::npos) {
            tally.say(name, false, "not known: this rule of looking");
            continue;
        }
        const auto key = row.at("lambda") + "|" + row.at("nb_size") + "|" + row.at("true_RR") + "|" + looks;
        if (!plans.count(key)) {
            trial::PlanRequest request;
            request.rate = needed(row, "lambda");
            request.rr = rr;
            request.half_life_days = 0;
            request.weeks = 2;
            request.second_half = false;
            request.pairs = 8;
            if (once != std::string::npos) request.pairs = std::stoi(looks.substr(once + 11));
            request.every_pair = each != std::string::npos;
            if (request.every_pair) request.first_look = std::stoi(looks.substr(each + 16));
            request.trials = simulated;
            request.seed = 20;
            const double size = needed(row, "nb_size");
            request.sizes = {std::isinf(size) ? 0 : size};
            for (const auto& prior : priors) {
                const auto [mean, sd] = normal_in(prior);
                request.priors.push_back({prior, mean, sd, ""});
            }
            plans[key] = trial::plan(request);
        }
        const auto index = static_cast<std::size_t>(
            std::find(priors.begin(), priors.end(), row.at("prior_logRR")) - priors.begin());
        const auto& cell = plans[key].cells.front();
        const double ours = cell.power[index], theirs = needed(row, claim);
        tally.say(name, std::fabs(ours - theirs) <= simulation_error(theirs), against(ours, theirs));
    }
}

/// P of the two tests at each look of one null trial: pairs of periods of two weeks each.
struct Looks {
    std::vector<double> poisson, paired;
};

Looks null_trial(double rate, double size, int pairs, Random& random) {
    Looks made;
    double with = 0, without = 0;
    std::vector<double> d;
    for (int pair = 0; pair < pairs; ++pair) {
        double side[2] = {};
        for (double& sum : side)
            for (int week = 0; week < 2; ++week)
                sum += trial::draw_count(random, rate, size);
        with += side[0];
        without += side[1];
        d.push_back(side[0] - side[1]);
        made.poisson.push_back(trial::coin_p(with, without));
        double mean = 0, squares = 0;
        const double n = static_cast<double>(d.size());
        for (double x : d)
            mean += x / n;
        for (double x : d)
            squares += (x - mean) * (x - mean);
        const double se = n > 1 ? std::sqrt(squares / (n - 1) / n) : 0;
        made.paired.push_back(n >= 3 && se > 0 ? num::two_sided_p(mean / se, n - 1) : 1);
    }
    return made;
}

void run_peeking(const std::vector<Row>& rows, Tally& tally) {
    for (const auto& row : rows) {
        const auto& rule = row.at("rule");
        const auto name =
            "peeking, rate " + row.at("lambda_per_week") + ", k " + row.at("nb_size_k") + ", " + rule;
        const bool poisson = rule.rfind("cond_poisson", 0) == 0, paired = rule.rfind("paired_t", 0) == 0;
        if (!poisson && !paired) {
            tally.say(name, false, "not known: assay has no such rule");
            continue;
        }
        const double size = needed(row, "nb_size_k");
        const int looks[] = {4, 6, 8, 12};
        double claims[4] = {};
        for (int t = 0; t < simulated; ++t) {
            Random random(5, static_cast<std::uint64_t>(t));
            const auto made =
                null_trial(needed(row, "lambda_per_week"), std::isinf(size) ? 0 : size, 12, random);
            const auto& p = poisson ? made.poisson : made.paired;
            for (std::size_t i = 0; i < 4; ++i)
                claims[i] += *std::min_element(p.begin(), p.begin() + looks[i]) < 0.05 ? 1.0 / simulated : 0;
        }
        bool good = true;
        std::string text;
        for (std::size_t i = 0; i < 4; ++i) {
            const double theirs =
                needed(row, (i == 0 ? "false_positive_by_4_pairs" : "by_" + std::to_string(looks[i])));
            good = good && std::fabs(claims[i] - theirs) <= simulation_error(theirs);
            text += (i ? "; " : "") + against(claims[i], theirs);
        }
        tally.say(name, good, text);
    }
}

} // namespace

void run_table(const std::filesystem::path& data, const std::string& file, const std::string& answers,
               Tally& tally) {
    std::vector<std::string> header;
    const auto rows = rows_of(file, answers, header);
    auto has = [&](const char* name) {
        return std::find(header.begin(), header.end(), name) != header.end();
    };
    if (rows.empty())
        tally.say(file, false, "no rows");
    else if (has("dataset") && has("method") && has("term"))
        run_estimates(data, rows, tally);
    else if (has("tau_between_study") && has("tau_between_person"))
        run_individual_priors(rows, tally);
    else if (has("weeks_per_arm") && has("nb_size_k"))
        run_weeks(rows, tally);
    else if (has("effect_half_life_days"))
        run_carry_over(rows, tally);
    else if (has("looks") && has("prior_logRR"))
        run_claims(rows, tally);
    else if (has("rule") && has("false_positive_by_4_pairs"))
        run_peeking(rows, tally);
    else
        tally.say(file, false, "not known: a table with these columns");
}

} // namespace oracle
