#include "claims/stance.hpp"

#include "base/error.hpp"

#include <algorithm>

namespace assay::claims {

namespace {

constexpr Stance yes = Stance::supports, no = Stance::contradicts, open = Stance::inconclusive;

constexpr StanceRule rules[] = {
    {"interval-supports", yes, no, "the 95 % interval lies on the claimed side of no difference"},
    {"interval-opposite", no, no, "the 95 % interval lies on the other side of no difference"},
    {"important-excluded", no, yes,
     "the 95 % interval leaves out any difference that matters in the claimed direction"},
    {"none-found", no, yes,
     "the interval holds no difference, the estimate is below what matters, and the study itself concludes "
     "that there "
     "was none"},
    {"interval-open", open, open, "the 95 % interval holds no difference and differences that matter"},
    {"p-supports", yes, no,
     "no interval, but P < 0.05 between the groups and the study concludes in the claimed direction"},
    {"p-none", no, yes,
     "no interval, but P >= 0.05 between the groups and the study itself concludes that there was none"},
    {"p-open", open, open, "a P value that does not settle the direction"},
    {"no-interval", open, open,
     "numbers are printed, but neither an interval nor a P value between the groups"},
    {"comparisons-disagree", open, open, "several comparisons of the study point different ways"},
    {"no-comparison", open, open, "there is no group to compare with"},
    {"one-person", open, open, "one person only"},
    {"no-side", open, open, "the review says of this outcome neither that lower nor that higher is better"},
    {"coded-only", open, open, "a conclusion was read, but no number between groups that could be checked"},
    {"not-reported", open, open, "results not published or not seen"},
    {"no-number", open, open, "no number for what is asked"},
};

} // namespace

std::string_view to_string(Stance stance) {
    switch (stance) {
    case Stance::supports:
        return "supports";
    case Stance::contradicts:
        return "contradicts";
    case Stance::inconclusive:
        return "inconclusive";
    }
    return "";
}

std::span<const StanceRule> stance_rules() {
    return rules;
}

const StanceRule& stance_rule(std::string_view id) {
    const auto at = std::find_if(std::begin(rules), std::end(rules),
                                 [&](const StanceRule& rule) { return rule.id == id; });
    ASSAY_EXPECT(at != std::end(rules));
    return *at;
}

std::string_view rule_of_interval(const Turned& interval, std::optional<double> matters, Coded coded) {
    if (interval.low > 0) return "interval-supports";
    if (interval.high < 0) return "interval-opposite";
    if (matters && interval.high < *matters) return "important-excluded";
    if (coded == Coded::denies && (!matters || interval.estimate < *matters)) return "none-found";
    return "interval-open";
}

std::string_view rule_of_p(double p, char relation, Coded coded) {
    const bool small = relation == '>' ? false : relation == '<' ? p <= 0.05 : p < 0.05;
    const bool large = relation == '<' ? false : p >= 0.05;
    if (small && coded == Coded::agrees) return "p-supports";
    if (large && coded == Coded::denies) return "p-none";
    return "p-open";
}

} // namespace assay::claims
