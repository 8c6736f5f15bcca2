#include "uni_model.hpp"

namespace assay::test {

const synth::Estimator* estimator_of(const Json& model) {
    const std::string method = model.value("method", "REML");
    if (method == "EE" || method == "FE" || method == "CE") return nullptr;
    const synth::Estimator* found = synth::find_estimator(method);
    if (!found) throw Unsupported{"estimator " + method};
    return found;
}

synth::Test test_of(const Json& model) {
    const auto test = synth::test_of(model.value("test", "z"));
    if (!test) throw Unsupported{"test " + model.at("test").dump()};
    return *test;
}

std::vector<double> sizes_of(const Inputs& inputs, const Json& golden) {
    const Json& columns = golden.at("effect").at("columns");
    std::vector<const char*> roles;
    for (const auto& set : std::vector<std::vector<const char*>>{
             {"ni"}, {"n1i", "n2i"}, {"ai", "bi", "ci", "di"}, {"t1i", "t2i"}, {"ti"}, {"xi", "mi"}}) {
        bool all = true;
        for (const char* role : set)
            all = all && columns.contains(role);
        if (all) {
            roles = set;
            break;
        }
    }
    if (roles.empty()) throw Unsupported{"sample sizes"};
    std::vector<double> n;
    for (std::size_t row : inputs.kept) {
        double sum = 0;
        for (const char* role : roles)
            sum += inputs.table.numbers.at(columns.at(role).get<std::string>())[row].value();
        n.push_back(sum);
    }
    return n;
}

} // namespace assay::test
