// Which rows of the tables a medicine meets: by ATC or RxNorm code, by the name of the ingredient, or by a
// brand.
#pragma once

#include "person/profile.hpp"
#include "person/tables.hpp"

#include <string>
#include <vector>

namespace assay::person {

/// What a medicine is, as far as the tables can tell.
struct Identity {
    std::vector<std::string> ingredients; ///< lower case
    std::string atc, rxcui;
    std::string by;            ///< how the ingredient was found, in words
    std::vector<Origin> rows;  ///< rows of names used on the way
    bool is_substance = false; ///< it is the substance itself (an antacid, a laxative)
    std::string hint;          ///< a name close to what was written; empty: none
};

Identity identify(const Medicine& medicine, const Tables& tables);

/// One of the codes is the medicine's code or the beginning of it.
bool code_matches(const std::string& code, const std::vector<std::string>& codes);

bool meets(const Identity& who, const Interaction& row);
bool meets(const Identity& who, const Factor& row);

/// The conditions that hold one of these words or codes, as the person wrote them.
std::vector<std::string> conditions_with(const Profile& profile, const std::vector<std::string>& words);

} // namespace assay::person
