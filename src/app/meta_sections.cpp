// The table of further methods of `assay meta`: what each is called, what it may be given, the same in R, and
// the function. A new method is a function in the file of its kind and a row here.
#include "app/meta_methods.hpp"

namespace assay::app {

namespace {

constexpr SectionMethod table[] = {
    // the fitted model
    {"fitstats", "", "", "Log-likelihood, AIC, BIC, AICc", "fitstats(res)", fit_statistics_section},
    {"confint", "METHOD", "QP", "Interval of tau2, I2, H2: QP (Q-profile), PL (likelihood), GENQ",
     "confint(res, type={})", confint_section},
    {"anova", "ROWS", "", "Contrasts of coefficients: 0,1,-1;1,0.5,0.5", "", contrast_section},
    {"vif", "", "", "Variance inflation factors of the moderators", "vif(res)", vif_section},
    {"hettest", "", "", "Score test of one tau2 for all studies", "", equal_tau2_section},
    {"profile", "", "", "Log-likelihood along tau2", "profile(res, plot=FALSE)", profile_section},
    {"mh", "", "", "Mantel-Haenszel with tests of association and of one odds ratio", "", strata_section},
    // each study
    {"leave1out", "", "", "Leave out each study in turn", "leave1out(res)", leave_one_out_section},
    {"residuals", "", "", "Raw, standardised, studentised and Pearson residuals",
     "rstandard(res)\nrstudent(res)", residuals_section},
    {"blup", "", "", "True effects of the studies, shrunken", "blup(res)\nranef(res)", blup_section},
    {"baujat", "", "", "Contribution to heterogeneity, influence on the result", "baujat(res)",
     baujat_section},
    // small studies and selection
    {"regtest", "PREDICTOR", "sei", "Funnel asymmetry by regression (sei vi ni ninv sqrtni sqrtninv)",
     "regtest(res, predictor={}, model=\"lm\")\nregtest(res, predictor={})", regtest_section},
    {"trimfill", "ESTIMATOR", "L0", "Trim and fill (L0 R0 Q0)", "trimfill(res, estimator={})",
     trimfill_section},
};

} // namespace

std::span<const SectionMethod> section_methods() {
    return table;
}

} // namespace assay::app
