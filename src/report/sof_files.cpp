// The summary of findings as files: a page of its own, CSV, LaTeX, Word.
#include "plot/markup.hpp"
#include "report/sof.hpp"
#include "report/zip.hpp"
#include "text/csv.hpp"

#include <algorithm>
#include <iterator>
#include <string_view>

namespace assay::report {

namespace {

std::string subject(const SofTable& table) {
    return table.intervention + " against " + table.comparator + ", " + table.population;
}

constexpr std::string_view style =
    "body{font:16px/1.45 system-ui,sans-serif;margin:2rem auto;max-width:76rem;padding:0 1rem}"
    "table{border-collapse:collapse;width:100%;font-size:.88rem}"
    "caption{text-align:left;font-weight:600;padding:.4rem 0}"
    "th,td{border:1px solid #888;padding:.35rem .5rem;text-align:left;vertical-align:top}"
    "thead th{background:#eee;color:#111}.notes{font-size:.85rem}";

struct Spelling {
    std::string_view character, tex;
};
/// Characters that the fonts of pdfLaTeX do not have under their own name. The other engines would know them,
/// too.
constexpr Spelling spellings[] = {
    {"\xE2\x88\x92", "$-$"},
    {"\xE2\x80\x93", "--"},
    {"\xE2\x80\x94", "---"},
    {"\xE2\x80\x98", "`"},
    {"\xE2\x80\x99", "'"},
    {"\xE2\x80\x9C", "``"},
    {"\xE2\x80\x9D", "''"},
    {"\xE2\x80\xA6", "\\ldots{}"},
    {"\xE2\x89\xA4", "$\\leq$"},
    {"\xE2\x89\xA5", "$\\geq$"},
    {"\xE2\x89\x88", "$\\approx$"},
    {"\xE2\x88\x9E", "$\\infty$"},
    {"\xE2\x88\x9A", "$\\surd$"},
    {"\xC3\x97", "$\\times$"},
    {"\xC2\xB1", "$\\pm$"},
    {"\xC2\xB2", "$^2$"},
    {"\xC2\xB3", "$^3$"},
    {"\xC2\xB5", "$\\mu$"},
    {"\xC2\xB0", "$^\\circ$"},
    {"\xC2\xB7", "$\\cdot$"},
    {"\xC2\xA0", "~"},
    {"\xE2\x80\xAF", "~"},
    {"\xE2\x82\x82", "$_2$"},
    {"\xCE\xB1", "$\\alpha$"},
    {"\xCE\xB2", "$\\beta$"},
    {"\xCE\xB3", "$\\gamma$"},
    {"\xCE\xB4", "$\\delta$"},
    {"\xCE\xBA", "$\\kappa$"},
    {"\xCE\xBC", "$\\mu$"},
    {"\xCF\x84", "$\\tau$"},
    {"\xCF\x87", "$\\chi$"},
    {"&", "\\&"},
    {"%", "\\%"},
    {"$", "\\$"},
    {"#", "\\#"},
    {"_", "\\_"},
    {"{", "\\{"},
    {"}", "\\}"},
    {"\\", "\\textbackslash{}"},
    {"~", "\\textasciitilde{}"},
    {"^", "\\textasciicircum{}"},
    {"<", "$<$"},
    {">", "$>$"},
    {"[", "{[}"}, // at the start of a row a bracket would be an option of the line break
};

std::string latex(std::string_view text) {
    std::string out;
    while (!text.empty()) {
        const auto known = std::find_if(std::begin(spellings), std::end(spellings),
                                        [&](const Spelling& one) { return text.starts_with(one.character); });
        if (known != std::end(spellings)) {
            out += known->tex;
            text.remove_prefix(known->character.size());
            continue;
        }
        out += static_cast<unsigned char>(text.front()) < 0x20 ? ' ' : text.front();
        text.remove_prefix(1);
    }
    return out;
}

// ---- Word (ECMA-376, WordprocessingML)
// ----------------------------------------------------------------------

/// Text that may stand in XML 1.0: characters that it does not know are left out.
std::string xml(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c == '&')
            out += "&amp;";
        else if (c == '<')
            out += "&lt;";
        else if (c == '>')
            out += "&gt;";
        else if (c == '"')
            out += "&quot;";
        else if (static_cast<unsigned char>(c) >= 0x20 || c == '\t')
            out += c;
    }
    return out;
}

enum class Look { bold, title, heading, subject, small };

std::string paragraph(std::string_view text, Look look) {
    std::string out = "<w:p>";
    if (look == Look::title) out += "<w:pPr><w:pStyle w:val=\"Heading1\"/></w:pPr>";
    if (look == Look::heading) out += "<w:pPr><w:pStyle w:val=\"Heading2\"/></w:pPr>";
    if (look == Look::subject) out += "<w:pPr><w:keepNext/><w:spacing w:after=\"80\"/></w:pPr>";
    if (look == Look::small)
        out += "<w:pPr><w:keepLines/><w:spacing w:before=\"20\" w:after=\"20\"/></w:pPr>";
    out += "<w:r>";
    if (look == Look::bold) out += "<w:rPr><w:b/><w:sz w:val=\"16\"/></w:rPr>";
    if (look == Look::small) out += "<w:rPr><w:sz w:val=\"16\"/></w:rPr>";
    return out + "<w:t xml:space=\"preserve\">" + xml(text) + "</w:t></w:r></w:p>";
}

/// Widths in twentieths of a point; together the text width of a landscape A4 page with margins of 2 cm.
constexpr int widths[] = {2600, 1450, 1600, 1100, 1100, 2150, 2150, 2420};

std::string word_row(const std::vector<std::string>& cells, bool head) {
    std::string out = head ? "<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>"
                           : "<w:tr><w:trPr><w:cantSplit/></w:trPr>";
    for (std::size_t i = 0; i < cells.size(); ++i)
        out += "<w:tc><w:tcPr><w:tcW w:w=\"" + std::to_string(widths[i]) + "\" w:type=\"dxa\"/></w:tcPr>" +
               paragraph(cells[i], head ? Look::bold : Look::small) + "</w:tc>";
    return out + "</w:tr>";
}

std::string word_table(const SofTable& table) {
    std::string out = "<w:tbl><w:tblPr><w:tblW w:w=\"14570\" w:type=\"dxa\"/><w:tblBorders>";
    for (const char* side : {"top", "left", "bottom", "right", "insideH", "insideV"})
        out += std::string("<w:") + side + " w:val=\"single\" w:sz=\"4\" w:space=\"0\" w:color=\"808080\"/>";
    out += "</w:tblBorders><w:tblLayout w:type=\"fixed\"/><w:tblCellMar><w:top w:w=\"30\" "
           "w:type=\"dxa\"/><w:left "
           "w:w=\"80\" w:type=\"dxa\"/><w:bottom w:w=\"30\" w:type=\"dxa\"/><w:right w:w=\"80\" "
           "w:type=\"dxa\"/></w:tblCellMar></w:tblPr><w:tblGrid>";
    for (const int width : widths)
        out += "<w:gridCol w:w=\"" + std::to_string(width) + "\"/>";
    out += "</w:tblGrid>" + word_row(sof_heads(), true);
    for (const auto& row : table.rows)
        out += word_row(sof_cells(row), false);
    return out + "</w:tbl>";
}

constexpr std::string_view declaration = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
constexpr std::string_view content_types =
    "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">"
    "<Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>"
    "<Default Extension=\"xml\" ContentType=\"application/xml\"/>"
    "<Override PartName=\"/word/document.xml\" "
    "ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml\"/>"
    "<Override PartName=\"/word/styles.xml\" "
    "ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml\"/></Types>";
constexpr std::string_view package_relations =
    "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship "
    "Id=\"rId1\" "
    "Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" "
    "Target=\"word/document.xml\"/></Relationships>";
constexpr std::string_view document_relations =
    "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship "
    "Id=\"rId1\" "
    "Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles\" "
    "Target=\"styles.xml\"/></Relationships>";
constexpr std::string_view styles =
    "<w:styles xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:style "
    "w:type=\"paragraph\" "
    "w:default=\"1\" w:styleId=\"Normal\"><w:name w:val=\"Normal\"/></w:style><w:style w:type=\"paragraph\" "
    "w:styleId=\"Heading1\"><w:name w:val=\"heading 1\"/><w:basedOn w:val=\"Normal\"/><w:pPr><w:keepNext/>"
    "<w:spacing w:after=\"120\"/></w:pPr><w:rPr><w:b/><w:sz w:val=\"30\"/></w:rPr></w:style><w:style "
    "w:type=\"paragraph\" w:styleId=\"Heading2\"><w:name w:val=\"heading 2\"/><w:basedOn "
    "w:val=\"Normal\"/><w:pPr><w:keepNext/><w:spacing w:before=\"280\" "
    "w:after=\"40\"/></w:pPr><w:rPr><w:b/><w:sz "
    "w:val=\"24\"/></w:rPr></w:style></w:styles>";

} // namespace

std::string sof_html(const model::Review& review, const std::vector<SofTable>& tables) {
    plot::Markup out;
    out.open("html", {{"lang", review.language}}).line();
    out.open("head").line();
    out.leaf("meta", {{"charset", "utf-8"}}).line();
    out.element("title", "Summary of findings: " + review.title).line();
    out.open("style").append(style).close().line();
    out.close().line();
    out.open("body").line();
    out.element("h1", "Summary of findings: " + review.title).line();
    for (const auto& table : tables) {
        out.open("section").line();
        out.element("h2", table.title).line();
        out.open("table").line();
        out.element("caption", subject(table)).line();
        out.open("thead").open("tr");
        for (const auto& head : sof_heads())
            out.element("th", head, {{"scope", "col"}});
        out.close().close().line();
        out.open("tbody").line();
        for (const auto& row : table.rows) {
            out.open("tr", {{"data-analysis", row.analysis.value}});
            const auto cells = sof_cells(row);
            for (std::size_t i = 0; i < cells.size(); ++i)
                if (i == 0)
                    out.element("th", cells[i], {{"scope", "row"}});
                else
                    out.element("td", cells[i]);
            out.close().line();
        }
        out.close().close().line();
        for (const auto& note : table.footnotes)
            out.element("p", note, {{"class", "notes"}}).line();
        out.close().line();
    }
    out.element("p", review.disclaimer).line();
    out.close().close().line();
    return "<!DOCTYPE html>\n" + out.take();
}

std::string sof_csv(const std::vector<SofTable>& tables) {
    std::string out;
    const std::vector<std::string_view> heads{
        "question", "analysis", "outcome",    "detail",    "participants", "studies",   "relative",
        "baseline", "with",     "difference", "certainty", "certainty_by", "footnotes", "statement"};
    text::write_csv_row(out, heads);
    for (const auto& table : tables)
        for (const auto& row : table.rows) {
            std::string notes;
            for (const auto& note : table.footnotes) {
                const auto letter = note.substr(0, note.find('.'));
                if ((", " + row.notes + ",").find(", " + letter + ",") == std::string::npos) continue;
                notes += (notes.empty() ? "" : " ") + note;
            }
            const auto studies = std::to_string(row.studies);
            const std::vector<std::string_view> cells{table.question.value,
                                                      row.analysis.value,
                                                      row.outcome,
                                                      row.detail,
                                                      row.participants,
                                                      studies,
                                                      row.relative,
                                                      row.baseline,
                                                      row.with,
                                                      row.difference,
                                                      row.certainty,
                                                      row.certainty_by,
                                                      notes,
                                                      row.statement};
            text::write_csv_row(out, cells);
        }
    return out;
}

std::string sof_latex(const model::Review& review, const std::vector<SofTable>& tables) {
    std::string out = "\\documentclass[a4paper,landscape]{article}\n"
                      "\\usepackage{iftex}\n"
                      // Letters that can be searched and copied (cmap), and drawn at any size (lmodern),
                      // where they are installed.
                      "\\ifPDFTeX\\IfFileExists{cmap.sty}{\\usepackage{cmap}}{}\\usepackage[utf8]{inputenc}"
                      "\\usepackage[T1]{fontenc}"
                      "\\IfFileExists{lmodern.sty}{\\usepackage{lmodern}}{}\\else\\usepackage{fontspec}\\fi\n"
                      "\\usepackage[margin=2cm]{geometry}\n\\usepackage{array}\n\\usepackage{longtable}\n"
                      "\\setlength{\\tabcolsep}{3pt}\n\\setlength{\\extrarowheight}{2pt}\n"
                      "\\setlength{\\LTleft}{0pt}\n\\setlength{\\LTpre}{4pt}\n\\setlength{\\LTpost}{4pt}\n"
                      "\\newcolumntype{L}[1]{>{\\raggedright\\arraybackslash}p{#1}}\n"
                      "\\begin{document}\n\\section*{Summary of findings: " +
                      latex(review.title) + "}\n";
    for (const auto& table : tables) {
        out += "\\subsection*{" + latex(table.title) + "}\n\\noindent " + latex(subject(table)) +
               "\n\n\\footnotesize\n";
        out += "\\begin{longtable}{|L{4.3cm}|L{2cm}|L{2.6cm}|L{1.8cm}|L{1.8cm}|L{3.6cm}|L{3.6cm}|L{4cm}|}"
               "\n\\hline\n";
        const auto line = [&](const std::vector<std::string>& cells, std::string_view before,
                              std::string_view end) {
            for (std::size_t i = 0; i < cells.size(); ++i)
                out += (i ? " & " : "") + std::string(before) + latex(cells[i]);
            out += " " + std::string(end) + " \\hline\n";
        };
        line(sof_heads(), "\\bfseries ", "\\\\");
        out += "\\endhead\n";
        // With a star no page breaks between the last row and the footnotes below the table.
        for (std::size_t i = 0; i < table.rows.size(); ++i)
            line(sof_cells(table.rows[i]), "", i + 1 == table.rows.size() ? "\\\\*" : "\\\\");
        out += "\\end{longtable}\n";
        for (const auto& note : table.footnotes)
            out += "{\\raggedright\\noindent " + latex(note) + "\\par}\n";
        out += "\\normalsize\n";
    }
    return out + "\\medskip{\\raggedright\\noindent " + latex(review.disclaimer) +
           "\\par}\n\\end{document}\n";
}

std::string sof_docx(const model::Review& review, const std::vector<SofTable>& tables) {
    std::string body = paragraph("Summary of findings: " + review.title, Look::title);
    for (const auto& table : tables) {
        body += paragraph(table.title, Look::heading) + paragraph(subject(table), Look::subject) +
                word_table(table);
        for (const auto& note : table.footnotes)
            body += paragraph(note, Look::small);
    }
    body += paragraph(review.disclaimer, Look::small);
    const std::string document =
        std::string(declaration) +
        "<w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:body>" +
        body +
        "<w:sectPr><w:pgSz w:w=\"16838\" w:h=\"11906\" w:orient=\"landscape\"/><w:pgMar w:top=\"1134\" "
        "w:right=\"1134\" w:bottom=\"1134\" w:left=\"1134\" w:header=\"567\" w:footer=\"567\" "
        "w:gutter=\"0\"/></w:sectPr></w:body></w:document>";
    return zip({{"[Content_Types].xml", std::string(declaration) + std::string(content_types)},
                {"_rels/.rels", std::string(declaration) + std::string(package_relations)},
                {"word/document.xml", document},
                {"word/_rels/document.xml.rels", std::string(declaration) + std::string(document_relations)},
                {"word/styles.xml", std::string(declaration) + std::string(styles)}});
}

} // namespace assay::report
