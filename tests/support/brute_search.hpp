// The slow and plain way to search: every record's texts are cut into words anew and the tree is followed
// word by word. The index has to agree with it.
#pragma once

#include "search/index.hpp"
#include "search/qualifiers.hpp"
#include "search/thesaurus.hpp"
#include "search/tree.hpp"

#include <algorithm>
#include <set>
#include <sstream>
#include <tuple>

namespace assay::brute {

using search::Field;
using search::Node;

// A stretch of words: which text of the record, first and last word.
using Stretch = std::tuple<std::size_t, int, int>;

struct Text {
    std::uint32_t part = 0;
    std::vector<std::string> words;
};

struct Record {
    std::vector<Text> texts;
    search::Searchable raw;
};

inline bool letters_fit(const char* pattern, const char* end, const char* word, const char* word_end) {
    if (pattern == end) return word == word_end;
    const auto next = [&](const char* at) {
        ++at;
        while (at != word_end && (static_cast<unsigned char>(*at) & 0xC0) == 0x80)
            ++at;
        return at;
    };
    int least = 0, most = 0;
    const char* rest = pattern + 1;
    if (*pattern == search::wild::any || *pattern == search::wild::any_dollar) {
        most = 1000;
    } else if (*pattern == search::wild::one) {
        least = most = 1;
    } else if (*pattern == search::wild::maybe) {
        most = 1;
    } else if (*pattern == search::wild::up_to) {
        most = *rest++ - '0';
    } else {
        return word != word_end && *word == *pattern && letters_fit(rest, end, word + 1, word_end);
    }
    for (int n = 0; n <= most; ++n) {
        if (n >= least && letters_fit(rest, end, word, word_end)) return true;
        if (word == word_end) return false;
        word = next(word);
    }
    return false;
}

inline Record read(const model::Record& record) {
    text::Folder folder;
    Record out;
    out.raw = search::searchable(record, folder);
    for (const auto& value : out.raw.values) {
        Text text;
        text.part = 1U << static_cast<int>(value.slot);
        std::istringstream words(text::Folder().words(value.text));
        for (std::string word; words >> word;)
            text.words.push_back(word);
        out.texts.push_back(std::move(text));
    }
    return out;
}

class Matcher {
public:
    Matcher(const search::Strategy& strategy, const search::Thesaurus& thesaurus)
        : strategy_(strategy), thesaurus_(thesaurus) {}

    /// Does the record belong to the line?
    bool line(std::size_t at, const Record& record) const {
        const search::Line& one = strategy_.lines[at];
        return !one.comment && !one.empty && matches(one.node, {}, record, at);
    }

private:
    using Fields = std::vector<Field>;

    std::set<Stretch> words_at(const std::string& pattern, const Fields& fields, const Record& record) const {
        std::set<Stretch> out;
        text::Folder folder;
        const auto wanted = search::folded_words(pattern, folder);
        if (wanted.empty()) return out;
        const std::uint32_t parts = search::parts_of(fields, strategy_.dialect);
        for (std::size_t t = 0; t < record.texts.size(); ++t) {
            const auto& text = record.texts[t];
            if ((text.part & parts) == 0) continue;
            for (std::size_t i = 0; i + wanted.size() <= text.words.size(); ++i) {
                bool all = true;
                for (std::size_t k = 0; k < wanted.size() && all; ++k) {
                    const auto& p = wanted[k];
                    const auto& w = text.words[i + k];
                    all = letters_fit(p.data(), p.data() + p.size(), w.data(), w.data() + w.size());
                }
                if (all) out.insert({t, static_cast<int>(i), static_cast<int>(i + wanted.size() - 1)});
            }
        }
        return out;
    }

    std::set<Stretch> stretches(const Node& node, const Fields& inherited, const Record& record,
                                std::size_t at) const {
        const Fields& fields = node.fields.empty() ? inherited : node.fields;
        if (const auto* text = std::get_if<search::Text>(&node.what))
            return words_at(text->pattern, fields, record);
        std::set<Stretch> out;
        if (const auto* group = std::get_if<search::Group>(&node.what)) {
            for (std::size_t i = 0; i < group->children.size(); ++i) {
                if (group->op == search::Operator::without && i > 0) {
                    if (matches(group->children[i], fields, record, at)) return {};
                    continue;
                }
                const auto own = stretches(group->children[i], fields, record, at);
                if (own.empty() && group->op == search::Operator::all) return {};
                out.insert(own.begin(), own.end());
            }
        } else if (const auto* near = std::get_if<search::Near>(&node.what)) {
            const int between = std::min(near->between, search::most_between);
            out = stretches(near->children.front(), fields, record, at);
            for (std::size_t i = 1; i < near->children.size(); ++i) {
                std::set<Stretch> joined;
                const auto right = stretches(near->children[i], fields, record, at);
                for (const auto& [text, begin, end] : out)
                    for (const auto& [other, first, last] : right) {
                        if (text != other) continue;
                        const bool after = first > end && first - end - 1 <= between;
                        const bool before = !near->ordered && begin > last && begin - last - 1 <= between;
                        if (after || before)
                            joined.insert({text, std::min(begin, first), std::max(end, last)});
                    }
                out = joined;
            }
        } else if (const auto* references = std::get_if<search::References>(&node.what)) {
            for (const std::size_t line : lines(*references))
                if (line < at) {
                    const auto own = stretches(strategy_.lines[line].node, fields, record, line);
                    out.insert(own.begin(), own.end());
                }
        }
        return out;
    }

    std::vector<std::size_t> lines(const search::References& references) const {
        std::vector<std::size_t> out;
        for (const auto& range : references.ranges) {
            const std::size_t first = strategy_.find(range.first), last = strategy_.find(range.last);
            if (first == search::Strategy::npos || last == search::Strategy::npos) continue;
            for (std::size_t i = first; i <= last; ++i)
                if (!strategy_.lines[i].comment) out.push_back(i);
        }
        return out;
    }

    bool heading(const search::Heading& wanted, const Record& record) const {
        text::Folder folder;
        std::set<std::string> names{folder.words(wanted.name)};
        const int id = thesaurus_.find(wanted.name);
        if (id >= 0) {
            names = {folder.words(thesaurus_.name(id))};
            if (wanted.explode)
                for (const int below : thesaurus_.explode(id))
                    names.insert(folder.words(thesaurus_.name(below)));
        }
        for (const auto& own : record.raw.headings) {
            if (names.count(own.name) == 0 || (wanted.major && !own.major)) continue;
            if (wanted.qualifiers.empty()) return true;
            for (const auto& q : wanted.qualifiers)
                if (std::find(own.qualifiers.begin(), own.qualifiers.end(), q) != own.qualifiers.end())
                    return true;
        }
        return false;
    }

    bool matches(const Node& node, const Fields& inherited, const Record& record, std::size_t at) const {
        const Fields& fields = node.fields.empty() ? inherited : node.fields;
        if (const auto* text = std::get_if<search::Text>(&node.what)) {
            if (!text->loose || (strategy_.dialect == search::Dialect::pubmed && !fields.empty()))
                return !words_at(text->pattern, fields, record).empty();
            text::Folder folder;
            const auto words = search::folded_words(text->pattern, folder);
            return !words.empty() && std::all_of(words.begin(), words.end(), [&](const std::string& word) {
                return !words_at(word, fields, record).empty();
            });
        }
        if (const auto* one = std::get_if<search::Heading>(&node.what)) return heading(*one, record);
        if (const auto* qualifier = std::get_if<search::Qualifier>(&node.what)) {
            const auto* known = search::find_qualifier(qualifier->name);
            std::string code = known ? std::string(known->code) : qualifier->name;
            for (char& c : code)
                if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
            for (const auto& own : record.raw.headings)
                if (std::find(own.qualifiers.begin(), own.qualifiers.end(), code) != own.qualifiers.end())
                    return true;
            return false;
        }
        if (const auto* group = std::get_if<search::Group>(&node.what)) {
            bool out = matches(group->children.front(), fields, record, at);
            for (std::size_t i = 1; i < group->children.size(); ++i) {
                const bool next = matches(group->children[i], fields, record, at);
                out = group->op == search::Operator::all   ? out && next
                      : group->op == search::Operator::any ? out || next
                                                           : out && !next;
            }
            return out;
        }
        if (const auto* references = std::get_if<search::References>(&node.what)) {
            const auto list = lines(*references);
            const auto has = [&](std::size_t line) { return line < at && this->line(line, record); };
            if (list.empty()) return false;
            return references->op == search::Operator::any ? std::any_of(list.begin(), list.end(), has)
                                                           : std::all_of(list.begin(), list.end(), has);
        }
        if (std::holds_alternative<search::Near>(node.what))
            return !stretches(node, inherited, record, at).empty();
        return false;
    }

    const search::Strategy& strategy_;
    const search::Thesaurus& thesaurus_;
};

} // namespace assay::brute
