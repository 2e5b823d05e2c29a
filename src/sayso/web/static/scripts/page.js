/* What every page does beyond its HTML: keys, saying what happened, following a job, linking to a passage. Nothing here is
   needed to read. Words of documents enter a page by textContent only. */

import { selectedSpan } from "./passages.js";

const KEYS = { d: "/documents", c: "/claims", e: "/events", m: "/map", n: "/network", r: "/review", s: "/", a: "/add", o: "/outlets" };

/** The token that tells the server that this page, and no other site's, asks for a change. */
export const csrf = () => document.querySelector("meta[name=csrf]")?.content ?? "";

/** Tell people who see and people who listen what happened. */
export function say(words, undo) {
  document.querySelector("#said").textContent = words;
  document.querySelector(".toast")?.remove();
  const toast = document.createElement("div");
  toast.className = "toast";
  toast.append(words);
  if (undo) {
    const button = document.createElement("button");
    button.textContent = "Undo";
    button.addEventListener("click", () => { toast.remove(); undo(); });
    toast.append(" ", button);
  }
  document.body.append(toast);
  setTimeout(() => toast.remove(), undo ? 12000 : 5000);
}

/** Send JSON; gives the answer, or throws with the server's own words. */
export async function send(method, address, body) {
  const answer = await fetch(address, {
    method,
    headers: { "X-Sayso-CSRF": csrf(), ...(body === undefined ? {} : { "content-type": "application/json" }) },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const told = answer.status === 204 ? null : await answer.json();
  if (!answer.ok) throw new Error([told.error.message, told.error.remedy].filter(Boolean).join("; "));
  return told;
}

function typing(target) {
  return target.closest("input, textarea, select, [contenteditable]") !== null;
}

let going = 0;

function keys(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  if (event.key === "/") {
    event.preventDefault();
    document.querySelector("#find")?.focus();
  } else if (event.key === "?") {
    location.assign("/guide#keys");
  } else if (event.key === "g") {
    going = Date.now();
  } else if (Date.now() - going < 1500 && KEYS[event.key]) {
    location.assign(KEYS[event.key]);
  } else if (event.key === "j" || event.key === "k") {
    step(event.key === "j" ? 1 : -1);
  }
}

/** Move through the rows of the page's main table; the chosen row's link gets the focus, so that Enter opens it. */
function step(by) {
  const rows = [...document.querySelectorAll("table[data-rows] tbody tr")];
  if (!rows.length) return;
  const now = rows.findIndex((row) => row.classList.contains("chosen"));
  const next = rows[Math.min(rows.length - 1, Math.max(0, now + by))];
  rows[now]?.classList.remove("chosen");
  next.classList.add("chosen");
  next.querySelector("[data-open]")?.focus();
}

/** A menu closes by Escape, which gives the focus back, and by a press elsewhere. */
function closeMenus(event) {
  if (event.type === "keydown" && event.key !== "Escape") return;
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (event.type === "pointerdown" && menu.contains(event.target)) continue;
    if (event.type === "keydown" && menu.contains(document.activeElement)) menu.querySelector("summary").focus();
    menu.open = false;
  }
}

/** Where there is room, what folds away on a telephone stands open; browsers that can do so by style alone need no help. */
function unfold() {
  if (CSS.supports("selector(::details-content)") || matchMedia("(max-width: 60rem)").matches) return;
  for (const details of document.querySelectorAll("details[data-fold]")) details.open = true;
}

/** What belongs together lights up together: a statement's parts in the text, and its card beside it. */
function partners(event) {
  const owners = event.target.closest?.("[data-o]")?.dataset.o.split(" ") ?? [];
  document.querySelectorAll("[data-o].on").forEach((e) => e.classList.remove("on"));
  for (const owner of owners) document.querySelectorAll(`[data-o~="${CSS.escape(owner)}"]`).forEach((e) => e.classList.add("on"));
}

function passages() {
  const button = document.querySelector("[data-passage-link]");
  const text = document.querySelector("[data-text]");
  if (!button || !text) return;
  document.addEventListener("selectionchange", () => { button.disabled = selectedSpan(text) === null; });
  button.addEventListener("click", async () => {
    const span = selectedSpan(text);
    if (!span) return;
    const link = new URL(`${button.dataset.passageLink}?start=${span.start}&end=${span.end}#passage`, location.href).href;
    history.replaceState(null, "", link);
    try {
      await navigator.clipboard.writeText(link);
      say("The link to this passage is in the clipboard and in the address bar.");
    } catch {
      say("The link to this passage is in the address bar.");
    }
  });
}

// -- bringing reports in ------------------------------------------------------------------------------------------

function upload() {
  const form = document.querySelector("form[data-upload]");
  if (!form) return;
  const drop = form.querySelector("[data-drop]");
  const input = form.querySelector("input[type=file]");
  const note = form.querySelector("[data-drop-note]");
  input.addEventListener("change", () => { note.textContent = named(input.files); });
  for (const name of ["dragenter", "dragover"]) {
    drop.addEventListener(name, (event) => { event.preventDefault(); drop.classList.add("over"); });
  }
  drop.addEventListener("dragleave", () => drop.classList.remove("over"));
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    drop.classList.remove("over");
    input.files = event.dataTransfer.files;
    note.textContent = named(input.files);
    form.requestSubmit();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    bring(new FormData(form), note);
  });
}

function named(files) {
  const bytes = [...files].reduce((sum, file) => sum + file.size, 0);
  return `${files.length} ${files.length === 1 ? "file" : "files"}, ${(bytes / 1e6).toFixed(1)} MB`;
}

/** Pasted text goes as JSON: a form may have 64 kB, and an article in another script than ours soon has more. */
function paste() {
  const form = document.querySelector("form[data-paste]");
  form?.addEventListener("submit", async (event) => {
    event.preventDefault();
    const given = Object.fromEntries([...new FormData(form)].filter(([name, value]) => name !== "csrf" && value));
    try {
      const job = await send("POST", "/api/jobs/text", given);
      location.assign(`/jobs/${job.id}`);
    } catch (error) {
      say(error.message);
    }
  });
}

/** Files go by XMLHttpRequest, since fetch does not tell how much was sent. */
function bring(data, note) {
  const request = new XMLHttpRequest();
  request.open("POST", "/api/jobs/files");
  request.setRequestHeader("X-Sayso-CSRF", csrf());
  request.upload.addEventListener("progress", (e) => { note.textContent = `sent ${Math.round((100 * e.loaded) / e.total)} %`; });
  request.addEventListener("load", () => {
    const told = JSON.parse(request.responseText);
    if (request.status === 202) location.assign(`/jobs/${told.id}`);
    else note.textContent = [told.error.message, told.error.remedy].filter(Boolean).join("; ");
  });
  request.addEventListener("error", () => { note.textContent = "The server did not answer; is it still running? Nothing was lost here."; });
  data.delete("csrf");
  request.send(data);
}

function follow() {
  const page = document.querySelector("[data-job]");
  if (!page || page.dataset.finished === "true") return;
  const source = new EventSource(page.dataset.job);
  source.addEventListener("message", (event) => {
    const job = JSON.parse(event.data);
    show(page, job);
    if (job.finished) source.close();
  });
}

function show(page, job) {
  page.querySelector("[data-stage]").textContent = job.stage;
  page.querySelector("[data-sum]").textContent =
    `${job.documents} new, ${job.copies} further copies, ${job.known} known already, ${job.failures} failed; ${job.claims} claims` +
    (job.stage === "linking" && job.to_link ? `; ${job.linked} of ${job.to_link} linked` : "");
  const bar = page.querySelector("[data-bar]");
  if (job.finished) { bar.max = 1; bar.value = 1; } else if (job.to_link) { bar.max = job.to_link; bar.value = job.linked; }
  const message = page.querySelector("[data-message]");
  message.hidden = !job.message;
  message.textContent = job.message;
  page.querySelector("[data-done]").hidden = !job.finished;
  page.querySelector("[data-items]").replaceChildren(...job.items.map(row));
  if (job.finished) say(job.stage === "done" ? "Everything was read." : "The job failed.");
}

function row(item) {
  const line = document.createElement("tr");
  for (const [index, words] of [item.name, item.outcome, item.reason].entries()) {
    const cell = document.createElement("td");
    cell.dir = "auto";
    cell.textContent = words;
    if (index === 1) cell.className = `o-${item.outcome}`;
    line.append(cell);
  }
  return line;
}

document.addEventListener("keydown", keys);
document.addEventListener("keydown", closeMenus);
document.addEventListener("pointerdown", closeMenus);
document.addEventListener("pointerover", partners);
document.addEventListener("focusin", partners);
unfold();
passages();
upload();
paste();
follow();
