#include "app/audit.hpp"

#include "app/analyse.hpp"
#include "app/folder.hpp"
#include "app/person.hpp"
#include "base/embedded.hpp"
#include "base/error.hpp"
#include "base/files.hpp"
#include "base/process.hpp"
#include "trust/retractions.hpp"

#include <algorithm>

namespace assay::app {

namespace {

// Files hold pictures and scripts beside the words; an article of more than two million letters is a book.
constexpr std::size_t longest_article = std::size_t{16} << 20, longest_text = std::size_t{2} << 20;

std::string lowered_extension(const std::filesystem::path& path) {
    std::string extension = path.extension().string();
    for (char& c : extension)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return extension;
}

bool looks_like_html(std::string_view bytes) {
    const std::size_t first = bytes.find_first_not_of(" \t\r\n\xEF\xBB\xBF");
    if (first == std::string_view::npos || bytes[first] != '<') return false;
    std::string start(bytes.substr(first, 512));
    for (char& c : start)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return start.find("<html") != std::string::npos || start.find("<!doctype html") != std::string::npos ||
           start.find("<body") != std::string::npos;
}

std::string name_of(const std::filesystem::path& review) {
    auto folder = review.lexically_normal();
    if (folder.filename().empty()) folder = folder.parent_path();
    return folder.filename().string();
}

// A review's own claims/ folder comes before the tables inside the program.
std::string table_bytes(const std::filesystem::path& review, const std::string& substance,
                        const std::string& file) {
    const auto own = review / "claims" / file;
    if (std::filesystem::exists(own)) return read_file(own, std::size_t{16} << 20);
    for (const auto& embedded : embedded_data())
        if (embedded.name == substance + "." + file || embedded.name == "common." + file)
            return std::string(embedded.bytes);
    return {};
}

std::vector<std::string> drug_words(const person::Interaction& interaction, const person::Tables& tables) {
    std::vector<std::string> names = interaction.ingredients;
    names.push_back(interaction.drug.substr(0, interaction.drug.find_first_of(":(,/")));
    for (const auto& name : tables.drug_names)
        if (std::find(interaction.ingredients.begin(), interaction.ingredients.end(), name.ingredient) !=
            interaction.ingredients.end())
            names.push_back(name.name);
    return names;
}

void take_tables(claims::Base& base, const person::Tables& tables) {
    for (const auto& limit : tables.limits)
        base.limits.push_back({limit.quantity, limit.kind, limit.authority, limit.population, limit.sex,
                               limit.state, limit.age_min, limit.age_max, limit.value, limit.origin.key(),
                               limit.origin.source});
    for (const auto& form : tables.forms)
        if (form.role == "dose")
            base.forms.push_back({form.family,
                                  form.words,
                                  form.fraction,
                                  form.usual,
                                  form.name,
                                  form.origin.key(),
                                  form.origin.source,
                                  {}});
    for (const auto& rule : tables.interactions)
        base.apart.push_back({rule.drug,
                              drug_words(rule, tables),
                              rule.direction,
                              rule.hours_before,
                              rule.hours_after,
                              rule.cautious_before,
                              rule.cautious_after,
                              rule.management,
                              rule.origin.key(),
                              rule.origin.source,
                              {}});
    for (const std::string& word : {tables.substance.name, tables.substance.element})
        if (word.size() > 2) base.substance.push_back(claims::stem_of(word));
    for (const std::string& word : tables.substance.words)
        if (word.find(' ') == std::string::npos && word.size() > 4)
            base.substance.push_back(claims::stem_of(word));
}

std::set<std::string> retracted_reports(const std::filesystem::path& path, const model::Review& review,
                                        Diagnostics& diagnostics) {
    const std::string bytes = read_file(path);
    const auto notices = trust::read_retractions(path.string(), bytes, diagnostics);
    std::set<std::string> reports, reinstated;
    for (const auto& match : trust::match(review, notices)) {
        if (match.notice->nature.rfind("Retraction", 0) == 0) reports.insert(match.report->id.value);
        if (match.notice->nature.rfind("Reinstatement", 0) == 0) reinstated.insert(match.report->id.value);
    }
    for (const std::string& report : reinstated)
        reports.erase(report);
    return reports;
}

// Bytes that are no white space: markup leaves a line end for each of its blocks.
std::size_t letters_of(std::string_view text) {
    return static_cast<std::size_t>(std::count_if(
        text.begin(), text.end(), [](char c) { return c != ' ' && c != '\n' && c != '\t' && c != '\r'; }));
}

} // namespace

std::string pdf_text(const std::filesystem::path& path) {
    // An absolute name: one that begins with a hyphen is no option.
    const std::vector<std::string> arguments{"-q", "-enc", "UTF-8", std::filesystem::absolute(path).string(),
                                             "-"};
    const ProcessResult result = run_program("pdftotext", arguments, {}, longest_article);
    if (!result.found)
        throw Error("audit/no-pdftotext",
                    path.string() + ": reading a PDF needs the program pdftotext (package poppler-utils)");
    if (result.exit == 137)
        throw Error("audit/pdf", path.string() + ": more than 16 MiB of text, or more than a minute of work",
                    Exit::input);
    if (result.exit != 0)
        throw Error("audit/pdf", path.string() + ": pdftotext cannot read this file", Exit::input);
    return result.output;
}

Audited run_audit(const AuditRequest& request) {
    Audited audited;
    if (!request.nli.url.empty()) (void)nli_endpoint(request.nli); // refuses other machines before any work
    Checked checked = check(request.review);
    audited.diagnostics = std::move(checked.diagnostics);
    if (audited.diagnostics.has_errors()) return audited;
    audited.review = std::make_shared<const model::Review>(std::move(checked.review));
    const model::ReviewResults results = analyse(*audited.review);
    std::set<std::string> retracted;
    if (request.retractions)
        retracted = retracted_reports(*request.retractions, *audited.review, audited.diagnostics);
    claims::Base base(*audited.review, &results, std::move(retracted));
    const std::string substance = request.substance.empty() ? name_of(request.review) : request.substance;
    const auto known = known_substances();
    const bool has_tables = std::find(known.begin(), known.end(), substance) != known.end() ||
                            std::filesystem::is_directory(request.review / "person");
    if (has_tables || !request.substance.empty())
        take_tables(base, person_tables(substance, request.review, audited.diagnostics));
    else
        base.substance.push_back(claims::stem_of(substance));
    base.index();
    const std::string facts = table_bytes(request.review, substance, "facts.csv");
    if (!facts.empty()) base.facts = claims::read_facts("claims/facts.csv", facts, audited.diagnostics);
    const std::string sites = table_bytes(request.review, substance, "sites.csv");
    if (!sites.empty()) base.sites = claims::read_sites("claims/sites.csv", sites, audited.diagnostics);
    for (const auto& path : request.articles) {
        const bool pdf = lowered_extension(path) == ".pdf";
        audited.bytes.push_back(pdf ? pdf_text(path) : read_file(path, longest_article));
        audited.from_pdf.push_back(pdf);
        const std::string& bytes = audited.bytes.back();
        if (!pdf && bytes.substr(0, 5) == "%PDF-") {
            audited.bytes.back() = pdf_text(path);
            audited.from_pdf.back() = true;
        } else if (claims::looks_binary(bytes))
            throw Error("audit/binary",
                        path.string() + ": this is no text (it holds control characters and NUL bytes)",
                        Exit::input);
        const std::string extension = lowered_extension(path);
        const bool html = !audited.from_pdf.back() && (extension == ".html" || extension == ".htm" ||
                                                       extension == ".xhtml" || looks_like_html(bytes));
        claims::Readable readable = html ? claims::read_html(bytes) : claims::read_plain(bytes);
        const std::size_t letters = letters_of(readable.text);
        if (letters > longest_text)
            throw Error("audit/too-long",
                        path.string() + ": " + size_text(letters) +
                            " of text; an audit takes one article of at most 2 MiB",
                        Exit::input);
        audited.repaired.push_back(!html && !readable.notes.empty());
        audited.audits.push_back(claims::audit(path.string(), std::move(readable), base));
    }
    claims::compare(audited.audits);
    if (!request.nli.url.empty()) audited.consultation = consult(request.nli, audited.audits.front(), base);
    return audited;
}

std::size_t count_verdict(const Audited& audited, std::string_view verdict) {
    constexpr claims::Verdict verdicts[] = {claims::Verdict::supported,    claims::Verdict::partly_supported,
                                            claims::Verdict::contradicted, claims::Verdict::misattributed,
                                            claims::Verdict::not_in_base,  claims::Verdict::not_checkable};
    std::string known;
    bool fits = false;
    for (const auto one : verdicts) {
        fits = fits || to_string(one) == verdict;
        known += (known.empty() ? "" : ", ") + std::string(to_string(one));
    }
    if (!fits)
        throw Error("usage/verdict",
                    "there is no verdict '" + std::string(verdict) + "'; the verdicts are " + known,
                    Exit::input);
    std::size_t count = 0;
    for (const claims::Audit& audit : audited.audits)
        for (const claims::Claim& claim : audit.claims)
            count += to_string(claim.verdict) == verdict;
    return count;
}

} // namespace assay::app
