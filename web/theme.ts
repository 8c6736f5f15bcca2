// Light, dark, or as the system says. Kept for this reader only, where the browser allows it.
import { button } from "./dom";

const names = { "": "Theme: system", light: "Theme: light", dark: "Theme: dark" } as const;
type Theme = keyof typeof names;
const order: Theme[] = ["", "light", "dark"];

function kept(): Theme {
  try {
    const value = localStorage.getItem("assay-theme");
    return value === "light" || value === "dark" ? value : "";
  } catch {
    return "";
  }
}

export function addThemeSwitch(tools: HTMLElement): void {
  let theme = kept();
  const show = () => {
    if (theme) document.documentElement.dataset.theme = theme;
    else delete document.documentElement.dataset.theme;
    control.textContent = names[theme];
  };
  const control = button("", () => {
    theme = order[(order.indexOf(theme) + 1) % order.length];
    try {
      localStorage.setItem("assay-theme", theme);
    } catch {
      // A file opened from disk may have no storage; the choice then lasts as long as the page.
    }
    show();
  });
  show();
  tools.append(control);
}
