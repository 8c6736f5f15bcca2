#include "synth/sampling_covariance.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

namespace assay::synth {

namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

/// Rows of each cluster, clusters in the order of first appearance.
struct Clusters {
    std::vector<std::string> names;
    std::vector<std::vector<std::size_t>> rows;
};
Clusters clusters_of(std::span<const std::string> cluster) {
    Clusters out;
    std::map<std::string, std::size_t> known;
    for (std::size_t i = 0; i < cluster.size(); ++i) {
        const auto [at, fresh] = known.emplace(cluster[i], out.names.size());
        if (fresh) {
            out.names.push_back(cluster[i]);
            out.rows.emplace_back();
        }
        out.rows[at->second].push_back(i);
    }
    return out;
}

/// One side of a contrast: a group at a time, with its size.
struct Side {
    const std::string* group = nullptr;
    bool second = false; ///< of the default pair of groups
    double time = 0, weight = 1;
};

class Contrasts {
public:
    explicit Contrasts(const SamplingDesign& design) : d_(design) {}

    double correlation(std::size_t i, std::size_t j) const {
        double measures = 1;
        if (!d_.type.empty() && d_.type[i] != d_.type[j])
            measures = d_.rho_type;
        else if (!d_.obs.empty() && d_.obs[i] != d_.obs[j])
            measures = d_.rho_obs;
        const Side i1 = side(i, false), i2 = side(i, true), j1 = side(j, false), j2 = side(j, true);
        const double cross = shared(i1, j1) - shared(i1, j2) - shared(i2, j1) + shared(i2, j2);
        return measures * cross / (spread(i1, i2) * spread(j1, j2));
    }

private:
    Side side(std::size_t i, bool second) const {
        Side out;
        out.second = second;
        const auto groups = second ? d_.group2 : d_.group1;
        if (!groups.empty()) out.group = &groups[i];
        const double time1 = d_.time1.empty() ? 1 : d_.time1[i],
                     weight1 = d_.weight1.empty() ? 1 : d_.weight1[i];
        out.time = second && !d_.time2.empty() ? d_.time2[i] : time1;
        out.weight = second && !d_.weight2.empty() ? d_.weight2[i] : weight1;
        return out;
    }
    /// Groups that are not given are 1 and 2 (R compares with those as text).
    static std::string_view name(const Side& s) {
        if (s.group) return *s.group;
        return s.second ? "2" : "1";
    }
    double shared(const Side& a, const Side& b) const {
        if (name(a) != name(b)) return 0;
        const double in_time = a.time == b.time ? 1 : std::pow(d_.phi, std::fabs(a.time - b.time));
        return in_time * std::sqrt(1 / a.weight * 1 / b.weight);
    }
    double spread(const Side& a, const Side& b) const {
        return std::sqrt(1 / a.weight + 1 / b.weight - 2 * shared(a, b));
    }
    const SamplingDesign& d_;
};

num::Matrix part_of(const num::Matrix& v, const std::vector<std::size_t>& rows) {
    num::Matrix out(rows.size(), rows.size());
    for (std::size_t a = 0; a < rows.size(); ++a)
        for (std::size_t b = 0; b < rows.size(); ++b)
            out(a, b) = v(rows[a], rows[b]);
    return out;
}

double made_correlation(const AggregateOptions& options, std::span<const std::string> obs,
                        std::span<const double> time, std::size_t i, std::size_t j) {
    if (i == j) return 1;
    if (!options.phi) return options.rho;
    const double lag = std::fabs(time[i] - time[j]), in_time = std::pow(*options.phi, lag);
    if (options.sum_of_both) return options.rho + (1 - options.rho) * in_time;
    if (obs.empty()) return in_time;
    return (obs[i] == obs[j] ? 1 : options.rho) * in_time;
}

} // namespace

SamplingMatrix sampling_covariance(std::span<const double> v, const SamplingDesign& design) {
    SamplingMatrix out{num::Matrix(v.size(), v.size()), {}};
    const Contrasts contrasts(design);
    const Clusters clusters = clusters_of(design.cluster);
    for (std::size_t c = 0; c < clusters.rows.size(); ++c) {
        const auto& rows = clusters.rows[c];
        for (std::size_t i : rows)
            for (std::size_t j : rows) {
                const double r = i == j ? 1 : contrasts.correlation(i, j);
                out.v(i, j) = r * std::sqrt(v[i] * v[j]);
            }
        num::Matrix block = part_of(out.v, rows);
        constexpr double rounding = 1e-12; // a singular matrix must not pass by its last digits
        for (std::size_t a = 0; a < block.rows; ++a)
            block(a, a) *= 1 - rounding;
        if (!num::cholesky(block.cells, block.rows)) out.not_positive.push_back(clusters.names[c]);
    }
    return out;
}

CorrelationCovariance correlation_covariance(std::span<const CorrelationRow> rows, bool fisher_z,
                                             StudySize size) {
    CorrelationCovariance out{{}, num::Matrix(rows.size(), rows.size())};
    for (const CorrelationRow& row : rows) {
        const double r = row.missing ? nan : row.r;
        out.y.push_back(fisher_z ? std::atanh(r) : r);
    }
    std::vector<std::string> studies;
    for (const CorrelationRow& row : rows)
        studies.push_back(row.study);
    for (const auto& members : clusters_of(studies).rows) {
        std::map<std::string, std::size_t> variables;
        for (std::size_t i : members) {
            variables.emplace(rows[i].variable1, variables.size());
            variables.emplace(rows[i].variable2, variables.size());
        }
        const std::size_t m = variables.size();
        num::Matrix r(m, m);
        std::fill(r.cells.begin(), r.cells.end(), nan);
        for (std::size_t a = 0; a < m; ++a)
            r(a, a) = 1;
        double smallest = std::numeric_limits<double>::infinity(), sum = 0, reciprocals = 0;
        for (std::size_t i : members) {
            const std::size_t a = variables[rows[i].variable1], b = variables[rows[i].variable2];
            r(a, b) = r(b, a) = rows[i].missing ? nan : rows[i].r;
            smallest = std::min(smallest, rows[i].n);
            sum += rows[i].n;
            reciprocals += 1 / rows[i].n;
        }
        const auto count = static_cast<double>(members.size());
        const double n = size == StudySize::smallest ? smallest
                         : size == StudySize::mean   ? sum / count
                                                     : count / reciprocals;
        constexpr double fewest = 5; // below, rcalc gives no covariance
        const double divisor = n >= fewest ? n - (fisher_z ? 3 : 1) : nan;
        for (std::size_t a : members)
            for (std::size_t b : members) {
                const std::size_t i = variables[rows[a].variable1], j = variables[rows[a].variable2];
                const std::size_t k = variables[rows[b].variable1], l = variables[rows[b].variable2];
                const double ij = r(i, j), kl = r(k, l), ik = r(i, k), il = r(i, l), jk = r(j, k),
                             jl = r(j, l);
                double cell = 0.5 * ij * kl * (ik * ik + il * il + jk * jk + jl * jl) + ik * jl + il * jk -
                              (ij * ik * il + ij * jk * jl + ik * jk * kl + il * jl * kl);
                if (fisher_z) cell /= (1 - ij * ij) * (1 - kl * kl);
                out.v(a, b) = cell / divisor;
            }
    }
    return out;
}

std::vector<Aggregated> aggregate(std::span<const double> y, std::span<const double> v,
                                  const num::Matrix* matrix, std::span<const std::string> cluster,
                                  const AggregateOptions& options, std::span<const std::string> obs,
                                  std::span<const double> time) {
    std::vector<Aggregated> out;
    const Clusters clusters = clusters_of(cluster);
    for (std::size_t c = 0; c < clusters.rows.size(); ++c) {
        const auto& rows = clusters.rows[c];
        Aggregated one{clusters.names[c], nan, nan, static_cast<int>(rows.size())};
        num::Matrix block(rows.size(), rows.size());
        for (std::size_t a = 0; a < rows.size(); ++a)
            for (std::size_t b = 0; b < rows.size(); ++b)
                block(a, b) = matrix ? (*matrix)(rows[a], rows[b])
                                     : made_correlation(options, obs, time, rows[a], rows[b]) *
                                           std::sqrt(v[rows[a]] * v[rows[b]]);
        if (options.weighted) {
            const num::Matrix w = num::inverse_of(block);
            if (w.rows > 0) {
                double sum = 0, product = 0;
                for (std::size_t a = 0; a < rows.size(); ++a)
                    for (std::size_t b = 0; b < rows.size(); ++b) {
                        sum += w(a, b);
                        product += w(a, b) * y[rows[b]];
                    }
                one.y = product / sum;
                one.v = 1 / sum;
            }
        } else {
            double sum = 0, all = 0;
            for (std::size_t a = 0; a < rows.size(); ++a) {
                sum += y[rows[a]];
                for (std::size_t b = 0; b < rows.size(); ++b)
                    all += block(a, b);
            }
            const auto count = static_cast<double>(rows.size());
            one.y = sum / count;
            one.v = all / (count * count);
        }
        out.push_back(one);
    }
    return out;
}

} // namespace assay::synth
