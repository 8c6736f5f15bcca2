#include "report/html.hpp"
#include "report/page.hpp"
#include "report/value.hpp"
#include "support/creatine.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <regex>
#include <set>

using namespace assay;

namespace {

const std::string& page() {
    static const std::string text = report::html(creatine::review(), creatine::results());
    return text;
}

std::vector<std::string> all_of(const std::string& pattern) {
    std::vector<std::string> out;
    const std::regex regex(pattern);
    for (std::sregex_iterator it(page().begin(), page().end(), regex), end; it != end; ++it)
        out.push_back((*it)[1]);
    return out;
}

bool has(const std::string& part) { return page().find(part) != std::string::npos; }

} // namespace

TEST_CASE("every link inside the page finds its target, and no id is given twice") {
    const auto ids = all_of(" id=\"([^\"]*)\"");
    const std::set<std::string> unique(ids.begin(), ids.end());
    CHECK(unique.size() == ids.size());
    const auto links = all_of(" href=\"#([^\"]*)\"");
    CHECK(links.size() > 100);
    for (const std::string& link : links)
        CHECK_MESSAGE(unique.count(link) == 1, link);
    const auto labels = all_of("aria-labelledby=\"([^\"]*)\"");
    CHECK(labels.size() > 8);
    for (const std::string& label : labels)
        CHECK_MESSAGE(unique.count(label.substr(0, label.find(' '))) == 1, label);
}

TEST_CASE("hostile names stay text") {
    CHECK_FALSE(has("<script>alert"));
    CHECK_FALSE(has("<img"));
    CHECK(has("&lt;/script&gt;&lt;script&gt;alert(1)"));
    CHECK(has("\\u003c/script>\\u003cscript>alert(1)"));
    CHECK_FALSE(has("href=\"javascript:"));
    CHECK(has("javascript:alert(1)"));
    CHECK(has("https://doi.org/10.1000/x%3Cy%3E1"));
}

TEST_CASE("the page asks nothing of the network") {
    for (const std::string& url : all_of("(?:src|action|data|poster)=\"([^\"]*)\""))
        CHECK_MESSAGE(url.empty(), url);
    CHECK(page().find("@import") == std::string::npos);
    CHECK(page().find("url(") == std::string::npos);
    CHECK(has("default-src &#39;none&#39;"));
    for (const std::string& url : all_of("href=\"(https?://[^\"]*)\""))
        CHECK_MESSAGE((url.find("https://example.org/") == 0 || url.find("https://doi.org/") == 0 ||
                       url.find("https://pubmed.ncbi.nlm.nih.gov/") == 0),
                      url);
}

TEST_CASE("the reading order holds: verdict, summary, figure, robustness, others, who, conclusions, bias") {
    std::size_t last = 0;
    for (const char* part : {"id=\"overview\"", "id=\"q-strength\"", "class=\"verdict", "<h3>Summary</h3>", "id=\"f-strength-md\"",
                             "class=\"plot forest\"", "Does it hold under other choices?", "Funnel plot", "Left out: 1 entry",
                             "Pooled by others", "Who was studied", "What trials and reviews concluded", "Risk of bias",
                             "id=\"q-memory\"", "Why nothing is pooled", "The trials one by one", "id=\"methods\"",
                             "id=\"data\"", "id=\"provenance\"", "id=\"rows\"", "id=\"sources\""}) {
        const std::size_t at = page().find(part, last);
        REQUIRE_MESSAGE(at != std::string::npos, part);
        last = at;
    }
}

TEST_CASE("numbers lead to their rows, pooled ones to how they were made") {
    CHECK(has("<a href=\"#a-strength-md\" class=\"n\">2.10 [0.52, 3.68]</a>"));
    CHECK(has("href=\"#r-abel1998.3\""));
    CHECK(has("id=\"r-abel1998.3\""));
    CHECK(has("id=\"e-strength-md.1\""));
    CHECK(has("from &lt;counts&gt; &quot;as told&quot;"));
    CHECK(has("Kept out of pools: a median"));
}

TEST_CASE("preliminary impressions are never shown as ratings") {
    const std::size_t impressions = page().find("Preliminary notes, not ratings");
    REQUIRE(impressions != std::string::npos);
    CHECK(page().find("many left") > impressions);
    CHECK(page().find("sealed envelopes") < impressions);
}

TEST_CASE("certainty is only what others published") {
    CHECK(has("published by others: Pool 2020"));
    CHECK(has("not graded"));
}

TEST_CASE("words that promise too much do not occur in our own text") {
    for (const char* phrase : {"no effect", "proven", "proves", "significant so", "non-significant"}) {
        const std::regex words(std::string("\\b") + phrase + "\\b", std::regex::icase);
        CHECK_MESSAGE(!std::regex_search(page(), words), phrase);
    }
}

TEST_CASE("the copy of results.json in the page is JSON without a tag") {
    const std::string mark = "id=\"results-json\">";
    const std::size_t start = page().find(mark) + mark.size();
    const std::string inner = page().substr(start, page().find("</script>", start) - start);
    CHECK(inner.find('<') == std::string::npos);
    CHECK(nlohmann::json::parse(inner)["schema"] == "assay/results/1");
}

TEST_CASE("the same input gives the same bytes") { CHECK(page() == report::html(creatine::review(), creatine::results())); }

TEST_CASE("an empty review still gives a page") {
    const std::string text = report::html({}, {});
    CHECK(text.find("</html>") != std::string::npos);
}

TEST_CASE("values as a reader writes them") {
    model::Result row;
    row.data = model::Events{11, 34};
    CHECK(report::value_text(row) == "11 of 34");
    row.data = model::Moments{9.5, 5.1, 21};
    CHECK(report::value_text(row) == "9.5 (SD 5.1), n 21");
    model::Contrast contrast;
    contrast.measure = "MD";
    contrast.estimate = -0.18;
    contrast.ci_low = -0.84;
    contrast.ci_high = 0.49;
    row.data = contrast;
    row.p = model::PValue{0.05, '<'};
    CHECK(report::value_text(row) == "MD \xE2\x88\x92" "0.18 (95% CI \xE2\x88\x92" "0.84 to 0.49), p < 0.05");
    row.data = model::Statement{};
    row.p.reset();
    CHECK(report::value_text(row) == "in words only");
    CHECK(report::web_address("https://a.org/x") == "https://a.org/x");
    CHECK(report::web_address("javascript:alert(1)").empty());
    CHECK(report::web_address("https://a.org/ x").empty());
}
