#include "records/json.hpp"

#include "base/ascii.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace assay::records {

namespace {

using nlohmann::json;

using ascii::space;

class Cutter {
public:
    explicit Cutter(std::string_view text) : text_(text) {}

    std::size_t skip_space(std::size_t at) const {
        while (at < text_.size() && space(text_[at]))
            ++at;
        return at;
    }

    /// One behind the string that begins at `at`; npos: it never ends.
    std::size_t string_end(std::size_t at) const {
        for (++at; at < text_.size(); ++at) {
            at = text_.find_first_of("\"\\", at);
            if (at == std::string_view::npos) return at;
            if (text_[at] == '"') return at + 1;
            ++at;
        }
        return std::string_view::npos;
    }

    /// One behind the value that begins at `at`; npos: it never ends.
    std::size_t value_end(std::size_t at) const {
        if (at >= text_.size()) return std::string_view::npos;
        if (text_[at] == '"') return string_end(at);
        if (text_[at] != '{' && text_[at] != '[') {
            const std::size_t end = text_.find_first_of(",]} \n\r\t", at);
            return end == std::string_view::npos ? text_.size() : end;
        }
        int depth = 0;
        while (at < text_.size()) {
            at = text_.find_first_of("\"{}[]", at);
            if (at == std::string_view::npos) return at;
            const char c = text_[at];
            if (c == '"') {
                at = string_end(at);
                if (at == std::string_view::npos) return at;
                continue;
            }
            ++at;
            depth += c == '{' || c == '[' ? 1 : -1;
            if (depth == 0) return at;
        }
        return std::string_view::npos;
    }

    /// The array under one of the names in the object at `at`, up to `deep` objects further down; npos: none.
    std::size_t find_list(std::size_t at, std::span<const std::string_view> names, int deep) const {
        for (at = skip_space(at + 1); at < text_.size() && text_[at] == '"';) {
            const std::size_t end = string_end(at);
            if (end == std::string_view::npos) return end;
            const std::string_view key = text_.substr(at + 1, end - at - 2);
            at = skip_space(end);
            if (at >= text_.size() || text_[at] != ':') return std::string_view::npos;
            at = skip_space(at + 1);
            if (at < text_.size() && text_[at] == '[' &&
                std::find(names.begin(), names.end(), key) != names.end())
                return at;
            if (at < text_.size() && text_[at] == '{' && deep > 0)
                if (const std::size_t inside = find_list(at, names, deep - 1);
                    inside != std::string_view::npos)
                    return inside;
            at = value_end(at);
            if (at == std::string_view::npos) return at;
            at = skip_space(at);
            if (at >= text_.size() || text_[at] != ',') return std::string_view::npos;
            at = skip_space(at + 1);
        }
        return std::string_view::npos;
    }

private:
    std::string_view text_;
};

// Half of a pair of \u escapes is no character; nlohmann refuses the whole value for it.
std::string without_lone_surrogates(std::string_view text) {
    std::string out(text);
    const auto unit = [&](std::size_t at) -> int {
        if (at + 6 > out.size() || out[at] != '\\' || out[at + 1] != 'u') return -1;
        int value = 0;
        for (std::size_t i = at + 2; i < at + 6; ++i) {
            const char c = out[i];
            const int digit = c >= '0' && c <= '9'                     ? c - '0'
                              : (c | 0x20) >= 'a' && (c | 0x20) <= 'f' ? (c | 0x20) - 'a' + 10
                                                                       : -1;
            if (digit < 0) return -1;
            value = value * 16 + digit;
        }
        return value;
    };
    for (std::size_t at = out.find("\\u"); at != std::string::npos; at = out.find("\\u", at)) {
        std::size_t slashes = 0;
        while (slashes < at && out[at - 1 - slashes] == '\\')
            ++slashes;
        const int value = slashes % 2 == 0 ? unit(at) : -1;
        if (value >= 0xD800 && value < 0xDC00) {
            const int low = unit(at + 6);
            if (low >= 0xDC00 && low < 0xE000) {
                at += 12;
                continue;
            }
        }
        if (value >= 0xD800 && value < 0xE000) out.replace(at, 6, "\\uFFFD");
        at += 2;
    }
    return out;
}

} // namespace

void each_json(const Source& source, std::span<const std::string_view> lists, Diagnostics& diagnostics,
               const std::function<void(const json&, int, std::size_t)>& call) {
    const std::string_view text = source.text;
    const Cutter cutter(text);
    std::size_t counted = 0;
    int line = 1;
    const auto line_at = [&](std::size_t offset) {
        if (offset < counted) counted = 0, line = 1; // a list whose end is missed begins before its entries
        line += static_cast<int>(std::count(text.begin() + static_cast<std::ptrdiff_t>(counted),
                                            text.begin() + static_cast<std::ptrdiff_t>(offset), '\n'));
        counted = offset;
        return line;
    };
    const auto hand_over = [&](std::size_t begin, std::size_t end) {
        const int at = line_at(begin);
        const std::string_view piece = text.substr(begin, end - begin);
        json value;
        try {
            value = piece.find("\\u") == std::string_view::npos ? json::parse(piece)
                                                                : json::parse(without_lone_surrogates(piece));
        } catch (const json::exception&) { // out_of_range: 1e7777 is JSON, but no number that can be held
            diagnostics.add("record/json", {source.file, at, 0},
                            "the record that begins here is not JSON that can be read",
                            "it was left out; the others were read");
            return;
        }
        if (value.is_object())
            call(value, at, begin);
        else
            diagnostics.add("record/json", {source.file, at, 0}, "an entry that is not a record");
    };
    const auto truncated = [&](std::size_t begin) {
        diagnostics.add("record/json", {source.file, line_at(begin), 0},
                        "the file ends inside the record that begins here", "fetch or export it again");
    };
    for (std::size_t at = cutter.skip_space(0); at < text.size();) {
        std::size_t list = text[at] == '['   ? at
                           : text[at] == '{' ? cutter.find_list(at, lists, 2)
                                             : std::string_view::npos;
        if (text[at] != '[' && text[at] != '{') {
            diagnostics.add("record/json", {source.file, line_at(at), 0}, "text that is not JSON",
                            "fetch or export it again");
            return;
        }
        if (list == std::string_view::npos) {
            const std::size_t end = cutter.value_end(at);
            if (end == std::string_view::npos) return truncated(at);
            hand_over(at, end);
            at = cutter.skip_space(end);
            continue;
        }
        std::size_t item = cutter.skip_space(list + 1);
        while (item < text.size() && text[item] != ']') {
            const std::size_t end = cutter.value_end(item);
            if (end == std::string_view::npos) return truncated(item);
            if (end == item) { // a comma too many
                item = cutter.skip_space(item + 1);
                continue;
            }
            hand_over(item, end);
            item = cutter.skip_space(end);
            if (item < text.size() && text[item] == ',') item = cutter.skip_space(item + 1);
        }
        if (item >= text.size()) return truncated(list);
        const std::size_t end = cutter.value_end(at);
        if (end == std::string_view::npos) return truncated(at);
        at = cutter.skip_space(end);
        if (at < text.size() && text[at] == ',') at = cutter.skip_space(at + 1);
    }
}

std::string json_text(const json& object, const char* key) {
    const auto at = object.find(key);
    if (at == object.end()) return {};
    if (at->is_string()) return at->get<std::string>();
    if (at->is_number_integer()) return std::to_string(at->get<long long>());
    if (at->is_number()) return at->dump();
    if (at->is_array() && !at->empty() && (*at)[0].is_string()) return (*at)[0].get<std::string>();
    return {};
}

const json& json_member(const json& object, const char* key) {
    static const json nothing = json::object();
    if (!object.is_object()) return nothing;
    const auto at = object.find(key);
    return at != object.end() && (at->is_object() || at->is_array()) ? *at : nothing;
}

} // namespace assay::records
