// Filters the table, and lights up everything that belongs to one statement. The page works without it.
(() => {
  const rows = [...document.querySelectorAll("#table tbody tr")];
  const form = document.getElementById("filters");
  const shown = document.getElementById("shown");
  const filter = () => {
    const words = document.getElementById("q").value.toLowerCase().trim();
    const stances = new Set([...form.querySelectorAll("input[name=stance]:checked")].map((box) => box.value));
    let count = 0;
    for (const row of rows) {
      const fits = stances.has(row.dataset.stance) && row.textContent.toLowerCase().includes(words);
      row.hidden = !fits;
      row.style.display = fits ? "" : "none";
      count += fits;
    }
    shown.textContent = `${count} of ${rows.length} shown`;
  };
  form.addEventListener("input", filter);
  form.addEventListener("submit", (event) => event.preventDefault());

  const light = (ids, on) => {
    for (const id of ids)
      for (const part of document.querySelectorAll(`[data-o~="${CSS.escape(id)}"]`)) part.classList.toggle("on", on);
  };
  let lit = [];
  const follow = () => {
    light(lit, false);
    const id = decodeURIComponent(location.hash.slice(1));
    lit = /^d\d+-[aw]\d+$/.test(id) ? [id] : [];
    light(lit, true);
  };
  window.addEventListener("hashchange", follow);
  follow();
  for (const text of document.querySelectorAll(".text"))
    text.addEventListener("click", (event) => {
      const part = event.target.closest(".seg");
      if (part) location.hash = part.dataset.o.trim().split(" ").pop();
    });
})();
