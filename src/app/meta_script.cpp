// The metafor script that does what one `assay meta` call did, so that anybody can check it in R.
#include "app/meta_data.hpp"
#include "text/number.hpp"

#include <cctype>

namespace assay::app {

namespace {

/// A string of R: quoted and escaped, so that a column name cannot become code.
std::string quoted(std::string_view text) {
    std::string result = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') result += '\\';
        if (c == '\n')
            result += "\\n";
        else if (c == '\r')
            result += "\\r";
        else
            result += c;
    }
    return result + "\"";
}

/// A column inside escalc: dat[["name"]] needs no rule about which names R accepts bare.
std::string column(std::string_view name) {
    return "dat[[" + quoted(name) + "]]";
}

std::string named_columns(const MetaRequest& request, const effect::Measure& measure) {
    std::string text;
    const auto add = [&](std::string_view role) {
        const auto given = request.columns.find(std::string(role));
        text += ", " + std::string(role) + "=" +
                column(given == request.columns.end() ? role : std::string_view(given->second));
    };
    if (request.columns.empty()) {
        for (const effect::Role role : measure.needs)
            add(effect::role_name(role));
    } else {
        for (const auto& [role, name] : request.columns)
            add(role);
    }
    return text;
}

std::string escalc_options(const MetaRequest& request) {
    const effect::Options& options = request.effects;
    std::string text;
    if (options.add) text += ", add=" + text::format_number(*options.add);
    if (options.to != effect::AddTo::only0) {
        const bool all = options.to == effect::AddTo::all, none = options.to == effect::AddTo::none;
        text += std::string(", to=") + (all ? "\"all\"" : none ? "\"none\"" : "\"if0all\"");
    }
    if (options.drop00) text += ", drop00=TRUE";
    if (!request.vtype.empty()) text += ", vtype=" + quoted(request.vtype);
    if (!options.correct) text += ", correct=FALSE";
    return text;
}

std::string with_argument(std::string_view pattern, const std::string& argument) {
    std::string text(pattern);
    for (auto at = text.find("{}"); at != std::string::npos; at = text.find("{}", at)) {
        const std::string inserted = quoted(argument);
        text.replace(at, 2, inserted);
        at += inserted.size();
    }
    return text;
}

/// A formula cannot be quoted; its columns are found in dat. Line breaks would end the statement.
std::string one_line(std::string text) {
    for (char& c : text)
        if (c == '\n' || c == '\r') c = ' ';
    return text.find('~') == std::string::npos ? "~ " + text : text;
}

std::string fit(const MetaRequest& request, const effect::Measure& measure) {
    const std::string level = ", level=" + text::format_number(request.pool.level * 100);
    const bool common = request.pool.model == "common";
    if (common && request.pool.method == "MH")
        return "res <- rma.mh(measure=" + quoted(measure.id) + named_columns(request, measure) +
               ", data=dat" + level + ")\n";
    if (common && request.pool.method == "Peto")
        return "res <- rma.peto(" + named_columns(request, measure).substr(2) + ", data=dat" + level + ")\n";
    std::string text;
    if (measure.id == "GEN") {
        const bool sei = request.columns.contains("sei");
        const auto name = [&](const std::string& role) {
            const auto given = request.columns.find(role);
            return column(given == request.columns.end() ? role : given->second);
        };
        text += "dat$yi <- " + name("yi") + "\ndat$vi <- " + (sei ? name("sei") + "^2" : name("vi")) + "\n";
    } else {
        text += "dat <- escalc(measure=" + quoted(measure.id) + named_columns(request, measure) +
                ", data=dat" + escalc_options(request) + ")\n";
    }
    text += "res <- rma(yi, vi, data=dat, method=" + quoted(common ? "EE" : request.pool.method) +
            ", test=" + quoted(request.pool.test) + level;
    if (!request.mods.empty()) text += ", mods=" + one_line(request.mods);
    if (request.pool.tau2) text += ", tau2=" + text::format_number(*request.pool.tau2);
    return text + ", control=list(threshold=1e-10, maxiter=1000))\n";
}

} // namespace

std::string meta_script(const MetaRequest& request) {
    const effect::Measure& measure = effect::measure(request.measure);
    std::string text = "# The same analysis in R. Needs the package metafor.\nlibrary(metafor)\n";
    text += "dat <- read.csv(" + quoted(request.file) + ", check.names=FALSE)\n";
    text += fit(request, measure);
    text += "print(res, digits=6)\n";
    const bool random = request.pool.model != "common";
    if (random && request.mods.empty()) text += "predict(res)\n";
    if (random) text += "confint(res)\n";
    for (const auto& wanted : request.sections)
        for (const SectionMethod& method : section_methods()) {
            if (method.id != wanted.id) continue;
            text += method.script.empty() ? "# " + wanted.id + ": metafor has no function for it\n"
                                          : with_argument(method.script, wanted.argument) + "\n";
        }
    return text;
}

} // namespace assay::app
