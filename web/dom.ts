// Small helpers to build elements; text is always set as text.

export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  text = "",
  attributes: Record<string, string> = {},
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  if (text) element.textContent = text;
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}

export function button(text: string, action: () => void): HTMLButtonElement {
  const element = make("button", text, { type: "button" });
  element.addEventListener("click", action);
  return element;
}

export function all<T extends Element = HTMLElement>(selector: string, inside: ParentNode = document): T[] {
  return Array.from(inside.querySelectorAll<T>(selector));
}

/** Tells screen readers what just changed. */
export function say(text: string): void {
  let place = document.getElementById("said");
  if (!place) {
    place = make("p", "", { id: "said", class: "said", role: "status" });
    document.querySelector("main")?.append(place);
  }
  place.textContent = text;
}

/** What the address keeps besides the place: "#q-cramps?f=cramps". */
export function readState(): URLSearchParams {
  const hash = location.hash;
  const at = hash.indexOf("?");
  return new URLSearchParams(at < 0 ? "" : hash.slice(at + 1));
}

export function writeState(name: string, value: string): void {
  const state = readState();
  if (value) state.set(name, value);
  else state.delete(name);
  const hash = location.hash;
  const at = hash.indexOf("?");
  const place = at < 0 ? hash : hash.slice(0, at);
  const query = state.toString();
  history.replaceState(null, "", (place || "#") + (query ? "?" + query : ""));
}

/** The element that the address names, if any. */
export function placeInAddress(): HTMLElement | null {
  const hash = location.hash.slice(1).split("?")[0];
  return hash ? document.getElementById(decodeURIComponent(hash)) : null;
}
