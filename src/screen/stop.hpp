// When may reading stop? The rules people use, each with what it claims, as functions of what was found so
// far.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace assay::screen {

/// What is known while reading: `found[i]`, whether the i-th record read was relevant, and how long the list
/// is.
struct Reading {
    std::span<const char> found;
    std::size_t total = 0;
};

struct StopRule {
    std::string_view name;
    std::string_view claim;   ///< what it says when it stops, in one sentence
    std::string_view source;  ///< where it is described
    bool promises_95 = false; ///< whether 95 % recall is promised with a stated confidence
    /// True: reading may stop now.
    bool (*stop)(const Reading& reading);
};

std::span<const StopRule> stop_rules();

/// How many records are read until the rule stops when it is asked after every `step` records; the whole list
/// if it never does; before the first find no rule is asked. `found` shorter than `total` goes on with
/// records that are not relevant.
std::size_t records_until_stop(const StopRule& rule, std::span<const char> found, std::size_t total,
                               std::size_t step = 10);

/// Records read since the last relevant one.
std::size_t in_a_row(const Reading& reading);

/// The smallest p-value over all urns of the test of Callaghan and Mueller-Hansen (2020, Systematic Reviews
/// 9:273): at each earlier moment the records not yet read were an urn; had fewer than `target` of the
/// relevant records been found by now, the urn would have held at least a known number of them, and this few
/// would have been drawn from it with this probability, had the draws been random. Ranked draws find relevant
/// records sooner, so the p-value is conservative for each urn; that the smallest is taken over many urns and
/// looks is not corrected for.
double recall_p_value(const Reading& reading, double target);

/// P(X <= k) for k of `marked` among `draws` from an urn of `size`.
double hypergeometric_cdf(std::size_t k, std::size_t size, std::size_t marked, std::size_t draws);

/// Recall so far, estimated from the last gaps between relevant records: were the rest of the list as rich as
/// the stretch since the `gaps`-th last relevant record, it would hold that many more. Absent before as many
/// were found.
std::optional<double> gap_recall_estimate(const Reading& reading, std::size_t gaps = 2);

/// After `sample` of `unread` records were drawn at random and `hits` of them were relevant: with confidence
/// `confidence` no more than this many of the unread records are relevant, those drawn included (exact, by
/// inversion of the hypergeometric distribution).
std::size_t relevant_at_most(std::size_t unread, std::size_t sample, std::size_t hits, double confidence);
/// The same from below: no fewer than this many. Both with (1 + c) / 2 make a two-sided interval of
/// confidence c (Clopper and Pearson 1934, Biometrika 26:404, for a finite list).
std::size_t relevant_at_least(std::size_t unread, std::size_t sample, std::size_t hits, double confidence);

/// How many of `unread` records to draw at random so that, if none of them is relevant, recall is at least
/// `target` with confidence `confidence`, `found` having been found. At most `unread`.
std::size_t audit_size(std::size_t unread, std::size_t found, double target, double confidence);

/// A replay of "read by rank until `pause` says so, then audit at random; where the audit finds something, go
/// on by rank and audit again".
struct AuditedStop {
    std::size_t read = 0;  ///< records read in all, audits included
    std::size_t found = 0; ///< relevant ones among them
    std::size_t audits = 0;
};

struct AuditPlan {
    std::string_view name;
    std::string_view claim;                          ///< once the audit has found nothing, in one sentence
    bool (*pause)(const Reading& reading) = nullptr; ///< asked after every ten records read by rank
    double target = 0.95;
    /// Of each audit. Where `pause` is a test of the same target with error rate e, both err together in at
    /// most e (1 - confidence) of lists, if they err independently.
    double confidence = 0.95;
};

std::span<const AuditPlan> audit_plans();

/// `found`: relevance in the order of reading by rank (as records_until_stop); `seed`: of the random draws.
/// Records drawn in an audit are not read again.
AuditedStop audited_stop(std::span<const char> found, std::size_t total, const AuditPlan& plan,
                         std::uint32_t seed);

} // namespace assay::screen
