// Questions that contain a word: in the table at the top and in the list of contents.
import { all, make, readState, say, writeState } from "./dom";

function matches(element: HTMLElement, words: string[]): boolean {
  const text = (element.textContent ?? "").toLowerCase();
  return words.every((word) => text.includes(word));
}

/** Headings of topics go when all their questions have gone. */
function tidyTopics(): void {
  for (const body of all(".overview tbody"))
    body.classList.toggle("filtered", all("tr.q:not(.filtered)", body).length === 0);
  let topic: HTMLElement | null = null;
  let left = 0;
  const close = () => topic?.classList.toggle("filtered", left === 0);
  for (const item of all(".contents li")) {
    if (item.classList.contains("topic") || item.classList.contains("part")) {
      close();
      topic = item.classList.contains("topic") ? item : null;
      left = 0;
    } else if (!item.classList.contains("filtered")) {
      left += 1;
    }
  }
  close();
}

export function addFilter(tools: HTMLElement): void {
  const field = make("input", "", { type: "search", placeholder: "Filter questions", "aria-label": "Filter questions" });
  const apply = () => {
    const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
    const rows = all(".overview tr.q");
    for (const row of rows) row.classList.toggle("filtered", !matches(row, words));
    for (const item of all(".contents li.q")) {
      const id = item.querySelector("a")?.getAttribute("href");
      const row = rows.find((one) => one.querySelector("a")?.getAttribute("href") === id);
      item.classList.toggle("filtered", row?.classList.contains("filtered") ?? false);
    }
    tidyTopics();
    const left = rows.filter((row) => !row.classList.contains("filtered")).length;
    if (words.length) say(left + " of " + rows.length + " questions");
  };
  field.value = readState().get("f") ?? "";
  field.addEventListener("input", () => {
    apply();
    writeState("f", field.value.trim());
  });
  tools.append(field);
  if (field.value) apply();
}
