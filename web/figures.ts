// Figures: the order of the studies in a forest plot, and the figure as a file.
import { all, button, make, readState, say, writeState } from "./dom";

interface Row {
  mark: SVGGElement;
  hit: SVGAElement | null;
  slot: number; // its place as drawn
  at: number;
  weight: number;
  label: string;
}

const orders: Record<string, (a: Row, b: Row) => number> = {
  year: (a, b) => a.slot - b.slot,
  effect: (a, b) => a.at - b.at,
  weight: (a, b) => b.weight - a.weight,
  name: (a, b) => a.label.localeCompare(b.label, "en"),
};

/** Runs of neighbouring studies: a subgroup is sorted within itself. */
function runs(canvas: HTMLElement): Row[][] {
  const marks = all<SVGGElement>("g.row", canvas);
  const hits = all<SVGAElement>("svg.hits a", canvas);
  const byTop = new Map(hits.map((hit) => [Number(hit.querySelector("rect")?.getAttribute("y")), hit]));
  const tops = Array.from(byTop.keys());
  const out: Row[][] = [];
  let last: Element | null = null;
  for (const mark of marks) {
    const textY = Number(mark.querySelector("text")?.getAttribute("y"));
    const top = tops.filter((y) => y < textY).sort((a, b) => b - a)[0];
    const row: Row = {
      mark,
      hit: byTop.get(top) ?? null,
      slot: top,
      at: Number(mark.dataset.at),
      weight: Number(mark.dataset.weight),
      label: mark.querySelector("text")?.textContent ?? "",
    };
    if (last && mark.previousElementSibling === last) out[out.length - 1].push(row);
    else out.push([row]);
    last = mark;
  }
  return out;
}

function arrange(figure: HTMLElement, order: string): void {
  for (const canvas of all(".canvas", figure)) {
    for (const run of runs(canvas)) {
      const slots = run.map((row) => row.slot).sort((a, b) => a - b);
      run.sort(orders[order]).forEach((row, index) => {
        const move = "translate(0 " + (slots[index] - row.slot) + ")";
        row.mark.setAttribute("transform", move);
        row.hit?.setAttribute("transform", move);
      });
    }
  }
}

function sorter(figure: HTMLElement): HTMLElement {
  const box = make("label", "Studies sorted by ");
  const choice = make("select");
  for (const order of Object.keys(orders)) choice.append(make("option", order, { value: order }));
  box.append(choice);
  const name = "sort-" + figure.id;
  const kept = readState().get(name);
  choice.addEventListener("change", () => {
    arrange(figure, choice.value);
    writeState(name, choice.value === "year" ? "" : choice.value);
    say("Studies sorted by " + choice.value);
  });
  if (kept && kept in orders) {
    choice.value = kept;
    arrange(figure, kept);
  }
  return box;
}

/** The figure as an SVG file of its own, in the colours that it has now. */
function download(figure: HTMLElement): void {
  const drawn = figure.querySelector<SVGSVGElement>("svg.fig");
  if (!drawn) return;
  const copy = drawn.cloneNode(true) as SVGSVGElement;
  const sources = [drawn, ...all<SVGElement>("*", drawn)];
  const targets = [copy, ...all<SVGElement>("*", copy)];
  sources.forEach((source, index) => {
    const style = getComputedStyle(source);
    for (const name of ["fill", "fill-opacity", "stroke", "stroke-width", "stroke-opacity", "stroke-dasharray", "font-size", "font-weight", "font-family", "text-anchor"])
      targets[index].setAttribute(name, style.getPropertyValue(name));
  });
  const link = make("a", "", { download: figure.id + ".svg" });
  link.href = URL.createObjectURL(new Blob([copy.outerHTML], { type: "image/svg+xml" }));
  link.click();
  URL.revokeObjectURL(link.href);
}

export function addFigureTools(): void {
  for (const figure of all("figure.plot")) {
    const bar = make("div", "", { class: "sorter" });
    if (figure.classList.contains("forest") && figure.querySelectorAll(".canvas.wide g.row").length > 2) bar.append(sorter(figure));
    bar.append(button("Save as SVG", () => download(figure)));
    figure.append(bar);
  }
}
