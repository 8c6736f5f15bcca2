// Writes JSON in the order it is told: indented by two spaces or dense, shortest round-trip numbers, null for what is undefined.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace assay::report {

class JsonWriter {
public:
    enum class Form { indented, dense };
    explicit JsonWriter(Form form = Form::indented) : form_(form) {}

    JsonWriter& key(std::string_view name);
    JsonWriter& begin_object() { return begin('{'); }
    JsonWriter& end_object() { return end('}'); }
    JsonWriter& begin_array() { return begin('['); }
    JsonWriter& end_array() { return end(']'); }

    JsonWriter& value(std::string_view text);
    JsonWriter& value(const char* text) { return value(std::string_view(text)); }
    JsonWriter& value(const std::string& text) { return value(std::string_view(text)); }
    JsonWriter& value(double number); ///< null unless finite
    JsonWriter& value(int number);
    JsonWriter& value(bool truth);
    JsonWriter& value(const std::optional<double>& number);
    JsonWriter& null();

    template<class T> JsonWriter& member(std::string_view name, const T& content) { return key(name).value(content); }

    /// The document, ended by a newline; everything must be closed.
    std::string take();

private:
    JsonWriter& begin(char bracket);
    JsonWriter& end(char bracket);
    void before_value();
    void new_line();

    Form form_;
    std::string out_;
    std::vector<bool> filled_; ///< per open bracket: has it an entry yet?
    bool after_key_ = false;
};

} // namespace assay::report
