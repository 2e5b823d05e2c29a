// What opens on a sign: the events there, as a list of links built from text nodes.
import { Popup } from "maplibre-gl";
import { counted, html, isCalm, link } from "../shared/page.js";
import { sign, statusOf } from "../shared/statuses.js";
import { daysOf, placeWords } from "./events.js";

const LISTED = 40;

function entry(event) {
  const voices = [
    Number.isFinite(event.documents) && counted(event.documents, "document"),
    Number.isFinite(event.informants) && counted(event.informants, "informant"),
  ];
  return html(
    "li",
    {},
    link(event.href, { class: "drawn-title" }, event.title || event.type || "event without a title"),
    html("span", { class: "drawn-facts" }, sign(event.status, 13), ` ${statusOf(event.status).label} · ${daysOf(event)}`),
    html("span", { class: "drawn-facts" }, placeWords(event)),
    html("span", { class: "drawn-facts" }, voices.filter(Boolean).join(" · ")),
  );
}

function content(events, heading, zoomIn) {
  const left = events.length - LISTED;
  const list = html("ul", {}, ...events.slice(0, LISTED).map(entry));
  const more = left > 0 ? html("p", {}, `${counted(left, "more event")} here: see the table below.`) : null;
  const closer = zoomIn ? html("button", { type: "button", class: "drawn-button" }, "Zoom in here") : null;
  closer?.addEventListener("click", zoomIn);
  return html("div", { class: "drawn-popup" }, events.length > 1 ? html("p", {}, html("b", {}, heading)) : null, list, more, closer);
}

// Moves the map as little as needed for the whole bubble to be seen.
function bringInto(map, box) {
  const [frame, bubble] = [map.getContainer().getBoundingClientRect(), box.getBoundingClientRect()];
  const over = (low, high, from, to) => (from < low + 8 ? from - low - 8 : to > high - 8 ? to - high + 8 : 0);
  const by = [over(frame.left, frame.right, bubble.left, bubble.right), over(frame.top, frame.bottom, bubble.top, bubble.bottom)];
  if (by.some(Boolean)) map.panBy(by, { animate: !isCalm(), duration: 250 });
}

// Closes by Escape and gives the focus back to where it came from.
export function openPopup(map, { events, at, heading, zoomIn, opener }) {
  const popup = new Popup({ maxWidth: `${Math.min(320, map.getContainer().clientWidth - 32)}px`, closeOnMove: false, offset: 10, className: "drawn-bubble" });
  const zoomAndClose = zoomIn && (() => (popup.remove(), zoomIn()));
  popup.setLngLat(at).setDOMContent(content(events, heading ?? counted(events.length, "event"), zoomAndClose)).addTo(map);
  const box = popup.getElement();
  box.setAttribute("role", "dialog");
  box.setAttribute("aria-label", events.length > 1 ? counted(events.length, "event") : "Event");
  box.addEventListener("keydown", (press) => press.key === "Escape" && popup.remove());
  requestAnimationFrame(() => bringInto(map, box));
  popup.on("close", () => opener?.isConnected && opener.focus());
  return popup;
}
