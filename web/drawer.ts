// Where a number comes from, shown beside it: a click on the number opens the row it leads to in a drawer.
import { all, button, make } from "./dom";

const kinds = ["r-", "a-", "e-", "p-", "src-", "arm-", "s-"];

/** A copy of an element's content without ids, so that no id is given twice. */
function copyOf(element: Element): Node[] {
  const copy = element.cloneNode(true) as Element;
  for (const inner of all("[id]", copy)) inner.removeAttribute("id");
  return Array.from(copy.childNodes);
}

/** A table row, told as a list of heads and values. */
function fromRow(row: HTMLTableRowElement): Node[] {
  const heads = all("thead th", row.closest("table") as HTMLTableElement).map((head) => head.textContent ?? "");
  const list = make("dl");
  Array.from(row.cells).forEach((cell, index) => {
    if (!cell.textContent?.trim()) return;
    const value = make("dd");
    value.append(...copyOf(cell));
    list.append(make("dt", heads[index] ?? ""), value);
  });
  return [list];
}

function contentOf(target: HTMLElement): { title: string; nodes: Node[] } {
  if (target instanceof HTMLTableRowElement) {
    const title = (target.classList.contains("topic") ? "Trial" : target.cells[0].textContent) ?? "";
    return { title, nodes: target.cells.length > 1 ? fromRow(target) : copyOf(target.cells[0]) };
  }
  const head = target.querySelector("h3");
  const nodes = copyOf(target).filter((node) => !(node instanceof HTMLHeadingElement));
  return { title: head?.textContent ?? "Source", nodes };
}

export function addDrawer(): void {
  const drawer = make("aside", "", { id: "drawer", role: "dialog", "aria-labelledby": "drawer-h", tabindex: "-1" });
  drawer.hidden = true;
  const title = make("h2", "", { id: "drawer-h" });
  const body = make("div");
  const bar = make("div", "", { class: "bar" });
  const go = make("a", "Show in the page");
  let from: HTMLElement | SVGElement | null = null;

  const close = () => {
    drawer.hidden = true;
    from?.focus();
    from = null;
  };
  bar.append(go, button("Close", close));
  drawer.append(bar, title, body);
  document.body.append(drawer);

  const open = (id: string, opener: HTMLElement | SVGElement) => {
    const target = document.getElementById(id);
    if (!target) return false;
    const content = contentOf(target);
    title.textContent = content.title;
    body.replaceChildren(...content.nodes);
    go.href = "#" + id;
    if (!drawer.contains(opener)) from = opener;
    drawer.hidden = false;
    drawer.scrollTop = 0;
    drawer.focus();
    return true;
  };

  go.addEventListener("click", () => {
    drawer.hidden = true;
    from = null;
  });
  document.addEventListener("click", (event) => {
    const link = (event.target as Element).closest<HTMLElement | SVGElement>("a[href^='#']");
    if (!link || link === go || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const id = decodeURIComponent((link.getAttribute("href") ?? "").slice(1));
    if (!kinds.some((kind) => id.startsWith(kind))) return;
    if (open(id, link)) event.preventDefault();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !drawer.hidden) close();
  });
}
