// Numbers in cells.
#include "text/number.hpp"

#include <doctest/doctest.h>

using assay::text::format_number;
using assay::text::parse_number;

TEST_CASE("numbers that are read") {
    CHECK(parse_number("4.6").value == 4.6);
    CHECK(parse_number("-0.2").value == -0.2);
    CHECK(parse_number(".59").value == 0.59);
    CHECK(parse_number("1e-3").value == 0.001);
    CHECK(parse_number("0").value == 0.0);
}

TEST_CASE("numbers that are not, and what to write instead") {
    struct Row {
        const char *text, *hint;
    };
    for (const Row row :
         {Row{"4,6", "write 4.6"}, Row{"1,234", "write 1234 (or 1.234 if the comma is a decimal comma)"},
          Row{"1,234,567.8", "write 1234567.8"}, Row{"1 234", "write 1234"},
          Row{"78%", "write the number without the percent sign"}, Row{"+3", "write 3"},
          Row{"\xE2\x88\x92"
              "3",
              "write -3 with a plain hyphen"},
          Row{"NA", "leave the cell empty when the number is missing"},
          Row{"inf", "only finite numbers can be used"},
          Row{"nan", "leave the cell empty when the number is missing"},
          Row{"<5", "write the bare number; put the sign into `note`"}, Row{"3 (1.2)", "one number per cell"},
          Row{"12x", "write a number such as 12 or 4.6"}, Row{"1e999", "write a number such as 12 or 4.6"},
          Row{"", "write a number such as 12 or 4.6"}}) {
        CAPTURE(row.text);
        const auto parsed = parse_number(row.text);
        CHECK_FALSE(parsed.value);
        CHECK(parsed.hint == row.hint);
        CHECK(parsed.message.find("as a number") != std::string::npos);
    }
    CHECK(parse_number("4,6").decimal_comma);
    CHECK_FALSE(parse_number("1,234,567").decimal_comma);
}

TEST_CASE("numbers are printed short and read back") {
    CHECK(format_number(4.6) == "4.6");
    CHECK(format_number(100000) == "100000");
    CHECK(format_number(-0.0) == "0");
    CHECK(format_number(0.00001) == "0.00001");
    CHECK(format_number(1e-300) == "1e-300");
    CHECK(format_number(1e300) == "1e+300");
    CHECK(format_number(0.1 + 0.2) == "0.30000000000000004");
}
