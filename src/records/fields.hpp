// Small readers that many formats share: names, dates, pages, ids in running text, types.
#pragma once

#include "model/record.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace assay::records {

/// Makes `record` a new one: cheaper than moving thirty empty fields into it.
inline void renew(model::Record& record) {
    std::destroy_at(&record);
    std::construct_at(&record);
}

/// Adds a person. "Family, Given" and "Given Family" are understood; a name without either form is a group
/// when `collective` says so.
void add_name(model::Record& record, std::string_view name, std::string_view role = "author",
              bool collective = false);

/// Adds an id unless it is there already. DOIs lose their web address.
void add_id(model::Record& record, std::string_view scheme, std::string_view value);

/// Adds a keyword; a star before it marks what the record is mainly about.
void add_keyword(model::Record& record, std::string_view word, std::string_view scheme = {});

/// Adds an address, and the ids it carries: a DOI behind doi.org, Scopus's eid.
void add_link(model::Record& record, std::string_view address);

/// The DOI in `text` with its case kept, or empty.
std::string find_doi(std::string_view text);

/// "2024/04/03/", "2011 Mar 5", "Jan 2018", "20180315", "2013//", "03/2018": EDTF. Text without a year gives
/// an empty date.
std::string edtf(std::string_view text);

/// The number of a month ("Jan", "january", "01"), 0: none.
int month_number(std::string_view text);

/// Joins year, month and day that stand apart.
std::string edtf(std::string_view year, std::string_view month, std::string_view day);

/// The date of a text that may leave the year to another field: "Mar 5" within 2019. Empty: it names neither
/// year nor month.
std::string edtf_within(std::string_view year, std::string_view text);

/// "" and "-" give `first` alone; "12" and "15" give "12-15".
std::string join_pages(std::string_view first, std::string_view last);

/// Hyphens of every kind as '-', without spaces around.
std::string plain_hyphens(std::string_view text);

/// Splits issns, several in one cell, into "1234-5678"; ISBNs go to isbn.
void add_serials(model::Record& record, std::string_view text);

/// Like text.find(wanted, from), many times faster where the first letter of `wanted` is frequent.
std::size_t find_text(std::string_view text, std::string_view wanted, std::size_t from = 0);

/// HTML entities decoded, tags kept as they are.
std::string plain_text(std::string_view text);

/// Trial registration numbers found in title and abstract become ids.
void mine_registrations(model::Record& record);

/// Decisions that screening tools leave in notes: RAYYAN-INCLUSION: {"Ann"=>"Included"}; Covidence's
/// "Exclusion reason: ...".
void add_tool_decisions(model::Record& record, std::string_view note);

/// All parts of the abstract as one text, labels before their parts.
std::string abstract_text(const model::Record& record);

/// "Family, Given, Suffix".
std::string full_name(const model::RecordName& name);

} // namespace assay::records
