// Commands of Ovid: limit 3 to ..., remove duplicates from 4, from 5 keep 1-10.
#include "search/line_parser.hpp"

#include <algorithm>

namespace assay::search {

bool LineParser::take_word(std::string_view word) {
    skip_space();
    if (end_ - at_ < word.size() || to_lower(text_.substr(at_, word.size())) != word) return false;
    if (!boundary(at_ + word.size()) && text_[at_ + word.size()] != '=') return false;
    at_ += word.size();
    return true;
}

std::optional<Node> LineParser::command() {
    const std::size_t begin = at_;
    if (!mixed()) return std::nullopt;
    if (take_word("limit")) {
        skip_space();
        if (auto target = line_reference_or_brackets(); target && take_word("to")) {
            Node node;
            node.begin = static_cast<std::uint32_t>(begin);
            Limit limit;
            limit.target.push_back(std::move(*target));
            limit_items(limit);
            node.end = static_cast<std::uint32_t>(at_);
            node.what = std::move(limit);
            return node;
        }
    }
    at_ = begin;
    for (const std::string_view words_ : {"remove duplicates from", "use", "from"}) {
        std::size_t keep = at_;
        bool all = true;
        for (std::size_t i = 0; i < words_.size() && all;) {
            const std::size_t stop = std::min(words_.find(' ', i), words_.size());
            all = take_word(words_.substr(i, stop - i));
            i = stop + 1;
        }
        if (all && words_ != "use") {
            skip_space();
            if (auto target = line_reference_or_brackets()) {
                skip_space();
                Command made_command;
                made_command.words = words_;
                made_command.rest = collapse(text_.substr(at_, end_ - at_));
                const bool fits = words_ == "from" ? to_lower(made_command.rest).rfind("keep", 0) == 0
                                                   : made_command.rest.empty();
                if (fits) {
                    at_ = end_;
                    Node node = made(begin);
                    made_command.target.push_back(std::move(*target));
                    node.what = std::move(made_command);
                    return node;
                }
            }
        }
        at_ = keep;
    }
    at_ = begin;
    return std::nullopt;
}

// "27", "#27", or a bracket.
std::optional<Node> LineParser::line_reference_or_brackets() {
    skip_space();
    const std::size_t begin = at_;
    if (peek() == '(') {
        auto node = brackets(0);
        if (node) {
            node->begin = static_cast<std::uint32_t>(begin);
            node->end = static_cast<std::uint32_t>(at_);
        }
        return node;
    }
    if (peek() == '#') ++at_;
    const std::size_t number = at_;
    while (at_ < end_ && digit(text_[at_]))
        ++at_;
    if (at_ == number || !boundary(at_)) {
        at_ = begin;
        return std::nullopt;
    }
    const std::string label(text_.substr(number, at_ - number));
    Node node = made(begin);
    References references;
    references.ranges.push_back({label, label});
    node.what = std::move(references);
    return node;
}

// "(humans and english language)", ED=20110201-20160720, yr="1966 - 1992"
void LineParser::limit_items(Limit& limit) {
    std::string_view rest = trimmed(text_.substr(at_, end_ - at_));
    at_ = end_;
    if (rest.size() > 2 && rest.front() == '(' && rest.back() == ')') rest = rest.substr(1, rest.size() - 2);
    const std::string text = collapse(rest);
    const std::string low = to_lower(text);
    std::size_t i = 0;
    int open = 0;
    bool quoted = false;
    std::string item;
    const auto finish = [&] {
        const std::string_view kept = trimmed(item);
        if (!kept.empty()) limit.items.emplace_back(kept);
        item.clear();
    };
    while (i < text.size()) {
        if (text[i] == '"') quoted = !quoted;
        if (!quoted && text[i] == '(') ++open;
        if (!quoted && text[i] == ')') --open;
        if (!quoted && open == 0) {
            if (low.compare(i, 5, " and ") == 0) {
                finish();
                i += 5;
                continue;
            }
            if (low.compare(i, 4, " or ") == 0) {
                limit.any = true;
                finish();
                i += 4;
                continue;
            }
        }
        item += text[i++];
    }
    finish();
    if (limit.items.empty()) limit.items.emplace_back("?");
}

} // namespace assay::search
