#include "screen/characters.hpp"

#include "base/utf8.hpp"
#include "screen/words.hpp"

#include <string>
#include <vector>

namespace assay::screen {

void for_each_piece(std::string_view word, const std::function<void(std::string_view)>& each) {
    constexpr int shortest = 3, longest = 5;
    const std::string text = " " + std::string(word) + " ";
    std::vector<std::size_t> begin; // of each character
    std::vector<int> width;
    for (std::size_t at = 0; at < text.size();) {
        const CodePoint point = decode_code_point(text, at);
        begin.push_back(at);
        width.push_back(unspaced_script(point.value) ? 2 : 1);
        at += static_cast<std::size_t>(point.bytes);
    }
    begin.push_back(text.size());
    for (std::size_t first = 0; first < width.size(); ++first) {
        int wide = 0;
        for (std::size_t last = first; last < width.size(); ++last) {
            wide += width[last];
            if (wide > longest) break;
            if (wide >= shortest)
                each(std::string_view(text).substr(begin[first], begin[last + 1] - begin[first]));
        }
    }
}

} // namespace assay::screen
