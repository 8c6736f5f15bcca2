#include "screen/stop.hpp"

#include "base/error.hpp"
#include "screen/priors.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace assay::screen {

namespace {

std::size_t count_found(std::span<const char> found) {
    return static_cast<std::size_t>(std::count_if(found.begin(), found.end(), [](char f) { return f != 0; }));
}

// ln(a! / b!) for a >= b, by a sum: exact enough, and without the global state of lgamma.
double log_ratio_of_factorials(std::size_t a, std::size_t b) {
    double sum = 0;
    for (std::size_t i = b + 1; i <= a; ++i)
        sum += std::log(static_cast<double>(i));
    return sum;
}

// P(X = 0): the product over the marked (or over the draws, whichever are fewer) of the chance to be missed.
double log_none(std::size_t size, std::size_t marked, std::size_t draws) {
    if (marked + draws > size) return -std::numeric_limits<double>::infinity();
    const std::size_t fewer = std::min(marked, draws), more = std::max(marked, draws);
    return log_ratio_of_factorials(size - more, size - more - fewer) -
           log_ratio_of_factorials(size, size - fewer);
}

bool fifty_in_a_row(const Reading& r) {
    return in_a_row(r) >= 50;
}
bool hundred_in_a_row(const Reading& r) {
    return in_a_row(r) >= 100;
}
bool two_hundred_in_a_row(const Reading& r) {
    return in_a_row(r) >= 200;
}
bool tenth_in_a_row(const Reading& r) {
    return in_a_row(r) * 10 >= r.total;
}
bool safe(const Reading& r) {
    return r.found.size() * 10 >= r.total && in_a_row(r) >= 50;
}

// The knee of the curve of finds: the point farthest above the straight line to the present; stop when the
// curve was at least six times as steep before it as after it (Cormack and Lynam, SIGIR 2016, section 4, with
// their slope ratio for 150 finds and more; below that they ask for 156 minus the finds).
bool knee(const Reading& r) {
    const double n = static_cast<double>(r.found.size()), all = static_cast<double>(count_found(r.found));
    if (all == 0) return false;
    double farthest = 0, at = 0, found_there = 0, so_far = 0;
    for (std::size_t i = 0; i < r.found.size(); ++i) {
        so_far += r.found[i] != 0;
        const double rank = static_cast<double>(i + 1), above = so_far - all * rank / n;
        if (above > farthest) {
            farthest = above;
            at = rank;
            found_there = so_far;
        }
    }
    if (at == 0 || at == n) return false;
    const double ratio = (found_there / at) / ((1 + all - found_there) / (n - at));
    return ratio >= (all >= 150 ? 6 : 156 - all);
}

bool gap_estimate(const Reading& r) {
    const auto recall = gap_recall_estimate(r);
    return recall && *recall >= 0.95;
}

bool hypergeometric_95(const Reading& r) {
    return recall_p_value(r, 0.95) < 0.05;
}
bool hypergeometric_80(const Reading& r) {
    return recall_p_value(r, 0.95) < 0.20;
}

// Only as the pause of an audit: alone it promises nothing worth having.
bool hypergeometric_50(const Reading& r) {
    return recall_p_value(r, 0.95) < 0.50;
}

constexpr StopRule table[] = {
    {"50 in a row", "50 records in a row were not relevant", "common practice", false, fifty_in_a_row},
    {"100 in a row", "100 records in a row were not relevant", "common practice", false, hundred_in_a_row},
    {"200 in a row", "200 records in a row were not relevant", "common practice", false,
     two_hundred_in_a_row},
    {"10 % in a row", "a tenth of the list in a row was not relevant", "common practice", false,
     tenth_in_a_row},
    {"SAFE", "a tenth of the list was read, and 50 in a row were not relevant",
     "Boetje and van de Schoot, Systematic Reviews 2024, 13:81 (its second phase; key papers and the change "
     "of model are left out)",
     false, safe},
    {"knee", "finds have become so much rarer that the curve has bent", "Cormack and Lynam, SIGIR 2016",
     false, knee},
    {"gap estimate", "95 % found, if the rest of the list is as rich as the last stretch",
     "after Howard et al., Environment International 2020, 138:105623, in a simpler form", false,
     gap_estimate},
    {"hypergeometric 95/80", "at least 95 % found, p < 0.20",
     "Callaghan and Mueller-Hansen, Systematic Reviews 2020, 9:273", false, hypergeometric_80},
    {"hypergeometric 95/95", "at least 95 % found, p < 0.05",
     "Callaghan and Mueller-Hansen, Systematic Reviews 2020, 9:273", true, hypergeometric_95},
};

constexpr AuditPlan plans[] = {
    {"50 in a row, then audit 95/95", "at least 95 % found, confidence 95 %, by the audit alone",
     fifty_in_a_row, 0.95, 0.95},
    {"100 in a row, then audit 95/75", "at least 95 % found, confidence 75 %, by the audit alone",
     hundred_in_a_row, 0.95, 0.75},
    {"gap estimate, then audit 95/50", "at least 95 % found, confidence 50 %, by the audit alone",
     gap_estimate, 0.95, 0.50},
    {"gap estimate, then audit 95/75", "at least 95 % found, confidence 75 %, by the audit alone",
     gap_estimate, 0.95, 0.75},
    {"hypergeometric 95/50, then audit 95/75",
     "at least 95 % found; both wrong in 0.50 x 0.25 = 12.5 %, if independent", hypergeometric_50, 0.95,
     0.75},
    {"hypergeometric 95/80, then audit 95/75",
     "at least 95 % found; both wrong in 0.20 x 0.25 = 5 %, if independent", hypergeometric_80, 0.95, 0.75},
};

} // namespace

std::span<const AuditPlan> audit_plans() {
    return plans;
}
std::span<const StopRule> stop_rules() {
    return table;
}

std::size_t in_a_row(const Reading& reading) {
    std::size_t row = 0;
    while (row < reading.found.size() && !reading.found[reading.found.size() - 1 - row])
        ++row;
    return row;
}

std::size_t records_until_stop(const StopRule& rule, std::span<const char> found, std::size_t total,
                               std::size_t step) {
    ASSAY_EXPECT(step > 0 && found.size() <= total);
    std::vector<char> all(found.begin(), found.end());
    all.resize(total, 0);
    for (std::size_t read = step; read < total; read += step) {
        const std::span<const char> so_far = std::span<const char>(all).first(read);
        if (count_found(so_far) > 0 && rule.stop({so_far, total})) return read;
    }
    return total;
}

double hypergeometric_cdf(std::size_t k, std::size_t size, std::size_t marked, std::size_t draws) {
    ASSAY_EXPECT(marked <= size && draws <= size);
    // From the smallest possible count upwards, each term from the one before.
    const std::size_t least = marked + draws > size ? marked + draws - size : 0,
                      most = std::min(marked, draws);
    if (k >= most) return 1;
    if (k < least) return 0;
    // P(X = least) when every record left behind must be unmarked is C(draws, size - marked) / C(size, size -
    // marked).
    const double log_term =
        least == 0 ? log_none(size, marked, draws)
                   : log_ratio_of_factorials(draws, least) - log_ratio_of_factorials(size, marked);
    // Terms relative to exp(lead), which alone may be too small for a double.
    constexpr double large = 1e200;
    double lead = log_term, term = 1, sum = 1;
    for (std::size_t x = least; x < k; ++x) {
        term *= static_cast<double>((marked - x)) * static_cast<double>(draws - x) /
                (static_cast<double>(x + 1) * static_cast<double>(size + x + 1 - marked - draws));
        sum += term;
        if (term > large) term /= large, sum /= large, lead += std::log(large);
    }
    return std::min(lead > -700 ? std::exp(lead) * sum : std::exp(lead + std::log(sum)), 1.0);
}

double recall_p_value(const Reading& reading, double target) {
    const std::size_t read = reading.found.size(), found = count_found(reading.found);
    if (found == 0) return 1;
    // Of all urns only those right after a find (and the first) matter: within a run of records that are not
    // relevant, the earliest urn has the most draws and the same finds.
    double smallest = 1;
    std::size_t before = 0; // found before the urn
    for (std::size_t start = 0; start < read; ++start) {
        if (start > 0 && !reading.found[start - 1]) continue;
        before += start > 0;
        const std::size_t size = reading.total - start, draws = read - start, drawn = found - before;
        // Recall below the target means at least this many relevant in all, hence this many in the urn.
        const auto in_all = static_cast<std::size_t>(std::floor(static_cast<double>(found) / target + 1));
        const std::size_t marked = in_all - before;
        if (marked > size) return 0; // the urn is too small for recall to be below the target
        smallest = std::min(smallest, hypergeometric_cdf(drawn, size, marked, draws));
    }
    return smallest;
}

std::optional<double> gap_recall_estimate(const Reading& reading, std::size_t gaps) {
    const std::size_t found = count_found(reading.found);
    if (found < gaps + 1) return std::nullopt;
    std::size_t position = reading.found.size();
    for (std::size_t passed = 0; passed < gaps + 1;)
        passed += reading.found[--position] != 0;
    const double stretch = static_cast<double>(reading.found.size() - position - 1);
    if (stretch <= 0) return std::nullopt;
    const double left =
        static_cast<double>(reading.total - reading.found.size()) * static_cast<double>(gaps) / stretch;
    return static_cast<double>(found) / (static_cast<double>(found) + left);
}

std::size_t relevant_at_most(std::size_t unread, std::size_t sample, std::size_t hits, double confidence) {
    ASSAY_EXPECT(sample <= unread && hits <= sample);
    std::size_t low = hits, high = unread - sample + hits; // the answer is in low..high
    while (low < high) { // the largest count that the sample does not speak against
        const std::size_t middle = low + (high - low + 1) / 2;
        if (hypergeometric_cdf(hits, unread, middle, sample) >= 1 - confidence)
            low = middle;
        else
            high = middle - 1;
    }
    return low;
}

std::size_t relevant_at_least(std::size_t unread, std::size_t sample, std::size_t hits, double confidence) {
    ASSAY_EXPECT(sample <= unread && hits <= sample);
    if (hits == 0) return 0;
    std::size_t low = hits, high = unread - sample + hits;
    while (low < high) { // the smallest count that the sample does not speak against
        const std::size_t middle = low + (high - low) / 2;
        if (1 - hypergeometric_cdf(hits - 1, unread, middle, sample) >= 1 - confidence)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

std::size_t audit_size(std::size_t unread, std::size_t found, double target, double confidence) {
    // found / (found + missed) >= target as long as missed <= allowed
    const auto allowed =
        static_cast<std::size_t>(std::floor(static_cast<double>(found) * (1 - target) / target + 1e-9));
    if (allowed >= unread) return 0;
    std::size_t low = 0, high = unread;
    while (low < high) {
        const std::size_t middle = (low + high) / 2;
        if (relevant_at_most(unread, middle, 0, confidence) <= allowed)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

AuditedStop audited_stop(std::span<const char> found, std::size_t total, const AuditPlan& plan,
                         std::uint32_t seed) {
    constexpr std::size_t step = 10;
    std::vector<char> relevant(found.begin(), found.end()), is_read(total, 0), so_far;
    relevant.resize(total, 0);
    AuditedStop result;
    const auto take = [&](std::size_t record) {
        is_read[record] = 1;
        so_far.push_back(relevant[record]);
        result.found += relevant[record] != 0;
        result.read = so_far.size();
    };
    std::size_t next = 0;
    for (;;) {
        for (std::size_t since = 0; next < total; ++next) {
            if (is_read[next]) continue;
            if (since == step) {
                since = 0;
                if (result.found > 0 && plan.pause({so_far, total})) break;
            }
            take(next);
            ++since;
        }
        if (result.read == total) return result;
        std::vector<std::size_t> unread;
        for (std::size_t i = 0; i < total; ++i)
            if (!is_read[i]) unread.push_back(i);
        ++result.audits;
        const std::size_t before = result.found;
        const std::size_t size = audit_size(unread.size(), result.found, plan.target, plan.confidence);
        for (const std::size_t record :
             draw(unread, size, seed + static_cast<std::uint32_t>(result.audits))) {
            take(record);
            if (result.found > before) break; // something was missed: back to reading by rank
        }
        if (result.found == before) return result;
    }
}

} // namespace assay::screen
