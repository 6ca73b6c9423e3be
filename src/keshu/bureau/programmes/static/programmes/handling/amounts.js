/* A column of amounts copied from a table goes down the rows from the cell into which it is pasted. */
(() => {
  "use strict";
  document.addEventListener("paste", (event) => {
    if (!event.target.matches("[data-amount]")) return;
    const lines = event.clipboardData.getData("text/plain").replace(/\r?\n$/, "").split(/\r?\n/);
    if (lines.length < 2) return;
    event.preventDefault();
    const cells = [...document.querySelectorAll("[data-amount]")];
    const first = cells.indexOf(event.target);
    lines.forEach((line, number) => {
      const cell = cells[first + number];
      if (cell) cell.value = line.split("\t")[0].trim();
    });
  });
})();
