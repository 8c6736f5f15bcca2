#include "search/qualifiers.hpp"

#include <string>
#include <utility>

namespace assay::search {

namespace {

// National Library of Medicine, MeSH qualifiers with their abbreviations, names as in the database's display.
constexpr QualifierRow table[] = {
    {"AB", "Abnormalities"},
    {"AD", "Administration & Dosage"},
    {"AE", "Adverse Effects"},
    {"AG", "Agonists"},
    {"AA", "Analogs & Derivatives"},
    {"AN", "Analysis"},
    {"AH", "Anatomy & Histology"},
    {"AI", "Antagonists & Inhibitors"},
    {"BI", "Biosynthesis"},
    {"BL", "Blood"},
    {"BS", "Blood Supply"},
    {"CF", "Cerebrospinal Fluid"},
    {"CS", "Chemical Synthesis"},
    {"CI", "Chemically Induced"},
    {"CH", "Chemistry"},
    {"CL", "Classification"},
    {"CO", "Complications"},
    {"CN", "Congenital"},
    {"CY", "Cytology"},
    {"DF", "Deficiency"},
    {"DI", "Diagnosis"},
    {"DG", "Diagnostic Imaging"},
    {"DH", "Diet Therapy"},
    {"DE", "Drug Effects"},
    {"DT", "Drug Therapy"},
    {"EC", "Economics"},
    {"ED", "Education"},
    {"EM", "Embryology"},
    {"EN", "Enzymology"},
    {"EP", "Epidemiology"},
    {"ES", "Ethics"},
    {"EH", "Ethnology"},
    {"ET", "Etiology"},
    {"GE", "Genetics"},
    {"GD", "Growth & Development"},
    {"HI", "History"},
    {"IM", "Immunology"},
    {"IN", "Injuries"},
    {"IR", "Innervation"},
    {"IS", "Instrumentation"},
    {"IP", "Isolation & Purification"},
    {"LJ", "Legislation & Jurisprudence"},
    {"MA", "Manpower"},
    {"ME", "Metabolism"},
    {"MT", "Methods"},
    {"MI", "Microbiology"},
    {"MO", "Mortality"},
    {"NU", "Nursing"},
    {"OG", "Organization & Administration"},
    {"PS", "Parasitology"},
    {"PY", "Pathogenicity"},
    {"PA", "Pathology"},
    {"PK", "Pharmacokinetics"},
    {"PD", "Pharmacology"},
    {"PH", "Physiology"},
    {"PP", "Physiopathology"},
    {"PO", "Poisoning"},
    {"PC", "Prevention & Control"},
    {"PX", "Psychology"},
    {"RE", "Radiation Effects"},
    {"RT", "Radiotherapy"},
    {"RH", "Rehabilitation"},
    {"SC", "Secondary"},
    {"SE", "Secretion"},
    {"ST", "Standards"},
    {"SN", "Statistics & Numerical Data"},
    {"SD", "Supply & Distribution"},
    {"SU", "Surgery"},
    {"TU", "Therapeutic Use"},
    {"TH", "Therapy"},
    {"TO", "Toxicity"},
    {"TM", "Transmission"},
    {"TR", "Transplantation"},
    {"TD", "Trends"},
    {"UL", "Ultrastructure"},
    {"UR", "Urine"},
    {"UT", "Utilization"},
    {"VE", "Veterinary"},
    {"VI", "Virology"},
    // No longer given to new records, still found in strategies.
    {"CT", "Contraindications"},
    {"DU", "Diagnostic Use"},
    {"RA", "Radiography"},
    {"RI", "Radionuclide Imaging"},
    {"US", "Ultrasonography"},
};

// MeSH subheadings that Emtree has under another code: of diseases (dm) and of drugs (dd).
constexpr std::pair<std::string_view, std::string_view> links[] = {
    {"dt", "dm_dt"}, {"su", "dm_su"}, {"di", "dm_di"}, {"ep", "dm_ep"}, {"et", "dm_et"}, {"pc", "dm_pc"},
    {"th", "dm_th"}, {"rt", "dm_rt"}, {"rh", "dm_rh"}, {"co", "dm_co"}, {"cn", "dm_cn"}, {"tu", "dd_dt"},
    {"ae", "dd_ae"}, {"ad", "dd_ad"}, {"to", "dd_to"}, {"pk", "dd_pk"}, {"pd", "dd_pd"},
};

std::string plain(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (c == '&') {
            out += "and";
        } else if (c >= 'A' && c <= 'Z') {
            out += static_cast<char>(c + 32);
        } else if (c != ' ' && c != '"' && c != ',') {
            out += c;
        }
    }
    return out;
}

} // namespace

std::span<const QualifierRow> qualifier_rows() {
    return table;
}

const QualifierRow* find_qualifier(std::string_view text) {
    const std::string wanted = plain(text);
    for (const auto& candidate : table)
        if (wanted == plain(candidate.code) || wanted == plain(candidate.name)) return &candidate;
    if (wanted == "aetiology") return find_qualifier("ET");
    return nullptr;
}

std::string_view emtree_link(std::string_view mesh) {
    for (const auto& [ours, theirs] : links)
        if (ours == mesh) return theirs;
    return {};
}

std::string_view mesh_of_link(std::string_view emtree) {
    for (const auto& [ours, theirs] : links)
        if (theirs == emtree) return ours;
    return {};
}

} // namespace assay::search
