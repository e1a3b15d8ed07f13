"use strict";
(() => {
  const details = [...document.querySelectorAll("#episodes details")];
  // What is closed would be missing on paper.
  let closed = [];
  addEventListener("beforeprint", () => {
    closed = details.filter(one => !one.open);
    closed.forEach(one => { one.open = true; });
  });
  addEventListener("afterprint", () => closed.forEach(one => { one.open = false; }));

  const form = document.getElementById("filter");
  if (!form) return;
  const rows = [...document.querySelectorAll("#episodes tbody tr")];
  const texts = rows.map(row => row.textContent.toLowerCase());
  const show = () => {
    const words = form.elements.search.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    rows.forEach((row, at) => {
      const fits = ["verdict", "unit", "kind"].every(name => {
        const wanted = form.elements[name];
        return !wanted || !wanted.value || row.dataset[name] === wanted.value;
      });
      const rule = form.elements.rule.value;
      const broken = !rule || row.dataset.rules.split(" ").includes(rule);
      const visible = fits && broken && words.every(word => texts[at].includes(word));
      row.hidden = !visible;
      shown += visible;
    });
    form.elements.count.value = shown + " of " + rows.length + " listed episodes are shown";
  };
  form.hidden = false;
  form.addEventListener("input", show);
  form.addEventListener("reset", () => setTimeout(show));
  form.addEventListener("submit", event => event.preventDefault());
  form.elements.open.addEventListener("click", () => {
    const visible = details.filter(one => !one.closest("tr").hidden);
    const opens = visible.some(one => !one.open);
    visible.forEach(one => { one.open = opens; });
  });
  show();
})();
