// Names beside nodes, with a rim of the page's ground so that they can be read over edges.
const FONT = "system-ui, 'Segoe UI', Arial, sans-serif";
export const NAME_SIZE = 12.5;

export const shortened = (name, most) => (Array.from(name).length > most ? Array.from(name).slice(0, most - 1).join("").trimEnd() + "…" : name);

export function measure(most) {
  const context = document.createElement("canvas").getContext("2d");
  context.font = `500 ${NAME_SIZE}px ${FONT}`;
  return (name) => context.measureText(shortened(name, most)).width;
}

export function nameDrawer(colours, most) {
  return (context, data) => {
    if (!data.label) return;
    const strong = data.highlighted;
    context.font = `${strong ? 700 : 500} ${NAME_SIZE}px ${FONT}`;
    context.lineJoin = "round";
    context.lineWidth = 4;
    context.strokeStyle = colours().paper;
    context.fillStyle = data.faded ? colours().soft : colours().ink;
    const name = strong ? data.label : shortened(data.label, most);
    const reach = data.x + data.size + 4;
    const over = reach + context.measureText(name).width > context.canvas.clientWidth; // then it stands to the left
    context.textAlign = over ? "right" : "left";
    const at = [over ? data.x - data.size - 4 : reach, data.y + NAME_SIZE / 3];
    context.strokeText(name, ...at);
    context.fillText(name, ...at);
  };
}

// The node under the pointer, or the chosen one: a ring and its whole name.
export function hoverDrawer(colours, most) {
  const drawName = nameDrawer(colours, most);
  return (context, data) => {
    context.beginPath();
    context.arc(data.x, data.y, data.size + 4, 0, Math.PI * 2);
    context.lineWidth = 2.5;
    context.strokeStyle = colours().ink;
    context.stroke();
    drawName(context, { ...data, highlighted: true });
  };
}
