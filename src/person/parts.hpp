// The parts of advice.cpp that have files of their own. Not for other folders.
#pragma once

#include "person/advice.hpp"
#include "person/label.hpp"
#include "person/match.hpp"

namespace assay::person {

struct Case {
    const Profile& profile;
    const Tables& tables;
    std::vector<Identity> medicines; ///< of each medicine
    std::vector<Elemental> products; ///< of each product, one dose
};

class Speaker {
public:
    explicit Speaker(Advice& advice) : advice_(advice) {}
    void say(std::string rule, Level level, std::string text, std::vector<Origin> rows = {}) {
        advice_.sentences.push_back({std::move(rule), level, std::move(text), std::move(rows)});
    }

private:
    Advice& advice_;
};

/// How far the gates let the advice go.
struct GateResult {
    bool refused = false, asks = false;
};

bool say_red_flags(const Case& about, Speaker& speaker);
void say_causes(const Case& about, Speaker& speaker);
GateResult say_gates(const Case& about, Speaker& speaker);
void say_limits(const Case& about, Speaker& speaker, Advice& advice);
void say_labels(const Case& about, Speaker& speaker, Advice& advice, bool compare);
void say_interactions(const Case& about, Speaker& speaker);
void say_plan(const Case& about, Speaker& speaker, Advice& advice);

/// As many digits as a number deserves, without zeros at its end: "4", "0.5", "291".
std::string plain(double value);

/// "350 mg"
std::string milligrams(double value);
std::string milligrams(double low, double high);

} // namespace assay::person
