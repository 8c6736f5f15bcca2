// The table of families of golden cases: each is compared by one function. A new family is one function and
// one row.
#pragma once

#include "case.hpp"

#include <span>
#include <string_view>

namespace assay::test {

struct Family {
    std::string_view name;
    void (*run)(const Case&, Checker&);
};

std::span<const Family> families();

// single.cpp: effects and what is computed from one row
void run_effect(const Case&, Checker&);
// uni.cpp: one mean or meta-regression
void run_uni(const Case&, Checker&);
// uni_after.cpp: what follows from one fitted model
void run_anova(const Case&, Checker&);
void run_blup(const Case&, Checker&);
void run_hettest(const Case&, Checker&);
void run_pcombine(const Case&, Checker&);
void run_plotdata(const Case&, Checker&);
void run_profile(const Case&, Checker&);
void run_residuals(const Case&, Checker&);
void run_vif(const Case&, Checker&);
// strata.cpp
void run_counts(const Case&, Checker&);
// meta_package.cpp
void run_meta_package(const Case&, Checker&);
void run_absolute(const Case&, Checker&);
// convert.cpp
void run_convert(const Case&, Checker&);
void run_transform(const Case&, Checker&);
// bias.cpp
void run_regtest(const Case&, Checker&);
void run_trimfill(const Case&, Checker&);
void run_ranktest(const Case&, Checker&);
void run_fsn(const Case&, Checker&);
void run_hc(const Case&, Checker&);
void run_tes(const Case&, Checker&);
void run_metabias(const Case&, Checker&);
// selection.cpp
void run_selmodel(const Case&, Checker&);
// resampling.cpp
void run_gosh(const Case&, Checker&);
void run_permutest(const Case&, Checker&);
// diagnostics.cpp
void run_influence(const Case&, Checker&);
void run_leave_each_out(const Case&, Checker&);
void run_cumulative(const Case&, Checker&);

// multilevel.cpp
void run_multilevel(const Case&, Checker&);
// counts.cpp
void run_glmm(const Case&, Checker&);
// dependent.cpp
void run_vcalc(const Case&, Checker&);
void run_aggregate(const Case&, Checker&);
void run_robust(const Case&, Checker&);
void run_rve(const Case&, Checker&);
void run_location_scale(const Case&, Checker&);

} // namespace assay::test
