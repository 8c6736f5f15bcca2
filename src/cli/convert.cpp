// assay convert IN --to ris [--out F]
#include "app/records.hpp"
#include "base/atomic_file.hpp"
#include "base/bytes.hpp"
#include "base/files.hpp"
#include "cli/command.hpp"

#include <memory>
#include <utility>

namespace assay::cli {

namespace {

constexpr std::size_t held_at_most = std::size_t{8} << 20;

} // namespace

void add_convert(CLI::App& app, Outcome& outcome) {
    struct Options {
        std::string in, from, to, out, encoding, map;
        bool list = false, json = false;
    };
    auto options = std::make_shared<Options>();
    auto* command =
        app.add_subcommand("convert", "Read records of any known format and write them in another");
    command->add_option("IN", options->in, "A file of records; may be compressed with gzip");
    command->add_option("--to", options->to,
                        "Format to write (--list); without it the file is only read and checked");
    command->add_option("--out", options->out, "Where to write; standard output without it");
    command->add_option("--from", options->from, "Format of IN, where the guess is wrong");
    command->add_option("--encoding", options->encoding,
                        "Encoding of IN, where the guess is wrong: latin1, gb18030, ...");
    command->add_option("--map", options->map,
                        "What the columns of an unknown table are (docs/formats/records.md)");
    command->add_flag("--list", options->list, "Print the table of formats and stop");
    command->add_flag("--json", options->json, "Print counts and messages as data");
    command->callback([options, &outcome] {
        if (options->list) {
            print(app::list_formats());
            return;
        }
        if (options->in.empty())
            throw Error("usage", "convert needs a file (or --list); see assay convert --help", Exit::input);
        const std::string mapping = options->map.empty() ? std::string() : read_file(options->map);
        const FileBytes bytes(options->in, std::size_t{4} << 30);
        const app::ReadRequest request{options->from, options->encoding, mapping};
        const bool quiet = !options->to.empty() && options->out.empty();
        std::unique_ptr<AtomicFile> file;
        std::string held; // what fits is printed behind the messages
        app::RecordsFile read;
        if (options->to.empty())
            app::read_records(read, options->in, bytes, request, [](model::Record&&) {});
        else
            read = app::convert_records(options->in, bytes, request, options->to, [&](std::string_view text) {
                if (quiet) {
                    held += text;
                    if (held.size() > held_at_most) print(std::exchange(held, {}));
                    return;
                }
                if (!file) file = std::make_unique<AtomicFile>(options->out);
                file->append(text);
            });
        if (file) file->commit();
        if (!options->json) print_diagnostics(read.diagnostics);
        if (read.diagnostics.has_errors()) outcome.exit = static_cast<int>(Exit::input);
        print(held);
        if (options->json && !quiet)
            print(app::records_json(options->in, read));
        else if (!quiet)
            print((read.format.empty() ? "unknown format" : read.format) + ": " + std::to_string(read.count) +
                  (read.count == 1 ? " record\n" : " records\n"));
    });
}

} // namespace assay::cli
