#include "search/lint.hpp"

#include "base/ascii.hpp"
#include "base/utf8.hpp"

#include <algorithm>
#include <cstdlib>
#include <map>
#include <set>

namespace assay::search {

namespace {

using ascii::to_lower;

void report(const LintInput& input, Diagnostics& to, std::string_view code, const Node& node,
            std::string message, std::string hint = {}) {
    if (to.items().size() < 2000)
        input.in.report(to, code, node.begin, node.end, std::move(message), std::move(hint));
}

template<typename Visit> void each_node(const LintInput& input, const Visit& visit) {
    for (std::size_t i = 0; i < input.strategy.lines.size(); ++i) {
        const Line& line = input.strategy.lines[i];
        if (line.comment || line.empty) continue;
        walk(line.node, [&](const Node& node) { visit(node, i); });
    }
}

// Lines a node refers to, as indexes; unknown ones are left out.
std::vector<std::size_t> referred(const Strategy& strategy, const Node& node) {
    std::vector<std::size_t> out;
    walk(node, [&](const Node& below) {
        const auto* references = std::get_if<References>(&below.what);
        if (!references) return;
        for (const LineRange& range : references->ranges) {
            const std::size_t first = strategy.find(range.first), last = strategy.find(range.last);
            if (first == Strategy::npos || last == Strategy::npos) continue;
            for (std::size_t i = first; i <= last; ++i)
                if (!strategy.lines[i].comment) out.push_back(i);
        }
    });
    return out;
}

void mixed_operators(const LintInput& input, Diagnostics& to) {
    each_node(input, [&](const Node& node, std::size_t) {
        const auto* group = std::get_if<Group>(&node.what);
        if (!group || group->op == Operator::without) return;
        for (const Node& child : group->children) {
            const auto* inner = std::get_if<Group>(&child.what);
            if (!inner || child.bracketed || inner->op == Operator::without || inner->op == group->op)
                continue;
            const bool left_to_right = input.strategy.dialect == Dialect::pubmed;
            report(input, to, "search/mixed-operators", child,
                   "AND and OR stand side by side without brackets",
                   left_to_right ? "PubMed takes them from left to right"
                                 : std::string(row(input.strategy.dialect).title) +
                                       (inner->op == Operator::all ? " takes AND first" : " takes OR first"));
            return;
        }
    });
}

void quoted_wildcard(const LintInput& input, Diagnostics& to) {
    if (row(input.strategy.dialect).wild_in_quotes) return;
    each_node(input, [&](const Node& node, std::size_t) {
        const auto* text = std::get_if<Text>(&node.what);
        if (text && text->quoted && text->pattern.find_first_of(wild::signs) != std::string::npos)
            report(input, to, "search/quoted-wildcard", node, "a wildcard inside quotes is not obeyed here");
    });
}

// The letters before the first unlimited wildcard of each word.
void short_truncation(const LintInput& input, Diagnostics& to) {
    each_node(input, [&](const Node& node, std::size_t) {
        const auto* text = std::get_if<Text>(&node.what);
        if (!text) return;
        std::size_t letters = 0;
        for (std::size_t i = 0; i < text->pattern.size(); ++i) {
            const char c = text->pattern[i];
            if (c == ' ' || c == '-') {
                letters = 0;
            } else if (c == wild::any || c == wild::any_dollar) {
                const bool last = i + 1 == text->pattern.size() || text->pattern[i + 1] == ' ';
                if (letters < 4 && last) {
                    report(input, to, "search/short-truncation", node,
                           "only " + std::to_string(letters) + (letters == 1 ? " letter" : " letters") +
                               " before the truncation",
                           input.strategy.dialect == Dialect::pubmed ? "PubMed wants at least four"
                                                                     : "it finds many unrelated words");
                    return;
                }
            } else if (!wild::is(c) && (static_cast<unsigned char>(c) & 0xC0) != 0x80) {
                ++letters;
            } else if (c == wild::up_to) {
                ++i;
            }
        }
    });
}

struct Spelling {
    std::string_view american, british;
};

constexpr Spelling spellings[] = {
    {"randomiz", "randomis"},      {"tumor", "tumour"},
    {"pediatric", "paediatric"},   {"edema", "oedema"},
    {"esophag", "oesophag"},       {"behavior", "behaviour"},
    {"color", "colour"},           {"anesth", "anaesth"},
    {"diarrhea", "diarrhoea"},     {"fetal", "foetal"},
    {"fetus", "foetus"},           {"anemi", "anaemi"},
    {"hemorrhag", "haemorrhag"},   {"hematolog", "haematolog"},
    {"leukemi", "leukaemi"},       {"ischemi", "ischaemi"},
    {"glycemi", "glycaemi"},       {"gynecolog", "gynaecolog"},
    {"orthopedic", "orthopaedic"}, {"hospitaliz", "hospitalis"},
    {"utiliz", "utilis"},          {"organiz", "organis"},
    {"immuniz", "immunis"},        {"estrogen", "oestrogen"},
    {"celiac", "coeliac"},         {"fiber", "fibre"},
    {"labor", "labour"},           {"counseling", "counselling"},
    {"hemoglobin", "haemoglobin"}, {"septicemi", "septicaemi"},
    {"cesarean", "caesarean"},     {"program", "programme"},
};

void spelling(const LintInput& input, Diagnostics& to) {
    struct Seen {
        const Node* american = nullptr;
        const Node* british = nullptr;
    };
    std::map<std::string_view, Seen> seen;
    each_node(input, [&](const Node& node, std::size_t) {
        const auto* text = std::get_if<Text>(&node.what);
        if (!text) return;
        const std::string pattern = to_lower(text->pattern);
        for (const Spelling& pair : spellings) {
            Seen& both = seen[pair.american];
            const bool prefix_of_both = pair.british.substr(0, pair.american.size()) == pair.american;
            const std::size_t at = pattern.find(pair.british);
            if (at != std::string::npos) {
                if (!both.british) both.british = &node;
                continue;
            }
            const std::size_t us = pattern.find(pair.american);
            if (us == std::string::npos) continue;
            const std::size_t end = us + pair.american.size();
            // "program*" finds both; "edema" stands inside "oedema"
            const bool open = end < pattern.size() && wild::is(pattern[end]);
            const bool word_start = us == 0 || !(pattern[us - 1] >= 'a' && pattern[us - 1] <= 'z');
            if (prefix_of_both && open)
                both.american = both.british = &node;
            else if (word_start && !both.american)
                both.american = &node;
        }
    });
    for (const Spelling& pair : spellings) {
        const Seen both = seen[pair.american];
        if ((both.american == nullptr) == (both.british == nullptr)) continue;
        const bool us = both.american != nullptr;
        report(input, to, "search/spelling", us ? *both.american : *both.british,
               "'" + std::string(us ? pair.american : pair.british) + "' is searched, '" +
                   std::string(us ? pair.british : pair.american) + "' is not");
    }
}

void headings(const LintInput& input, Diagnostics& to) {
    if (input.thesaurus.empty()) return;
    each_node(input, [&](const Node& node, std::size_t) {
        const auto* heading = std::get_if<Heading>(&node.what);
        if (!heading) return;
        const int id = input.thesaurus.find(heading->name);
        if (id < 0)
            report(input, to, "search/unknown-heading", node,
                   in_quotes(heading->name) + " is not in the thesaurus");
    });
}

void explosion(const LintInput& input, Diagnostics& to) {
    if (input.thesaurus.empty()) return;
    each_node(input, [&](const Node& node, std::size_t) {
        const auto* heading = std::get_if<Heading>(&node.what);
        if (!heading || heading->explode) return;
        const int id = input.thesaurus.find(heading->name);
        if (id >= 0 && input.thesaurus.has_narrower(id))
            report(input, to, "search/no-explosion", node,
                   in_quotes(heading->name) + " has " +
                       std::to_string(input.thesaurus.explode(id).size() - 1) +
                       " narrower headings, which are not searched");
    });
}

struct Contents {
    bool heading = false, text = false;
};

void contents(const LintInput& input, const Node& node, Contents& out, std::set<std::size_t>& visited) {
    walk(node, [&](const Node& below) {
        if (std::holds_alternative<Heading>(below.what)) out.heading = true;
        if (std::holds_alternative<Text>(below.what)) out.text = true;
    });
    for (const std::size_t line : referred(input.strategy, node))
        if (visited.insert(line).second && !input.strategy.lines[line].empty)
            contents(input, input.strategy.lines[line].node, out, visited);
}

// The sides of the last line's ANDs are the concepts; each should have words beside its headings.
void no_free_text(const LintInput& input, Diagnostics& to) {
    const Line* last = nullptr;
    for (const Line& line : input.strategy.lines)
        if (!line.comment && !line.empty) last = &line;
    if (!last) return;
    // Down through limits, NOT and single references to the first AND.
    const Node* node = &last->node;
    for (int steps = 0; steps < 50; ++steps) {
        const Node* next = nullptr;
        if (const auto* limit = std::get_if<Limit>(&node->what)) {
            if (!limit->target.empty()) next = &limit->target.front();
        } else if (const auto* group = std::get_if<Group>(&node->what)) {
            if (group->op == Operator::without) next = &group->children.front();
        } else if (const auto* references = std::get_if<References>(&node->what)) {
            if (references->ranges.size() == 1 &&
                references->ranges.front().first == references->ranges.front().last) {
                const std::size_t line = input.strategy.find(references->ranges.front().first);
                if (line != Strategy::npos && !input.strategy.lines[line].empty &&
                    &input.strategy.lines[line].node != node)
                    next = &input.strategy.lines[line].node;
            }
        }
        if (!next) break;
        node = next;
    }
    std::vector<const Node*> concepts{node};
    if (const auto* group = std::get_if<Group>(&node->what); group && group->op == Operator::all) {
        concepts.clear();
        for (const Node& child : group->children)
            concepts.push_back(&child);
    }
    for (const Node* one : concepts) {
        Contents found;
        std::set<std::size_t> visited;
        contents(input, *one, found, visited);
        if (found.heading && !found.text)
            report(input, to, "search/no-free-text", *one,
                   "this part of the search has headings and no words");
    }
}

void not_filters(const LintInput& input, Diagnostics& to) {
    each_node(input, [&](const Node& node, std::size_t) {
        const auto* group = std::get_if<Group>(&node.what);
        if (!group || group->op != Operator::without) return;
        for (std::size_t i = 1; i < group->children.size(); ++i) {
            bool animals = false, humans = false, words = false;
            const auto look = [&](const Node& below) {
                const auto* heading = std::get_if<Heading>(&below.what);
                const auto* text = std::get_if<Text>(&below.what);
                const std::string name = to_lower(heading ? heading->name : text ? text->pattern : "");
                animals = animals || name == "animals" || name == "animal";
                humans = humans || name == "humans" || name == "human";
                words = words || text;
            };
            walk(group->children[i], look);
            for (const std::size_t line : referred(input.strategy, group->children[i])) {
                const Line& other = input.strategy.lines[line];
                if (other.empty || &other.node == &node) continue;
                walk(other.node, look);
                for (const std::size_t deeper : referred(input.strategy, other.node))
                    if (!input.strategy.lines[deeper].empty) walk(input.strategy.lines[deeper].node, look);
            }
            // "animals not humans" itself is the first half of the double negation.
            bool first_is_animals = false;
            walk(group->children.front(), [&](const Node& below) {
                const auto* heading = std::get_if<Heading>(&below.what);
                if (heading && to_lower(heading->name).rfind("animal", 0) == 0) first_is_animals = true;
            });
            if (animals && !humans && !first_is_animals)
                report(input, to, "search/not-animals", group->children[i],
                       "records on animals and humans are taken away, too");
            else if (words && !animals && !humans)
                report(input, to, "search/not-careless", group->children[i],
                       "records that mention these words for any reason are taken away");
        }
    });
}

void language_limit(const LintInput& input, Diagnostics& to) {
    each_node(input, [&](const Node& node, std::size_t) {
        if (std::holds_alternative<Text>(node.what) &&
            std::find(node.fields.begin(), node.fields.end(), Field::language) != node.fields.end())
            report(input, to, "search/language-limit", node, "the search is limited to languages");
        const auto* limit = std::get_if<Limit>(&node.what);
        if (!limit) return;
        for (const std::string& item : limit->items)
            if (to_lower(item).find("english") != std::string::npos ||
                to_lower(item).find("language") != std::string::npos) {
                report(input, to, "search/language-limit", node, "the search is limited to languages");
                return;
            }
    });
}

void dead_lines(const LintInput& input, Diagnostics& to) {
    std::set<std::size_t> used;
    std::size_t last = Strategy::npos;
    for (std::size_t i = 0; i < input.strategy.lines.size(); ++i) {
        const Line& line = input.strategy.lines[i];
        if (line.comment || line.empty) continue;
        last = i;
        for (const std::size_t other : referred(input.strategy, line.node))
            used.insert(other);
    }
    if (used.empty()) return;
    for (std::size_t i = 0; i < input.strategy.lines.size(); ++i) {
        const Line& line = input.strategy.lines[i];
        if (line.comment || line.empty || i == last || used.count(i) > 0) continue;
        report(input, to, "search/dead-line", line.node, "no other line uses line " + line.label);
    }
}

// Does the pattern `wide` match every word that `narrow` matches? Only the plain case: wide = stem and '*'.
bool covers(const std::string& wide, const std::string& narrow) {
    if (wide == narrow) return true;
    if (wide.empty() || (wide.back() != wild::any && wide.back() != wild::any_dollar)) return false;
    const std::string_view stem = std::string_view(wide).substr(0, wide.size() - 1);
    if (stem.find_first_of(wild::signs) != std::string_view::npos || narrow.size() < stem.size())
        return false;
    return std::string_view(narrow).substr(0, stem.size()) == stem &&
           narrow.find(' ', stem.size()) == std::string::npos;
}

void redundant(const LintInput& input, Diagnostics& to) {
    each_node(input, [&](const Node& node, std::size_t) {
        const auto* group = std::get_if<Group>(&node.what);
        if (!group || group->op != Operator::any || group->children.size() > 400) return;
        std::vector<std::pair<const Node*, std::string>> words;
        for (const Node& child : group->children)
            if (const auto* text = std::get_if<Text>(&child.what))
                words.emplace_back(&child, to_lower(text->pattern));
        for (std::size_t i = 0; i < words.size(); ++i)
            for (std::size_t j = 0; j < words.size(); ++j) {
                if (i == j || words[i].first->fields != words[j].first->fields) continue;
                const bool same = words[i].second == words[j].second;
                if (same ? j > i : !covers(words[j].second, words[i].second)) continue;
                if (same && j > i) continue;
                const auto& other = *words[j].first;
                report(input, to, "search/redundant", *words[i].first,
                       same ? "this stands twice in the same OR"
                            : "covered by " + in_quotes(std::string_view(input.in.text)
                                                            .substr(other.begin, other.end - other.begin)));
                break;
            }
    });
}

void near_fields(const LintInput& input, Diagnostics& to) {
    each_node(input, [&](const Node& node, std::size_t) {
        const auto* near = std::get_if<Near>(&node.what);
        if (!near) return;
        const Node* fielded = nullptr;
        for (const Node& child : near->children) {
            if (child.fields.empty()) continue;
            if (fielded && fielded->fields != child.fields) {
                report(input, to, "search/near-fields", node, "the words are searched in different fields");
                return;
            }
            fielded = &child;
        }
    });
}

constexpr LintRow table[] = {
    {"search/dead-line", dead_lines},
    {"search/language-limit", language_limit},
    {"search/mixed-operators", mixed_operators},
    {"search/near-fields", near_fields},
    {"search/no-explosion", explosion},
    {"search/no-free-text", no_free_text},
    {"search/not-animals", not_filters},
    {"search/quoted-wildcard", quoted_wildcard},
    {"search/redundant", redundant},
    {"search/short-truncation", short_truncation},
    {"search/spelling", spelling},
    {"search/unknown-heading", headings},
};

} // namespace

void check_references(const Cleaned& in, const Strategy& strategy, Diagnostics& diagnostics) {
    for (std::size_t i = 0; i < strategy.lines.size(); ++i) {
        const Line& line = strategy.lines[i];
        if (line.comment || line.empty) continue;
        if (strategy.lines.size() == 1) return; // a line alone: the others are elsewhere
        walk(line.node, [&](const Node& node) {
            const auto* references = std::get_if<References>(&node.what);
            if (!references || diagnostics.items().size() > 1000) return;
            for (const LineRange& range : references->ranges)
                for (const std::string& label : {range.first, range.last}) {
                    const std::size_t at = strategy.find(label);
                    if (at == Strategy::npos)
                        in.report(diagnostics, "search/unknown-line", node.begin, node.end,
                                  "there is no line " + in_quotes(label));
                    else if (at >= i)
                        in.report(diagnostics, "search/wrong-line", node.begin, node.end,
                                  at == i ? "line " + label + " refers to itself"
                                          : "line " + label + " stands behind this one");
                    if (range.first == range.last) break;
                }
        });
    }
}

std::span<const LintRow> lints() {
    return table;
}

void lint(const Cleaned& in, const Strategy& strategy, const Thesaurus& thesaurus, Diagnostics& diagnostics) {
    const LintInput input{in, strategy, thesaurus};
    for (const LintRow& one : table)
        one.check(input, diagnostics);
}

} // namespace assay::search
