/* Dropping files, walking through findings, opening a figure beside the text. The pages work without it. */
(() => {
  "use strict";
  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => Array.from(root.querySelectorAll(selector));
  const typing = (element) => element.matches("input, textarea, select, [contenteditable='true']");

  /* dropping: onto the box, or anywhere on the page */
  const box = $("[data-drop]");
  if (box) {
    const input = $("input[type=file]", box);
    const list = $("[data-files]", box);
    const size = (bytes) => (bytes < 1048576 ? `${Math.max(1, Math.round(bytes / 1024))} KB` : `${(bytes / 1048576).toFixed(1)} MB`);
    const tell = () => {
      list.replaceChildren(
        ...Array.from(input.files, (file) => {
          const line = document.createElement("li");
          const note = document.createElement("small");
          line.textContent = file.name;
          note.textContent = size(file.size);
          line.append(note);
          return line;
        }),
      );
    };
    input.addEventListener("change", tell);
    ["dragenter", "dragover"].forEach((name) =>
      document.addEventListener(name, (event) => {
        event.preventDefault();
        box.classList.add("is-over");
      }),
    );
    ["dragleave", "drop"].forEach((name) => document.addEventListener(name, () => box.classList.remove("is-over")));
    document.addEventListener("drop", (event) => {
      event.preventDefault();
      if (!event.dataTransfer.files.length) return;
      input.files = event.dataTransfer.files;
      tell();
    });
  }

  /* findings: n and p, or j and k, or the two buttons */
  const lines = $("[data-lines]");
  const sheet = $("[data-sheet]"); /* on a narrow screen the finding stands at the foot while the text moves */
  const here = () => $(".tx-line.is-here", lines || document);
  const show = (line) => {
    $$(".is-here").forEach((one) => one.classList.remove("is-here"));
    lines.classList.add("is-walked");
    line.classList.add("is-here");
    if (window.innerWidth > 1100) lines.scrollTop = line.offsetTop - lines.offsetTop - 40;
    const number = line.dataset.n;
    const spans = $$("[data-findings]").filter((one) => one.dataset.findings.split(" ").includes(number));
    spans.forEach((one) => one.classList.add("is-here"));
    spans[0]?.scrollIntoView({ block: "center" });
    if (sheet) {
      sheet.hidden = false;
      $("[data-sheet-meta]", sheet).textContent = $(".tx-line-meta", line).textContent.trim();
      $("[data-sheet-words]", sheet).textContent = $(".tx-line-words", line).textContent.trim();
      $("[data-sheet-sum]", sheet).textContent = $(".tx-sum", line)?.textContent.trim() || "";
    }
    return spans.length > 0;
  };
  const visit = (line) => {
    if (!show(line)) window.location.assign($("[data-go]", line).href); /* it stands in another part of the text */
  };
  const walk = (by) => {
    if (!lines) return;
    const all = $$(".tx-line", lines);
    const now = all.indexOf(here());
    visit(all[Math.max(0, Math.min(all.length - 1, now < 0 ? (by > 0 ? 0 : all.length - 1) : now + by))]);
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(event.target) || $("dialog[open]")) return;
    if (event.key === "n" || event.key === "j") walk(1);
    if (event.key === "p" || event.key === "k") walk(-1);
  });
  document.addEventListener("click", (event) => {
    const step = event.target.closest("[data-walk]");
    if (step) return walk(Number(step.dataset.walk));
    const go = event.target.closest("[data-go]");
    if (go && show(go.closest(".tx-line"))) event.preventDefault();
  });
  document.addEventListener("click", (event) => {
    if (!event.target.closest(".tx-detail, a[data-figure]")) $(".tx-detail.is-sheet")?.classList.remove("is-sheet");
  });
  if (lines && window.location.hash.startsWith("#f")) {
    const line = $(`.tx-line[data-n="${CSS.escape(window.location.hash.slice(2))}"]`, lines);
    if (line) show(line);
  }

  /* a figure opens beside the text; its finding comes along */
  document.addEventListener("click", (event) => {
    const figure = event.target.closest("a[data-figure]");
    if (!figure || !window.htmx || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    $$(".tx-figure.is-open").forEach((one) => one.classList.remove("is-open"));
    $$(`[data-figure="${figure.dataset.figure}"]`).forEach((one) => one.classList.add("is-open"));
    const [address] = figure.href.split("#");
    window.htmx.ajax("GET", address, { target: "#detail", swap: "outerHTML" });
  });
  document.addEventListener("htmx:afterSettle", () => {
    if (window.innerWidth <= 1100 && $(".tx-figure.is-open")) $("#detail")?.classList.add("is-sheet");
  });
})();
