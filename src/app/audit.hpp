// Checks articles against a review folder: `assay audit`.
#pragma once

#include "app/nli.hpp"
#include "base/diagnostics.hpp"
#include "claims/audit.hpp"
#include "model/results.hpp"
#include "model/review.hpp"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace assay::app {

struct AuditRequest {
    std::vector<std::filesystem::path> articles; ///< .txt .md .html .pdf; the first is the one audited
    std::filesystem::path review;
    std::string substance; ///< whose tables; empty: the name of the review's folder
    std::optional<std::filesystem::path> retractions; ///< a Retraction Watch table
    NliRequest nli;                                   ///< nobody is asked without an address
};

struct Audited {
    Diagnostics diagnostics;
    std::shared_ptr<const model::Review> review; ///< the audits point into it
    std::vector<claims::Audit> audits;           ///< in the order of the request
    std::vector<std::string> bytes;              ///< of the articles, as given
    std::vector<bool> from_pdf;                  ///< places are those of the text that pdftotext gave
    std::vector<bool> repaired;                  ///< not UTF-8 and no page: lines are shown as they were read
    std::optional<Consultation> consultation;    ///< about the first article; none: nobody was asked
};

/// Errors: "audit/binary", "audit/too-long", "audit/no-pdftotext", "audit/pdf", "file/unreadable",
/// "loopback/url".
Audited run_audit(const AuditRequest& request);

struct AuditView {
    int width = 100;
    bool unicode = true;
    bool all = false; ///< show supported claims and claims that could not be checked, too
};

/// Findings by line with a caret, then the counts.
std::string audit_text(const Audited& audited, const AuditView& view);

/// Schema "assay/audit/1" (docs/formats/audit.md). Several articles: a list of such objects.
std::string audit_json(const Audited& audited);

/// One page: the article with its marks and a drawer per claim; no scripts. The first article.
std::string audit_html(const Audited& audited);

/// The table of checks alone.
std::string audit_checks_text();

/// How many claims of the articles have this verdict; `verdict` as written: "contradicted".
/// Errors: "usage/verdict".
std::size_t count_verdict(const Audited& audited, std::string_view verdict);

/// Reads a JSON object with the texts `a` and `b` from each line and prints {"relation": ...}: contradict,
/// compatible or undetermined. Errors: "audit/bad-pairs".
std::string relations_json(const std::filesystem::path& path);

/// Text of a PDF through the program pdftotext, which is started with a fixed list of arguments and no shell.
std::string pdf_text(const std::filesystem::path& path);

} // namespace assay::app
