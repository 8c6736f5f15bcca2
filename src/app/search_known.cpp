#include "app/search_known.hpp"

#include "app/records.hpp"
#include "base/error.hpp"
#include "base/utf8.hpp"
#include "dedupe/normalise.hpp"
#include "search/fields.hpp"
#include "store/flow.hpp"
#include "text/fold.hpp"

#include <algorithm>
#include <bit>
#include <unordered_map>

namespace assay::app {

namespace {

std::string registration_of(const model::Record& record) {
    for (const char* scheme : {"nct", "isrctn", "actrn"})
        if (const std::string value = model::record_id(record, scheme); !value.empty())
            return dedupe::registration_number(value);
    return {};
}

// "12345678", "PMID: 12345678", "https://doi.org/10.1000/x", "NCT01234567"
bool read_id(std::string_view line, KnownItem& item) {
    item.name = line;
    if (item.doi = dedupe::plain_doi(line); !item.doi.empty()) return true;
    if (item.registration = dedupe::registration_number(line); !item.registration.empty()) return true;
    std::string digits;
    for (const char c : line) {
        if (c >= '0' && c <= '9')
            digits += c;
        else if (!digits.empty())
            return false; // "12 men": no id
    }
    const std::size_t start = line.find_first_of("0123456789");
    std::string before(line.substr(0, std::min(start, line.size())));
    for (char& c : before)
        c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    std::erase_if(before, [](char c) { return c == ' ' || c == ':' || c == '-' || c == '\t'; });
    if (digits.empty() || digits.size() > 9 || !(before.empty() || before == "pmid")) return false;
    item.pmid = digits.substr(std::min(digits.find_first_not_of('0'), digits.size()));
    return !item.pmid.empty();
}

bool same(const KnownItem& item, const model::Record& record, text::Folder& folder) {
    const auto has = [&](const char* scheme, const std::string& value) {
        return !value.empty() && std::any_of(record.ids.begin(), record.ids.end(), [&](const auto& id) {
            return id.scheme == scheme && id.value == value;
        });
    };
    if (has("pmid", item.pmid)) return true;
    if (!item.doi.empty() && dedupe::plain_doi(model::record_id(record, "doi")) == item.doi) return true;
    if (!item.registration.empty() && registration_of(record) == item.registration) return true;
    if (item.title.empty() || folder.words(record.title) != item.title) return false;
    const int year = dedupe::parse_year(record.date);
    return item.year.empty() || year == 0 || std::to_string(year) == item.year;
}

// Documents that have all these words in one of the parts.
std::vector<std::size_t> holding(const search::Index& index, std::string_view words, std::uint32_t parts) {
    std::vector<std::uint64_t> all((index.documents() + 63) / 64, ~std::uint64_t{0}), one;
    bool any = false;
    for (std::size_t at = 0; at < words.size();) {
        const std::size_t stop = std::min(words.find(' ', at), words.size());
        const std::uint32_t word = index.find(words.substr(at, stop - at));
        if (word == search::Index::npos) return {};
        one.assign(all.size(), 0);
        index.mark(word, parts, one);
        for (std::size_t b = 0; b < all.size(); ++b)
            all[b] &= one[b];
        any = true;
        at = stop + 1;
    }
    std::vector<std::size_t> out;
    for (std::size_t b = 0; any && b < all.size(); ++b)
        for (std::uint64_t left = all[b]; left != 0; left &= left - 1)
            out.push_back(b * 64 + static_cast<std::size_t>(std::countr_zero(left)));
    return out;
}

} // namespace

std::vector<KnownItem> read_known(const std::string& file, std::string bytes, Diagnostics& diagnostics) {
    std::vector<KnownItem> out;
    text::Folder folder;
    const std::string text = bytes;
    if (const auto read = read_records(file, std::move(bytes));
        !read.format.empty() && !read.records.empty()) {
        for (const model::Record& record : read.records) {
            KnownItem item;
            item.pmid = model::record_id(record, "pmid");
            item.doi = dedupe::plain_doi(model::record_id(record, "doi"));
            item.registration = registration_of(record);
            item.title = folder.words(record.title);
            if (const int year = dedupe::parse_year(record.date); year != 0) item.year = std::to_string(year);
            item.name = record.title.empty() ? file + ":" + std::to_string(record.line) : record.title;
            out.push_back(std::move(item));
        }
        return out;
    }
    int number = 0;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t stop = std::min(text.find('\n', at), text.size());
        std::string_view line = std::string_view(text).substr(at, stop - at);
        at = stop + 1;
        ++number;
        while (!line.empty() && (line.back() == ' ' || line.back() == '\r' || line.back() == '\t'))
            line.remove_suffix(1);
        while (!line.empty() && (line.front() == ' ' || line.front() == '\t'))
            line.remove_prefix(1);
        if (line.empty() || line.front() == '#') continue;
        KnownItem item;
        if (read_id(line, item))
            out.push_back(std::move(item));
        else
            diagnostics.add("search/known-unread", {file, number, 1},
                            in_quotes(line.substr(0, 60)) + " is no PubMed id, DOI or registration number",
                            "write one id a line, or give a file of records");
    }
    if (out.empty())
        throw Error("usage",
                    file + " names no known records: one PubMed id, DOI or registration number a line, "
                           "or a file of records",
                    Exit::input);
    return out;
}

std::vector<KnownItem> included_of(store::Store& store, const search::Index& index) {
    std::unordered_map<std::int64_t, KnownItem> groups;
    for (const auto& [head, word] : store::consensus(store, "fulltext"))
        if (word.value == "include") groups[head];
    if (groups.empty())
        throw Error("usage", "no record of the store is included at full text yet: give --known a file",
                    Exit::input);
    const auto heads = store.heads();
    const auto ids = index.ids();
    for (std::size_t i = 0; i < ids.size(); ++i) {
        const auto head = heads.find(ids[i]);
        const auto group = groups.find(head == heads.end() ? ids[i] : head->second);
        if (group != groups.end()) group->second.documents.push_back(i);
    }
    std::vector<std::int64_t> order;
    for (const auto& [head, item] : groups)
        order.push_back(head);
    std::sort(order.begin(), order.end());
    std::vector<KnownItem> out;
    for (const std::int64_t head : order) {
        KnownItem& item = groups[head];
        item.name = "record " + std::to_string(head);
        out.push_back(std::move(item));
    }
    return out;
}

void find_known(std::vector<KnownItem>& known, const search::Index& index,
                const std::function<model::Record(std::size_t)>& record) {
    text::Folder folder;
    for (KnownItem& item : known) {
        if (!item.documents.empty()) continue;
        // The index names who may be meant, the record itself decides.
        std::vector<std::size_t> candidates;
        for (const std::string* id : {&item.pmid, &item.doi})
            if (!id->empty())
                for (const std::size_t at : holding(index, folder.words(*id), search::part::id))
                    candidates.push_back(at);
        if (!item.registration.empty()) {
            const std::string words = folder.words(item.registration);
            for (const std::size_t at : holding(index, words, search::part::id))
                candidates.push_back(at);
        }
        if (!item.title.empty())
            for (const std::size_t at : holding(index, item.title, search::part::title))
                candidates.push_back(at);
        std::sort(candidates.begin(), candidates.end());
        candidates.erase(std::unique(candidates.begin(), candidates.end()), candidates.end());
        for (const std::size_t at : candidates)
            if (same(item, record(at), folder)) item.documents.push_back(at);
    }
}

} // namespace assay::app
