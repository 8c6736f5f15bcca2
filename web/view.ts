// Opening and closing everything, links to the present state, and frames that need no scrolling.
import { all, button, make, placeInAddress, say } from "./dom";

export function addExpander(tools: HTMLElement): void {
  let open = false;
  const control = button("Expand all", () => {
    open = !open;
    for (const details of all<HTMLDetailsElement>("main details")) details.open = open;
    control.textContent = open ? "Collapse all" : "Expand all";
  });
  tools.append(control);
  tools.append(
    button("Copy link", () => {
      const done = () => say("The link to this place is on the clipboard.");
      if (navigator.clipboard) navigator.clipboard.writeText(location.href).then(done, () => askToCopy(tools));
      else askToCopy(tools);
    }),
  );
  window.addEventListener("beforeprint", () => {
    for (const details of all<HTMLDetailsElement>("main details")) details.open = true;
  });
  window.addEventListener("hashchange", openAround);
  openAround();
}

/** Where the clipboard is out of reach, the link is shown to be copied by hand. */
function askToCopy(tools: HTMLElement): void {
  let field = document.getElementById("copy-link") as HTMLInputElement | null;
  if (!field) {
    field = make("input", "", { id: "copy-link", readonly: "", "aria-label": "Link to this place" });
    tools.append(field);
  }
  field.value = location.href;
  field.select();
}

/** A place inside closed details is opened before it is shown; a place with a state behind it is found by us. */
function openAround(): void {
  const place = placeInAddress();
  if (!place) return;
  let details = place.closest("details");
  if (!details && !location.hash.includes("?")) return;
  while (details) {
    details.open = true;
    details = details.parentElement?.closest("details") ?? null;
  }
  place.scrollIntoView();
}

/** Frames of tables that fit need no stop for the tab key. */
export function calmScrollers(): void {
  const look = () => {
    for (const frame of all(".scroll")) {
      if (frame.offsetParent === null) continue;
      if (frame.scrollWidth > frame.clientWidth + 1) frame.tabIndex = 0;
      else frame.removeAttribute("tabindex");
    }
  };
  look();
  window.addEventListener("resize", look);
  document.addEventListener("toggle", look, true);
}
