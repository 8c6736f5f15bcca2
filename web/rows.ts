// The rows of a figure for the keyboard: one stop for the tab key, arrows move between studies, Enter opens.
import { all } from "./dom";

export function addRowKeys(): void {
  for (const layer of all<SVGElement>("svg.hits")) {
    const links = () =>
      all<SVGAElement>("a", layer).sort((a, b) => a.getBoundingClientRect().top - b.getBoundingClientRect().top);
    all<SVGAElement>("a", layer).forEach((link, index) => link.setAttribute("tabindex", index === 0 ? "0" : "-1"));
    layer.addEventListener("keydown", (event) => {
      const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1, Home: -Infinity, End: Infinity };
      const step = steps[event.key];
      if (step === undefined) return;
      const rows = links();
      const now = rows.findIndex((link) => link === document.activeElement);
      const next = rows[Math.max(0, Math.min(rows.length - 1, now + step))];
      for (const link of rows) link.setAttribute("tabindex", link === next ? "0" : "-1");
      next.focus();
      event.preventDefault();
    });
  }
}
