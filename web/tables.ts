// Tables that sort by a column: the head becomes a button, the state is told to screen readers and in words.
import { all, button, say } from "./dom";

/** A number if the cell begins with one ("−0.18 [−0.84, 0.49]", "12.3%"), else its words. */
function key(row: HTMLTableRowElement, column: number): number | string {
  const text = (row.cells[column]?.textContent ?? "").trim();
  const number = /^[^\d−-]{0,5}([−-]?\d[\d\u202f]*(?:\.\d+)?)/.exec(text);
  if (number) return parseFloat(number[1].replace("−", "-").replace(/\u202f/g, ""));
  return text.toLowerCase();
}

function compare(a: number | string, b: number | string): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  if (typeof a === "number") return -1;
  if (typeof b === "number") return 1;
  // Empty cells and dashes stay at the end.
  const empty = (text: string) => text === "" || text === "–";
  if (empty(a) !== empty(b)) return empty(a) ? 1 : -1;
  return a.localeCompare(b, "en");
}

function sort(table: HTMLTableElement, column: number, direction: number): void {
  for (const body of Array.from(table.tBodies)) {
    const rows = Array.from(body.rows);
    const fixed = rows.filter((row) => row.classList.contains("pool"));
    const heads = rows.filter((row) => row.classList.contains("topic"));
    const free = rows.filter((row) => !row.classList.contains("pool") && !row.classList.contains("topic"));
    free.sort((a, b) => direction * compare(key(a, column), key(b, column)));
    body.append(...heads, ...free, ...fixed);
  }
}

export function addTableSorting(): void {
  for (const table of all<HTMLTableElement>("table.sortable")) {
    const heads = all<HTMLTableCellElement>("thead th", table);
    heads.forEach((head, column) => {
      const name = head.textContent ?? "";
      const control = button(name, () => {
        const down = head.getAttribute("aria-sort") === "ascending";
        for (const other of heads) other.removeAttribute("aria-sort");
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        sort(table, column, down ? -1 : 1);
        say("Sorted by " + name + (down ? ", descending" : ", ascending"));
      });
      head.textContent = "";
      head.append(control);
    });
  }
}
