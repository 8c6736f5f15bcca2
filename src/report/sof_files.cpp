// The summary of findings as files: a page of its own, CSV, LaTeX, Word.
#include "plot/markup.hpp"
#include "report/sof.hpp"
#include "report/zip.hpp"
#include "text/csv.hpp"

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

std::string latex(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (text.substr(i, 3) == "\xE2\x88\x92") { // minus sign
            out += "$-$";
            i += 2;
        } else if (text.substr(i, 3) == "\xE2\x80\x93") { // en dash
            out += "--";
            i += 2;
        } else if (std::string_view("&%$#_{}").find(c) != std::string_view::npos) {
            out += '\\';
            out += c;
        } else if (c == '\\') {
            out += "\\textbackslash{}";
        } else if (c == '~') {
            out += "\\textasciitilde{}";
        } else if (c == '^') {
            out += "\\textasciicircum{}";
        } else if (c == '[') {
            out += "{[}"; // a bracket at the start of a row would be read as an option of the line break
        } else if (c == '<' || c == '>') {
            out += std::string("$") + c + "$";
        } else if (static_cast<unsigned char>(c) < 0x20) {
            out += ' ';
        } else {
            out += c;
        }
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

enum class Look { plain, bold, heading, small };

std::string paragraph(std::string_view text, Look look) {
    std::string out = "<w:p>";
    if (look == Look::heading) out += "<w:pPr><w:pStyle w:val=\"Heading1\"/></w:pPr>";
    out += "<w:r>";
    if (look == Look::bold) out += "<w:rPr><w:b/><w:sz w:val=\"16\"/></w:rPr>";
    if (look == Look::small) out += "<w:rPr><w:sz w:val=\"16\"/></w:rPr>";
    return out + "<w:t xml:space=\"preserve\">" + xml(text) + "</w:t></w:r></w:p>";
}

/// Widths in twentieths of a point; together the text width of a landscape A4 page with margins of 2 cm.
constexpr int widths[] = {2600, 1300, 1700, 1150, 1150, 2100, 2100, 2470};

std::string word_row(const std::vector<std::string>& cells, bool head) {
    std::string out = "<w:tr>";
    if (head) out += "<w:trPr><w:tblHeader/></w:trPr>";
    for (std::size_t i = 0; i < cells.size(); ++i)
        out += "<w:tc><w:tcPr><w:tcW w:w=\"" + std::to_string(widths[i]) + "\" w:type=\"dxa\"/></w:tcPr>" +
               paragraph(cells[i], head ? Look::bold : Look::small) + "</w:tc>";
    return out + "</w:tr>";
}

std::string word_table(const SofTable& table) {
    std::string out = "<w:tbl><w:tblPr><w:tblW w:w=\"14570\" w:type=\"dxa\"/><w:tblBorders>";
    for (const char* side : {"top", "left", "bottom", "right", "insideH", "insideV"})
        out += std::string("<w:") + side + " w:val=\"single\" w:sz=\"4\" w:space=\"0\" w:color=\"808080\"/>";
    out += "</w:tblBorders><w:tblLayout w:type=\"fixed\"/></w:tblPr><w:tblGrid>";
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
    "<w:spacing w:before=\"240\" w:after=\"80\"/></w:pPr><w:rPr><w:b/><w:sz "
    "w:val=\"28\"/></w:rPr></w:style></w:styles>";

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
    std::string out =
        "\\documentclass[a4paper,landscape]{article}\n\\usepackage[utf8]{inputenc}\n\\usepackage[T1]{fontenc}"
        "\n"
        "\\usepackage[margin=2cm]{geometry}\n\\usepackage{longtable}\n\\setlength{\\tabcolsep}{3pt}\n"
        "\\begin{document}\n\\section*{Summary of findings: " +
        latex(review.title) + "}\n";
    for (const auto& table : tables) {
        out += "\\subsection*{" + latex(table.title) + "}\n" + latex(subject(table)) + "\n\n\\footnotesize\n";
        out += "\\begin{longtable}{|p{4.2cm}|p{2cm}|p{2.6cm}|p{1.7cm}|p{1.7cm}|p{3.3cm}|p{3.3cm}|p{4cm}|}"
               "\n\\hline\n";
        const auto line = [&](const std::vector<std::string>& cells) {
            for (std::size_t i = 0; i < cells.size(); ++i)
                out += (i ? " & " : "") + latex(cells[i]);
            out += " \\\\ \\hline\n";
        };
        line(sof_heads());
        out += "\\endhead\n";
        for (const auto& row : table.rows)
            line(sof_cells(row));
        out += "\\end{longtable}\n";
        for (const auto& note : table.footnotes)
            out += "\\noindent " + latex(note) + "\\par\n";
        out += "\\normalsize\n";
    }
    return out + "\\medskip\\noindent " + latex(review.disclaimer) + "\n\\end{document}\n";
}

std::string sof_docx(const model::Review& review, const std::vector<SofTable>& tables) {
    std::string body = paragraph("Summary of findings: " + review.title, Look::heading);
    for (const auto& table : tables) {
        body += paragraph(table.title, Look::heading) + paragraph(subject(table), Look::plain) +
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
