#include "app/screen.hpp"

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/utf8.hpp"
#include "screen/bm25.hpp"
#include "screen/gzip.hpp"
#include "screen/models.hpp"
#include "screen/priors.hpp"
#include "screen/references.hpp"
#include "screen/stop.hpp"
#include "text/csv.hpp"
#include "text/encoding.hpp"

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

struct Labelled {
    std::string bytes;
    text::CsvTable table;
    std::vector<std::string> made_ids; ///< where the file has no id column
    std::vector<std::string_view> ids;
    std::vector<screen::Text> texts;
    std::vector<char> relevant;
};

namespace {

constexpr std::size_t largest_file = std::size_t{3} << 30;

// Column names in use: our own, and those of ASReview, Rayyan and PubMed exports.
constexpr std::string_view id_names[] = {"id", "record_id", "openalex_id", "pmid", "key"};
constexpr std::string_view title_names[] = {"title", "primary_title", "ti", "article title"};
constexpr std::string_view abstract_names[] = {"abstract", "notes_abstract", "ab", "abstract note"};
constexpr std::string_view label_names[] = {"label",          "label_included", "included", "included_label",
                                            "asreview_label", "final_included", "decision"};

struct LabelWord {
    std::string_view word;
    bool relevant;
};
constexpr LabelWord label_words[] = {
    {"1", true},
    {"0", false},
    {"1.0", true},
    {"0.0", false},
    {"yes", true},
    {"no", false},
    {"y", true},
    {"n", false},
    {"true", true},
    {"false", false},
    {"included", true},
    {"excluded", false},
    {"include", true},
    {"exclude", false},
    {"relevant", true},
    {"irrelevant", false},
    {"not relevant", false},
    {"accept", true},
    {"reject", false},
    {"accepted", true},
    {"rejected", false},
};

std::string lower(std::string_view text) {
    std::string out(text);
    for (char& c : out)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return out;
}

std::optional<bool> read_label(std::string_view cell) {
    const std::string word = lower(text::trim(cell));
    for (const LabelWord& known : label_words)
        if (known.word == word) return known.relevant;
    return std::nullopt;
}

std::optional<std::size_t> find_column(const text::CsvTable& table, std::span<const std::string_view> names) {
    for (const std::string_view name : names)
        for (std::size_t c = 0; c < table.header().size(); ++c)
            if (lower(text::trim(table.header()[c].text)) == name) return c;
    return std::nullopt;
}

std::shared_ptr<Labelled> read_labelled(const std::string& path, Simulation& out) {
    auto data = std::make_shared<Labelled>();
    data->bytes = read_file(path, largest_file);
    data->table = text::read_csv(path, data->bytes, out.diagnostics);
    const text::CsvTable& table = data->table;
    if (!table.readable()) return data;
    const auto id = find_column(table, id_names), title = find_column(table, title_names);
    const auto abstract = find_column(table, abstract_names), label = find_column(table, label_names);
    const auto missing = [&](const char* what) {
        out.diagnostics.add("csv/missing-column", {path, 1, 0}, fmt::format("there is no column '{}'", what));
    };
    if (!title && !abstract) missing("title");
    if (!label) missing("label");
    if ((!title && !abstract) || !label) return data;

    std::unordered_set<std::string_view> seen;
    std::size_t twice = 0, empty = 0, without_abstract = 0;
    data->made_ids.reserve(table.rows().size());
    for (const text::CsvRow& row : table.rows()) {
        if (row.damaged) continue; // the reader has said what is wrong
        const auto cells = table.cells(row);
        const auto cell = [&](std::optional<std::size_t> c) {
            return c ? cells[*c].text : std::string_view{};
        };
        const auto relevant = read_label(cell(label));
        if (!relevant) {
            const bool none = text::trim(cell(label)).empty();
            out.diagnostics.add(
                none ? "csv/missing-value" : "csv/unknown-value", table.place(row, cells[*label]),
                none ? "label: empty" : fmt::format("label: cannot read {}", in_quotes(cell(label))),
                "write 1 for included, 0 for excluded; a simulation needs every label");
        }
        std::string_view name = text::trim(cell(id));
        if (name.empty()) {
            data->made_ids.push_back(fmt::format("row{}", data->relevant.size()));
            name = data->made_ids.back();
        }
        twice += !seen.insert(name).second;
        without_abstract += text::trim(cell(abstract)).empty();
        empty += text::trim(cell(abstract)).empty() && text::trim(cell(title)).empty();
        data->ids.push_back(name);
        data->texts.push_back({cell(title), cell(abstract)});
        data->relevant.push_back(relevant.value_or(false));
    }
    const auto note = [&](std::size_t count, const char* what) {
        if (count > 0) out.notes.push_back(fmt::format("{} of {} records {}", count, data->ids.size(), what));
    };
    note(twice, "have an id that another record has, too");
    note(without_abstract, "have no abstract");
    note(empty, "have neither title nor abstract: they are ranked by the intercept alone");
    return data;
}

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

struct Prepared {
    screen::Model model;
    screen::Matrix features;
    std::vector<double> protocol; ///< BM25 of each record; empty without a protocol
};

Prepared prepare(const SimulateRequest& request, const Labelled& data, const screen::Model& model,
                 Simulation& out) {
    Prepared ready{model, screen::text_features(data.texts, model.text).matrix, {}};
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
    std::string bytes = read_file(request.references, largest_file);
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
    else if (!ready.model.file_order_start)
        start = screen::draw(start, start.size(), seed);
    screen::RankerOptions options = ready.model.ranker;
    options.seed = seed;
    SimulatedRun run{seed, screen::replay(similarity, options, data.relevant, priors, start, progress), {}};
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
    const auto model = screen::model_of(request.model);
    if (!model)
        throw Error("usage", fmt::format("there is no model {}; see --list-models", in_quotes(request.model)),
                    Exit::input);
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
    out.model = model->name;
    const auto data = read_labelled(request.data, out);
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

    const Prepared ready = prepare(request, *data, *model, out);
    const screen::Similarity similarity(ready.features);
    const bool has_priors = !given.empty() || drawn.first + drawn.second > 0;
    out.start = has_priors                ? "priors"
                : !ready.protocol.empty() ? "protocol"
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

namespace {

nlohmann::ordered_json run_json(const Simulation& simulation, const SimulatedRun& run) {
    nlohmann::ordered_json json;
    json["seed"] = run.seed;
    json["priors"] = nlohmann::ordered_json::array();
    json["order"] = nlohmann::ordered_json::array();
    for (std::size_t i = 0; i < run.replay.order.size(); ++i) {
        const std::size_t row = run.replay.order[i];
        if (i < run.replay.priors) json["priors"].push_back(row);
        json["order"].push_back(std::string(simulation.data->ids[row]));
    }
    const screen::Metrics& m = run.replay.metrics;
    auto& metrics = json["metrics"] = nlohmann::ordered_json::object();
    const std::pair<const char*, double> figures[] = {{"recall_10", m.recall_10},
                                                      {"recall_20", m.recall_20},
                                                      {"recall_50", m.recall_50},
                                                      {"wss_95", m.wss_95},
                                                      {"wss_95_classic", m.wss_95_classic},
                                                      {"rrf_10", m.rrf_10},
                                                      {"atd", m.atd},
                                                      {"loss", m.loss},
                                                      {"ndcg", m.ndcg}};
    const bool measured = simulation.n_relevant > 0 && m.read_100 > 0;
    for (const auto& [name, value] : figures)
        metrics[name] = measured ? nlohmann::ordered_json(value) : nlohmann::ordered_json();
    metrics["read_95"] = measured ? nlohmann::ordered_json(m.read_95) : nlohmann::ordered_json();
    metrics["read_100"] = measured ? nlohmann::ordered_json(m.read_100) : nlohmann::ordered_json();
    json["refits"] = run.replay.refits;
    auto& stopping = json["stopping"] = nlohmann::ordered_json::array();
    for (const Stop& stop : run.stops)
        stopping.push_back({{"rule", stop.rule}, {"read", stop.read}, {"recall", stop.recall}});
    return json;
}

} // namespace

std::string simulation_json(const Simulation& simulation, double seconds) {
    nlohmann::ordered_json json;
    json["schema"] = "assay/screen-simulate/1";
    json["model"] = simulation.model;
    json["start"] = simulation.start;
    json["n"] = simulation.n;
    json["n_relevant"] = simulation.n_relevant;
    json["reference_share"] = simulation.reference_share;
    json["links_per_record"] = simulation.links_per_record;
    json["notes"] = simulation.notes;
    if (simulation.runs.size() == 1)
        json.update(run_json(simulation, simulation.runs[0]));
    else {
        json["runs"] = nlohmann::ordered_json::array();
        for (const SimulatedRun& run : simulation.runs)
            json["runs"].push_back(run_json(simulation, run));
    }
    json["seconds"] = seconds;
    return json.dump(1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

std::string simulation_text(const Simulation& simulation, double seconds) {
    std::string text = fmt::format("{} records, {} relevant; model {}, start: {}{}\n", simulation.n,
                                   simulation.n_relevant, simulation.model, simulation.start,
                                   simulation.reference_share > 0 ? ", with references" : "");
    for (const std::string& note : simulation.notes)
        text += "note: " + note + "\n";
    if (simulation.n_relevant == 0) return text;
    text += fmt::format("{:>6} {:>7} {:>9} {:>9} {:>8} {:>8} {:>8} {:>8}\n", "seed", "read", "recall@10",
                        "recall@20", "WSS@95", "loss", "NDCG", "read@95");
    for (const SimulatedRun& run : simulation.runs) {
        const screen::Metrics& m = run.replay.metrics;
        text += fmt::format("{:>6} {:>7} {:>9.3f} {:>9.3f} {:>8.3f} {:>8.4f} {:>8.3f} {:>8}\n", run.seed,
                            run.replay.order.size(), m.recall_10, m.recall_20, m.wss_95, m.loss, m.ndcg,
                            m.read_95);
    }
    if (!simulation.runs[0].stops.empty())
        text +=
            fmt::format("\n{:<40} {:>9} {:>13}\n", "had reading stopped by", "mean read", "lowest recall");
    for (std::size_t rule = 0; rule < simulation.runs[0].stops.size(); ++rule) {
        double read = 0, lowest = 1;
        for (const SimulatedRun& run : simulation.runs) {
            read += static_cast<double>(run.stops[rule].read) / static_cast<double>(simulation.runs.size());
            lowest = std::min(lowest, run.stops[rule].recall);
        }
        text += fmt::format("{:<40} {:>9.0f} {:>13.3f}\n", simulation.runs[0].stops[rule].rule, read, lowest);
    }
    std::size_t refits = 0;
    for (const SimulatedRun& run : simulation.runs)
        refits += run.replay.refits;
    return text + fmt::format("\n{} refits in {:.2f} s\n", refits, seconds);
}

std::string list_screen_models() {
    std::string text;
    for (const screen::Model& model : screen::models())
        text += fmt::format("{:<10} {}\n", model.name, model.title);
    return text;
}

} // namespace assay::app
