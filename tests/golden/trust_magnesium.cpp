// The shipped review: the known inconsistencies of its sources are found by general checks, and sound rows
// pass.
#include "app/trust.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

using namespace assay;

namespace {

const app::Trusted& magnesium() {
    static const app::Trusted trusted = [] {
        app::TrustRequest request;
        request.folder = ASSAY_SOURCE_DIR "/reviews/magnesium";
        return app::run_trust(request);
    }();
    return trusted;
}

bool found(std::string_view check, std::string_view row) {
    const auto& findings = magnesium().assessment.findings;
    return std::any_of(findings.begin(), findings.end(), [&](const trust::Finding& finding) {
        return finding.check == check && finding.row == row;
    });
}

bool flagged(std::string_view row) {
    const auto& findings = magnesium().assessment.findings;
    return std::any_of(findings.begin(), findings.end(), [&](const trust::Finding& finding) {
        return finding.row == row && finding.possible != trust::Possible::yes;
    });
}

struct Case {
    const char *check, *row;
};

} // namespace

TEST_CASE("known inconsistencies of the sources are found") {
    constexpr Case cases[] = {
        {"p-change", "yousef2013.back-pain.mg"},
        {"p-change", "yousef2013.lumbar-flexion.mg"},
        {"estimate-inside", "ni2023.mcgill-pain.mg"},
        {"estimate-inside", "ni2023.mcgill-pain.placebo"},
        {"interval-centre", "deoliveira2013-early"},
        {"interval-level", "deoliveira2013-rest"},
        {"dose-basis", "barna2021.mg"},
        {"dose-basis", "jadidi2022.mg"},
        {"p-choice", "supakatisant2015.pregnancy-pain-half.mg"},
        {"p-means", "guerreroromero2009.sbp.mg"},
        {"repeated-cells", "rodriguezmoran2014.sbp.mg"},
        {"p-means", "rodriguezmoran2003.homa-ir.mg"},
        {"p-means", "rodriguezmoran2003.fasting-glucose.mg"},
        {"p-means", "rodriguezmoran2003.hba1c.mg"},
        {"repeated-cells", "rodriguezmoran2003.hba1c.mg"},
        {"dose", "guerreroromero2009.mg"},
        {"p-means", "shahrami2015.migraine-pain.mg.final.2-h"},
        {"p-means", "guerreroromero2015.fasting-glucose.mg"},
        {"editions", "garrison2020-week"},
    };
    for (const Case& item : cases)
        CHECK_MESSAGE(found(item.check, item.row), item.check, " ", item.row);
}

TEST_CASE("sound rows pass: the negative controls") {
    for (const char* row :
         {"guerreroromero2009.dbp.mg",                // recomputes to P .025, printed .02
          "roguinmaor2017.cramps-per-week.mg.change", // P .67 follows from the SDs
          "rajizadeh2017.depression-bdi.mg",          // Welch P .028, printed .02
          "frusso1999.cramps-per-week.mg",            // crossover: fits a correlation
          "shahrami2015.migraine-pain.mg", "shahrami2015.migraine-pain.mg.final",
          "supakatisant2015.pregnancy-cramp-half.mg", // 86.0 % of 43
          "supakatisant2015.pregnancy-cramp-half.placebo", "deoliveira2013-rest", "nygaard2008.mg"})
        CHECK_MESSAGE(!flagged(row), row);
}

TEST_CASE("rows whose doubt nobody had noted are seldom flagged") {
    const app::Trusted& trusted = magnesium();
    CHECK_FALSE(trusted.diagnostics.has_errors());
    CHECK(trusted.assessment.rows > 700);
    const double share =
        static_cast<double>(trusted.unmarked_flagged) / static_cast<double>(trusted.unmarked);
    MESSAGE("flagged among results without a note of doubt: ", trusted.unmarked_flagged, " of ",
            trusted.unmarked);
    CHECK(share < 0.06);
    // Without the trials of which two secondary tables give different counts, hardly any are left.
    std::set<int> others;
    for (const trust::Finding& finding : trusted.assessment.findings)
        if (finding.possible != trust::Possible::yes && finding.check != "sources-disagree" &&
            finding.place.file == "results.csv")
            others.insert(finding.place.line);
    CHECK(others.size() < 20);
}
