// assay audit ARTICLE -r DIR
#include "app/audit.hpp"

#include "base/files.hpp"
#include "cli/command.hpp"

#include <memory>

namespace assay::cli {

void add_audit(CLI::App& app, Outcome& outcome) {
    struct Options {
        app::AuditRequest request;
        app::AuditView view;
        std::string article, review, html, retractions, fail_on, pairs;
        std::vector<std::string> beside;
        bool json = false, list = false;
    };
    auto options = std::make_shared<Options>();
    auto* command = app.add_subcommand("audit", "Check the claims of a health article against a review");
    command->add_option("ARTICLE", options->article,
                        "The article: .txt, .md, .html, or .pdf where pdftotext is installed");
    command->add_option("-r,--review", options->review, "The review folder to check against");
    command->add_option("--beside", options->beside,
                        "Another article whose numbers are compared with this one's; may be repeated");
    command->add_option("--substance", options->request.substance,
                        "Whose reference tables to use; without it, the name of the review folder");
    command->add_option("--retractions", options->retractions,
                        "A table of Retraction Watch (CSV) to match the sources with");
    command->add_option("--html", options->html, "Write the article with its marks to this file");
    command->add_flag("--json", options->json,
                      "Print claims, mentions and references as data (docs/formats/audit.md)");
    command->add_flag("--all", options->view.all,
                      "Show supported claims and those that could not be checked, too");
    command->add_option("--fail-on", options->fail_on,
                        "Exit 1 when a claim has this verdict: contradicted, misattributed ...");
    command->add_option("--pairs", options->pairs,
                        "Compare pairs of statements instead: a file of JSON lines with the texts a and b");
    command->add_option(
        "--nli", options->request.nli.url,
        "Ask a chat server on this machine (http://127.0.0.1:PORT) about claims left open; its "
        "proposals are marked and change no verdict");
    command->add_option("--nli-model", options->request.nli.model, "The name of the model to ask for")
        ->capture_default_str();
    command->add_option("--nli-timeout", options->request.nli.seconds, "Seconds to wait for each answer")
        ->check(CLI::Range(0.1, 600.0))
        ->capture_default_str();
    command->add_flag("--list-checks", options->list, "Print the table of checks");
    command->callback([options, &outcome] {
        if (options->list) return print(app::audit_checks_text());
        if (!options->pairs.empty()) return print(app::relations_json(options->pairs));
        if (options->article.empty()) throw Error("usage/argument", "ARTICLE is required", Exit::input);
        if (options->review.empty())
            throw Error("usage/argument", "a review is required: -r DIR", Exit::input);
        options->request.articles = {options->article};
        for (const std::string& other : options->beside)
            options->request.articles.emplace_back(other);
        options->request.review = options->review;
        if (!options->retractions.empty()) options->request.retractions = options->retractions;
        options->view.width = terminal_width();
        options->view.unicode = terminal_unicode();
        const app::Audited audited = app::run_audit(options->request);
        if (audited.diagnostics.has_errors()) {
            print_diagnostics(audited.diagnostics);
            outcome.exit = static_cast<int>(Exit::input);
            return;
        }
        const std::size_t failing =
            options->fail_on.empty() ? 0 : app::count_verdict(audited, options->fail_on);
        if (!options->html.empty()) write_file_atomic(options->html, app::audit_html(audited));
        print(options->json ? app::audit_json(audited) : app::audit_text(audited, options->view));
        if (failing > 0) outcome.exit = static_cast<int>(Exit::finding);
    });
}

} // namespace assay::cli
