/* The review page by keys, and words taken from the text for a correction. Without it the buttons do the same. */

import { say } from "./page.js";
import { selectedSpan } from "./passages.js";

const form = document.querySelector("form[data-decide]");
const text = document.querySelector("[data-text]");
const correction = document.querySelector("[data-correction]");
const take = document.querySelector("[data-take]");

function open() {
  correction.hidden = !correction.hidden;
  document.querySelector("[data-correct]").setAttribute("aria-expanded", String(!correction.hidden));
  if (!correction.hidden) correction.querySelector("#value").focus();
}

/** Keep the selected words as the claim's; several selections make a claim that stands in pieces. */
function takeWords() {
  const span = selectedSpan(text);
  if (!span) return;
  const field = form.querySelector("input[name=spans]");
  field.value = [field.value, `${span.start}:${span.end}`].filter(Boolean).join(",");
  const taken = document.querySelector("[data-taken]");
  taken.textContent = `${taken.textContent} “${span.text}”`.trim();
  say(`Taken: “${span.text}”`);
}

function keys(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select")) return;
  if (event.key === "z") document.querySelector("form[data-undo]")?.requestSubmit();
  else if (event.key === "b") document.querySelector("a[data-blind]")?.click();
  else if (event.key === "s" && take && !take.disabled) takeWords();
  else form?.querySelector(`[data-key="${CSS.escape(event.key)}"]`)?.click();
}

document.addEventListener("keydown", keys);
document.querySelector("[data-correct]")?.addEventListener("click", open);
if (take) {
  document.addEventListener("selectionchange", () => { take.disabled = selectedSpan(text) === null; });
  take.addEventListener("pointerdown", (event) => event.preventDefault()); // a press must not end the selection
  take.addEventListener("click", takeWords);
}
const passage = document.querySelector("#passage");
if (passage && text) text.scrollTop = passage.offsetTop - text.offsetTop - text.clientHeight / 3;
