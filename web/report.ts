// The report's page code. The page is complete without it; this adds comfort: a drawer that shows where a number
// comes from, sorting, filtering, a theme switch, links that remember. Text reaches the page as text, never as markup.
import { addDrawer } from "./drawer";
import { addFilter } from "./filter";
import { addFigureTools } from "./figures";
import { addRowKeys } from "./rows";
import { addTableSorting } from "./tables";
import { addThemeSwitch } from "./theme";
import { addExpander, calmScrollers } from "./view";

const tools = document.getElementById("tools");
if (tools) {
  addFilter(tools);
  addExpander(tools);
  addThemeSwitch(tools);
}
addDrawer();
addRowKeys();
addFigureTools();
addTableSorting();
calmScrollers();
