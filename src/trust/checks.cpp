#include "trust/checks.hpp"

#include "trust/parts.hpp"

#include <algorithm>
#include <array>

namespace assay::trust {

namespace {

constexpr std::array<Check, 34> table{{
    {"grim", "Can this many people have this mean?", "a whole k exists with round(k * step / n) = mean",
     "Brown & Heathers 2017, Soc Psychol Personal Sci 8:363", "mean, n; the outcome's step", run_grim},
    {"grimmer", "Can mean and SD go together?", "a whole sum of squares of the sum's parity gives the SD",
     "Anaya 2016, PeerJ Preprints 4:e2400v1; Allard 2018", "mean, sd, n; the outcome's step", run_grimmer},
    {"debit", "Do mean and SD of a yes-or-no outcome agree?", "sd = sqrt(p * (1 - p) * n / (n - 1))",
     "Heathers & Brown 2019, DEBIT", "mean, sd, n of a binary outcome", run_debit},
    {"percent", "Does the percentage belong to these counts?", "round(100 * events / n) = percent",
     "Brown & Heathers 2017, for counts", "events, n, percent (or a percentage in formula)", run_percent},
    {"n-flow", "Were all who are analysed randomised?", "n_analysed <= n_randomised; arms sum up",
     "INSPECT-SR, results domain; CONSORT 2010, item 13", "n_randomised, n_analysed, n", run_flow},
    {"p-means", "Does P follow from means and SDs?", "t = (m1 - m2) / se, pooled and Welch",
     "Student 1908; Welch 1947, Biometrika 34:28; Nuijten 2016 (statcheck)", "mean, sd, n of two arms; p",
     run_p_means},
    {"p-change", "Does P follow from before and after?", "t = (m2 - m1) * sqrt(n) / (s1 + s2) at least",
     "paired t test over all correlations", "mean, sd, n before and after; p", run_p_change},
    {"p-counts", "Does P follow from the counts?", "the range over ten usual tests",
     "Campbell 2007, Stat Med 26:3661; Fisher 1935; Lancaster 1961", "events, n of the arms; p",
     run_p_counts},
    {"p-choice", "Does the side of 0.05 depend on the test?", "min P < 0.05 < max P over the usual tests",
     "Campbell 2007, Stat Med 26:3661", "events, n of two arms; p", run_p_choice},
    {"p-interval", "Does P follow from the interval?", "z = estimate * 2 z(level) / (ci_high - ci_low)",
     "Altman & Bland 2011, BMJ 343:d2304", "estimate, ci_low, ci_high, p", run_p_interval},
    {"estimate-inside", "Does the estimate lie in its interval?", "ci_low <= estimate <= ci_high",
     "definition of an interval estimate", "estimate, ci_low, ci_high", run_estimate_inside},
    {"interval-centre", "Does the interval lie evenly round its estimate?",
     "(ci_low + ci_high) / 2 = estimate; logarithms for ratios", "Altman & Bland 2011, BMJ 343:d2090",
     "measure, estimate, ci_low, ci_high", run_interval_centre},
    {"interval-level", "Is the level of the interval other than 95 %?", "factor z(level) / z(0.95)",
     "Cochrane Handbook 6.5, section 6.5.2.2", "ci_level", run_interval_level},
    {"interval-se", "Do standard error and interval agree?", "se = (ci_high - ci_low) / (2 z)",
     "Altman & Bland 2011, BMJ 343:d2090", "se, ci_low, ci_high", run_interval_se},
    {"contrast", "Does the difference follow from the means?", "estimate = m1 - m2", "arithmetic",
     "estimate of an MD row; mean of both arms", run_contrast},
    {"se-difference", "Does its standard error follow from the SDs?", "se = sqrt(s1^2 / n1 + s2^2 / n2)",
     "Cochrane Handbook 6.5, section 6.5.2.3", "se of an MD row; sd, n of both arms", run_sd_difference},
    {"se-as-sd", "Was a standard error taken for an SD, or the reverse?",
     "sd * sqrt(n) close to the other studies' SD", "Cochrane Handbook 6.5, section 6.5.2.2",
     "sd, n of several studies of one outcome", run_se_as_sd},
    {"scale", "Does the mean lie on the scale?", "scale_low <= mean <= scale_high", "definition of the scale",
     "mean; the outcome's scale", run_scale},
    {"sd-limit", "Is the SD possible on the scale?", "sd^2 <= (high - mean) (mean - low) n / (n - 1)",
     "Bhatia & Davis 2000, Am Math Mon 107:353", "mean, sd, n; the outcome's scale", run_sd_limit},
    {"skew", "Are the values strongly skewed?", "(mean - scale_low) / sd < 1",
     "Altman & Bland 1996, BMJ 313:1200", "mean, sd; the outcome's scale or a count", run_skew},
    {"repeated-cells", "Does a mean with its SD turn up twice?", "chance of both repeating < 0.01",
     "INSPECT-SR, results domain", "mean, sd of several rows of a study", run_repeated_cells},
    {"sources-disagree", "Do two sources print different numbers?", "the rounding intervals do not meet",
     "Cochrane Handbook 6.5, chapter 5", "rows of one arm from two sources", run_sources_disagree},
    {"duplicate-cohorts", "Are two studies the same people?", "same registry number, counts or groups",
     "Cochrane Handbook 6.5, section 4.6.2", "registration, counts, means; same_cohort_as",
     run_duplicate_cohorts},
    {"subgroups", "Does the whole lie between its parts?", "min(parts) <= whole <= max(parts)",
     "a weighted mean lies between its terms", "published pools whose k sum up", run_subgroups},
    {"editions", "Does the later edition follow from the earlier?", "added = (w2 y2 - w1 y1) / (w2 - w1)",
     "inverse variance arithmetic", "two editions of a pool with k", run_editions},
    {"quotes-disagree", "Do two sources quote one pool differently?", "the rounding intervals do not meet",
     "Cochrane Handbook 6.5, chapter 5", "one pool from two sources", run_quotes_disagree},
    {"dose", "Does the salt hold that much of the element?", "element = salt * fraction, within 5 %",
     "formula masses, IUPAC 2021", "form, dose, dose_basis, elemental_mg, label", run_dose},
    {"dose-basis", "Is it known what the milligrams weigh?", "element between dose * fraction and dose",
     "formula masses, IUPAC 2021", "form, dose, dose_basis", run_dose_basis},
    {"units", "Are unit and period known?", "unit, period not 'unknown'", "format of the review folder",
     "unit, period", run_units},
    {"periods", "Was it counted over another period?",
     "ratio to the other studies close to that of two periods", "Cochrane Handbook 6.5, section 6.7",
     "mean of a count in four or more studies", run_periods},
    {"baseline", "Are the groups as alike as chance makes them?",
     "P of the distance of means, simulated; Stouffer", "Carlisle 2017, Anaesthesia 72:944",
     "mean, sd, n of baseline rows", run_baseline},
    {"rob-disagree", "Do two assessments of bias disagree?", "judgements differ",
     "Cochrane Handbook 6.5, chapter 7", "published rows of rob.csv", run_rob_disagree},
    {"identifiers", "Are registry numbers and DOIs well formed?", "shape of the registry",
     "formats of the registries; DOI Handbook, section 2.2", "registration, citation, doi", run_identifiers},
    {"retractions", "Is there a notice about a report?", "DOI, else PMID, else title and year",
     "Retraction Watch table (Crossref)", "reports; the table, given by the user", run_retractions},
}};

bool serious(const Finding& finding) {
    return finding.possible != Possible::yes;
}

} // namespace

std::string_view to_string(Possible possible) {
    switch (possible) {
    case Possible::no:
        return "no";
    case Possible::unlikely:
        return "unlikely";
    case Possible::yes:
        return "yes";
    }
    return "";
}

void Sink::examined(const Place& row) {
    ++tally.examined;
    rows.emplace(row.file, row.line);
}

void Sink::add(Finding finding) {
    finding.check = check;
    ++(serious(finding) ? tally.flagged : tally.noted);
    findings.push_back(std::move(finding));
}

std::span<const Check> checks() {
    return table;
}

Assessment assess(const model::Review& review, const Texts& texts, const Settings& settings,
                  std::span<const Retraction> retractions) {
    const Data data(review, texts);
    const Context context{data, settings, retractions};
    Assessment result;
    std::set<std::pair<std::string, int>> rows;
    for (const Check& check : table) {
        Sink sink;
        sink.check = check.id;
        sink.tally.check = check.id;
        check.run(context, sink);
        result.tallies.push_back(sink.tally);
        rows.insert(sink.rows.begin(), sink.rows.end());
        std::move(sink.findings.begin(), sink.findings.end(), std::back_inserter(result.findings));
    }
    std::stable_sort(result.findings.begin(), result.findings.end(), [](const Finding& a, const Finding& b) {
        return std::tie(a.place.file, a.place.line) < std::tie(b.place.file, b.place.line);
    });
    std::set<std::pair<std::string, int>> flagged;
    for (const Finding& finding : result.findings)
        if (serious(finding)) flagged.emplace(finding.place.file, finding.place.line);
    result.rows = rows.size();
    result.rows_flagged = flagged.size();
    return result;
}

} // namespace assay::trust
