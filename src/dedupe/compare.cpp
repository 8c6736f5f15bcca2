#include "dedupe/compare.hpp"

#include "text/similarity.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <vector>

namespace assay::dedupe {

namespace {

struct Words {
    std::array<std::string_view, 24> word;
    std::size_t size = 0;
};

Words split(std::string_view text) {
    Words words;
    for (std::size_t at = 0; at < text.size() && words.size < words.word.size();) {
        const std::size_t end = std::min(text.find(' ', at), text.size());
        if (end > at) words.word[words.size++] = text.substr(at, end - at);
        at = end + 1;
    }
    return words;
}

// "natl" and "national", "jpn" and "japanese": the short word's letters stand in the long one in order, first
// letter first. Abbreviations of journals (ISO 4) cut words or leave letters out, never add any.
bool abbreviates(std::string_view shorter, std::string_view longer) {
    if (shorter.size() > longer.size()) std::swap(shorter, longer);
    if (shorter.empty() || shorter[0] != longer[0]) return false;
    if (longer.substr(0, shorter.size()) == shorter) return true;
    if (shorter.size() < 3) return false;
    // Plurals and endings of other languages: "oncologica" and "oncology".
    std::size_t same = 0;
    while (same < shorter.size() && shorter[same] == longer[same])
        ++same;
    if (same >= 5 && same + 1 >= shorter.size()) return true;
    std::size_t at = 0;
    for (const char c : longer)
        if (at < shorter.size() && shorter[at] == c) ++at;
    return at == shorter.size() && shorter.size() * 3 <= longer.size() * 2;
}

bool acronym_of(std::string_view acronym, const Words& words) {
    if (acronym.size() < 3 || acronym.size() > 8) return false;
    // With or without the word "journal" and the stop words, which are gone: the letters must come in order.
    std::size_t at = 0;
    for (std::size_t i = 0; i < words.size; ++i)
        if (at < acronym.size() && words.word[i][0] == acronym[at])
            ++at;
        else if (i == 0 && at + 1 < acronym.size() && words.word[i][0] == acronym[at + 1])
            at += 2;
    return at == acronym.size() && words.size >= 2;
}

std::size_t shared(const Catalogue& catalogue, const Features& a, const Features& b, bool& first_same,
                   bool& initials_clash) {
    const auto one = catalogue.people(a), two = catalogue.people(b);
    std::size_t count = 0;
    initials_clash = false;
    for (const Person& p : one)
        for (const Person& q : two) {
            if (p.family == q.family) {
                ++count;
                break;
            }
            // Family and given name in the other order: "Xiangdong Zhou".
            if (p.given != 0 && p.given == (q.family & 0xFFFFFFU)) {
                ++count;
                break;
            }
            if (q.given != 0 && q.given == (p.family & 0xFFFFFFU)) {
                ++count;
                break;
            }
        }
    first_same = one[0].family == two[0].family;
    if (first_same)
        initials_clash = one[0].initial != 0 && two[0].initial != 0 && one[0].initial != two[0].initial;
    return count;
}

class Pair {
public:
    Pair(const Catalogue& catalogue, const Features& a, const Features& b, const Rules& rules)
        : catalogue_(catalogue), a_(a), b_(b), rules_(rules) {}

    Comparison run(bool full) {
        identifiers();
        people();
        time_and_place();
        abstracts();
        // The title is the dearest comparison; it can bring at most its own points.
        if (!full && result_.score + row(Evidence::title_equal).points < rules_.relation_from) return result_;
        titles();
        conflicts();
        return result_;
    }

private:
    void add(Evidence evidence) {
        if (!rules_.evidence[static_cast<std::size_t>(evidence)]) return;
        result_.score += row(evidence).points;
        result_.found[result_.size++] = evidence;
    }
    void add(Conflict conflict) {
        if (rules_.conflict[static_cast<std::size_t>(conflict)])
            result_.conflicts =
                static_cast<std::uint16_t>(result_.conflicts | 1U << static_cast<unsigned>(conflict));
    }
    bool has(Evidence evidence) const { return result_.has(evidence); }

    void identifiers() {
        if (a_.doi != 0 && b_.doi != 0) add(a_.doi == b_.doi ? Evidence::doi_equal : Evidence::doi_different);
        if (a_.pmid != 0 && b_.pmid != 0)
            add(a_.pmid == b_.pmid ? Evidence::pmid_equal : Evidence::pmid_different);
        if (a_.registration != 0 && b_.registration != 0)
            add(a_.registration == b_.registration ? Evidence::registration_equal
                                                   : Evidence::registration_different);
    }

    void people() {
        if (a_.people.size == 0 || b_.people.size == 0) return;
        bool first = false, clash = false;
        const std::size_t both = shared(catalogue_, a_, b_, first, clash);
        const double part = static_cast<double>(both) / std::min(a_.people.size, b_.people.size);
        if (both == 0)
            add(Evidence::authors_none);
        else if (clash && both == 1)
            add(Evidence::authors_some);
        else if (part >= 0.8 && first)
            add(Evidence::authors_equal);
        else if (part >= 0.5)
            add(Evidence::authors_most);
        else
            add(Evidence::authors_some);
    }

    void time_and_place() {
        if (a_.year != 0 && b_.year != 0) {
            if (a_.year == b_.year)
                add(Evidence::year_equal);
            else if (std::abs(a_.year - b_.year) > 1)
                add(Evidence::year_different);
        }
        journals();
        if (a_.volume != 0 && b_.volume != 0)
            add(a_.volume == b_.volume ? Evidence::volume_equal : Evidence::volume_different);
        if (a_.issue != 0 && b_.issue != 0)
            add(a_.issue == b_.issue ? Evidence::issue_equal : Evidence::issue_different);
        if (a_.first.missing() || b_.first.missing()) return;
        if (a_.first == b_.first)
            add(Evidence::page_equal);
        else if (a_.first.number == b_.first.number && (a_.first.prefix == 0 || b_.first.prefix == 0))
            add(Evidence::page_prefix);
        else if (overlap())
            add(Evidence::page_overlap);
        else if (!locator_against_pages())
            add(Evidence::page_different);
        if ((has(Evidence::page_equal) || has(Evidence::page_prefix)) && a_.last.number == b_.last.number &&
            a_.last.number != a_.first.number)
            add(Evidence::last_page_equal);
    }

    // Columns and editorials repeat their title from issue to issue. Numbers above 60 are seldom issues:
    // exports put accession numbers there.
    bool other_issue() const {
        const bool supplements = a_.has(marker_supplement) || b_.has(marker_supplement);
        return has(Evidence::issue_different) && a_.issue <= 60 && b_.issue <= 60 && !supplements &&
               (a_.first.missing() || b_.first.missing());
    }

    bool overlap() const {
        return a_.first.prefix == b_.first.prefix &&
               std::max(a_.first.number, b_.first.number) <= std::min(a_.last.number, b_.last.number);
    }

    // One record has the article number (e56122 or 473), the other the pages within the article (1-9).
    bool locator_against_pages() const {
        const auto inside = [](const Features& f) { return f.first.number == 2 && f.first.prefix == 0; };
        const auto locator = [](const Features& f) {
            return f.first.prefix != 0 || f.first.number == f.last.number;
        };
        return (inside(a_) && locator(b_)) || (inside(b_) && locator(a_));
    }

    void journals() {
        for (const std::uint32_t p : catalogue_.issns(a_))
            for (const std::uint32_t q : catalogue_.issns(b_))
                if (p == q) {
                    add(Evidence::journal_equal);
                    return;
                }
        if (a_.journal.size == 0 || b_.journal.size == 0) return;
        add(compare_journals(catalogue_.journal(a_), catalogue_.journal(b_)));
    }

    void abstracts() {
        const Sketch *p = catalogue_.sketch(a_), *q = catalogue_.sketch(b_);
        if (!p || !q) return;
        int same = 0;
        for (std::size_t i = 0; i < sketch_bins; ++i)
            same += (*p)[i] == (*q)[i] ? 1 : 0;
        const double part = static_cast<double>(same) / sketch_bins;
        if (part >= 0.7)
            add(Evidence::abstract_equal);
        else if (part >= 1.0 / 3)
            add(Evidence::abstract_close);
        else if (part < 0.125)
            add(Evidence::abstract_different);
    }

    void titles() {
        if (a_.title_hash == 0 || b_.title_hash == 0) {
            add(Evidence::title_missing);
            return;
        }
        const std::string_view one = catalogue_.title(a_), two = catalogue_.title(b_);
        if (a_.title_hash == b_.title_hash)
            add(Evidence::title_equal);
        else {
            const double alike = text::edit_similarity(one, two, 0.7);
            const std::string_view shorter = one.size() < two.size() ? one : two,
                                   longer = one.size() < two.size() ? two : one;
            if (alike >= 0.95)
                add(Evidence::title_near);
            else if (alike >= 0.88)
                add(Evidence::title_close);
            else if (shorter.size() >= 25 && (longer.substr(0, shorter.size()) == shorter ||
                                              longer.substr(longer.size() - shorter.size()) == shorter))
                add(Evidence::title_part);
            else if (alike >= 0.7)
                add(Evidence::title_weak);
            else if (a_.has(marker_translated) || b_.has(marker_translated))
                add(Evidence::title_translated);
            else
                add(Evidence::title_different);
        }
        short_title_ = std::min(one.size(), two.size()) < 15;
        if (a_.has(marker_generic) || b_.has(marker_generic) || short_title_ || (a_.series && b_.series))
            add(Evidence::title_generic);
    }

    bool placed() const {
        const bool page = has(Evidence::page_equal) || has(Evidence::page_prefix);
        const bool journal = has(Evidence::journal_equal) || has(Evidence::journal_abbreviated);
        return page && (has(Evidence::volume_equal) || (journal && has(Evidence::year_equal)));
    }
    bool same_identifier() const { return has(Evidence::doi_equal) || has(Evidence::pmid_equal); }

    void conflicts() {
        const bool alike =
            has(Evidence::title_near) || has(Evidence::title_close) || has(Evidence::title_weak);
        if (alike && a_.title_numbers != b_.title_numbers && !(same_identifier() && placed()))
            add(Conflict::numbers);
        constexpr std::uint16_t notices =
            marker_erratum | marker_reply | marker_comment | marker_retraction | marker_protocol;
        if ((a_.markers & notices) != (b_.markers & notices)) add(Conflict::notice);
        constexpr std::uint16_t cochrane = 'c' << 8 | 'd'; // CD006828 is a review, whatever its version
        const bool versions = a_.doi_stem != 0 && a_.doi_stem == b_.doi_stem && a_.doi != b_.doi;
        const bool editions =
            has(Evidence::page_equal) && a_.first.prefix == cochrane && has(Evidence::year_different);
        if (versions || editions) add(Conflict::version);
        const bool same = same_identifier();
        if (has(Evidence::journal_different) && !same &&
            (has(Evidence::volume_different) || has(Evidence::page_different)))
            add(Conflict::place);
        const auto apart = [](const Features& p, const Features& q) {
            return p.has(marker_supplement) && !q.has(marker_supplement) && q.has(marker_regular);
        };
        if ((apart(a_, b_) || apart(b_, a_)) && !placed() && !same &&
            (has(Evidence::page_different) || has(Evidence::volume_different) ||
             has(Evidence::journal_different)))
            add(Conflict::supplement);
        if (a_.has(marker_preprint) != b_.has(marker_preprint) && !same) add(Conflict::preprint);
        if (has(Evidence::registration_different)) add(Conflict::registration);
        if ((has(Evidence::doi_different) || has(Evidence::pmid_different)) && !same && !placed())
            add(Conflict::identifier);
        if (has(Evidence::title_generic) && !same && !placed() && !has(Evidence::abstract_equal))
            add(Conflict::thin);
        const bool somewhere = same || has(Evidence::volume_equal) || has(Evidence::page_equal) ||
                               has(Evidence::page_prefix) || has(Evidence::abstract_equal);
        if (!somewhere && (a_.people.size == 0 || b_.people.size == 0)) add(Conflict::thin);
        if (!somewhere && !has(Evidence::year_equal)) add(Conflict::unplaced);
        // Authors publish sister texts side by side: another spelling of the title needs a place that
        // confirms it.
        const bool sure = same || placed() || has(Evidence::abstract_equal);
        if (!has(Evidence::title_equal) && !sure) add(Conflict::unplaced);
        if ((has(Evidence::page_different) || other_issue()) && !same && !has(Evidence::abstract_equal))
            add(Conflict::page);
    }

    const Catalogue& catalogue_;
    const Features &a_, &b_;
    const Rules& rules_;
    Comparison result_;
    bool short_title_ = false;
};

} // namespace

bool Comparison::has(Evidence wanted) const {
    const auto all = evidence();
    return std::find(all.begin(), all.end(), wanted) != all.end();
}

Evidence compare_journals(std::string_view a, std::string_view b) {
    if (a == b) return Evidence::journal_equal;
    const Words one = split(a), two = split(b);
    const Words& few = one.size <= two.size ? one : two;
    const Words& many = one.size <= two.size ? two : one;
    if (few.size == 0) return Evidence::journal_related;
    if (few.size == many.size) {
        bool all = true;
        for (std::size_t i = 0; i < few.size && all; ++i)
            all = abbreviates(few.word[i], many.word[i]);
        if (all) return Evidence::journal_abbreviated;
    }
    if (few.size == 1 && acronym_of(few.word[0], many)) return Evidence::journal_abbreviated;
    // All words of the shorter name, in order, within the longer.
    std::size_t at = 0;
    for (std::size_t i = 0; i < many.size && at < few.size; ++i)
        if (abbreviates(few.word[at], many.word[i])) ++at;
    if (at == few.size && abbreviates(few.word[0], many.word[0])) return Evidence::journal_related;
    if (text::edit_similarity(a, b, 0.85) >= 0.85) return Evidence::journal_related;
    return Evidence::journal_different;
}

Comparison compare(const Catalogue& catalogue, const Features& a, const Features& b, const Rules& rules,
                   bool full) {
    return Pair(catalogue, a, b, rules).run(full);
}

} // namespace assay::dedupe
