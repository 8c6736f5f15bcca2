// A review laid out for the checks: rows grouped by what they measure, arms by id, printed digits at hand.
#pragma once

#include "model/review.hpp"
#include "trust/printed.hpp"

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace assay::trust {

/// The text of a cell: of the row at this place, in this column. Empty: not known.
using Texts = std::function<std::string_view(const Place& row, std::string_view column)>;

/// One group at one time: mean, SD and n of an arm, with the row it stands in.
struct ArmMoments {
    const model::Result* row = nullptr;
    const model::Arm* arm = nullptr;
    Printed mean;
    std::optional<Printed> sd;
    std::optional<double> n;
    bool n_assumed = false; ///< n is an assumption of the extractor or of the arm's row
};

struct ArmEvents {
    const model::Result* row = nullptr;
    const model::Arm* arm = nullptr;
    double events = 0;
    std::optional<double> n;
    bool assumed = false; ///< events or n are not printed numbers
};

/// The rows of one study that state the same thing (outcome, time, basis, unit, period) for its arms.
struct Cell {
    const model::Study* study = nullptr;
    const model::Outcome* outcome = nullptr;
    std::string timepoint, basis;
    std::vector<ArmMoments> moments;
    std::vector<ArmEvents> events;
    std::vector<const model::Result*> contrasts;
};

class Data {
public:
    Data(const model::Review& review, Texts texts);

    const model::Review& review() const { return review_; }
    const std::vector<Cell>& cells() const { return cells_; }
    /// Every row of results.csv with its study and outcome, in the order of the table.
    const std::vector<ArmMoments>& moments() const { return moments_; }
    const std::vector<ArmEvents>& events() const { return events_; }
    const std::vector<const model::Arm*>& arms_of(const model::Study& study) const;
    const std::vector<std::size_t>& cells_of(const model::Study& study) const;

    const model::Study* study(const model::StudyId& id) const;
    const model::Outcome* outcome(const model::OutcomeId& id) const;
    const model::Arm* arm(const model::ArmId& id) const;

    /// The number of a cell with the digits it was printed with.
    Printed printed(const Place& row, std::string_view column, double value) const;
    std::optional<Printed> printed(const Place& row, std::string_view column,
                                   std::optional<double> value) const;
    /// The P value of a row as a range.
    std::optional<Range> p_of(const model::Result& row) const;
    std::string p_text(const model::Result& row) const;
    std::string text(const Place& row, std::string_view column) const;

private:
    ArmMoments take(const model::Result& row, const model::Moments& data) const;
    ArmEvents take(const model::Result& row, const model::Events& data) const;

    const model::Review& review_;
    Texts texts_;
    std::unordered_map<std::string_view, const model::Study*> studies_;
    std::unordered_map<std::string_view, const model::Outcome*> outcomes_;
    std::unordered_map<std::string_view, const model::Arm*> arms_;
    std::unordered_map<const model::Study*, std::vector<const model::Arm*>> arms_of_;
    std::unordered_map<const model::Study*, std::vector<std::size_t>> cells_of_;
    std::vector<Cell> cells_;
    std::vector<ArmMoments> moments_;
    std::vector<ArmEvents> events_;
};

/// True for studies in which the same people are in every arm.
bool same_people(const model::Study& study);

} // namespace assay::trust
