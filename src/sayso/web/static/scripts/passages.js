/* Where a selection stands in a document's text. Pieces of the text carry `data-start`, in code points as the ledger counts
   them; a browser counts in UTF-16 units, and a hidden character that is shown by its name counts as the one that it is. */

const points = (text) => [...text].length;

/** Code points from the beginning of `piece` to the position (node, offset) within it. */
function within(piece, node, offset) {
  let sum = 0;
  const walk = document.createTreeWalker(piece, NodeFilter.SHOW_TEXT);
  for (let text = walk.nextNode(); text; text = walk.nextNode()) {
    const hidden = text.parentElement.closest(".hidden-character");
    if (text === node) return sum + (hidden ? 0 : points(text.data.slice(0, offset)));
    if (node.nodeType === Node.ELEMENT_NODE && node.childNodes[offset] && !(node.childNodes[offset].compareDocumentPosition(text) & Node.DOCUMENT_POSITION_PRECEDING)) return sum;
    sum += hidden ? Number(hidden.dataset.chars) : points(text.data);
  }
  return sum;
}

function place(root, node, offset) {
  const element = node.nodeType === Node.TEXT_NODE ? node.parentElement : (node.childNodes[offset] ?? node);
  const piece = element.closest?.("[data-start]") ?? element.querySelector?.("[data-start]");
  if (!piece || !root.contains(piece)) return null;
  return Number(piece.dataset.start) + within(piece, node, offset);
}

/** {start, end, text} of what is selected within the text, blanks at its ends left out; null where nothing is. */
export function selectedSpan(root) {
  const selection = document.getSelection();
  if (!selection || selection.isCollapsed || !selection.rangeCount) return null;
  const range = selection.getRangeAt(0);
  if (!root.contains(range.commonAncestorContainer)) return null;
  const start = place(root, range.startContainer, range.startOffset);
  const end = place(root, range.endContainer, range.endOffset);
  if (start === null || end === null || end <= start) return null;
  const words = range.toString();
  const lead = points(words) - points(words.trimStart());
  const trail = points(words) - points(words.trimEnd());
  return end - trail > start + lead ? { start: start + lead, end: end - trail, text: words.trim() } : null;
}
