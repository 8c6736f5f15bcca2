// One data set pooled with both models and every interval in use: of the mean (classic, Hartung-Knapp with
// its rules, Kenward-Roger), of a new study (six kinds), of tau2 (four methods), of I2 (from Q or from tau2).
#pragma once

#include "synth/uni.hpp"

#include <optional>
#include <span>
#include <string_view>

namespace assay::synth {

enum class MeanInterval { classic, hartung_knapp, kenward_roger };

/// What happens when Hartung-Knapp gives less than the classic interval: Jackson et al. 2017, Stat Med
/// 36:3923.
enum class HartungKnappRule {
    none,
    se,    ///< its standard error is not below the classic one
    ci,    ///< the wider of the two intervals (Wiksten, Rucker & Schwarzer 2016, Stat Med 35:2503)
    iqwig6 ///< not below the classic one where its interval is narrower than that of DerSimonian-Laird
};

/// The degrees of freedom and standard error of an interval for a new study: Veroniki et al. 2019, Res Synth
/// Methods 10:23; Partlett & Riley 2017, Stat Med 36:301.
enum class NewStudyInterval {
    V,     ///< classic error, t with k - 1
    HTS,   ///< classic error, t with k - 2: Higgins, Thompson & Spiegelhalter 2009
    HK,    ///< Hartung-Knapp error, t with k - 1
    HK_PR, ///< Hartung-Knapp error, t with k - 2
    KR,    ///< Kenward-Roger error and degrees of freedom
    KR_PR, ///< the same with one degree less
    S      ///< classic error, normal: Skipka 2006
};

enum class Tau2Method {
    none,
    QP, ///< Q-profile
    PL, ///< profile likelihood
    J,  ///< generalised Q with weights 1/sqrt(v): Jackson 2013
    BJ  ///< with weights 1/v: Biggerstaff & Jackson 2008
};

struct IntervalOptions {
    std::string_view estimator = "REML";
    MeanInterval mean = MeanInterval::classic;
    HartungKnappRule rule = HartungKnappRule::none;
    NewStudyInterval new_study = NewStudyInterval::V;
    Tau2Method tau2_interval = Tau2Method::QP;
    bool i2_from_tau2 = false;
    double level = 0.95;
    double new_level = 0.95;
    std::optional<double> tau2; ///< given, not estimated
    /// A common effect pooled from counts: it replaces the inverse-variance one, and Q (with DL also tau2) is
    /// taken around it.
    struct Centre {
        double estimate = 0, se = 0;
        bool for_q = false;
    };
    std::optional<Centre> common;
};

struct PooledMean {
    double estimate = 0, se = 0, low = 0, high = 0, p = 1;
    double df = 0; ///< 0: normal
};

struct PooledIntervals {
    int k = 0;
    PooledMean common, random;
    std::optional<double> new_low, new_high;
    double tau2 = 0;
    std::optional<model::Interval> tau2_interval;
    double q = 0, q_p = 1;
    int q_df = 0;
    double i2 = 0, h = 1; ///< i2 as a share
    std::optional<model::Interval> i2_interval, h_interval;
};

PooledIntervals pool_intervals(std::span<const double> y, std::span<const double> v,
                               const IntervalOptions& options = {});

/// Kenward & Roger 1997 for one mean by REML: Partlett & Riley 2017, Stat Med 36:301, section 2.4. Expected
/// information.
struct KenwardRoger {
    double se = 0, df = 0;
};
KenwardRoger kenward_roger(std::span<const double> v, double tau2);

/// The interval of H = sqrt(Q/(k-1)) from the distribution of Q: Higgins & Thompson 2002, Stat Med 21:1539,
/// page 1549.
model::Interval h_interval_from_q(double q, int df, double level);

} // namespace assay::synth
