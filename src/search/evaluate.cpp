#include "search/evaluate.hpp"

#include "base/ascii.hpp"
#include "base/utf8.hpp"
#include "search/qualifiers.hpp"

#include <algorithm>
#include <bit>
#include <cstdlib>
#include <functional>
#include <map>
#include <set>

namespace assay::search {

std::size_t Found::count() const {
    std::size_t n = 0;
    for (const std::uint64_t word : bits)
        n += static_cast<std::size_t>(std::popcount(word));
    return n;
}

std::vector<std::size_t> Found::list() const {
    std::vector<std::size_t> out;
    for (std::size_t i = 0; i < bits.size(); ++i)
        for (std::uint64_t word = bits[i]; word != 0; word &= word - 1)
            out.push_back(i * 64 + static_cast<std::size_t>(std::countr_zero(word)));
    return out;
}

namespace {

using Bits = std::vector<std::uint64_t>;

using ascii::to_lower;

// Words side by side in one document and one slot: first and last place.
struct Span {
    std::uint32_t document;
    Position begin, end;
    auto operator<=>(const Span&) const = default;
};

void sort_once(std::vector<Span>& spans) {
    if (!std::is_sorted(spans.begin(), spans.end())) std::sort(spans.begin(), spans.end());
    spans.erase(std::unique(spans.begin(), spans.end()), spans.end());
}

bool before(const Occurrence& a, const Occurrence& b) {
    return a.document != b.document ? a.document < b.document : a.position < b.position;
}

// Appends a sorted list to a sorted list.
template<class T, class Less> void merge_into(std::vector<T>& out, const std::vector<T>& more, Less less) {
    const auto middle = static_cast<std::ptrdiff_t>(out.size());
    out.insert(out.end(), more.begin(), more.end());
    std::inplace_merge(out.begin(), out.begin() + middle, out.end(), less);
}

class Evaluator {
public:
    Evaluator(const Cleaned& in, const Strategy& strategy, const Index& index, const Thesaurus& thesaurus,
              Diagnostics& diagnostics)
        : in_(in), strategy_(strategy), index_(index), thesaurus_(thesaurus), diagnostics_(diagnostics),
          blocks_((index.documents() + 63) / 64) {}

    std::vector<Found> all() {
        found_.resize(strategy_.lines.size());
        for (line_ = 0; line_ < strategy_.lines.size(); ++line_) {
            const Line& line = strategy_.lines[line_];
            expanded_ = line_;
            line_spans_.clear();
            found_[line_].bits = line.comment || line.empty ? nothing() : documents(line.node, {});
        }
        return found_;
    }

    /// After all(): what `target` would lose without `dropped`.
    std::size_t lost_without(std::size_t dropped, std::size_t target) {
        if (dropped > target) return 0;
        if (dropped == target) return found_[target].count();
        std::vector<std::pair<std::size_t, Bits>> changed;
        const auto replace = [&](std::size_t line, Bits bits) {
            changed.emplace_back(line, std::move(found_[line].bits));
            found_[line].bits = std::move(bits);
        };
        const auto has_changed = [&](std::size_t line) {
            return std::any_of(changed.begin(), changed.end(),
                               [&](const auto& c) { return c.first == line; });
        };
        dropped_ = dropped;
        replace(dropped, nothing());
        for (line_ = dropped + 1; line_ <= target; ++line_) {
            const Line& line = strategy_.lines[line_];
            if (line.comment || line.empty) continue;
            bool affected = false;
            walk(line.node, [&](const Node& node) {
                if (const auto* references = std::get_if<References>(&node.what))
                    for (const std::size_t other : lines(*references))
                        affected = affected || has_changed(other);
            });
            if (!affected) continue;
            expanded_ = line_;
            line_spans_.clear();
            replace(line_, documents(line.node, {}));
        }
        std::size_t lost = 0;
        for (auto& [line, bits] : changed) {
            if (line == target)
                for (std::size_t b = 0; b < bits.size(); ++b)
                    lost += static_cast<std::size_t>(std::popcount(bits[b] & ~found_[line].bits[b]));
            found_[line].bits = std::move(bits);
        }
        dropped_ = Strategy::npos;
        return lost;
    }

private:
    using Fields = std::vector<Field>;

    Bits nothing() const { return Bits(blocks_, 0); }

    void unsupported(const Node& node, const std::string& what) {
        if (told_.insert({line_, what}).second && diagnostics_.items().size() < 1000)
            in_.report(diagnostics_, "search/unsupported", node.begin, node.end, what);
    }

    Bits documents(const Node& node, const Fields& inherited) {
        const Fields& fields = node.fields.empty() ? inherited : node.fields;
        return std::visit([&](const auto& what) { return find(node, what, fields); }, node.what);
    }

    std::uint32_t parts(const Fields& fields) const { return parts_of(fields, strategy_.dialect); }

    // ---- words
    // ---------------------------------------------------------------------------------------------
    Bits one_word(std::string_view pattern, std::uint32_t where) {
        Bits out = nothing();
        for (const std::uint32_t word : index_.matching(pattern))
            index_.mark(word, where, out);
        return out;
    }

    Bits find(const Node& node, const Text& text, const Fields& fields) {
        const auto words = folded_words(text.pattern, folder_);
        if (words.empty()) return nothing();
        if (words.size() == 1) return one_word(words.front(), parts(fields));
        if (text.loose && !tagged_phrase(fields)) {
            Bits out = one_word(words.front(), parts(fields));
            for (std::size_t i = 1; i < words.size(); ++i) {
                const Bits next = one_word(words[i], parts(fields));
                for (std::size_t b = 0; b < out.size(); ++b)
                    out[b] &= next[b];
            }
            return out;
        }
        return marked(spans(node, fields));
    }

    // PubMed takes words with a tag for a phrase.
    bool tagged_phrase(const Fields& fields) const {
        return strategy_.dialect == Dialect::pubmed && !fields.empty();
    }

    Bits marked(const std::vector<Span>& spans) const {
        Bits out = nothing();
        for (const Span& span : spans)
            out[span.document >> 6] |= std::uint64_t{1} << (span.document & 63);
        return out;
    }

    // Strategies name the same words again and again, so the places of a word are kept; valid until the next
    // call.
    const std::vector<Occurrence>& places(const std::string& pattern, std::uint32_t where) {
        constexpr std::size_t most_kept = std::size_t{8} << 20; // occurrences of eight bytes
        if (kept_places_ > most_kept) {
            places_.clear();
            kept_places_ = 0;
        }
        const auto [at, added] = places_.try_emplace({pattern, where});
        std::vector<Occurrence>& out = at->second;
        if (!added) return out;
        const auto words = index_.matching(pattern);
        constexpr std::size_t few = 8; // so many are merged, more are sorted together
        std::vector<Occurrence> own;
        for (const std::uint32_t word : words) {
            if (words.size() == 1 || words.size() > few) {
                index_.places(word, where, out);
                continue;
            }
            own.clear();
            index_.places(word, where, own);
            merge_into(out, own, before);
        }
        if (words.size() > few) std::sort(out.begin(), out.end(), before);
        kept_places_ += out.size();
        return out;
    }

    std::vector<Span> phrase(const std::vector<std::string>& words, std::uint32_t where) {
        std::vector<Span> out;
        for (const Occurrence& place : places(words.front(), where))
            out.push_back({place.document, place.position, place.position});
        for (std::size_t i = 1; i < words.size() && !out.empty(); ++i) {
            const auto& next = places(words[i], where);
            std::vector<Span> kept;
            auto at = next.begin();
            for (const Span& span : out) {
                while (at != next.end() && (at->document < span.document ||
                                            (at->document == span.document && at->position < span.end + 1)))
                    ++at;
                if (at == next.end()) break;
                if (at->document == span.document && at->position == span.end + 1)
                    kept.push_back({span.document, span.begin, span.end + 1});
            }
            out = std::move(kept);
        }
        return out;
    }

    // Where something stands, for nearness. Headings and limits stand nowhere.
    std::vector<Span> spans(const Node& node, const Fields& inherited) {
        const Fields& fields = node.fields.empty() ? inherited : node.fields;
        if (const auto* text = std::get_if<Text>(&node.what)) {
            const auto words = folded_words(text->pattern, folder_);
            return words.empty() ? std::vector<Span>() : phrase(words, parts(fields));
        }
        if (const auto* near = std::get_if<Near>(&node.what)) return near_spans(*near, fields);
        if (const auto* group = std::get_if<Group>(&node.what)) return group_spans(*group, fields);
        if (const auto* references = std::get_if<References>(&node.what)) {
            std::vector<Span> out;
            for (const std::size_t line : lines(*references)) {
                // Only what stands above the line that refers; so no line leads back to itself.
                if (line >= expanded_ || line == dropped_ || strategy_.lines[line].empty) continue;
                if (depth_ > most_depth) {
                    unsupported(node,
                                "lines refer to lines more than " + std::to_string(most_depth) + " deep");
                    continue;
                }
                const auto& more = line_spans(line, fields);
                out.insert(out.end(), more.begin(), more.end());
            }
            sort_once(out);
            return out;
        }
        unsupported(node, "only words can be near one another");
        return {};
    }

    /// Each line once, whoever refers to it: lines that refer twice to the line above would double the work
    /// each time.
    const std::vector<Span>& line_spans(std::size_t line, const Fields& fields) {
        const auto key = std::pair(line, fields);
        if (const auto known = line_spans_.find(key); known != line_spans_.end()) return known->second;
        const std::size_t outer = expanded_;
        expanded_ = line;
        ++depth_;
        auto made = spans(strategy_.lines[line].node, fields);
        --depth_;
        expanded_ = outer;
        return line_spans_.emplace(key, std::move(made)).first->second;
    }

    std::vector<Span> group_spans(const Group& group, const Fields& fields) {
        std::vector<Span> out;
        std::vector<Bits> holding; // of AND: the records of each part, looked up once
        for (std::size_t i = 0; i < group.children.size(); ++i) {
            if (group.op == Operator::without && i > 0) break;
            auto own = spans(group.children[i], fields);
            if (group.op == Operator::all) holding.push_back(marked(own));
            merge_into(out, std::move(own), std::less<Span>());
        }
        sort_once(out);
        if (group.op == Operator::any) return out;
        // AND and NOT: the same places, in the records that both sides allow.
        Bits allowed = group.op == Operator::all ? Bits(blocks_, ~std::uint64_t{0}) : nothing();
        for (std::size_t i = 0; i < group.children.size(); ++i) {
            if (group.op == Operator::without && i == 0) continue;
            const Bits own = group.op == Operator::all ? holding[i] : documents(group.children[i], fields);
            for (std::size_t b = 0; b < own.size(); ++b)
                allowed[b] = group.op == Operator::all ? allowed[b] & own[b] : allowed[b] | own[b];
        }
        std::erase_if(out, [&](const Span& span) {
            const bool has = allowed[span.document >> 6] >> (span.document & 63) & 1U;
            return has != (group.op == Operator::all);
        });
        return out;
    }

    std::vector<Span> near_spans(const Near& near, const Fields& fields) {
        const auto between = static_cast<Position>(std::min(near.between, most_between));
        if (near.window) return window_spans(near, fields, between);
        std::vector<Span> out = spans(near.children.front(), fields);
        for (std::size_t i = 1; i < near.children.size() && !out.empty(); ++i)
            out = pairs(out, spans(near.children[i], fields), between, near.ordered);
        return out;
    }

    static std::vector<Span> pairs(const std::vector<Span>& left, const std::vector<Span>& right,
                                   Position between, bool ordered) {
        Position longest = 0;
        for (const Span& span : right)
            longest = std::max(longest, span.end - span.begin);
        std::vector<Span> out;
        std::size_t from = 0;
        for (const Span& a : left) {
            const Position reach = longest + between + 1;
            const Position low = a.begin > reach ? a.begin - reach : 0;
            while (from < right.size() && (right[from].document < a.document ||
                                           (right[from].document == a.document && right[from].begin < low)))
                ++from;
            for (std::size_t i = from;
                 i < right.size() && right[i].document == a.document && right[i].begin <= a.end + between + 1;
                 ++i) {
                const Span& b = right[i];
                const bool after = b.begin > a.end && b.begin - a.end - 1 <= between;
                const bool before = !ordered && a.begin > b.end && a.begin - b.end - 1 <= between;
                if (after || before)
                    out.push_back({a.document, std::min(a.begin, b.begin), std::max(a.end, b.end)});
            }
        }
        sort_once(out);
        return out;
    }

    // All words within one stretch; a word that is asked for twice must stand there twice.
    std::vector<Span> window_spans(const Near& near, const Fields& fields, Position between) {
        std::vector<std::pair<std::string, std::size_t>> wanted;
        std::size_t total = 0;
        for (const Node& child : near.children) {
            const auto* text = std::get_if<Text>(&child.what);
            if (!text) continue;
            for (const auto& word : folded_words(text->pattern, folder_)) {
                ++total;
                auto same = std::find_if(wanted.begin(), wanted.end(),
                                         [&](const auto& w) { return w.first == word; });
                if (same == wanted.end())
                    wanted.emplace_back(word, 1);
                else
                    ++same->second;
            }
        }
        std::vector<std::vector<Occurrence>> lists;
        for (const auto& [word, count] : wanted)
            lists.push_back(places(word, parts(fields)));
        const Position stretch = static_cast<Position>(total) + between;
        std::vector<Span> out;
        for (const auto& list : lists)
            for (const Occurrence& start : list) {
                bool whole = true;
                for (std::size_t i = 0; i < lists.size() && whole; ++i) {
                    const auto first = std::lower_bound(lists[i].begin(), lists[i].end(), start, before);
                    std::size_t count = 0;
                    for (auto at = first; at != lists[i].end() && at->document == start.document &&
                                          at->position < start.position + stretch;
                         ++at)
                        ++count;
                    whole = count >= wanted[i].second;
                }
                if (whole) out.push_back({start.document, start.position, start.position + stretch - 1});
            }
        sort_once(out);
        return out;
    }

    Bits find(const Node& node, const Near&, const Fields& fields) { return marked(spans(node, fields)); }

    // ---- headings
    // ------------------------------------------------------------------------------------------
    void mark_token(const std::string& token, Bits& out) const {
        if (const std::uint32_t word = index_.find(token); word != Index::npos)
            index_.mark(word, 1U << 15, out);
    }

    Bits find(const Node& node, const Heading& heading, const Fields&) {
        std::vector<std::string> names{folder_.words(heading.name)};
        const int id = thesaurus_.find(heading.name);
        if (id >= 0) {
            names.clear();
            for (const int below : heading.explode ? thesaurus_.explode(id) : std::vector<int>{id})
                names.push_back(folder_.words(thesaurus_.name(below)));
        } else if (heading.explode && thesaurus_.empty()) {
            unsupported(node, "without a MeSH file (--mesh) an exploded heading finds itself alone");
        }
        Bits out = nothing();
        for (const auto& name : names) {
            if (heading.qualifiers.empty()) mark_token(heading_token(name, heading.major, {}), out);
            for (const auto& qualifier : heading.qualifiers)
                mark_token(heading_token(name, heading.major, qualifier), out);
        }
        return out;
    }

    Bits find(const Node&, const Qualifier& qualifier, const Fields&) {
        Bits out = nothing();
        const auto* known = find_qualifier(qualifier.name);
        mark_token(qualifier_token(known ? to_lower(known->code) : folder_.words(qualifier.name)), out);
        return out;
    }

    // ---- combinations
    // ----------------------------------------------------------------------------------------
    Bits find(const Node&, const Group& group, const Fields& fields) {
        Bits out = documents(group.children.front(), fields);
        for (std::size_t i = 1; i < group.children.size(); ++i) {
            const Bits next = documents(group.children[i], fields);
            for (std::size_t b = 0; b < out.size(); ++b) {
                if (group.op == Operator::all) out[b] &= next[b];
                if (group.op == Operator::any) out[b] |= next[b];
                if (group.op == Operator::without) out[b] &= ~next[b];
            }
        }
        return out;
    }

    std::vector<std::size_t> lines(const References& references) const {
        std::vector<std::size_t> out;
        for (const LineRange& range : references.ranges) {
            const std::size_t first = strategy_.find(range.first), last = strategy_.find(range.last);
            if (first == Strategy::npos || last == Strategy::npos) continue;
            for (std::size_t i = first; i <= last; ++i)
                if (!strategy_.lines[i].comment) out.push_back(i);
        }
        return out;
    }

    Bits find(const Node&, const References& references, const Fields&) {
        Bits out = nothing();
        bool first = true;
        for (const std::size_t line : lines(references)) {
            const Bits own = line < line_ ? found_[line].bits : nothing();
            for (std::size_t b = 0; b < out.size(); ++b)
                out[b] = first || references.op == Operator::any ? out[b] | own[b] : out[b] & own[b];
            first = false;
        }
        return out;
    }

    // ---- limits
    // ----------------------------------------------------------------------------------------------
    static std::uint32_t day(std::string_view text, bool last) {
        std::string digits;
        for (const char c : text)
            if (c >= '0' && c <= '9' && digits.size() < 8) digits += c;
        while (digits.size() < 8)
            digits += last ? '9' : '0';
        return static_cast<std::uint32_t>(std::atoi(digits.c_str()));
    }

    Bits find(const Node& node, const DateRange& range, const Fields& fields) {
        if (!fields.empty() && fields.front() != Field::date_published)
            unsupported(node,
                        "the date of publication stands for the " + std::string(row(fields.front()).name));
        Bits out = nothing();
        const std::uint32_t from = day(range.from, false), to = day(range.to, true);
        const auto dates = index_.dates();
        for (std::size_t i = 0; i < dates.size(); ++i)
            if (dates[i] != 0 && dates[i] >= from && dates[i] <= to)
                out[i >> 6] |= std::uint64_t{1} << (i & 63);
        return out;
    }

    bool limit_bits(const Node& node, const std::string& raw, Bits& out) {
        std::string item;
        for (const char c : to_lower(raw))
            if (c != '"') item += c;
        if (item.rfind("yr", 0) == 0 && item.find('=') != std::string::npos) {
            std::string years;
            for (const char c : item)
                if ((c >= '0' && c <= '9') || c == '-') years += c;
            const std::size_t dash = years.find('-');
            DateRange range{years.substr(0, dash),
                            dash == std::string::npos ? years : years.substr(dash + 1)};
            if (range.to.empty()) range.to = "3000";
            out = find(node, range, {Field::date_published});
            return true;
        }
        if (const std::size_t at = item.find(" language"); at != std::string::npos) item.resize(at);
        if (item == "humans" || item == "human" || item == "animals") {
            Heading heading;
            heading.name = item == "animals" ? "Animals" : "Humans";
            out = find(node, heading, {});
            return true;
        }
        for (const auto where : {part::language, part::type}) {
            const auto words = folded_words(item, folder_);
            if (words.empty()) return false;
            out = marked(phrase(words, where));
            if (std::any_of(out.begin(), out.end(), [](std::uint64_t w) { return w != 0; })) return true;
        }
        return false;
    }

    Bits find(const Node& node, const Limit& limit, const Fields&) {
        Bits out =
            limit.target.empty() ? Bits(blocks_, ~std::uint64_t{0}) : documents(limit.target.front(), {});
        if (limit.target.empty() && index_.documents() % 64 != 0 && !out.empty())
            out.back() = (std::uint64_t{1} << (index_.documents() % 64)) - 1;
        Bits any = nothing();
        bool known = false;
        for (const std::string& item : limit.items) {
            Bits own;
            if (!limit_bits(node, item, own)) {
                unsupported(node, "the limit " + in_quotes(item) +
                                      " cannot be searched in these records; the count is without it");
                if (limit.any) return out;
                continue;
            }
            known = true;
            for (std::size_t b = 0; b < own.size(); ++b)
                if (limit.any)
                    any[b] |= own[b];
                else
                    out[b] &= own[b];
        }
        if (limit.any && known)
            for (std::size_t b = 0; b < out.size(); ++b)
                out[b] &= any[b];
        return out;
    }

    Bits find(const Node& node, const Command& command, const Fields&) {
        unsupported(node, "'" + command.words + "' is not obeyed here; assay dedupe finds copies");
        return command.target.empty() ? nothing() : documents(command.target.front(), {});
    }

    const Cleaned& in_;
    const Strategy& strategy_;
    const Index& index_;
    const Thesaurus& thesaurus_;
    Diagnostics& diagnostics_;
    std::size_t blocks_, line_ = 0, kept_places_ = 0;
    std::map<std::pair<std::string, std::uint32_t>, std::vector<Occurrence>> places_;
    int depth_ = 0;
    static constexpr int most_depth = 100;
    std::size_t expanded_ = 0;             ///< the line whose references are followed
    std::size_t dropped_ = Strategy::npos; ///< the line that is taken to find nothing
    std::map<std::pair<std::size_t, Fields>, std::vector<Span>> line_spans_;
    std::vector<Found> found_;
    std::set<std::pair<std::size_t, std::string>> told_;
    text::Folder folder_;
};

} // namespace

std::vector<Found> evaluate(const Cleaned& in, const Strategy& strategy, const Index& index,
                            const Thesaurus& thesaurus, Diagnostics& diagnostics) {
    return Evaluator(in, strategy, index, thesaurus, diagnostics).all();
}

Answers evaluate_each_without(const Cleaned& in, const Strategy& strategy, const Index& index,
                              const Thesaurus& thesaurus, Diagnostics& diagnostics, std::size_t target) {
    Evaluator evaluator(in, strategy, index, thesaurus, diagnostics);
    Answers out;
    out.lines = evaluator.all();
    for (std::size_t line = 0; line < out.lines.size(); ++line)
        out.only.push_back(evaluator.lost_without(line, target));
    return out;
}

} // namespace assay::search
