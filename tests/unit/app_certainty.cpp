// The certainty of an analysis from a folder: proposals with their rules, decisions of grade.toml beside
// them, the sets on which every analysis is repeated, and the summary of findings as files. On an invented
// review.
#include "app/analyse.hpp"
#include "app/folder.hpp"
#include "app/sof.hpp"
#include "base/error.hpp"
#include "base/files.hpp"
#include "certainty/verdict.hpp"
#include "report/sof.hpp"
#include "report/zip.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <zlib.h>

using namespace assay;

namespace {

std::string source(const std::string& path) {
    return std::string(ASSAY_SOURCE_DIR) + "/" + path;
}

model::Review ginger() {
    auto checked = app::check(source("tests/data/ask/ginger"));
    for (const auto& item : checked.diagnostics.items())
        MESSAGE(to_text(item));
    REQUIRE_FALSE(checked.diagnostics.has_errors());
    return std::move(checked.review);
}

const model::AnalysisResult& of(const model::ReviewResults& results, const char* id) {
    const auto* found = results.find(model::AnalysisId(id));
    REQUIRE(found);
    return *found;
}

const model::Variant& set(const model::AnalysisResult& result, const std::string& id) {
    const auto at =
        std::find_if(result.variants.begin(), result.variants.end(),
                     [&](const model::Variant& v) { return v.kind == "standard-set" && v.id == id; });
    REQUIRE(at != result.variants.end());
    return *at;
}

const model::GradeDomain& domain(const model::AnalysisResult& result, const std::string& name) {
    REQUIRE(result.grade);
    const auto& all = result.grade->domains;
    const auto at =
        std::find_if(all.begin(), all.end(), [&](const model::GradeDomain& d) { return d.domain == name; });
    REQUIRE(at != all.end());
    return *at;
}

/// The files of a zip archive, read by its directory and inflated: not by the code that wrote it.
std::map<std::string, std::string> unzip(const std::string& bytes) {
    auto number = [&](std::size_t at, int size) {
        std::size_t value = 0;
        for (int i = size; i-- > 0;)
            value = value << 8 | static_cast<unsigned char>(bytes.at(at + static_cast<std::size_t>(i)));
        return value;
    };
    const auto end = bytes.rfind("PK\x05\x06");
    REQUIRE(end != std::string::npos);
    std::map<std::string, std::string> files;
    std::size_t at = number(end + 16, 4);
    for (std::size_t left = number(end + 10, 2); left > 0; --left) {
        REQUIRE(bytes.compare(at, 4, "PK\x01\x02") == 0);
        const auto packed = number(at + 20, 4), whole = number(at + 24, 4), name = number(at + 28, 2),
                   local = number(at + 42, 4);
        const auto data = local + 30 + number(local + 26, 2) + number(local + 28, 2);
        std::string out(whole, '\0');
        z_stream stream{};
        REQUIRE(inflateInit2(&stream, -MAX_WBITS) == Z_OK);
        stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data() + data));
        stream.avail_in = static_cast<uInt>(packed);
        stream.next_out = reinterpret_cast<Bytef*>(out.data());
        stream.avail_out = static_cast<uInt>(out.size());
        CHECK(inflate(&stream, Z_FINISH) == Z_STREAM_END);
        inflateEnd(&stream);
        CHECK(crc32(crc32(0, nullptr, 0), reinterpret_cast<const Bytef*>(out.data()),
                    static_cast<uInt>(out.size())) == number(at + 16, 4));
        files.emplace(bytes.substr(at + 46, name), std::move(out));
        at += 46 + name;
    }
    return files;
}

/// Open tags and close tags match, and nothing stands outside them.
bool well_formed(const std::string& xml) {
    std::vector<std::string> open;
    for (std::size_t at = xml.find('<'); at != std::string::npos; at = xml.find('<', at + 1)) {
        const auto end = xml.find('>', at);
        if (end == std::string::npos) return false;
        const auto tag = xml.substr(at + 1, end - at - 1);
        if (tag[0] == '?' || tag.back() == '/') continue;
        if (tag[0] == '/') {
            if (open.empty() || open.back() != tag.substr(1)) return false;
            open.pop_back();
        } else {
            open.push_back(tag.substr(0, tag.find(' ')));
        }
    }
    return open.empty();
}

std::filesystem::path fresh_folder(const char* name) {
    const auto folder = std::filesystem::temp_directory_path() / name;
    std::filesystem::remove_all(folder);
    std::filesystem::copy(source("tests/data/ask/ginger"), folder, std::filesystem::copy_options::recursive);
    return folder;
}

void append(const std::filesystem::path& path, const std::string& text) {
    std::ofstream(path, std::ios::app) << text;
}

} // namespace

TEST_CASE("the sets on which every analysis is repeated, and whether the answer changes") {
    const auto review = ginger();
    app::AnalyseOptions options;
    options.flagged = std::vector<model::StudyId>{model::StudyId("drake")};
    const auto results = app::analyse(review, {}, options);
    const auto& nausea = of(results, "nausea-md");
    REQUIRE(nausea.main);
    CHECK(nausea.main->k == 5);
    REQUIRE(set(nausea, "independent").synthesis);
    CHECK(set(nausea, "independent").synthesis->k == 3); // independent, none, independent
    CHECK(set(nausea, "low-risk-of-bias").synthesis->k == 3);
    CHECK(set(nausea, "trust-strict").dropped == std::vector<model::StudyId>{model::StudyId("drake")});
    CHECK(set(nausea, "without-small-trials").synthesis->k ==
          4); // the review sets 120 people: 90 is small, 120 is not
    for (const auto& variant : nausea.variants)
        CHECK((variant.kind == "standard-set") == !variant.answer.empty());
    CHECK(set(nausea, "low-risk-of-bias").answer == "same");
    const auto& heartburn = of(results, "heartburn-rr");
    CHECK(set(heartburn, "independent").answer == "same");
    // Without the checks of integrity there is no set that leans on them.
    const auto plain = app::analyse(review);
    for (const auto& variant : of(plain, "nausea-md").variants)
        CHECK(variant.id != "trust-strict");
}

TEST_CASE("the answer changes where the trials of a set would be told in other words") {
    auto review = ginger();
    for (auto& row : review.rob) row.judgement = row.study.value == "crane" || row.study.value == "egret" ? "low" : "high";
    const auto results = app::analyse(review);
    const auto& variant = set(of(results, "nausea-md"), "low-risk-of-bias");
    REQUIRE(variant.synthesis);
    CHECK(variant.synthesis->k == 2); // 1.6 and 0.1 lower: no difference is inside
    CHECK(variant.synthesis->ci_high > 0);
    CHECK(variant.answer == "differs");
}

TEST_CASE("a set that no trial can be in is told, not passed over") {
    auto review = ginger();
    review.rob.clear();
    const auto results = app::analyse(review);
    const auto& variant = set(of(results, "nausea-md"), "low-risk-of-bias");
    CHECK_FALSE(variant.synthesis);
    CHECK(variant.answer == "too few");
    CHECK(variant.note.find("no trial") != std::string::npos);
    CHECK(domain(of(results, "nausea-md"), "risk of bias").rule == "risk-of-bias/not-rated");
}

TEST_CASE("unreported funding is never in the independent set") {
    auto review = ginger();
    for (auto& study : review.studies)
        study.funding_class = "not-reported";
    const auto results = app::analyse(review);
    CHECK_FALSE(set(of(results, "nausea-md"), "independent").synthesis);
    for (auto& study : review.studies)
        study.funding_class = "public";
    const auto paid = app::analyse(review);
    CHECK(set(of(paid, "nausea-md"), "independent").synthesis->k == 5);
}

TEST_CASE("proposals carry their rule and numbers, decisions stand beside them") {
    const auto review = ginger();
    const auto results = app::analyse(review);
    const auto& nausea = of(results, "nausea-md");
    REQUIRE(nausea.grade);
    CHECK(nausea.grade->start == "high");
    CHECK(nausea.grade->domains.size() == 8);
    const auto& imprecision = domain(nausea, "imprecision");
    CHECK(imprecision.rule == "imprecision/one-threshold"); // -2.49 to -0.65 crosses 1.5
    CHECK(imprecision.proposed == -1);
    CHECK(imprecision.decided == 0);
    CHECK(imprecision.by == "B. Reader");
    const auto& publication = domain(nausea, "publication bias");
    CHECK(publication.decided == -1);
    CHECK(publication.by == "A. Reader"); // the rating's own name where the domain has none
    CHECK(nausea.grade->decided);
    CHECK(nausea.verdict.certainty == nausea.grade->result);
    CHECK(nausea.verdict.certainty_source == "rated in this review: A. Reader");
    // Of ten pairs of intervals five do not overlap: the large trial with each other one, and Drake with Birch.
    const auto& apart = domain(nausea, "inconsistency").numbers;
    CHECK(std::any_of(apart.begin(), apart.end(), [](const model::GradeNumber& n) { return n.name == "pairs_apart" && n.value == 0.5; }));
    const auto& heartburn = of(results, "heartburn-rr");
    REQUIRE(heartburn.grade);
    CHECK_FALSE(heartburn.grade->decided);
    CHECK(heartburn.verdict.certainty.empty());             // a proposal alone is not a rating
    CHECK(domain(heartburn, "large effect").proposed == 0); // trials start at the top
}

TEST_CASE("cut-offs of the review replace ours") {
    auto review = ginger();
    CHECK(review.cutoffs.changed);
    CHECK(review.cutoffs.small_study == 120);
    review.ratings.clear();
    review.cutoffs.high_risk_weight = 0.01;
    const auto strict = app::analyse(review);
    review.cutoffs.high_risk_weight = 0.99;
    const auto lax = app::analyse(review);
    CHECK(domain(of(strict, "nausea-md"), "risk of bias").proposed <=
          domain(of(lax, "nausea-md"), "risk of bias").proposed);
    CHECK(domain(of(lax, "nausea-md"), "risk of bias").proposed == 0);
}

TEST_CASE("faults of grade.toml are messages with their place") {
    struct Fault {
        const char* text;
        const char* code;
    };
    const Fault faults[] = {
        {"\n[[rating]]\nanalysis = \"nausae-md\"\n", "id/unknown"},
        {"\n[[rating]]\nanalysis = \"nausea-md\"\n", "id/duplicate"},
        {"\n[[rating]]\nanalysis = \"heartburn-rr\"\ncertainty = \"medium\"\n", "toml/unknown-value"},
        {"\n[[rating]]\nanalysis = \"heartburn-rr\"\ncertanty = \"low\"\n", "toml/unknown-key"},
        {"\n[[rating]]\nanalysis = \"heartburn-rr\"\n[[rating.domain]]\ndomain = \"imprecision\"\nlevels = "
         "-7\nreason = \"x\"\n",
         "toml/bad-value"},
        {"\n[[rating]]\nanalysis = \"heartburn-rr\"\n[[rating.domain]]\ndomain = \"imprecision\"\nlevels = "
         "-1\n",
         "toml/missing-key"},
        {"\n[[baseline]]\nanalysis = \"nausea-md\"\nrisk = 20\nsource = \"x\"\n", "toml/bad-value"},
        {"\n[[baseline\n", "toml/syntax"},
    };
    for (const auto& fault : faults) {
        CAPTURE(fault.text);
        const auto folder = fresh_folder("assay-grade-fault");
        append(folder / "grade.toml", fault.text);
        const auto checked = app::check(folder);
        CHECK(checked.diagnostics.has_errors());
        CHECK(std::any_of(checked.diagnostics.items().begin(), checked.diagnostics.items().end(),
                          [&](const Diagnostic& d) {
                              return d.code == fault.code && d.place.file == "grade.toml" && d.place.line > 0;
                          }));
        std::filesystem::remove_all(folder);
    }
}

TEST_CASE("a decision changes the digest of the inputs") {
    const auto folder = fresh_folder("assay-grade-digest");
    const auto before = app::check(folder).digest;
    append(folder / "grade.toml", "\n# looked at again\n");
    CHECK(app::check(folder).digest != before);
    std::filesystem::remove_all(folder);
}

TEST_CASE("absolute effects of the summary follow from the stated baseline") {
    const auto review = ginger();
    const auto results = app::analyse(review);
    const auto table =
        report::summary_of_findings(review, results, *review.find(model::QuestionId("pregnancy")));
    REQUIRE(table.rows.size() == 2);
    CHECK(table.rows[0].analysis.value == "nausea-md"); // the order of the question's outcomes
    const auto& heartburn = table.rows[1];
    // RR 3.5 at 100 per 1000: 350 per 1000, 250 more; the interval of log RR by hand from 21/59 and 6/59.
    const double se = std::sqrt(1 / 21.0 - 1 / 59.0 + 1 / 6.0 - 1 / 59.0);
    const double low = 3.5 * std::exp(-1.959963985 * se), high = 3.5 * std::exp(1.959963985 * se);
    const auto more = [](double ratio) {
        return std::to_string(static_cast<int>(std::lround(1000 * 0.1 * (ratio - 1)))) + " more";
    };
    CHECK(heartburn.baseline == "100 per 1000");
    CHECK(heartburn.with == "350 per 1000");
    CHECK(heartburn.difference == "250 more (" + more(low) + " to " + more(high) + ") per 1000");
    CHECK(heartburn.participants == "118");
    CHECK(heartburn.certainty_by == "proposed by rules; nobody has decided");
    CHECK(table.rows[0].certainty_by == "rated in this review: A. Reader");
    // Each change of certainty has exactly one footnote, and each letter leads to one.
    std::size_t changes = 0;
    for (const char* id : {"nausea-md", "heartburn-rr"})
        for (const auto& d : of(results, id).grade->domains)
            changes += d.levels() != 0 || d.decided;
    CHECK(table.footnotes.size() == changes + 1); // and one for the baseline
}

TEST_CASE("the summary as a Word file: an archive that unpacks, XML that closes, every cell in it") {
    const auto review = ginger();
    const auto results = app::analyse(review);
    std::vector<report::SofTable> tables{
        report::summary_of_findings(review, results, *review.find(model::QuestionId("pregnancy")))};
    tables[0].rows[0].statement = "Less than <0.5> & \"more\" \x01";
    const auto files = unzip(report::sof_docx(review, tables));
    REQUIRE(files.contains("[Content_Types].xml"));
    REQUIRE(files.contains("_rels/.rels"));
    REQUIRE(files.contains("word/document.xml"));
    for (const auto& [name, xml] : files) {
        CAPTURE(name);
        CHECK(well_formed(xml));
    }
    const auto& document = files.at("word/document.xml");
    CHECK(document.find("250 more") != std::string::npos);
    CHECK(document.find("Less than &lt;0.5&gt; &amp; &quot;more&quot; ") != std::string::npos);
    CHECK(report::zip({}).size() == 22); // an empty archive is its end record
}

TEST_CASE("the summary as files by their ending; other endings are refused") {
    app::SofRequest request;
    request.folder = source("tests/data/ask/ginger");
    const auto folder = std::filesystem::temp_directory_path() / "assay-sof";
    std::filesystem::create_directories(folder);
    std::string all;
    for (const char* name : {"sof.html", "sof.csv", "sof.tex"}) {
        request.out = folder / name;
        CHECK(app::write_sof(request).rows == 2);
        const auto text = read_file(request.out);
        CHECK(text.find("250 more") != std::string::npos);
        all += text;
    }
    for (const auto& phrase : certainty::forbidden_phrases()) {
        CAPTURE(phrase);
        CHECK(all.find(phrase) == std::string::npos);
    }
    request.out = folder / "sof.pdf";
    CHECK_THROWS_AS(app::write_sof(request), Error);
    request.out.clear();
    request.question = "pregnacy";
    CHECK_THROWS_AS(app::write_sof(request), Error);
    request.question = "travel"; // nothing is pooled there
    CHECK_THROWS_AS(app::write_sof(request), Error);
    std::filesystem::remove_all(folder);
}
