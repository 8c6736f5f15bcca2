#include "store/database.hpp"

#include <charconv>

namespace assay::store {

std::int64_t Cell::number() const {
    std::int64_t value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

void Database::run(std::string_view sql, std::span<const Value> parameters) {
    query(sql, parameters, {});
}

std::int64_t Database::number(std::string_view sql, std::span<const Value> parameters) {
    std::int64_t value = 0;
    bool first = true;
    query(sql, parameters, [&](std::span<const Cell> row) {
        if (first && !row.empty()) value = row[0].number();
        first = false;
    });
    return value;
}

} // namespace assay::store
