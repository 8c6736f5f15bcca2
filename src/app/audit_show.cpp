// How an audit is shown: on a terminal, as data, as a page.
#include "app/audit.hpp"
#include "app/person.hpp"
#include "base/error.hpp"
#include "base/files.hpp"
#include "base/utf8.hpp"
#include "plot/markup.hpp"
#include "report/csp.hpp"
#include "text/encoding.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <map>

namespace assay::app {

namespace {

using claims::Audit;
using claims::Claim;
using claims::Opinion;
using claims::Reason;
using claims::Verdict;

struct Look {
    Verdict verdict;
    std::string_view symbol, ascii, css;
};
constexpr std::array<Look, 6> looks{{{Verdict::supported, "\xE2\x9C\x93", "+", "supported"},
                                     {Verdict::partly_supported, "\xE2\x97\x90", "~", "partly"},
                                     {Verdict::contradicted, "\xE2\x9C\x97", "x", "contradicted"},
                                     {Verdict::misattributed, "\xE2\x87\x84", "!", "misattributed"},
                                     {Verdict::not_in_base, "\xE2\x97\x8B", "o", "missing"},
                                     {Verdict::not_checkable, "\xC2\xB7", ".", "open"}}};

const Look& look_of(Verdict verdict) {
    for (const Look& look : looks)
        if (look.verdict == verdict) return look;
    return looks.back();
}

std::string one_line(std::string_view text) {
    std::string out;
    for (const char c : text) {
        const bool space = c == ' ' || c == '\n' || c == '\t' || c == '\r';
        if (space && (out.empty() || out.back() == ' ')) continue;
        out += space ? ' ' : c;
    }
    while (!out.empty() && out.back() == ' ')
        out.pop_back();
    return out;
}

std::string text_of(const Audit& audit, const Claim& claim) {
    return audit.readable.text.substr(claim.begin, claim.end - claim.begin);
}

/// Lines and columns of a text without counting from its start each time.
class Places {
public:
    explicit Places(std::string_view bytes) : bytes_(bytes) {
        starts_.push_back(0);
        for (std::size_t at = 0; at < bytes.size(); ++at)
            if (bytes[at] == '\n') starts_.push_back(at + 1);
    }
    Place at(const std::string& file, std::size_t byte) const {
        const auto next = std::upper_bound(starts_.begin(), starts_.end(), byte);
        const std::size_t start = *(next - 1);
        return {file, static_cast<int>(next - starts_.begin()),
                static_cast<int>(count_code_points(bytes_.substr(start, byte - start))) + 1};
    }
    std::string_view line(int number) const {
        const std::size_t start = starts_[static_cast<std::size_t>(number - 1)];
        std::size_t end = std::min(bytes_.find('\n', start), bytes_.size());
        if (end > start && bytes_[end - 1] == '\r') --end;
        return bytes_.substr(start, end - start);
    }

private:
    std::string_view bytes_;
    std::vector<std::size_t> starts_;
};

// The reasons that decided, then those of the same article that only remark.
std::vector<const Reason*> decisive(const Claim& claim) {
    std::vector<const Reason*> out;
    int rank = 0;
    for (const Reason& reason : claim.reasons)
        if (reason.opinion != Opinion::none) rank = std::max(rank, reason.rank);
    for (const Reason& reason : claim.reasons)
        if (reason.opinion != Opinion::none && reason.rank == rank) out.push_back(&reason);
    return out;
}

std::string reason_text(const Reason& reason) {
    return reason.check + ", " + reason.word + ": " + reason.found +
           (reason.source.empty() ? "" : " [" + reason.source + "]");
}

std::map<Verdict, std::size_t> tally(const Audit& audit) {
    std::map<Verdict, std::size_t> counts;
    for (const Claim& claim : audit.claims)
        ++counts[claim.verdict];
    return counts;
}

std::string counts_text(const Audit& audit) {
    const auto counts = tally(audit);
    std::string text = fmt::format("{} claims", audit.claims.size());
    for (const Look& look : looks) {
        const auto at = counts.find(look.verdict);
        text += fmt::format(", {} {}", at == counts.end() ? 0 : at->second, to_string(look.verdict));
    }
    return text;
}

// What the model proposes about a claim; none where nobody was asked.
const Proposal* proposal_about(const Audited& audited, std::size_t article, std::size_t claim) {
    return article == 0 && audited.consultation ? audited.consultation->about(claim) : nullptr;
}

std::string stance_text(const Proposal& proposal) {
    return proposal.supports ? "proposes support" : "proposes refutation";
}

std::string proposal_text(const Proposal& proposal) {
    return "model-assisted, " + stance_text(proposal) + ": \"" + proposal.quote + "\" [" + proposal.source +
           "] (no part of the verdict)";
}

std::string consultation_text(const Consultation& asked) {
    std::size_t refused = 0;
    std::string why;
    for (const auto& [reason, count] : asked.refused) {
        refused += count;
        why += (why.empty() ? "" : ", ") + reason + " " + std::to_string(count);
    }
    std::string text =
        fmt::format("model-assisted: {} of {} open claims put to {} (model {}), {} {}, {} undecided, "
                    "{} {} thrown away",
                    asked.asked, asked.open, asked.endpoint, asked.model, asked.proposals.size(),
                    asked.proposals.size() == 1 ? "proposal" : "proposals", asked.none, refused,
                    refused == 1 ? "answer" : "answers");
    if (!why.empty()) text += " (" + why + ")";
    if (!asked.stopped.empty()) text += "; stopped: " + asked.stopped;
    return text + ". No verdict and no number follows from it.";
}

bool is_finding(const Claim& claim) {
    return claim.verdict == Verdict::contradicted || claim.verdict == Verdict::misattributed ||
           claim.verdict == Verdict::partly_supported || claim.verdict == Verdict::not_in_base;
}

} // namespace

std::string audit_text(const Audited& audited, const AuditView& view) {
    std::string text;
    for (std::size_t i = 0; i < audited.audits.size(); ++i) {
        const Audit& audit = audited.audits[i];
        // Bytes that cannot be shown say nothing to the reader; lines of repaired text are those of the file.
        const bool repaired = audited.repaired[i];
        const std::string_view shown_text = repaired ? audit.readable.text : audited.bytes[i];
        const Places places(shown_text);
        for (const std::string& note : audit.readable.notes)
            text += safe_text(audit.name) + ": note: " + note + "\n";
        for (std::size_t k = 0; k < audit.claims.size(); ++k) {
            const Claim& claim = audit.claims[k];
            const Proposal* proposal = proposal_about(audited, i, k);
            if (!view.all && !is_finding(claim) && !proposal) continue;
            const std::size_t begin = repaired ? claim.begin : audit.readable.file_begin(claim.begin),
                              end = repaired ? claim.end : audit.readable.file_end(claim.end);
            Diagnostic shown;
            shown.place = places.at(audit.name, std::min(begin, shown_text.size()));
            shown.span = static_cast<int>(
                std::min<std::size_t>(count_code_points(shown_text.substr(begin, end - begin)), 1000));
            show_line(shown, places.line(shown.place.line));
            const Look& look = look_of(claim.verdict);
            text +=
                fmt::format("{}:{}:{}: {} {}\n", safe_text(audit.name), shown.place.line, shown.place.column,
                            view.unicode ? look.symbol : look.ascii, to_string(claim.verdict));
            std::string excerpt = shown.excerpt;
            std::replace(excerpt.begin(), excerpt.end(), '\t', ' ');
            std::size_t left = 0;
            for (int c = 0; c < shown.caret && left < excerpt.size(); ++c)
                left += static_cast<std::size_t>(decode_code_point(excerpt, left).bytes);
            const int pad = display_width(std::string_view(excerpt).substr(0, left));
            const int under = std::clamp(shown.width, 1, std::max(1, display_width(excerpt) - pad));
            text += "    " + excerpt + "\n    " + std::string(static_cast<std::size_t>(pad), ' ') + "^" +
                    std::string(static_cast<std::size_t>(under - 1), '~') + "\n";
            for (const Reason* reason : decisive(claim))
                text += folded(safe_text(reason_text(*reason)), view.width, "    ", "      ");
            if (view.all)
                for (const Reason& reason : claim.reasons)
                    if (reason.opinion == Opinion::none)
                        text += folded(safe_text(reason_text(reason)), view.width, "    - ", "      ");
            if (proposal) text += folded(safe_text(proposal_text(*proposal)), view.width, "    ", "      ");
            if (!text.empty() && text.back() != '\n') text += "\n";
        }
        for (const Reason& remark : audit.remarks)
            text +=
                folded(safe_text(audit.name + ": " + remark.check + ": " + remark.said + ", " + remark.found),
                       view.width, "", "    ");
        if (!text.empty() && text.back() != '\n') text += "\n";
        if (i == 0 && audited.consultation) {
            text += folded(safe_text(audit.name + ": " + consultation_text(*audited.consultation)),
                           view.width, "", "    ");
            if (text.back() != '\n') text += "\n";
        }
        text += folded(safe_text(audit.name + ": " + counts_text(audit) + "."), view.width, "", "    ");
        if (text.back() != '\n') text += "\n";
    }
    return text;
}

// ---- data
// ---------------------------------------------------------------------------------------------------

namespace {

using nlohmann::ordered_json;

ordered_json reason_json(const Reason& reason) {
    return {{"check", reason.check}, {"word", reason.word},     {"said", reason.said},
            {"found", reason.found}, {"source", reason.source}, {"link", reason.link}};
}

// schema.org ClaimReview, for claims whose verdict is settled.
ordered_json claim_review(const Audit& audit, const Claim& claim) {
    struct Rating {
        Verdict verdict;
        int value;
    };
    constexpr std::array<Rating, 4> ratings{{{Verdict::contradicted, 1},
                                             {Verdict::misattributed, 2},
                                             {Verdict::partly_supported, 3},
                                             {Verdict::supported, 5}}};
    for (const Rating& rating : ratings)
        if (rating.verdict == claim.verdict) {
            ordered_json made = {
                {"@context", "https://schema.org"},
                {"@type", "ClaimReview"},
                {"claimReviewed", one_line(text_of(audit, claim))},
                {"itemReviewed",
                 {{"@type", "Claim"}, {"appearance", {{"@type", "CreativeWork"}, {"name", audit.name}}}}},
                {"reviewRating",
                 {{"@type", "Rating"},
                  {"ratingValue", rating.value},
                  {"worstRating", 1},
                  {"bestRating", 5},
                  {"alternateName", to_string(claim.verdict)}}}};
            for (const Reason* reason : decisive(claim)) {
                made["reviewBody"] = reason_text(*reason);
                break;
            }
            return made;
        }
    return nullptr;
}

ordered_json quantity_json(const Audit& audit, const claims::Quantity& quantity) {
    ordered_json made = {{"byte_start", audit.readable.file_begin(quantity.begin)},
                         {"byte_end", audit.readable.file_end(quantity.end)},
                         {"kind", to_string(quantity.kind)},
                         {"low", quantity.low},
                         {"high", quantity.high}};
    if (!quantity.bound.empty()) made["bound"] = quantity.bound;
    if (!quantity.unit.empty()) made["unit"] = quantity.unit;
    if (!quantity.per.empty()) made["per"] = quantity.per;
    if (!quantity.of.empty()) made["of"] = quantity.of;
    return made;
}

ordered_json frame_json(const Audit& audit, const claims::Frame& frame) {
    ordered_json numbers = ordered_json::array();
    for (const auto& quantity : frame.numbers)
        numbers.push_back(quantity_json(audit, quantity));
    return {{"question", frame.question},
            {"interventions", frame.interventions},
            {"forms", frame.forms},
            {"route", frame.route},
            {"populations", frame.populations},
            {"outcomes", frame.outcomes},
            {"direction", to_string(frame.tone.direction)},
            {"hedged", frame.tone.hedged},
            {"strength", frame.tone.strength},
            {"strength_word", frame.tone.strength_word},
            {"numbers", std::move(numbers)}};
}

ordered_json entry_json(const Audit& audit, const claims::Entry& entry) {
    ordered_json made = {{"number", entry.number},
                         {"byte_start", audit.readable.file_begin(entry.begin)},
                         {"byte_end", audit.readable.file_end(entry.end)},
                         {"title", entry.title}};
    const std::pair<const char*, const std::string*> fields[] = {
        {"author", &entry.author},     {"doi", &entry.doi},   {"pmid", &entry.pmid}, {"pmcid", &entry.pmcid},
        {"registry", &entry.registry}, {"book", &entry.book}, {"url", &entry.url}};
    if (entry.year) made["year"] = *entry.year;
    for (const auto& [name, value] : fields)
        if (!value->empty()) made[name] = *value;
    return made;
}

ordered_json proposal_json(const Proposal& proposal) {
    return {{"proposes", proposal.supports ? "support" : "refute"},
            {"quote", proposal.quote},
            {"source", proposal.source},
            {"link", proposal.link}};
}

ordered_json consultation_json(const Consultation& asked) {
    ordered_json refused = ordered_json::array();
    for (const auto& [why, count] : asked.refused)
        refused.push_back({{"why", why}, {"count", count}});
    return {{"endpoint", asked.endpoint},
            {"model", asked.model},
            {"open", asked.open},
            {"asked", asked.asked},
            {"proposals", asked.proposals.size()},
            {"undecided", asked.none},
            {"thrown_away", std::move(refused)},
            {"stopped", asked.stopped}};
}

ordered_json article_json(const Audited& audited, std::size_t index) {
    const Audit& audit = audited.audits[index];
    ordered_json out;
    out["schema"] = "assay/audit/1";
    out["article"] = audit.name;
    out["review"] = audited.review->id;
    out["offsets"] = audited.from_pdf[index] ? "bytes of the text that pdftotext gave" : "bytes of the file";
    out["notes"] = audit.readable.notes;
    ordered_json counts;
    const auto tallied = tally(audit);
    for (const Look& look : looks) {
        const auto at = tallied.find(look.verdict);
        counts[std::string(to_string(look.verdict))] = at == tallied.end() ? 0 : at->second;
    }
    out["counts"] = std::move(counts);
    ordered_json claims_out = ordered_json::array(), reviews = ordered_json::array();
    for (std::size_t k = 0; k < audit.claims.size(); ++k) {
        const Claim& claim = audit.claims[k];
        ordered_json reasons = ordered_json::array();
        for (const Reason& reason : claim.reasons)
            reasons.push_back(reason_json(reason));
        claims_out.push_back({{"byte_start", audit.readable.file_begin(claim.begin)},
                              {"byte_end", audit.readable.file_end(claim.end)},
                              {"text", text_of(audit, claim)},
                              {"kind", claim.kind},
                              {"verdict", to_string(claim.verdict)},
                              {"sources", claim.sources},
                              {"frame", frame_json(audit, claim.frame)},
                              {"reasons", std::move(reasons)}});
        if (const Proposal* proposal = proposal_about(audited, index, k))
            claims_out.back()["model_assisted"] = proposal_json(*proposal);
        if (auto made = claim_review(audit, claim); !made.is_null()) reviews.push_back(std::move(made));
    }
    out["claims"] = std::move(claims_out);
    ordered_json mentions = ordered_json::array();
    for (const auto& mention : audit.mentions)
        mentions.push_back(
            {{"byte_start", audit.readable.file_begin(mention.begin)},
             {"byte_end", audit.readable.file_end(mention.end)},
             {"kind", mention.kind},
             {"text", audit.readable.text.substr(mention.begin, mention.end - mention.begin)}});
    out["mentions"] = std::move(mentions);
    ordered_json references = ordered_json::array();
    for (const auto& entry : audit.references)
        references.push_back(entry_json(audit, entry));
    out["references"] = std::move(references);
    ordered_json remarks = ordered_json::array();
    for (const Reason& remark : audit.remarks)
        remarks.push_back(reason_json(remark));
    out["remarks"] = std::move(remarks);
    out["claim_reviews"] = std::move(reviews);
    if (index == 0 && audited.consultation) out["model_assisted"] = consultation_json(*audited.consultation);
    return out;
}

} // namespace

std::string audit_json(const Audited& audited) {
    ordered_json out;
    if (audited.audits.size() == 1)
        out = article_json(audited, 0);
    else {
        out = ordered_json::array();
        for (std::size_t i = 0; i < audited.audits.size(); ++i)
            out.push_back(article_json(audited, i));
    }
    return out.dump(1, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

std::string relations_json(const std::filesystem::path& path) {
    const std::string bytes = read_file(path);
    const text::Lines lines(bytes);
    std::string out;
    for (int number = 1; number <= lines.count(); ++number) {
        const auto line = lines.line(number);
        if (text::trim(line).empty()) continue;
        const auto pair = nlohmann::json::parse(line, nullptr, false);
        if (!pair.is_object() || !pair.contains("a") || !pair.contains("b") || !pair["a"].is_string() ||
            !pair["b"].is_string())
            throw Error("audit/bad-pairs", "not a JSON object with the texts a and b", Exit::input,
                        {path.string(), number, 0});
        std::string_view word = "undetermined";
        switch (claims::relation(pair["a"].get<std::string>(), pair["b"].get<std::string>())) {
        case claims::Relation::contradict:
            word = "contradict";
            break;
        case claims::Relation::compatible:
            word = "compatible";
            break;
        case claims::Relation::undetermined:
            break;
        }
        out += "{\"relation\": \"" + std::string(word) + "\"}\n";
    }
    return out;
}

// ---- a page
// -------------------------------------------------------------------------------------------------

namespace {

constexpr std::string_view page_style =
    "body{font:1rem/1.6 system-ui,sans-serif;max-width:46rem;margin:1rem auto;padding:0 "
    "1rem;color:#1a1a1a;background:#fff}\n"
    "details{display:inline}\ndetails[open]{display:block;margin:.3rem 0;padding:.3rem .6rem;border-left:4px "
    "solid #666;background:#f5f5f5}\n"
    "summary{display:inline;cursor:pointer;border-bottom:2px "
    "solid;list-style:none}\nsummary::-webkit-details-marker{display:none}\n"
    "summary:focus-visible{outline:3px solid #005fcc}\n"
    ".supported>summary{border-color:#1b7a3d;background:#e8f5ec}\n.partly>summary{border-color:#8a6100;"
    "background:#fff6dc;"
    "border-bottom-style:dashed}\n"
    ".contradicted>summary{border-color:#b3261e;background:#fdeceb;border-bottom-style:double;border-bottom-"
    "width:4px}\n"
    ".misattributed>summary{border-color:#7b2d8b;background:#f7ecf9;border-bottom-style:dotted;border-bottom-"
    "width:3px}\n"
    ".missing>summary{border-color:#37517a;background:#eaf0f9;border-bottom-style:dotted}\n.open>summary{"
    "border-color:#bbb;border-bottom-width:1px}\n"
    ".sign{font-weight:bold;font-size:.85em;margin-right:.2em}\n.out{position:absolute;width:1px;height:1px;"
    "overflow:hidden;clip-path:inset(50%)}\n"
    "dl{margin:.2rem 0}\ndt{font-weight:bold}\ndd{margin:0 0 .3rem "
    "1rem}\ntable{border-collapse:collapse}\nth,td{border:1px solid #999;"
    "padding:.2rem .5rem;text-align:left}\npre.article{white-space:pre-wrap;font:inherit}\n"
    "@media print{details,details[open]{background:none}}\n"
    "@media "
    "(prefers-color-scheme:dark){body{background:#161616;color:#eee}details[open]{background:#262626}summary{"
    "color:#111}"
    ".open>summary{color:inherit}a{color:#8ab4f8}}\n";

void drawer(plot::Markup& out, const Audit& audit, const Claim& claim, const Proposal* proposal) {
    const Look& look = look_of(claim.verdict);
    out.open("details", {{"class", std::string(look.css)}});
    out.open("summary");
    out.element("span", look.symbol, {{"class", "sign"}, {"aria-hidden", "true"}});
    out.element("span", std::string(to_string(claim.verdict)) + ": ", {{"class", "out"}});
    out.text(text_of(audit, claim));
    out.close();
    out.open("dl");
    out.element("dt", "Verdict").element("dd", to_string(claim.verdict));
    for (const Reason& reason : claim.reasons) {
        out.element("dt", reason.check + ": " + reason.word);
        out.open("dd");
        out.text(reason.found);
        if (!reason.source.empty()) {
            out.text(" [");
            if (reason.link.rfind("https://", 0) == 0)
                out.element("a", reason.source, {{"href", reason.link}, {"rel", "noreferrer"}});
            else
                out.text(reason.source);
            out.text("]");
        }
        out.close();
    }
    if (claim.reasons.empty()) out.element("dd", "Nothing in the base bears on this.");
    if (proposal) {
        out.element("dt", "Model-assisted (no part of the verdict): " + stance_text(*proposal));
        out.open("dd").element("q", proposal->quote).text(" [");
        if (proposal->link.rfind("https://", 0) == 0)
            out.element("a", proposal->source, {{"href", proposal->link}, {"rel", "noreferrer"}});
        else
            out.text(proposal->source);
        out.text("]").close();
    }
    out.close();
    out.close();
}

} // namespace

std::string audit_html(const Audited& audited) {
    ASSAY_EXPECT(!audited.audits.empty());
    const Audit& audit = audited.audits.front();
    plot::Markup out;
    out.open("main");
    out.element("h1", "Audit of " + std::filesystem::path(audit.name).filename().string()).line();
    out.element("p", "Compared with the review " + audited.review->id +
                         ". Each marked claim opens with what it was compared with. A claim that could not "
                         "be compared says nothing "
                         "about its truth.")
        .line();
    out.open("table");
    out.open("caption").text("Verdicts").close();
    out.open("tr")
        .element("th", "Mark", {{"scope", "col"}})
        .element("th", "Verdict", {{"scope", "col"}})
        .element("th", "Claims", {{"scope", "col"}})
        .close();
    const auto counts = tally(audit);
    for (const Look& look : looks) {
        const auto at = counts.find(look.verdict);
        out.open("tr").element("td", look.symbol).element("td", to_string(look.verdict));
        out.element("td", std::to_string(at == counts.end() ? 0 : at->second)).close().line();
    }
    out.close();
    for (const Reason& remark : audit.remarks)
        out.element("p", remark.check + ": " + remark.said + "; " + remark.found);
    if (audited.consultation) out.element("p", consultation_text(*audited.consultation));
    out.element("h2", "The article");
    out.open("pre", {{"class", "article"}});
    std::size_t at = 0;
    for (std::size_t k = 0; k < audit.claims.size(); ++k) {
        const Claim& claim = audit.claims[k];
        if (claim.begin < at) continue;
        out.text(std::string_view(audit.readable.text).substr(at, claim.begin - at));
        drawer(out, audit, claim, proposal_about(audited, 0, k));
        at = claim.end;
    }
    out.text(std::string_view(audit.readable.text).substr(at));
    out.close();
    out.close();
    ordered_json reviews = ordered_json::array();
    for (const Claim& claim : audit.claims)
        if (auto made = claim_review(audit, claim); !made.is_null()) reviews.push_back(std::move(made));
    std::string data = reviews.dump(-1, ' ', true, ordered_json::error_handler_t::replace);
    for (std::size_t i = data.find('<'); i != std::string::npos;
         i = data.find('<', i)) // no tag may begin in a script
        data.replace(i, 1, "\\u003c");
    const std::string title =
        plot::escaped("Audit of " + std::filesystem::path(audit.name).filename().string());
    return "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n<meta name=\"viewport\" "
           "content=\"width=device-width\">\n"
           "<meta http-equiv=\"Content-Security-Policy\" content=\"" +
           plot::escaped(report::content_policy(page_style, "")) + "\">\n<title>" + title +
           "</title>\n<style>" + std::string(page_style) + "</style>\n<script type=\"application/ld+json\">" +
           data + "</script>\n</head><body>\n" + out.take() + "\n</body></html>\n";
}

std::string audit_checks_text() {
    std::string text;
    for (const claims::CheckRow& row : claims::checks())
        text += fmt::format("{}: {}\n    {}\n", row.id, row.title, row.words);
    return text;
}

} // namespace assay::app
