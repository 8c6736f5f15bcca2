#include "app/records.hpp"

#include "base/error.hpp"
#include "records/formats.hpp"

#include <nlohmann/json.hpp>

namespace assay::app {

void read_records(RecordsFile& result, const std::string& file, const Bytes& bytes,
                  const ReadRequest& request, const TakeRecord& take) {
    const std::string& from = request.from;
    if (!from.empty() && !records::importer(from)) {
        std::vector<std::string> names;
        for (const auto& row : records::importers())
            names.emplace_back(row.id);
        const std::string near = nearest_name(from, names);
        throw Error("usage",
                    "there is no format '" + from + "'" +
                        (near.empty() ? "" : "; did you mean '" + near + "'?") + " (assay convert --list)",
                    Exit::input);
    }
    records::Stream stream(file, bytes, result.diagnostics, request.encoding);
    stream.mapping = request.mapping;
    const auto* row = records::read_each(stream, result.diagnostics, from, [&](model::Record&& record) {
        ++result.count;
        result.deleted += record.deleted ? 1 : 0;
        take(std::move(record));
    });
    if (row) result.format = row->id;
}

RecordsFile read_records(const std::string& file, const Bytes& bytes, const ReadRequest& request) {
    RecordsFile result;
    read_records(result, file, bytes, request,
                 [&](model::Record&& record) { result.records.push_back(std::move(record)); });
    return result;
}

RecordsFile read_records(const std::string& file, std::string_view bytes, const std::string& from,
                         const std::string& encoding, const std::string& mapping) {
    return read_records(file, MemoryBytes(bytes), {from, encoding, mapping});
}

namespace {

const records::Exporter& exporter_of(const std::string& to) {
    const auto* row = records::exporter(to);
    if (!row)
        throw Error("usage", "cannot write the format '" + to + "' (assay convert --list)", Exit::input);
    return *row;
}

constexpr std::size_t piece = std::size_t{1} << 18; // bytes of text handed on at once

} // namespace

RecordsFile convert_records(const std::string& file, const Bytes& bytes, const ReadRequest& request,
                            const std::string& to, const std::function<void(std::string_view)>& give) {
    const auto writer = exporter_of(to).begin();
    RecordsFile result;
    std::string text;
    read_records(result, file, bytes, request, [&](const model::Record& record) {
        if (!record.deleted) writer->add(record, text);
        if (text.size() < piece) return;
        give(text);
        text.clear();
    });
    if (result.count > 0) writer->finish(text);
    if (!text.empty()) give(text);
    return result;
}

std::string write_records(const std::vector<model::Record>& all, const std::string& to) {
    std::string out;
    const auto writer = exporter_of(to).begin();
    for (const auto& record : all)
        if (!record.deleted) writer->add(record, out);
    writer->finish(out);
    return out;
}

std::string records_json(const std::string& file, const RecordsFile& read) {
    auto messages = nlohmann::json::array();
    for (const auto& d : read.diagnostics.sorted())
        messages.push_back({{"severity", to_string(d.severity)},
                            {"code", d.code},
                            {"line", d.place.line},
                            {"message", d.message}});
    const nlohmann::json out{{"schema", "assay/records/1"}, {"file", file},
                             {"format", read.format},       {"records", read.count - read.deleted},
                             {"deleted", read.deleted},     {"messages", std::move(messages)}};
    return out.dump(1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

std::string list_formats() {
    std::string out = "format          reads  writes  what\n";
    const auto line = [&](std::string_view id, bool reads, bool writes, std::string_view title) {
        out += std::string(id) + std::string(id.size() < 16 ? 16 - id.size() : 1, ' ') +
               (reads ? "yes    " : "no     ") + (writes ? "yes     " : "no      ") + std::string(title) +
               "\n";
    };
    for (const auto& row : records::importers())
        line(row.id, row.read != nullptr, records::exporter(row.id) != nullptr, row.title);
    for (const auto& row : records::exporters())
        if (!records::importer(row.id)) line(row.id, false, true, row.title);
    return out;
}

} // namespace assay::app
