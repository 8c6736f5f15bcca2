// What a model on this machine may say: addresses that are allowed, passages that are chosen, answers that
// are believed. The conversation itself is tested by tests/checks/nli.py.
#include "app/nli.hpp"
#include "base/error.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace assay;
using namespace assay::app;

TEST_CASE("loopback: addresses of this machine, and of no other") {
    CHECK(parse_loopback("http://localhost:8080/v1").host == "127.0.0.1");
    CHECK(parse_loopback("http://localhost:8080/v1").port == 8080);
    CHECK(parse_loopback("http://localhost:8080/v1").path == "/v1");
    CHECK(parse_loopback("http://127.8.9.10").host == "127.8.9.10");
    CHECK(parse_loopback("http://127.0.0.1?a=b").path == "/?a=b");
    CHECK(parse_loopback("http://127.0.0.1").port == 80);
    CHECK(parse_loopback("http://[::1]:81/x").six);
    CHECK(parse_loopback("http://[::1]:81/x").port == 81);
    for (const char* url :
         {"", "http://", "https://localhost", "http://128.0.0.1", "http://1.127.0.0", "http://localhost.org",
          "http://a@localhost", "http://localhost:", "http://[::1", "http://[::1]a",
          "http://127.0.0.1:99999999999999999999", "http://127.0.0.1\\@1.2.3.4"}) {
        INFO(url);
        bool refused = false;
        try {
            (void)parse_loopback(url);
        } catch (const Error& error) {
            refused = error.code == "loopback/url" && error.exit == Exit::input;
        }
        CHECK(refused);
    }
    NliRequest request;
    request.url = "http://localhost:1";
    CHECK(nli_endpoint(request).path == "/v1/chat/completions");
    request.url = "http://localhost:1/ask";
    CHECK(nli_endpoint(request).path == "/ask");
}

TEST_CASE("nli: only a quotation of the passage that holds the claim's numbers is believed") {
    const std::vector<Passage> passages{
        {"Zinc did not shorten colds: 5.1 days with it, 5.0 days without.", "Oak 2009", "https://x", 2},
        {"Sprays of zinc took the sense of smell.", "Elm 2015", "", 2}};
    const auto read = [&](const std::string& claim, const std::string& stance, int passage,
                          const std::string& quote) {
        const std::string reply = "{\"choices\":[{\"message\":{\"content\":\"{\\\"stance\\\":\\\"" + stance +
                                  "\\\",\\\"passage\\\":" + std::to_string(passage) + ",\\\"quote\\\":\\\"" +
                                  quote + "\\\"}\"}}]}";
        Proposal proposal;
        std::string refused;
        if (read_proposal(reply, claim, passages, proposal, refused))
            return std::string(proposal.supports ? "+ " : "- ") + proposal.source;
        return refused;
    };
    CHECK(read("Zinc sprays cost people their nose.", "support", 2, "took the sense of smell") ==
          "+ Elm 2015");
    CHECK(read("Colds end sooner with zinc.", "refute", 1, "Zinc did not shorten colds") == "- Oak 2009");
    CHECK(read("Colds last 5.1 days with zinc.", "support", 1, "5.1 days with it") == "+ Oak 2009");
    CHECK(read("Colds last 9 days with zinc.", "support", 1, "5.1 days with it") ==
          "number of the claim not in the quotation");
    CHECK(read("Zinc sprays cost people their nose.", "support", 1, "took the sense of smell") ==
          "quotation not in the passage");
    CHECK(read("Zinc sprays cost people their nose.", "support", 2, "took the sense of smel") ==
          "quotation not in the passage");
    CHECK(read("Zinc sprays cost people their nose.", "support", 2, "Took the sense of smell") ==
          "quotation not in the passage");
    CHECK(read("Zinc raises the risk of nausea.", "neither", 1, "") == "");
    CHECK(read("Zinc sprays cost people their nose.", "support", 3, "took the sense of smell") ==
          "unknown passage");
    const std::vector<Passage> other{{"Zinc lowers the risk of nausea.", "Fir 2019", "", 2}};
    Proposal proposal;
    std::string refused;
    CHECK_FALSE(read_proposal(
        "{\"choices\":[{\"message\":{\"content\":\"{\\\"stance\\\":\\\"support\\\",\\\"passage\\\":1,"
        "\\\"quote\\\":\\\"Zinc lowers the risk of nausea\\\"}\"}}]}",
        "Zinc raises the risk of nausea.", other, proposal, refused));
    CHECK(refused == "quotation says the opposite");
}
