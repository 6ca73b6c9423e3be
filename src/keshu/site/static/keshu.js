/* What the pages do beyond HTML. Every page works without it; each module looks for its own data attributes. */
(() => {
  "use strict";
  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => Array.from(root.querySelectorAll(selector));
  const own = document.currentScript;
  const english = document.documentElement.lang === "en";
  const say = (chinese, text) => (english ? text : chinese);
  const typing = (element) => element.matches("input, textarea, select, [contenteditable='true']");

  /* menus: one open at a time, closed by Escape or a click elsewhere */
  document.addEventListener("click", (event) => {
    $$("details.k-menu[open]").forEach((menu) => {
      if (!menu.contains(event.target)) menu.open = false;
    });
    const found = $("#found");
    if (found && !found.closest("form").contains(event.target)) found.replaceChildren();
  });

  /* the drawer on a narrow screen: by :target without JavaScript, without touching the history with it */
  const side = $("#nav");
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a.k-top-menu, a.k-side-close, a.k-veil");
    if (!link || !side) return;
    event.preventDefault();
    const opening = link.matches(".k-top-menu");
    side.classList.toggle("is-open", opening);
    (opening ? $("a", side) : $(".k-top-menu")).focus();
  });

  /* keys */
  let waiting = 0;
  const rowsOf = (table) => $$("tbody tr", table).filter((row) => $("a[href]", row));
  const step = (by) => {
    const table = $("table[data-keys]") || $("main .k-table");
    if (!table) return;
    const rows = rowsOf(table);
    const now = rows.findIndex((row) => row.classList.contains("is-here"));
    const next = rows[Math.max(0, Math.min(rows.length - 1, now < 0 ? 0 : now + by))];
    if (!next) return;
    rows.forEach((row) => row.classList.toggle("is-here", row === next));
    $("a[href]", next).focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
  };
  const follow = (link) => link && window.location.assign(link.href);
  const actions = {
    "/": () => $("[data-search]")?.select(),
    "?": () => $("#keys")?.showModal(),
    j: () => step(1),
    k: () => step(-1),
    "[": () => follow($("a[rel=prev]")),
    "]": () => follow($("a[rel=next]")),
    x: () => $("tr.is-here input[type=checkbox]")?.click(),
    g: () => (waiting = Date.now()),
  };
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      $$("details.k-menu[open]").forEach((menu) => (menu.open = false));
      $("#found")?.replaceChildren();
      side?.classList.remove("is-open");
      return;
    }
    if ((event.ctrlKey || event.metaKey) && event.key === "s") {
      const form = event.target.closest?.("form[method=post]") || $("main form[data-guard]");
      if (form) {
        event.preventDefault();
        form.requestSubmit();
      }
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(event.target)) return;
    if ($("dialog[open]")) return;
    if (Date.now() - waiting < 1500) {
      waiting = 0;
      const link = $(`[data-key="${CSS.escape(event.key)}"]`);
      if (link) {
        event.preventDefault();
        return follow(link);
      }
    }
    if (actions[event.key]) {
      event.preventDefault();
      actions[event.key]();
    }
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-keys]:not(table)")) $("#keys")?.showModal();
  });

  /* search results: arrows move through them */
  document.addEventListener("keydown", (event) => {
    const found = $("#found");
    if (!found || !found.children.length || !["ArrowDown", "ArrowUp"].includes(event.key)) return;
    if (!found.closest("form").contains(event.target)) return;
    const links = $$("a", found);
    const now = links.indexOf(document.activeElement);
    event.preventDefault();
    const next = now + (event.key === "ArrowDown" ? 1 : -1);
    (next < 0 ? $("[data-search]") : links[Math.min(next, links.length - 1)])?.focus();
  });

  /* unsaved changes: form[data-guard] asks before its page is left; twice pressed is sent once */
  const leaving = new Set();
  document.addEventListener("input", (event) => {
    const form = event.target.closest("form[data-guard]");
    if (form) leaving.add(form);
  });
  document.addEventListener("submit", (event) => {
    const form = event.target;
    leaving.delete(form);
    if (form.method !== "post" || form.hasAttribute("hx-post")) return;
    if (form.dataset.sent && Date.now() - Number(form.dataset.sent) < 5000) event.preventDefault();
    form.dataset.sent = String(Date.now());
  });
  window.addEventListener("pageshow", () => $$("form[data-sent]").forEach((form) => delete form.dataset.sent));
  window.addEventListener("beforeunload", (event) => {
    if (leaving.size) event.preventDefault();
  });

  /* what takes its time: button[data-busy="正在冻结…"] says so once its form is sent, a[data-busy] while its file is made */
  const busy = (control, on) => {
    if (on) control.dataset.idle = control.innerHTML;
    else if (control.dataset.idle === undefined) return;
    if (on) control.textContent = control.dataset.busy;
    else {
      control.innerHTML = control.dataset.idle;
      delete control.dataset.idle;
    }
    if (control.tagName === "BUTTON") control.disabled = on;
    control.toggleAttribute("aria-busy", on);
    control.classList.toggle("is-busy", on);
  };
  document.addEventListener("submit", (event) => {
    const button = event.submitter?.matches("[data-busy]") ? event.submitter : $("button[data-busy]", event.target);
    if (button && !event.defaultPrevented) setTimeout(() => busy(button, true)); /* a disabled button is not sent */
  });
  window.addEventListener("pageshow", () => $$(".is-busy").forEach((control) => busy(control, false)));
  const nameOf = (answer) => decodeURIComponent(/filename\*=UTF-8''([^;]+)/i.exec(answer.headers.get("Content-Disposition") || "")?.[1] || "");
  document.addEventListener("click", async (event) => {
    const link = event.target.closest("a[data-busy]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (link.classList.contains("is-busy")) return;
    busy(link, true);
    try {
      const answer = await fetch(link.href, { credentials: "same-origin" });
      const name = nameOf(answer);
      if (!answer.ok || !name) return void (location.href = answer.url); /* a page that says what is wrong */
      const file = document.createElement("a");
      file.href = URL.createObjectURL(await answer.blob());
      file.download = name;
      file.click();
      setTimeout(() => URL.revokeObjectURL(file.href), 60000);
    } catch {
      location.href = link.href;
    } finally {
      busy(link, false);
    }
  });

  /* autosave: form[data-autosave=URL] posts itself a while after the last change and says so in [data-saved] */
  const timers = new WeakMap();
  const save = async (form) => {
    const note = $("[data-saved]", form) || document.createElement("span");
    note.textContent = say("正在暂存…", "Saving…");
    try {
      const answer = await fetch(form.dataset.autosave, { method: "POST", body: new FormData(form), credentials: "same-origin" });
      if (!answer.ok) throw new Error(String(answer.status));
      leaving.delete(form);
      const time = new Date().toLocaleTimeString(english ? "en-GB" : "zh-CN", { hour: "2-digit", minute: "2-digit" });
      note.textContent = say(`已于 ${time} 暂存`, `Draft saved at ${time}`);
      form.dispatchEvent(new CustomEvent("keshu:saved", { bubbles: true }));
    } catch {
      note.textContent = say("暂存失败，内容仍在本页，请勿关闭并稍后重试", "Not saved; keep this page open and try again");
    }
  };
  document.addEventListener("input", (event) => {
    const form = event.target.closest("form[data-autosave]");
    if (!form) return;
    clearTimeout(timers.get(form));
    timers.set(form, setTimeout(() => save(form), Number(form.dataset.autosaveAfter || 1500)));
  });

  /* copy: button[data-copy="text"] or [data-copy-from="#id"] */
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy], [data-copy-from]");
    if (!button) return;
    const text = button.dataset.copy || $(button.dataset.copyFrom)?.textContent.trim() || "";
    const area = document.createElement("textarea");
    try {
      if (navigator.clipboard) await navigator.clipboard.writeText(text);
      else {
        area.value = text; /* plain http on an intranet has no clipboard API */
        document.body.append(area);
        area.select();
        document.execCommand("copy");
      }
      const label = button.textContent;
      button.textContent = say("已复制", "Copied");
      setTimeout(() => (button.textContent = label), 1200);
    } finally {
      area.remove();
    }
  });

  /* forms that send themselves when a choice changes: select[data-submit] */
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-submit]")) event.target.form.requestSubmit();
  });
  /* tick all: input[data-all="name"] */
  document.addEventListener("change", (event) => {
    const all = event.target.closest("[data-all]");
    if (!all) return; /* by the form's own list: a ticked row may stand outside of its form */
    const boxes = all.form ? Array.from(all.form.elements) : $$("input");
    boxes.filter((box) => box.name === all.dataset.all && !box.disabled).forEach((box) => (box.checked = all.checked));
  });

  /* the demo's sign-in page: fill in a login */
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-login]");
    if (!button) return;
    $("#id_username").value = button.dataset.login;
    $("#id_password").value = button.dataset.password;
    $("#id_password").form.requestSubmit();
  });

  /* charts */
  const COLOURS = ["#0f5f6e", "#e0a030", "#5b8db8", "#a3562f", "#6f9e6e", "#8a6d9c", "#7c8b8f", "#c0506b"];
  const grouped = (value) => (value === null || value === undefined ? "—" : Number(value).toLocaleString("zh-CN", { maximumFractionDigits: 4 }));
  const options = (data) => {
    const names = { type: "category", data: data.labels, axisTick: { show: false }, axisLine: { lineStyle: { color: "#c5d0d2" } }, axisLabel: { color: "#52656b", hideOverlap: true }, inverse: data.lying };
    const scale = (right) => ({ type: "value", splitLine: { show: !right, lineStyle: { color: "#edf1f1" } }, axisLabel: { color: "#52656b" } });
    const two = data.series.some((one) => one.axis === 1);
    const scales = two ? [scale(false), scale(true)] : scale(false);
    return {
      aria: { enabled: true },
      color: COLOURS,
      animation: false,
      textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
      grid: { left: 8, right: data.lying ? 28 : 12, top: data.series.length > 1 ? 34 : 14, bottom: 4, containLabel: true },
      legend: { show: data.series.length > 1, top: 0, right: 0, icon: "roundRect", itemWidth: 10, itemHeight: 10 },
      tooltip: { trigger: "axis", confine: true, axisPointer: { type: "shadow", shadowStyle: { color: "rgba(15,95,110,.06)" } }, valueFormatter: (value) => grouped(value) + (data.unit ? ` ${data.unit}` : "") },
      xAxis: data.lying ? scales : names,
      yAxis: data.lying ? names : scales,
      series: data.series.map((one, index) => ({
        name: one.name,
        type: one.kind,
        stack: data.stacked ? "all" : undefined,
        [data.lying ? "xAxisIndex" : "yAxisIndex"]: two ? one.axis : 0,
        data: one.values,
        barMaxWidth: 28,
        itemStyle: one.kind === "bar" && !data.stacked ? { borderRadius: data.lying ? [0, 3, 3, 0] : [3, 3, 0, 0] } : undefined,
        symbolSize: 6,
        lineStyle: one.kind === "line" ? { width: 2.5 } : undefined,
        markLine: index === 0 && data.marks.length ? { symbol: "none", label: { formatter: "{b}", position: "insideEndTop" }, lineStyle: { color: "#a3562f", type: "dashed" }, data: data.marks.map(([name, value]) => ({ name, [data.lying ? "xAxis" : "yAxis"]: value })) } : undefined,
      })),
    };
  };
  const draw = (root) =>
    $$("[data-chart]:not(.is-drawn)", root).forEach((figure) => {
      const data = JSON.parse($("script[type='application/json']", figure).textContent);
      figure.classList.add("is-drawn");
      const drawn = window.echarts.init($(".k-chart-canvas", figure), null, { renderer: "svg" });
      drawn.setOption(options(data));
      new ResizeObserver(() => drawn.resize()).observe(figure);
    });
  const charts = (root) => {
    if (!$("[data-chart]", root)) return;
    if (window.echarts) return draw(root);
    const script = document.createElement("script");
    script.src = own.dataset.charts;
    script.onload = () => draw(document);
    document.head.append(script);
  };

  /* lists that become cards on a narrow screen: each cell carries the name of its column */
  const ROLES = { TABLE: "table", THEAD: "rowgroup", TBODY: "rowgroup", TFOOT: "rowgroup", TR: "row", TD: "cell", TH: "columnheader" };
  const label = (table) => {
    const heads = $$("thead tr:last-child > *", table);
    heads.forEach((head) => $("input", head) && (head.dataset.label = $("input", head).getAttribute("aria-label")));
    $$("tbody tr, tfoot tr", table).forEach((row) => {
      let at = 0;
      const cells = Array.from(row.children);
      const name = cells.slice(0, -1).find((cell) => $("a[href]", cell)) || cells.find((cell) => !cell.matches(".k-fit, .k-num"));
      cells.forEach((cell) => {
        const words = heads[at]?.textContent.trim();
        if (words && cell.colSpan === 1) cell.dataset.label = words + say("：", ": ");
        cell.classList.toggle("is-mark", Boolean($("input[type=checkbox]", cell)));
        cell.classList.toggle("is-name", cell === name);
        cell.classList.toggle("is-blank", !cell.children.length && ["", "—"].includes(cell.textContent.trim()));
        at += cell.colSpan;
      });
    });
    [table, ...$$("thead, tbody, tfoot, tr, td, th", table)].forEach((one) => one.setAttribute("role", ROLES[one.tagName]));
    table.classList.add("is-labelled");
  };

  const start = (root) => {
    charts(root);
    $$("table.k-stack", root).forEach(label);
    $("[data-focus]", root)?.focus();
  };
  start(document);
  document.addEventListener("htmx:afterSettle", (event) => start(event.target));
  document.addEventListener("htmx:responseError", (event) => {
    const box = $("#messages");
    if (!box) return;
    const note = document.createElement("div");
    note.className = "k-note k-note-bad";
    note.textContent = event.detail.xhr.status === 403
      ? say("您没有进行此操作的权限，或登录已过期，请重新登录", "Not allowed, or your session has ended; sign in again")
      : say("操作未完成，请刷新页面后重试", "This did not work; reload the page and try again");
    box.append(note);
  });
})();
