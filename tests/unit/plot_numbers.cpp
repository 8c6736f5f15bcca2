#include "plot/number.hpp"
#include "text/format.hpp"
#include "plot/text_size.hpp"

#include <doctest/doctest.h>

#include <cmath>

using namespace assay::plot;

TEST_CASE("numbers for readers: fixed places, no negative zero, signs a reader knows") {
    CHECK(fixed(-0.001, 2) == "0.00");
    CHECK(fixed(-3.765, 1) == "-3.8");
    CHECK(fixed(1e12, 2) == "1.0e+12");
    CHECK(fixed(-INFINITY, 2) == "-\xE2\x88\x9E");
    CHECK(trimmed(2.50, 2) == "2.5");
    CHECK(trimmed(100, 2) == "100");
    CHECK(shortest(0.1 + 0.2) == "0.30000000000000004");
    CHECK(shortest(-0.18) == "-0.18");
    CHECK(shortest(58050) == "58050");
    CHECK(count(58050) == "58\xE2\x80\xAF" "050");
    CHECK(count(9999) == "9999");
    CHECK(count(1234567) == "1\xE2\x80\xAF" "234\xE2\x80\xAF" "567");
}

TEST_CASE("decimals follow the width of the interval") {
    CHECK(assay::text::decimals_for(1.36) == 2);  // RR 1.61 (0.75 to 3.46)
    CHECK(assay::text::decimals_for(0.06) == 3);  // OR 1.015 (0.956 to 1.077)
    CHECK(assay::text::decimals_for(34) == 1);
    CHECK(assay::text::decimals_for(340) == 0);
    CHECK(assay::text::decimals_for(0) == 0);
    CHECK(assay::text::decimals_for(NAN) == 0);
}

TEST_CASE("only the hyphen in front of a number becomes a minus sign") {
    CHECK(with_minus("-0.18 (-0.84 to 0.49)") == "\xE2\x88\x92" "0.18 (\xE2\x88\x92" "0.84 to 0.49)");
    CHECK(with_minus("double-blind 1-2") == "double-blind 1-2");
    CHECK(with_minus("[-1, -2]") == "[\xE2\x88\x92" "1, \xE2\x88\x92" "2]");
}

TEST_CASE("widths count characters, not bytes") {
    CHECK(cells("\xCF\x84\xC2\xB2") == 2);
    CHECK(cells("e\xCC\x81") == 1);
    CHECK(cells("\xE7\xA0\x94\xE7\xA9\xB6") == 4);
    CHECK(cells("\xFF\xFE") == 2);
    CHECK(cut_to_cells("Roguin Maor 2017", 8, "\xE2\x80\xA6") == "Roguin\xE2\x80\xA6");
    CHECK(cut_to_cells("short", 8, "...") == "short");
    CHECK(text_width("mm", 10) > text_width("ii", 10));
    CHECK(wrap_to_cells("one two  three", 7).size() == 2);
}
