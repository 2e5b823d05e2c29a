// What every drawing needs of the page: elements, colours, data of the same server, and the reader's wishes.

const SVG = "http://www.w3.org/2000/svg";
const wantsCalm = matchMedia("(prefers-reduced-motion: reduce)");
const wantsDark = matchMedia("(prefers-color-scheme: dark)");

export const isCalm = () => wantsCalm.matches;

export function onSchemeChange(redraw) {
  wantsDark.addEventListener("change", () => requestAnimationFrame(redraw));
}

// The page's custom property as a colour that canvases and WebGL understand; `light-dark()` and `var()` are resolved too.
export function colour(name, fallback = "#888888") {
  const probe = document.createElement("span");
  probe.hidden = true;
  probe.style.color = `var(${name}, ${fallback})`;
  document.body.append(probe);
  const found = getComputedStyle(probe).color;
  probe.remove();
  return hex(found) ?? fallback;
}

function hex(css) {
  const parts = css.match(/^rgba?\(([^)]+)\)$/)?.[1].split(/[\s,/]+/).map(Number);
  if (!parts) return null;
  return "#" + parts.slice(0, 3).map((part) => Math.round(part).toString(16).padStart(2, "0")).join("");
}

// `share` of the first colour over the second; both as #rrggbb.
export function mixed(first, second, share) {
  const channel = (at) => parseInt(first.slice(at, at + 2), 16) * share + parseInt(second.slice(at, at + 2), 16) * (1 - share);
  return "#" + [1, 3, 5].map((at) => Math.round(channel(at)).toString(16).padStart(2, "0")).join("");
}

function filled(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined && value !== false) node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
  return node;
}

// Children that are strings become text nodes, never markup.
export const html = (tag, attributes = {}, ...children) => filled(document.createElement(tag), attributes, children);
export const svg = (tag, attributes = {}, ...children) => filled(document.createElementNS(SVG, tag), attributes, children);

// Only addresses within this server: a link made from data never leaves it and never runs anything.
export function localHref(address) {
  return typeof address === "string" && /^\/(?![/\\])/.test(address) ? address : null;
}

export function link(address, attributes, ...children) {
  const href = localHref(address);
  return href ? html("a", { ...attributes, href }, ...children) : html("span", attributes, ...children);
}

export async function fetchJson(address) {
  const answer = await fetch(address, { headers: { accept: "application/json" } });
  if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
  return answer.json();
}

export const number = (value) => value.toLocaleString("en-GB");
export const counted = (count, one, many = `${one}s`) => `${number(count)} ${count === 1 ? one : many}`;

// Draws again when the element's width changes, at most once a frame.
export function onWidthChange(element, redraw) {
  let width = element.clientWidth;
  new ResizeObserver(() => {
    if (element.clientWidth === width) return;
    width = element.clientWidth;
    requestAnimationFrame(redraw);
  }).observe(element);
}

// Shortens an SVG text until it fits, and keeps the whole in a title.
export function fitText(node, whole, width) {
  node.textContent = whole;
  if (node.getComputedTextLength() <= width) return;
  let keep = Math.max(1, Math.floor((whole.length * width) / node.getComputedTextLength()));
  const letters = Array.from(whole);
  do {
    node.textContent = letters.slice(0, keep).join("").trimEnd() + "…";
    keep -= 1;
  } while (keep > 0 && node.getComputedTextLength() > width);
}
