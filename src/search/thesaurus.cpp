#include "search/thesaurus.hpp"

#include "text/fold.hpp"

#include <algorithm>

namespace assay::search {

std::string Thesaurus::key(std::string_view name) {
    return text::Folder().words(name);
}

void Thesaurus::add(std::string_view name, std::string_view tree_number) {
    if (name.empty()) return;
    const auto [at, fresh] = by_name_.try_emplace(key(name), static_cast<int>(names_.size()));
    if (fresh) {
        names_.emplace_back(name);
        numbers_.emplace_back();
    }
    if (tree_number.empty()) return;
    numbers_[static_cast<std::size_t>(at->second)].emplace_back(tree_number);
    tree_.emplace_back(std::string(tree_number), at->second);
}

void Thesaurus::add_entry_term(std::string_view term, std::string_view name) {
    const auto found = by_name_.find(key(name));
    if (found != by_name_.end()) by_name_.try_emplace(key(term), found->second);
}

void Thesaurus::finish() {
    std::sort(tree_.begin(), tree_.end());
}

int Thesaurus::find(std::string_view name) const {
    const auto found = by_name_.find(key(name));
    return found == by_name_.end() ? -1 : found->second;
}

std::vector<int> Thesaurus::explode(int heading) const {
    std::vector<int> out{heading};
    for (const std::string& number : numbers_[static_cast<std::size_t>(heading)]) {
        // Children of A01.2 are A01.2.x; '/' is the sign after '.', so the branch is one interval.
        const auto first =
            std::lower_bound(tree_.begin(), tree_.end(), std::pair<std::string, int>(number, -1));
        const auto last = std::lower_bound(first, tree_.end(), std::pair<std::string, int>(number + "/", -1));
        for (auto at = first; at != last; ++at)
            if (at->first.size() == number.size() || at->first[number.size()] == '.')
                out.push_back(at->second);
    }
    std::sort(out.begin(), out.end());
    out.erase(std::unique(out.begin(), out.end()), out.end());
    return out;
}

namespace {

std::string_view between(std::string_view text, std::string_view open, std::string_view close,
                         std::size_t& at) {
    const std::size_t begin = text.find(open, at);
    if (begin == std::string_view::npos) return {};
    const std::size_t end = text.find(close, begin + open.size());
    if (end == std::string_view::npos) return {};
    at = end;
    return text.substr(begin + open.size(), end - begin - open.size());
}

void read_record(std::string_view record, Thesaurus& out) {
    std::size_t at = 0;
    const std::string_view head = between(record, "<DescriptorName>", "</DescriptorName>", at);
    std::size_t inner = 0;
    const std::string name = text::without_markup(between(head, "<String>", "</String>", inner));
    if (name.empty()) return;
    std::size_t numbers = 0, count = 0;
    const std::size_t list = record.find("<TreeNumberList>");
    if (list != std::string_view::npos) {
        numbers = list;
        for (auto number = between(record, "<TreeNumber>", "</TreeNumber>", numbers); !number.empty();
             number = between(record, "<TreeNumber>", "</TreeNumber>", numbers)) {
            out.add(name, number);
            ++count;
        }
    }
    if (count == 0) out.add(name, {});
    std::size_t terms = record.find("<ConceptList>");
    if (terms == std::string_view::npos) return;
    for (;;) {
        const std::size_t term = record.find("<Term ", terms);
        if (term == std::string_view::npos) break;
        terms = term;
        const auto text = between(record, "<String>", "</String>", terms);
        if (text.empty()) break;
        out.add_entry_term(text::without_markup(text), name);
    }
}

} // namespace

Thesaurus read_thesaurus(std::string_view bytes) {
    Thesaurus out;
    if (bytes.find("<DescriptorRecord") != std::string_view::npos) {
        for (std::size_t at = bytes.find("<DescriptorRecord "); at != std::string_view::npos;) {
            const std::size_t next = bytes.find("<DescriptorRecord ", at + 1);
            read_record(bytes.substr(at, next == std::string_view::npos ? next : next - at), out);
            at = next;
        }
    } else {
        for (std::size_t at = 0; at < bytes.size();) {
            const std::size_t stop = std::min(bytes.find('\n', at), bytes.size());
            std::string_view line = bytes.substr(at, stop - at);
            if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
            const std::size_t semicolon = line.rfind(';');
            if (semicolon != std::string_view::npos && semicolon > 0 && line.front() != '#')
                out.add(line.substr(0, semicolon), line.substr(semicolon + 1));
            at = stop + 1;
        }
    }
    out.finish();
    return out;
}

} // namespace assay::search
