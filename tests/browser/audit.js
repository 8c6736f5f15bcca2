// What a reader with a screen reader, a keyboard or weak eyes needs, checked in the page as it is shown now (WCAG 2.2
// AA, the rules that a program can decide). Returns a list of sentences, empty when all is well.
(() => {
  const wrong = [];
  const where = (element) => {
    const id = element.closest("[id]")?.id ?? "";
    const text = (element.textContent ?? "").trim().slice(0, 40);
    return element.tagName.toLowerCase() + (id ? " in #" + id : "") + (text ? " '" + text + "'" : "");
  };
  const fail = (rule, element) => wrong.push(rule + ": " + (element ? where(element) : ""));
  const all = (selector, inside = document) => Array.from(inside.querySelectorAll(selector));
  const shown = (element) => element.checkVisibility({ checkOpacity: false, checkVisibilityCSS: true });

  // ---- the document
  if (!/^[a-z]{2,3}(-|$)/.test(document.documentElement.lang)) fail("the page has no language");
  if (!document.title.trim()) fail("the page has no title");
  if (/user-scalable\s*=\s*no|maximum-scale\s*=\s*1\b/.test(document.querySelector("meta[name=viewport]")?.content ?? ""))
    fail("the page forbids zooming");

  // ---- ids and references
  const ids = new Map();
  for (const element of all("[id]")) {
    if (ids.has(element.id)) fail("id given twice", element);
    if (/\s/.test(element.id) || !element.id) fail("id with a space or empty", element);
    ids.set(element.id, element);
  }
  for (const name of ["aria-labelledby", "aria-describedby", "aria-controls"])
    for (const element of all("[" + name + "]"))
      for (const id of element.getAttribute(name).split(/\s+/)) if (!ids.has(id)) fail(name + " names nothing: " + id, element);
  for (const link of all("a[href^='#']")) {
    const id = decodeURIComponent(link.getAttribute("href").slice(1));
    if (id && !ids.has(id)) fail("link to a missing place #" + id, link);
  }

  // ---- names
  const name = (element) => {
    const by = element.getAttribute("aria-labelledby");
    if (by) return by.split(/\s+/).map((id) => ids.get(id)?.textContent ?? "").join(" ").trim();
    return (element.getAttribute("aria-label") ?? element.getAttribute("alt") ?? element.textContent ?? "").trim();
  };
  for (const element of all("a[href], button, summary, [role=button], [role=img], [role=group], [role=dialog], nav, section[aria-labelledby]"))
    if (shown(element) && !name(element)) fail("no accessible name", element);
  for (const element of all("img")) if (!element.hasAttribute("alt")) fail("image without a text", element);
  for (const svg of all("svg"))
    if (svg.getAttribute("role") !== "img" && svg.getAttribute("role") !== "group") fail("svg without a role", svg);
  for (const svg of all("svg[role=img]"))
    if (!svg.querySelector(":scope > title")?.textContent || !svg.querySelector(":scope > desc")?.textContent)
      fail("figure without title or description", svg);
  for (const field of all("input, select, textarea"))
    if (!field.getAttribute("aria-label") && !field.labels?.length) fail("field without a label", field);

  // ---- headings and landmarks
  const headings = all("h1, h2, h3, h4, h5, h6").filter(shown);
  if (headings.filter((one) => one.tagName === "H1").length !== 1) fail("not exactly one h1");
  let level = 0;
  for (const heading of headings) {
    const next = Number(heading.tagName[1]);
    if (heading.closest("#drawer")) continue;
    if (next > level + 1) fail("heading level skipped (h" + level + " to h" + next + ")", heading);
    if (!heading.textContent.trim()) fail("empty heading", heading);
    level = next;
  }
  if (all("main").length !== 1) fail("not exactly one main");
  for (const tag of ["body > header", "body > footer", "nav[aria-label]"]) if (!document.querySelector(tag)) fail("no " + tag);
  const skip = document.querySelector("body > a");
  if (!skip || !ids.get(skip.getAttribute("href").slice(1))) fail("no skip link at the start");

  // ---- roles, states, focus
  const roles = new Set(["img", "group", "dialog", "status", "region"]);
  for (const element of all("[role]")) if (!roles.has(element.getAttribute("role"))) fail("unexpected role", element);
  const focusable = "a[href], button, input, select, textarea, summary, [tabindex]";
  for (const element of all("[tabindex]")) if (element.tabIndex > 0) fail("tabindex above 0", element);
  for (const element of all("[aria-hidden=true], [role=img]"))
    if (element.querySelector(focusable)) fail("something focusable inside an image or hidden element", element);
  for (const element of all("a[href], button")) if (element.parentElement.closest("a[href], button")) fail("nested controls", element);
  for (const element of all("main *")) {
    const style = getComputedStyle(element);
    if (!/auto|scroll/.test(style.overflowX) || !shown(element)) continue;
    if (element.scrollWidth > element.clientWidth + 1 && element.tabIndex < 0) fail("scrolls, but not with the keyboard", element);
  }

  // ---- tables and lists
  for (const table of all("table")) {
    if (!table.caption?.textContent.trim()) fail("table without a caption", table);
    for (const head of all("th", table)) if (!head.scope) fail("table head without a scope", head);
    const columns = table.tHead?.rows[0]?.cells.length;
    if (!columns) fail("table without heads", table);
    for (const row of all("tbody tr", table)) {
      const cells = Array.from(row.cells).reduce((sum, cell) => sum + cell.colSpan, 0);
      if (cells !== columns) fail("row of " + cells + " cells in a table of " + columns, row);
    }
  }
  for (const list of all("ul, ol")) for (const child of list.children) if (child.tagName !== "LI") fail("list with another child", child);
  for (const list of all("dl")) for (const child of list.children) if (!/^(DIV|DT|DD)$/.test(child.tagName)) fail("dl with another child", child);

  // ---- size of targets (24 px, unless in a line of text)
  for (const element of all("button, summary, input, select")) {
    if (!shown(element)) continue;
    const box = element.getBoundingClientRect();
    if (element.closest("thead")) continue; // in the text of the table's head
    if (box.height < 23.5 || box.width < 23.5) fail("target smaller than 24 px", element);
  }

  // ---- contrast
  const channels = (color) => {
    const parts = color.match(/[\d.]+/g).map(Number);
    return parts.length < 4 ? [...parts.slice(0, 3), 1] : parts.slice(0, 4);
  };
  const over = (top, bottom) => [0, 1, 2].map((i) => top[i] * top[3] + bottom[i] * (1 - top[3])).concat(1);
  const luminance = (color) => {
    const [r, g, b] = color.slice(0, 3).map((c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ratio = (a, b) => {
    const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x);
    return (high + 0.05) / (low + 0.05);
  };
  const background = (element) => {
    const layers = [];
    for (let at = element; at; at = at.parentElement) {
      const color = channels(getComputedStyle(at).backgroundColor);
      if (color[3] > 0) layers.push(color);
      if (color[3] === 1) break;
    }
    return layers.reverse().reduce((below, layer) => over(layer, below), [255, 255, 255, 1]);
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const seen = new Set();
  let least = Infinity;
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || seen.has(element) || element.closest("script, title, desc, .said")) continue;
    seen.add(element);
    if (!shown(element)) continue;
    const style = getComputedStyle(element);
    const svg = element.closest("svg");
    const below = background(svg ? svg.parentElement : element);
    const text = over(channels(svg ? style.fill : style.color), below);
    const size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    const found = ratio(text, below);
    least = Math.min(least, found);
    if (found < (large ? 3 : 4.5)) fail("contrast " + found.toFixed(2), element);
  }
  for (const mark of all("svg.fig .box, svg.fig .diamond, svg.fig .dot, svg.fig .ci, svg.fig .null, svg.fig .axis")) {
    if (!shown(mark)) continue;
    const style = getComputedStyle(mark);
    const color = channels(style.fill !== "none" && mark.tagName !== "line" ? style.fill : style.stroke);
    const found = ratio(color, background(mark.closest("svg").parentElement));
    if (found < 3) fail("mark with contrast " + found.toFixed(2), mark);
  }
  if (!(least < Infinity)) fail("no text seen at all");
  return Array.from(new Set(wrong));
})();
