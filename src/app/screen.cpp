#include "app/screen.hpp"

#include "app/screen_labelled.hpp"
#include "base/error.hpp"
#include "base/files.hpp"
#include "base/utf8.hpp"
#include "screen/bm25.hpp"
#include "screen/diverse.hpp"
#include "screen/gzip.hpp"
#include "screen/models.hpp"
#include "screen/priors.hpp"
#include "screen/references.hpp"
#include "screen/stop.hpp"
#include "text/encoding.hpp"
#include "text/number.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <atomic>
#include <charconv>
#include <exception>
#include <filesystem>
#include <mutex>
#include <numeric>
#include <optional>
#include <thread>
#include <unordered_set>

namespace assay::app {

namespace {

std::vector<std::size_t> read_numbers(std::string_view text, const char* option) {
    std::vector<std::size_t> numbers;
    for (std::size_t at = 0; at <= text.size();) {
        const std::size_t comma = std::min(text.find(',', at), text.size());
        const std::string_view piece = text::trim(text.substr(at, comma - at));
        std::size_t value = 0;
        const auto [end, fault] = std::from_chars(piece.data(), piece.data() + piece.size(), value);
        if (fault != std::errc() || end != piece.data() + piece.size())
            throw Error("usage",
                        fmt::format("{}: cannot read {}; write whole numbers with commas between them",
                                    option, in_quotes(piece)),
                        Exit::input);
        numbers.push_back(value);
        at = comma + 1;
    }
    return numbers;
}

std::vector<screen::Citation> read_citations(std::string_view text) {
    std::vector<screen::Citation> citations;
    bool header = true;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        std::string_view line = text.substr(at, end - at);
        if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
        at = end + 1;
        const std::size_t tab = line.find('\t');
        if (!header && tab != std::string_view::npos)
            citations.push_back({line.substr(0, tab), line.substr(tab + 1)});
        header = false;
    }
    return citations;
}

template<class Row>
const Row& row_of(std::span<const Row> table, const char* option, const std::string& name) {
    std::string names;
    for (const Row& row : table) {
        if (row.name == name) return row;
        names += (names.empty() ? "" : ", ") + std::string(row.name);
    }
    throw Error("usage", fmt::format("{}: there is no {}; take one of {}", option, in_quotes(name), names),
                Exit::input);
}

struct Choice {
    screen::Model model;
    std::string name;
};

// The model asked for, with the parts that were asked for in place of its own.
Choice choose(const SimulateRequest& request) {
    const auto named = screen::model_of(request.model);
    if (!named)
        throw Error("usage", fmt::format("there is no model {}; see --list-models", in_quotes(request.model)),
                    Exit::input);
    Choice choice{*named, std::string(named->name)};
    screen::Model& model = choice.model;
    const auto change = [&](const char* part, const std::string& name) {
        choice.name += fmt::format(", {} {}", part, name);
        if (model.ranker.compatible)
            throw Error(
                "usage",
                fmt::format("--{}: elas-u4 is what it is; use --model default to change its parts", part),
                Exit::input);
    };
    if (!request.features.empty()) {
        const auto& features = row_of(screen::feature_makers(), "--features", request.features);
        model.text = features.text;
        model.beside = features.beside;
        change("features", request.features);
    }
    if (!request.classifier.empty()) {
        const auto& classifier = row_of(screen::classifiers(), "--classifier", request.classifier);
        model.ranker.solver = classifier.solver;
        model.ranker.bayes = classifier.bayes;
        change("classifier", request.classifier);
    }
    if (!request.query.empty()) {
        model.ranker.query = row_of(screen::query_strategies(), "--query", request.query).query;
        change("query", request.query);
    }
    if (request.balance) {
        if (!(*request.balance >= 0 && *request.balance <= 1e6))
            throw Error("usage", "--balance takes a number from 0 to 1000000", Exit::input);
        screen::set_balance(model.ranker, *request.balance);
        change("balance", text::format_number(*request.balance));
    }
    if (!request.start.empty() && request.start != "random" && request.start != "diverse")
        throw Error("usage",
                    fmt::format("--start: there is no {}; take random or diverse", in_quotes(request.start)),
                    Exit::input);
    if (!request.start.empty() && model.file_order_start)
        throw Error("usage", "--start: elas-u4 begins with the order of the file", Exit::input);
    if (!request.start.empty() && !request.protocol.empty())
        throw Error("usage", "--start and --protocol both say where to begin; give one of them", Exit::input);
    return choice;
}

struct Prepared {
    screen::Model model;
    screen::Matrix features;
    std::vector<double> protocol;     ///< BM25 of each record; empty without a protocol
    std::vector<std::size_t> diverse; ///< the start of --start diverse; empty without it
};

Prepared prepare(const SimulateRequest& request, const Labelled& data, const screen::Model& model,
                 Simulation& out) {
    Prepared ready{model, screen::matrix_of(data.texts, model.text, model.beside), {}, {}};
    if (!request.protocol.empty()) {
        if (model.file_order_start)
            throw Error("usage", "--protocol: elas-u4 has no start from a protocol; use --model default",
                        Exit::input);
        ready.protocol = screen::bm25(
            data.texts, protocol_text(request.protocol, std::filesystem::path(request.data).stem().string()));
    }
    if (request.references.empty()) return ready;
    if (model.reference_share == 0)
        throw Error("usage", "--refs: elas-u4 does not use references; use --model default", Exit::input);
    std::string bytes = read_file(request.references, largest_screening_file);
    if (screen::is_gzip(bytes)) bytes = screen::gunzip(bytes);
    const auto citations = read_citations(bytes);
    const auto references = screen::reference_features(data.ids, citations);
    out.links_per_record = references.links_per_record;
    if (references.links_per_record < screen::enough_links) {
        out.notes.push_back(
            fmt::format("references not used: {:.2f} shared references per record are too few to say much",
                        references.links_per_record));
        return ready;
    }
    out.reference_share = model.reference_share;
    ready.features = screen::beside(ready.features, references.matrix, model.reference_share);
    return ready;
}

// Every rule on the order of a run; where the run ended, nothing relevant was left.
std::vector<Stop> stops_of(const screen::Replay& replay, std::span<const char> relevant, std::uint32_t seed) {
    std::vector<char> found;
    for (std::size_t i = replay.priors; i < replay.order.size(); ++i)
        found.push_back(relevant[replay.order[i]]);
    const std::size_t total = relevant.size() - replay.priors;
    const auto all = static_cast<double>(std::count(found.begin(), found.end(), char{1}));
    std::vector<Stop> stops;
    if (all == 0) return stops;
    for (const screen::StopRule& rule : screen::stop_rules()) {
        const std::size_t read = screen::records_until_stop(rule, found, total);
        const auto end = found.begin() + static_cast<std::ptrdiff_t>(std::min(read, found.size()));
        stops.push_back({std::string(rule.name), read,
                         static_cast<double>(std::count(found.begin(), end, char{1})) / all});
    }
    for (const screen::AuditPlan& plan : screen::audit_plans()) {
        const auto audited = screen::audited_stop(found, total, plan, seed);
        stops.push_back({std::string(plan.name), audited.read, static_cast<double>(audited.found) / all});
    }
    return stops;
}

SimulatedRun run_once(const Prepared& ready, const screen::Similarity& similarity, const Labelled& data,
                      std::span<const std::size_t> given, std::pair<std::size_t, std::size_t> drawn,
                      std::uint32_t seed, const Progress& progress) {
    std::vector<std::size_t> priors(given.begin(), given.end());
    if (given.empty()) priors = screen::random_priors(data.relevant, drawn.first, drawn.second, seed);
    std::vector<std::size_t> start(data.ids.size());
    std::iota(start.begin(), start.end(), std::size_t{0});
    if (!ready.protocol.empty())
        start = screen::by_value(ready.protocol);
    else if (!ready.diverse.empty())
        start = ready.diverse;
    else if (!ready.model.file_order_start)
        start = screen::draw(start, start.size(), seed);
    screen::RankerOptions options = ready.model.ranker;
    options.seed = seed;
    screen::Ranker ranker(similarity, ready.features, options);
    SimulatedRun run{seed, screen::replay(ranker, data.relevant, priors, start, progress), {}};
    run.stops = stops_of(run.replay, data.relevant, seed);
    return run;
}

} // namespace

std::string protocol_text(const std::string& path, const std::string& stem) {
    return protocol_words(path, read_file(path), stem);
}

std::string protocol_words(const std::string& path, std::string_view bytes, const std::string& stem) {
    auto json = nlohmann::json::parse(bytes, nullptr, false);
    const auto refuse = [&](const std::string& why) {
        return Error("usage", path + ": " + why, Exit::input, {path, 0, 0});
    };
    if (!json.is_object()) throw refuse("not a JSON object");
    if (json.contains(stem) && json[stem].is_object()) json = nlohmann::json(json[stem]);
    std::string text;
    for (const char* field : {"title", "objectives", "research_questions", "inclusion_criteria"}) {
        if (!json.contains(field)) continue;
        const auto& value = json[field];
        if (value.is_string())
            text += value.get<std::string>() + "\n";
        else if (value.is_array())
            for (const auto& line : value)
                if (line.is_string()) text += line.get<std::string>() + "\n";
    }
    if (text.empty())
        throw refuse("needs one of title, objectives, research_questions, inclusion_criteria, or an entry '" +
                     stem + "' with them");
    return text;
}

Simulation simulate(const SimulateRequest& request, const Progress& progress) {
    const Choice choice = choose(request);
    const screen::Model* const model = &choice.model;
    std::pair<std::size_t, std::size_t> drawn{0, 0};
    if (request.priors != "none") {
        const auto counts = read_numbers(request.priors, "--priors");
        if (counts.size() != 2)
            throw Error("usage", "--priors takes two numbers, as in 1,1, or none", Exit::input);
        drawn = {counts[0], counts[1]};
    }
    std::vector<std::size_t> given;
    if (!request.prior_rows.empty()) given = read_numbers(request.prior_rows, "--prior-rows");

    Simulation out;
    out.model = choice.name;
    const auto data = read_labelled(request.data, out.diagnostics, out.notes);
    out.data = data;
    out.n = data->ids.size();
    out.n_relevant =
        static_cast<std::size_t>(std::count(data->relevant.begin(), data->relevant.end(), char{1}));
    if (out.diagnostics.has_errors() || out.n == 0) return out;
    std::unordered_set<std::size_t> once;
    for (const std::size_t row : given) {
        if (row >= out.n)
            throw Error("usage",
                        fmt::format("--prior-rows: there is no row {}; the last is {} (the first is 0)", row,
                                    out.n - 1),
                        Exit::input);
        if (!once.insert(row).second)
            throw Error("usage", fmt::format("--prior-rows: row {} twice", row), Exit::input);
    }
    if (drawn.first > out.n_relevant || drawn.second > out.n - out.n_relevant)
        throw Error("usage",
                    fmt::format("--priors {}: the file has {} included and {} excluded records",
                                request.priors, out.n_relevant, out.n - out.n_relevant),
                    Exit::input);
    if (out.n_relevant == 0)
        out.notes.push_back(
            "no record is labelled relevant: the whole list was read, and there is nothing to measure");
    if (out.n_relevant == out.n)
        out.notes.push_back("every record is labelled relevant: there was nothing to learn");

    Prepared ready = prepare(request, *data, *model, out);
    const screen::Similarity similarity(ready.features);
    if (request.start == "diverse") ready.diverse = screen::diverse_order(ready.features, similarity);
    const bool has_priors = !given.empty() || drawn.first + drawn.second > 0;
    out.start = has_priors                ? "priors"
                : !ready.protocol.empty() ? "protocol"
                : !ready.diverse.empty()  ? "diverse order"
                : model->file_order_start ? "file order"
                                          : "random order";

    // Runs go to their own places, so the number of threads changes nothing but the time.
    out.runs.resize(std::max(1u, request.repeat));
    const unsigned wanted =
        request.threads ? request.threads : std::max(1u, std::thread::hardware_concurrency());
    const auto workers = static_cast<unsigned>(std::min<std::size_t>(wanted, out.runs.size()));
    std::atomic<std::size_t> next{0};
    std::exception_ptr failure;
    std::mutex failed;
    const auto work = [&](const Progress& tell) {
        try {
            for (std::size_t i; (i = next++) < out.runs.size();)
                out.runs[i] = run_once(ready, similarity, *data, given, drawn,
                                       request.seed + static_cast<std::uint32_t>(i), tell);
        } catch (...) {
            const std::lock_guard lock(failed);
            if (!failure) failure = std::current_exception();
            next = out.runs.size();
        }
    };
    std::vector<std::thread> threads;
    for (unsigned t = 1; t < workers; ++t)
        threads.emplace_back([&work] { work({}); });
    work(progress);
    for (auto& thread : threads)
        thread.join();
    if (failure) std::rethrow_exception(failure);
    return out;
}

} // namespace assay::app
