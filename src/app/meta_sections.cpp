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
    // effects that depend on one another, counts, a variance with moderators
    {"random", "FORMULA", "",
     "Several levels, as rma.mv: ~ 1 | study/row, or ~ outcome | study with --struct; --rho correlates "
     "sampling errors",
     "", multilevel_section},
    {"robust", "COLUMN", "", "Robust standard errors with clusters by this column; --vcov CR0, CR1, CR2",
     "robust(res, cluster=dat[[{}]], clubSandwich=TRUE)", robust_section},
    {"rve", "COLUMN", "",
     "Robust variance estimation of correlated effects (robumeta), studies by this column", "", rve_section},
    {"glmm", "MODEL", "UM.FS", "Mixed model of the counts: UM.FS UM.RS CM.AL CM.EL", "", glmm_section},
    {"scale", "FORMULA", "", "Location-scale model: what log tau2 depends on",
     "rma(yi, vi, data=dat, scale=as.formula({}))", location_scale_section},
    // each study
    {"leave1out", "", "", "Leave out each study in turn", "leave1out(res)", leave_one_out_section},
    {"residuals", "", "", "Raw, standardised, studentised and Pearson residuals",
     "rstandard(res)\nrstudent(res)", residuals_section},
    {"blup", "", "", "True effects of the studies, shrunken", "blup(res)\nranef(res)", blup_section},
    {"baujat", "", "", "Contribution to heterogeneity, influence on the result", "baujat(res)",
     baujat_section},
    {"influence", "", "", "Studies that move the result (rstudent, dffits, Cook, cov.r, hat, ...)",
     "influence(res)", influence_section},
    {"cumul", "COLUMN", "", "One study after another, by this column", "cumul(res, order=dat[[{}]])",
     cumulative_section},
    {"leavekout", "N", "2", "Leave out each set of N studies", "", leave_sets_out_section},
    // small studies and selection
    {"regtest", "PREDICTOR", "sei", "Funnel asymmetry by regression (sei vi ni ninv sqrtni sqrtninv)",
     "regtest(res, predictor={}, model=\"lm\")\nregtest(res, predictor={})", regtest_section},
    {"trimfill", "ESTIMATOR", "L0", "Trim and fill (L0 R0 Q0)", "trimfill(res, estimator={})",
     trimfill_section},
    {"ranktest", "", "", "Rank correlation of effects and variances", "ranktest(res)", rank_test_section},
    {"metabias", "TEST", "all",
     "All asymmetry tests, or one (Begg Egger Thompson Harbord Macaskill Peters Schwarzer Deeks Pustejovsky)",
     "", asymmetry_section},
    {"petpeese", "", "", "PET and PEESE", "", pet_peese_section},
    {"fsn", "TYPE", "Rosenthal", "Fail-safe N (Rosenthal Orwin Rosenberg General)",
     "fsn(yi, vi, data=dat, type={})", fail_safe_section},
    {"hc", "", "", "Henmi-Copas interval", "hc(res)", henmi_copas_section},
    {"tes", "", "", "Test of excess significance", "tes(res)", excess_section},
    {"selmodel", "TYPE", "stepfun",
     "Selection model (stepfun beta halfnorm negexp logistic power negexppow trunc truncest), see --steps",
     "selmodel(res, type={})", selection_section},
    {"puniform", "", "", "p-uniform*", "", p_uniform_section},
    // the analysis many times over
    {"permutest", "N", "exact", "Permutation test, exact or with N random ones", "permutest(res)",
     permutation_section},
    {"bootstrap", "KIND", "studies", "Bootstrap of studies, or parametric", "", bootstrap_section},
    {"multiverse", "CHOICES", "standard",
     "Every combination: measure=RR,OR;method=DL,REML;test=z,knha;set=all,leave1out", "", multiverse_section},
    {"gosh", "N", "all", "Results of all subsets, or of N random ones", "gosh(res)", gosh_section},
};

} // namespace

std::span<const SectionMethod> section_methods() {
    return table;
}

} // namespace assay::app
