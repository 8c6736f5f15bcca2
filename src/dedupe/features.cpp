#include "dedupe/features.hpp"

#include "dedupe/normalise.hpp"
#include "text/names.hpp"

#include <algorithm>
#include <unordered_map>

namespace assay::dedupe {

namespace {

template<class Call> void each_word(std::string_view text, Call call) {
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find(' ', at), text.size());
        if (end > at) call(text.substr(at, end - at));
        at = end + 1;
    }
}

bool starts(std::string_view text, std::string_view head) {
    return text.substr(0, head.size()) == head;
}

bool contains_word(std::string_view text, std::string_view word) {
    for (std::size_t at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
        const bool left = at == 0 || text[at - 1] == ' ';
        const bool right = at + word.size() == text.size() || text[at + word.size()] == ' ';
        if (left && right) return true;
    }
    return false;
}

// What databases put before a title that is still the article's own.
void strip_flags(std::string& words) {
    for (const std::string_view head :
         {"retracted article ", "retracted ", "withdrawn ", "article retracted "})
        if (starts(words, head)) {
            words.erase(0, head.size());
            return;
        }
}

struct Mark {
    std::string_view words;
    Marker marker;
    bool only_first; ///< counts only at the start of the title
};

constexpr Mark marks[] = {
    {"erratum", marker_erratum, true},
    {"errata", marker_erratum, true},
    {"corrigendum", marker_erratum, true},
    {"corrigenda", marker_erratum, true},
    {"correction", marker_erratum, true},
    {"corrections", marker_erratum, true},
    {"publisher correction", marker_erratum, true},
    {"author correction", marker_erratum, true},
    {"retraction", marker_retraction, true},
    {"retraction notice", marker_retraction, true},
    {"notice of retraction", marker_retraction, true},
    {"expression of concern", marker_retraction, true},
    {"reply", marker_reply, true},
    {"author reply", marker_reply, true},
    {"authors reply", marker_reply, true},
    {"author s reply", marker_reply, true},
    {"response to", marker_reply, true},
    {"in reply", marker_reply, true},
    {"re", marker_comment, true},
    {"comment on", marker_comment, true},
    {"comments on", marker_comment, true},
    {"commentary on", marker_comment, true},
    {"letter to the editor", marker_comment, true},
    {"author reply", marker_reply, false},
    {"a reply", marker_reply, false},
    {"study protocol", marker_protocol, false},
    {"protocol for", marker_protocol, false},
    {"a protocol", marker_protocol, false},
    {"trial protocol", marker_protocol, false},
};

std::uint16_t title_markers(std::string_view words) {
    std::uint16_t found = 0;
    for (const Mark& mark : marks) {
        const bool there = mark.only_first
                               ? starts(words, mark.words) &&
                                     (words.size() == mark.words.size() || words[mark.words.size()] == ' ')
                               : contains_word(words, mark.words);
        if (there) found = static_cast<std::uint16_t>(found | mark.marker);
    }
    if (words.size() > 6 &&
        (words.substr(words.size() - 6) == " reply" || words.substr(words.size() - 6) == "eratum"))
        found |= marker_reply;
    return found;
}

// Titles that name a kind of text and not a text. Sorted.
constexpr std::string_view generic_titles[] = {"abstract",
                                               "abstracts",
                                               "acknowledgements",
                                               "acknowledgments",
                                               "announcements",
                                               "authors index",
                                               "author index",
                                               "book review",
                                               "book reviews",
                                               "call for papers",
                                               "comment",
                                               "comments",
                                               "commentary",
                                               "conclusion",
                                               "conclusions",
                                               "contents",
                                               "correction",
                                               "corrections",
                                               "correspondence",
                                               "corrigendum",
                                               "discussion",
                                               "editor s note",
                                               "editor s choice",
                                               "editorial",
                                               "editorial board",
                                               "editorial comment",
                                               "editorial introduction",
                                               "editors note",
                                               "editors introduction",
                                               "epilogue",
                                               "errata",
                                               "erratum",
                                               "foreword",
                                               "from the editor",
                                               "from the editors",
                                               "front matter",
                                               "guest editorial",
                                               "guest editors introduction",
                                               "guest editor s introduction",
                                               "highlights",
                                               "in this issue",
                                               "index",
                                               "introduction",
                                               "introduction to the special issue",
                                               "invited commentary",
                                               "issue information",
                                               "keynote",
                                               "letter",
                                               "letter to the editor",
                                               "letters",
                                               "letters to the editor",
                                               "miscellaneous",
                                               "news",
                                               "news and views",
                                               "no title",
                                               "notes",
                                               "obituary",
                                               "preface",
                                               "poster abstracts",
                                               "proceedings",
                                               "reply",
                                               "response",
                                               "retraction",
                                               "review",
                                               "reviewers",
                                               "reviews",
                                               "subject index",
                                               "summary",
                                               "table of contents",
                                               "the authors reply",
                                               "title",
                                               "title page",
                                               "untitled",
                                               "what s new",
                                               "withdrawn"};

bool generic(std::string_view words) {
    return std::find(std::begin(generic_titles), std::end(generic_titles), words) != std::end(generic_titles);
}

constexpr std::string_view journal_stopwords[] = {
    "of",  "the", "and", "for", "in",  "on", "d", "l",  "de",   "la",      "le",
    "les", "der", "die", "das", "und", "et", "a", "an", "du",   "des",     "di",
    "del", "en",  "y",   "e",   "fur", "na", "i", "to", "with", "journal", "j"};

bool stopword(std::string_view word) {
    return std::find(std::begin(journal_stopwords), std::end(journal_stopwords), word) !=
           std::end(journal_stopwords);
}

bool preprint_server(std::string_view journal) {
    for (const std::string_view name : {"arxiv", "biorxiv", "medrxiv", "preprints", "ssrn", "research square",
                                        "chemrxiv", "psyarxiv", "osf preprints", "authorea", "preprint"})
        if (contains_word(journal, name)) return true;
    return false;
}

std::string without_brackets(std::string_view title) {
    // "[Title in English] [German]": brackets round the whole are translation marks; a short one at the end
    // is a note.
    std::string text(title);
    while (!text.empty() && (text.back() == ' ' || text.back() == '.'))
        text.pop_back();
    if (!text.empty() && text.back() == ']') {
        const std::size_t open = text.rfind('[');
        if (open != std::string::npos && open > 0 && text.size() - open < 40) text.erase(open);
    } else if (!text.empty() && text.back() == ')') {
        const std::size_t open = text.rfind('(');
        for (const std::string_view note :
             {"(review)", "(structured abstract)", "(provisional abstract)", "(abstract)", "(brief record)",
              "(project record)", "(protocol)", "(cochrane review)"}) {
            if (open == std::string::npos || open == 0 || text.size() - open != note.size()) continue;
            bool same = true;
            for (std::size_t i = 0; i < note.size() && same; ++i) {
                const char c = text[open + i];
                same = (c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c) == note[i];
            }
            if (same && note != "(protocol)") {
                text.erase(open);
                break;
            }
        }
    }
    return text;
}

} // namespace

Span Catalogue::keep(std::string_view text) {
    text = text.substr(
        0, 2000); // longer titles and journals are files gone wrong; the start is enough to compare
    const Span span{static_cast<std::uint32_t>(text_.size()), static_cast<std::uint16_t>(text.size())};
    text_ += text;
    return span;
}

void Catalogue::add_title(const Fields& fields, Features& f) {
    const bool marked = fields.title.find_first_of("<&") != std::string_view::npos;
    std::string plain =
        without_brackets(marked ? text::without_markup(fields.title) : std::string(fields.title));
    folder_.words(plain, scratch_);
    strip_flags(scratch_);
    f.markers |= title_markers(scratch_);
    if (generic(scratch_)) f.markers |= marker_generic;
    if (const auto first = fields.title.find_first_not_of(" \"");
        first != std::string_view::npos && fields.title[first] == '[')
        f.markers |= marker_translated;
    letters_.clear();
    std::string digits, previous;
    std::array<std::string_view, 4> longest{};
    std::size_t count = 0;
    each_word(scratch_, [&](std::string_view word) {
        ++count;
        letters_ += word;
        for (std::size_t i = 0; i < word.size(); ++i)
            if (word[i] >= '0' && word[i] <= '9') digits += word[i];
        if (const int value = roman(word); value > 0) {
            // "i", "v" and "x" alone are numbers only behind a word that is counted.
            const bool counted = previous == "part" || previous == "phase" || previous == "type" ||
                                 previous == "study" || previous == "class" || previous == "stage" ||
                                 previous == "grade" || previous == "chapter" || previous == "volume" ||
                                 previous == "trial" || previous == "section";
            if (word.size() > 1 || counted) digits += std::to_string(value);
        } else if (previous == "part") {
            static constexpr std::string_view names[] = {"one", "two", "three", "four", "five"};
            for (int i = 0; i < 5; ++i)
                if (word == names[i]) digits += std::to_string(i + 1);
        }
        previous = word;
        std::string_view w = word;
        for (auto& slot : longest)
            if (w.size() > slot.size() || (w.size() == slot.size() && w > slot)) std::swap(w, slot);
    });
    f.title_words = static_cast<std::uint8_t>(std::min<std::size_t>(count, 255));
    f.title = keep(letters_);
    if (!letters_.empty()) f.title_hash = hash(letters_);
    f.title_numbers = digits.empty() ? 0 : static_cast<std::uint32_t>(hash(digits));
    f.words.begin = static_cast<std::uint32_t>(numbers_.size());
    for (const auto word : longest)
        if (!word.empty()) numbers_.push_back(static_cast<std::uint32_t>(hash(word)));
    f.words.size = static_cast<std::uint16_t>(numbers_.size() - f.words.begin);
}

void Catalogue::add_journal(const Fields& fields, Features& f) {
    std::string_view journal = fields.journal;
    std::string plain;
    if (journal.find_first_of("<&") != std::string_view::npos)
        plain = text::without_markup(journal), journal = plain;
    if (journal.find("onference") != std::string_view::npos ||
        journal.find("roceedings of the") != std::string_view::npos)
        if (journal.find("onference") != std::string_view::npos) f.markers |= marker_supplement;
    if (starts(journal, "http")) {
        f.markers |= marker_registry;
        return;
    }
    // What follows is subtitle, place, society or conference: databases differ in whether they give it.
    for (const std::string_view cut : {". Conference", " : ", ": ", " = ", " ("}) {
        const std::size_t at = journal.find(cut);
        if (at != std::string_view::npos && at > 0) journal = journal.substr(0, at);
    }
    folder_.words(journal, scratch_);
    if (preprint_server(scratch_)) f.markers |= marker_preprint;
    std::string words;
    each_word(scratch_, [&](std::string_view word) {
        if (stopword(word)) return;
        if (!words.empty()) words += ' ';
        words += word;
    });
    if (words.empty()) words = scratch_;
    f.journal = keep(words);
}

void Catalogue::add_place(const Fields& fields, Features& f) {
    const Volume volume = parse_volume(fields.volume), issue = parse_issue(fields.issue);
    f.volume = volume.volume;
    f.issue = volume.issue != 0 ? volume.issue : issue.issue;
    if (volume.supplement || issue.supplement)
        f.markers |= marker_supplement;
    else if (f.issue != 0)
        f.markers |= marker_regular;
    Pages pages = parse_pages(fields.pages);
    // Ovid: "8 (2) (no pagination)"; the article number then slips into the issue. So does "e56122".
    const bool slipped = !fields.issue.empty() &&
                         (volume.no_pagination ||
                          ((fields.issue[0] == 'e' || fields.issue[0] == 'E') && fields.issue.size() > 4));
    if (slipped && pages.first.missing()) {
        pages = parse_pages(fields.issue);
        f.issue = volume.issue;
    } else if (slipped)
        f.issue = volume.issue;
    if (f.volume == 0 && pages.first.number == 2 && pages.first.prefix == 0) {
        f.markers |= marker_unplaced; // "1-7" ahead of print is the length, not the place
        pages = {};
    }
    f.first = pages.first;
    f.last = pages.last;
    if (pages.last.number > pages.first.number + 2) f.markers |= marker_regular;
    if (f.first.prefix == 's' || f.first.prefix == 'a') f.markers |= marker_supplement;
}

void Catalogue::add_people(std::string_view authors, Features& f) {
    constexpr std::size_t most = 40;
    f.people.begin = static_cast<std::uint32_t>(people_.size());
    for (const std::string_view part : text::split_names(authors)) {
        const text::PersonName name = text::parse_name(part);
        folder_.words(name.family, scratch_);
        std::string family;
        std::size_t left = static_cast<std::size_t>(std::count(scratch_.begin(), scratch_.end(), ' ')) + 1;
        each_word(scratch_, [&](std::string_view word) {
            if (left-- > 1 && family.empty() && text::is_particle(word)) return;
            family += word;
        });
        if (family.empty() || family == "anonymous" || family == "anon" || family == "nct" ||
            family == "isrctn" || family == "euctr" || family == "jprn" || family == "actrn" ||
            family == "chictr" || family == "noauthor")
            continue;
        Person person;
        person.family = static_cast<std::uint32_t>(hash(family));
        folder_.words(name.given, scratch_);
        if (!scratch_.empty()) {
            person.initial = static_cast<unsigned char>(scratch_[0]);
            const std::string_view first = std::string_view(scratch_).substr(0, scratch_.find(' '));
            if (first.size() > 2) person.given = static_cast<std::uint32_t>(hash(first)) & 0xFFFFFFU;
        }
        people_.push_back(person);
        if (people_.size() - f.people.begin >= most) break;
    }
    f.people.size = static_cast<std::uint16_t>(people_.size() - f.people.begin);
}

// A one-permutation min-hash sketch (Li, Owen & Zhang 2012) over pairs of neighbouring words: two abstracts
// share about as many bins as they share pairs.
void Catalogue::add_abstract(std::string_view abstract, Features& f) {
    constexpr std::size_t longest = 3000, fewest_pairs = 40;
    if (abstract.size() < 200) return;
    folder_.words(abstract.substr(0, longest), scratch_);
    std::array<std::uint32_t, sketch_bins> low;
    low.fill(~std::uint32_t{0});
    std::size_t pairs = 0;
    std::uint64_t previous = 0;
    std::uint64_t h = 0xcbf29ce484222325ULL;
    const auto end_word = [&] {
        const std::uint64_t pair = (previous * 0x9E3779B97F4A7C15ULL ^ h) * 0xd6e8feb86659fd93ULL;
        if (previous != 0) {
            ++pairs;
            auto& bin = low[pair >> 59];
            bin = std::min(bin, static_cast<std::uint32_t>(pair >> 16));
        }
        previous = h;
        h = 0xcbf29ce484222325ULL;
    };
    for (const char c : scratch_) {
        if (c == ' ')
            end_word();
        else
            h = (h ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
    }
    end_word();
    if (pairs < fewest_pairs) return;
    Sketch sketch{};
    for (std::size_t i = 0; i < sketch_bins; ++i) {
        const std::uint32_t mixed = low[i] * 0x9E3779B1U;
        sketch[i] = static_cast<std::uint8_t>(mixed >> 24);
    }
    f.sketch = static_cast<std::uint32_t>(sketches_.size());
    sketches_.push_back(sketch);
}

std::uint32_t Catalogue::add(const Fields& fields) {
    Features f;
    add_title(fields, f);
    add_place(fields, f);
    add_journal(fields, f);
    add_people(fields.authors, f);
    add_abstract(fields.abstract, f);
    f.year = static_cast<std::int16_t>(parse_year(fields.year));
    if (const std::string doi = plain_doi(fields.doi); !doi.empty()) {
        f.doi = hash(doi);
        if (const auto stem = doi_stem(doi); !stem.empty())
            f.doi_stem = static_cast<std::uint32_t>(hash(stem));
        if (starts(doi, "10.1101/") || starts(doi, "10.21203/") || starts(doi, "10.48550/") ||
            starts(doi, "10.20944/") || starts(doi, "10.2139/") || starts(doi, "10.31234/") ||
            starts(doi, "10.26434/"))
            f.markers |= marker_preprint;
    }
    for (const char c : fields.pmid)
        if (c >= '0' && c <= '9') f.pmid = f.pmid * 10 + static_cast<std::uint32_t>(c - '0');
    std::string registration = registration_number(fields.registration);
    if (registration.empty()) registration = registration_number(fields.title);
    if (registration.empty() && f.has(marker_registry)) registration = registration_number(fields.journal);
    if (!registration.empty()) f.registration = hash(registration);
    f.issns.begin = static_cast<std::uint32_t>(numbers_.size());
    std::string eight;
    for (const char c : fields.issn) {
        if (c >= '0' && c <= '9')
            eight += c;
        else if ((c == 'x' || c == 'X') && eight.size() == 7)
            eight += 'x';
        else if (c != '-')
            eight.clear();
        if (eight.size() == 8) numbers_.push_back(static_cast<std::uint32_t>(hash(eight))), eight.clear();
        if (numbers_.size() - f.issns.begin >= 4) break;
    }
    f.issns.size = static_cast<std::uint16_t>(numbers_.size() - f.issns.begin);
    folder_.words(fields.type.substr(0, 60), scratch_);
    if (contains_word(scratch_, "erratum") || contains_word(scratch_, "correction"))
        f.markers |= marker_erratum;
    if (contains_word(scratch_, "preprint")) f.markers |= marker_preprint;
    if (contains_word(scratch_, "conference") || contains_word(scratch_, "meeting") ||
        contains_word(scratch_, "congress"))
        f.markers |= marker_supplement;
    records_.push_back(f);
    return static_cast<std::uint32_t>(records_.size() - 1);
}

// A title is a series when its records stand in at least three places that exclude one another: three years,
// three DOIs or three first pages. Copies of one article seldom do.
void Catalogue::find_series() {
    std::vector<std::pair<std::uint64_t, std::uint32_t>> by_title;
    by_title.reserve(records_.size());
    for (std::uint32_t i = 0; i < records_.size(); ++i)
        if (records_[i].title_hash != 0) by_title.emplace_back(records_[i].title_hash, i);
    std::sort(by_title.begin(), by_title.end());
    for (std::size_t begin = 0; begin < by_title.size();) {
        std::size_t end = begin;
        while (end < by_title.size() && by_title[end].first == by_title[begin].first)
            ++end;
        if (end - begin >= 3) {
            const auto distinct = [&](auto value) {
                std::vector<std::uint64_t> values;
                for (std::size_t i = begin; i < end; ++i)
                    if (const std::uint64_t v = value(records_[by_title[i].second]); v != 0)
                        values.push_back(v);
                std::sort(values.begin(), values.end());
                return static_cast<std::size_t>(std::unique(values.begin(), values.end()) - values.begin());
            };
            const bool series =
                distinct([](const Features& f) { return static_cast<std::uint64_t>(f.year); }) >= 3 ||
                distinct([](const Features& f) { return f.doi; }) >= 3 ||
                distinct([](const Features& f) { return std::uint64_t{f.first.number}; }) >= 3;
            for (std::size_t i = begin; i < end && series; ++i)
                records_[by_title[i].second].series = true;
        }
        begin = end;
    }
}

std::size_t Catalogue::memory() const {
    return records_.capacity() * sizeof(Features) + text_.capacity() + people_.capacity() * sizeof(Person) +
           numbers_.capacity() * sizeof(std::uint32_t) + sketches_.capacity() * sizeof(Sketch);
}

} // namespace assay::dedupe
