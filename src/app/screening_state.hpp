// What a screening holds between two decisions. Shared by the files that make it up; nobody else includes it.
#pragma once

#include "app/screening.hpp"
#include "app/screening_ballots.hpp"
#include "screen/features.hpp"
#include "screen/highlight.hpp"
#include "screen/models.hpp"
#include "screen/similarity.hpp"

#include <map>
#include <optional>
#include <set>
#include <unordered_map>
#include <vector>

namespace assay::app {

/// Records drawn at random from those not read, in the order of the draw.
struct DrawnAudit {
    std::int64_t event = 0;
    std::size_t unread = 0; ///< from so many
    std::size_t found = 0;  ///< relevant records found before
    std::string who, when;
    std::vector<std::size_t> rows;
};

struct Screening::State {
    State(store::Store& store, ScreeningRequest request, const Progress& progress);

    /// Takes in what others, and we, have added to the log since the last time.
    void catch_up();

    /// Whether the record waits for this person.
    bool to_read(std::size_t row, const std::string& who) const;
    bool blind() const { return setup.reviewers > 1 && setup.blind; }
    /// Whether nobody may be shown yet what was decided on a record.
    bool hidden(const Ballot& ballot) const {
        return blind() && !ballot.resolved &&
               ballot.labels.size() < static_cast<std::size_t>(setup.reviewers);
    }
    bool at_stage(std::size_t row) const {
        return removed.count(row) == 0 && (request.stage == "screen" || sought.count(row) > 0);
    }
    std::size_t records_at_stage() const {
        return request.stage == "screen" ? entries.size() - removed.size() : sought.size();
    }
    /// Relevance of the records that are read, in the order of reading.
    std::vector<char> found_so_far() const;
    /// The row of a record of the store. Errors: "store/unknown-record", "screen/not-sought".
    std::size_t row_at_stage(std::int64_t record) const;

    /// True once there is a model; it then knows what `who` may know.
    bool teach(const std::string& who);
    /// Rows of the order before there is a model.
    const std::vector<std::size_t>& first_order();
    /// What a reviewer is shown of a row; the model's view only where `reasons`.
    Shown shown(std::size_t row, const std::string& order, bool reasons);

    store::Store& store;
    ScreeningRequest request;
    Progress progress;
    store::Settings settings;
    Setup setup;
    std::vector<store::Entry>
        entries; ///< one for each group of copies: that of the first, with the fullest text of all
    std::unordered_map<std::int64_t, std::size_t> row_of; ///< of every record, copies too
    Ballots ballots, abstracts;    ///< of the stage; at full text, of titles and abstracts, too
    std::set<std::size_t> removed; ///< taken out before screening
    std::set<std::size_t> sought;  ///< at full text: kept by title and abstract
    std::vector<DrawnAudit> audits;
    std::optional<std::size_t> again; ///< a record whose decision was taken back just now

    // Made when a model is first asked for.
    std::vector<screen::Text> texts;
    std::optional<screen::TextFeatures> features;
    std::optional<screen::Similarity> similarity;
    std::optional<screen::Ranker> ranker; ///< knows what `taught` may know
    std::string taught;
    screen::Model model;

private:
    void read_all();
    void set_up();
    void take(const store::Event& event);
    void follow(std::size_t row);
    void forget_model();
    std::string lesson(std::size_t row, const std::string& who) const;

    std::int64_t last_event_ = 0;
    bool reread_ = false, set_up_again_ = false; ///< what take() has found to be necessary
    std::set<std::size_t> changed_;
    std::vector<std::size_t> start_;
    std::optional<screen::Highlighter> highlighter_;
    std::map<std::size_t, bool> known_; ///< what the ranker was taught
    std::set<std::size_t> aside_;
};

} // namespace assay::app
