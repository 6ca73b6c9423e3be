/* A form that saves itself: each field a moment after it was changed, with the version of it that was on the page.

   What has not been confirmed by the server lies in localStorage too (personal fields excepted), so that a closed tab or a
   dropped line loses nothing. Somebody else's text is never overwritten: both are shown, and one is chosen. Without this
   script the form is posted as it is. */
const form = document.querySelector("form[data-cells]");
const english = document.documentElement.lang === "en";
const say = (chinese, text) => (english ? text : chinese);
const PAUSES = [2, 4, 8, 15, 30]; /* seconds between attempts */
const token = form.querySelector("[name=csrfmiddlewaretoken]").value;
const state = form.querySelector("[data-state]");
const kept = form.dataset.keep;

const boxOf = (control) => control.closest("[data-path]");
const controlOf = (box) => box.querySelector(`[name="c-${CSS.escape(box.dataset.path)}"]`);
const boxAt = (path) => form.querySelector(`[data-path="${CSS.escape(path)}"]`);
const tokenOf = (box) => box.querySelector(`input[name="s-${CSS.escape(box.dataset.path)}"]`);
const versionOf = (box) => Number(tokenOf(box).value.split(".")[0]);
const clean = (text) => text.replace(/\r\n/g, "\n").trim();

/* the digest beside the version tells a posted page which fields were touched (keshu.bureau.programmes.applying.pages) */
const digest = async (text) => {
  if (!crypto.subtle) return "saved"; /* plain http: the field counts as touched, which costs one more write */
  const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(clean(text)));
  return Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("").slice(0, 12);
};

/* --- what is not yet with the server --- */
const waiting = new Map(); /* path -> text */
const before = new Map(); /* path -> text as the server has it */
const steps = []; /* [path, text before]: for undoing */
const local = () => {
  try {
    return JSON.parse(localStorage.getItem(kept) || "{}");
  } catch {
    return {};
  }
};
const remember = () => {
  const all = local();
  for (const path of Object.keys(all)) if (boxAt(path) && !waiting.has(path)) delete all[path];
  for (const [path, text] of waiting) {
    const box = boxAt(path);
    if (box && !("personal" in box.dataset)) all[path] = { text, seen: versionOf(box), label: box.dataset.label, at: Date.now() };
  }
  try {
    if (Object.keys(all).length) localStorage.setItem(kept, JSON.stringify(all));
    else localStorage.removeItem(kept);
  } catch {
    /* a full or forbidden store: the server has what it confirmed */
  }
};

/* --- saving --- */
let sending = false;
let failures = 0;
let timer = 0;
let figuresTimer = 0;

const tell = (text, tone = "") => {
  state.textContent = text;
  state.className = `k-saved ${tone}`;
};

const send = async () => {
  clearTimeout(timer);
  if (sending || !waiting.size) return;
  sending = true;
  const batch = new Map(waiting);
  const changes = [...batch].map(([path, text]) => [path, text, versionOf(boxAt(path))]);
  tell(say("正在保存…", "Saving…"));
  try {
    const answer = await fetch(form.dataset.cells, {
      method: "POST",
      credentials: "same-origin",
      redirect: "manual",
      headers: { "Content-Type": "application/json", "X-CSRFToken": token },
      body: JSON.stringify({ changes }),
    });
    if (answer.type === "opaqueredirect" || answer.status === 403) {
      throw Object.assign(new Error("signed out"), { said: say("登录已过期：内容已暂存在本机，请在新窗口重新登录后回到这里", "Signed out; kept on this computer. Sign in again in another window.") });
    }
    if (answer.status === 409 || answer.status === 400) {
      const told = await answer.json().catch(() => ({}));
      tell(told.message || say("没有保存，请刷新页面", "Not saved, reload the page"), "is-bad");
      return;
    }
    if (!answer.ok) throw new Error(String(answer.status));
    await taken(await answer.json(), batch);
    failures = 0;
  } catch (error) {
    const seconds = PAUSES[Math.min(failures, PAUSES.length - 1)];
    failures += 1;
    tell(error.said || say("未连接，已暂存在本机，稍后自动重试", "Offline; kept on this computer, will try again"), "is-bad");
    timer = setTimeout(send, seconds * 1000);
  } finally {
    sending = false;
    remember();
    if (waiting.size && !failures) timer = setTimeout(send, 300);
  }
};

const taken = async (answer, batch) => {
  for (const [path, version] of Object.entries(answer.versions)) {
    const box = boxAt(path);
    const text = batch.get(path);
    before.set(path, text);
    if (waiting.get(path) === text) waiting.delete(path);
    if (box) {
      tokenOf(box).value = `${version}.${await digest(text)}`;
      box.querySelector(".ap-conflict")?.remove();
    }
  }
  for (const one of answer.conflicts) {
    waiting.delete(one.path);
    conflict(one, batch.get(one.path));
  }
  if (answer.conflicts.length) tell(say("有内容同事刚刚改过，请选用谁的", "Somebody else changed this; choose one"), "is-bad");
  else if (!waiting.size) tell(say(`已保存 ${answer.at}`, `Saved ${answer.at}`), "is-ok");
  clearTimeout(figuresTimer);
  figuresTimer = setTimeout(figures, 500);
};

/* --- two texts, one choice --- */
const conflict = (one, mine) => {
  const box = boxAt(one.path);
  if (!box) return;
  box.querySelector(".ap-conflict")?.remove();
  const note = document.createElement("div");
  note.className = "ap-conflict";
  note.setAttribute("role", "alert");
  const head = document.createElement("p");
  head.textContent = say(`${one.by} 于 ${one.at} 改成了：`, `${one.by} changed this at ${one.at}:`);
  const quote = document.createElement("blockquote");
  quote.textContent = one.theirs || "—";
  const choose = (label, text) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-sm";
    button.textContent = label;
    button.addEventListener("click", () => {
      tokenOf(box).value = `${one.version}.`;
      before.set(one.path, one.theirs);
      put(one.path, text);
      note.remove();
      change(box);
      if (text === one.theirs) settle(box, one.theirs);
      else soon(0.05);
    });
    return button;
  };
  note.append(head, quote, choose(say("用对方的", "Use theirs"), one.theirs), choose(say("用我的", "Use mine"), mine));
  box.append(note);
};
const settle = async (box, text) => (tokenOf(box).value = `${versionOf(box)}.${await digest(text)}`);
const put = (path, text) => {
  const control = controlOf(boxAt(path));
  if (control) control.value = text;
};

/* --- typing --- */
const change = (box) => {
  const control = controlOf(box);
  if (!control) return;
  const path = box.dataset.path;
  const text = clean(control.value);
  if (box.querySelector(".ap-conflict")) return; /* choose first */
  if (text === before.get(path)) waiting.delete(path);
  else waiting.set(path, text);
  remember();
  undoing();
};
const soon = (seconds) => {
  clearTimeout(timer);
  timer = setTimeout(send, seconds * 1000);
};
form.addEventListener("focusin", (event) => {
  const box = boxOf(event.target);
  if (box && controlOf(box) === event.target) event.target.dataset.was = event.target.value;
});
form.addEventListener("input", (event) => {
  const box = boxOf(event.target);
  if (!box || controlOf(box) !== event.target) return;
  if (event.target.type === "date") return; /* a date is half typed until it changes */
  change(box);
  count(box);
  soon(1.5);
});
form.addEventListener("change", (event) => {
  const box = boxOf(event.target);
  if (!box || controlOf(box) !== event.target) return;
  const was = event.target.dataset.was;
  if (was !== undefined && was !== event.target.value) steps.push([box.dataset.path, was]);
  event.target.dataset.was = event.target.value;
  change(box);
  if (waiting.size) soon(0.05);
});
window.addEventListener("online", () => ((failures = 0), send()));
window.addEventListener("beforeunload", (event) => {
  if ([...waiting.keys()].some((path) => "personal" in (boxAt(path)?.dataset || {}))) event.preventDefault(); /* these are not kept here */
});
document.addEventListener("visibilitychange", () => document.hidden && send());
form.addEventListener("submit", () => {
  waiting.clear(); /* the page goes with everything on it */
});

/* --- undo: the last change of a field, one after the other --- */
const undo = form.querySelector("[data-undo]");
const undoing = () => (undo.hidden = !steps.length);
undo.addEventListener("click", () => {
  const last = steps.pop();
  if (last && boxAt(last[0])) {
    put(last[0], last[1]);
    change(boxAt(last[0]));
    controlOf(boxAt(last[0])).focus();
    soon(0.05);
  }
  undoing();
});

/* --- words, sums, computed fields --- */
const WORD = /[\u3000-\u303f\u3400-\u9fff\uf900-\ufaff\uff00-\uffef]|[^\s\u3000-\u303f\u3400-\u9fff\uf900-\ufaff\uff00-\uffef]+/g;
const count = (box) => {
  const note = box.querySelector("[data-words]");
  if (!note) return;
  const most = Number(box.dataset.mostWords);
  const there = (controlOf(box).value.match(WORD) || []).length;
  note.hidden = false;
  note.textContent = say(`${there} / ${most} 字`, `${there} / ${most} words`);
  note.classList.toggle("is-over", there > most);
};
const figures = async () => {
  const answer = await fetch(form.dataset.figures, { credentials: "same-origin", redirect: "manual" }).catch(() => null);
  if (!answer?.ok) return;
  const told = await answer.json();
  for (const [code, text] of Object.entries(told.computed)) {
    const output = form.querySelector(`[data-computed="${CSS.escape(code)}"]`);
    if (output) output.textContent = text || "—";
  }
  for (const [key, text] of Object.entries(told.sums)) {
    const cell = form.querySelector(`[data-sum="${CSS.escape(key)}"]`);
    if (cell) cell.textContent = text;
  }
  for (const box of form.querySelectorAll("[data-path]")) {
    const lines = told.remarks[box.dataset.path] || [];
    box.querySelector("[data-remarks]")?.replaceChildren(...lines.map((text) => Object.assign(document.createElement("div"), { className: "k-error", textContent: text })));
  }
  for (const [code, [missing, wrong]] of Object.entries(told.tabs)) {
    const badge = document.querySelector(`[data-tab="${CSS.escape(code)}"] .k-badge`);
    if (!badge) continue;
    badge.textContent = wrong ? say(`${wrong} 处要改`, `${wrong} to mend`) : missing ? say(`缺 ${missing} 项`, `${missing} missing`) : say("已填好", "Done");
    badge.className = `k-badge k-badge-${wrong ? "bad" : missing ? "quiet" : "ok"}`;
  }
};

/* --- rows: added here, and filled from a block that was copied in a table program --- */
const rowName = () => Date.now().toString(36).padStart(9, "0") + Math.floor(Math.random() * 46656).toString(36).padStart(3, "0");
let lastRow = "";
const addRow = (grid) => {
  let name = rowName();
  if (name.slice(0, 9) <= lastRow.slice(0, 9)) name = (parseInt(lastRow.slice(0, 9), 36) + 1).toString(36).padStart(9, "0") + name.slice(9);
  lastRow = name;
  const pattern = grid.querySelector("template[data-pattern]");
  const holder = document.createElement("tbody");
  holder.innerHTML = pattern.innerHTML.replaceAll("rowname", name);
  const row = holder.querySelector("tr");
  grid.querySelector("tbody").append(row);
  row.querySelectorAll("[data-path]").forEach((box) => before.set(box.dataset.path, ""));
  return row;
};
form.addEventListener("click", (event) => {
  const adding = event.target.closest("[data-add-row]");
  if (adding) {
    event.preventDefault();
    addRow(adding.closest("[data-table]")).querySelector("input:not([type=hidden]), select, textarea")?.focus();
  }
  const use = event.target.closest("[data-use]");
  if (use) {
    const box = boxOf(use);
    const control = controlOf(box);
    steps.push([box.dataset.path, control.value]);
    control.value = use.dataset.use;
    use.closest(".ap-known").remove();
    change(box);
    soon(0.05);
  }
});
form.addEventListener("paste", (event) => {
  const box = boxOf(event.target);
  const row = event.target.closest("tr[data-row]");
  const text = event.clipboardData?.getData("text/plain") || "";
  if (!box || !row || !/[\t\n]/.test(text.trim())) return;
  event.preventDefault();
  const grid = row.closest("[data-table]");
  const column = [...row.querySelectorAll("[data-path]")].indexOf(box);
  const rows = () => [...grid.querySelectorAll("tbody tr[data-row]")];
  const first = rows().indexOf(row);
  block(text).forEach((cells, down) => {
    const into = rows()[first + down] || (grid.querySelector("template[data-pattern]") ? addRow(grid) : null);
    if (!into) return;
    const boxes = [...into.querySelectorAll("[data-path]")];
    cells.forEach((cell, right) => {
      const target = boxes[column + right];
      const control = target && controlOf(target);
      if (!control) return;
      steps.push([target.dataset.path, control.value]);
      if (control.tagName === "SELECT") control.value = [...control.options].find((one) => one.text === cell.trim() || one.value === cell.trim())?.value ?? control.value;
      else {
        if (control.type === "date") control.type = "text"; /* whatever was typed in the sheet; the reader makes a day of it */
        control.value = cell.trim();
      }
      change(target);
    });
  });
  soon(0.05);
});
/* a block of cells: tabs between them, cells with line breaks in quotation marks */
const block = (text) => {
  const rows = [[""]];
  let quoted = false;
  const plain = text.replace(/\r\n?/g, "\n").replace(/\n$/, "");
  for (let at = 0; at < plain.length; at += 1) {
    const sign = plain[at];
    const row = rows[rows.length - 1];
    if (quoted) {
      if (sign === '"' && plain[at + 1] === '"') (row[row.length - 1] += '"'), (at += 1);
      else if (sign === '"') quoted = false;
      else row[row.length - 1] += sign;
    } else if (sign === '"' && row[row.length - 1] === "") quoted = true;
    else if (sign === "\t") row.push("");
    else if (sign === "\n") rows.push([""]);
    else row[row.length - 1] += sign;
  }
  return rows;
};

/* --- what this computer still has from a lost line or a closed tab --- */
const offer = () => {
  const all = local();
  const found = Object.entries(all).filter(([path, one]) => {
    const box = boxAt(path);
    return box ? clean(controlOf(box)?.value ?? "") !== one.text : path.includes(":") && form.querySelector(`[data-table="${CSS.escape(path.split(":")[0])}"]`);
  });
  for (const [path, one] of Object.entries(all)) if (boxAt(path) && !found.some(([other]) => other === path) && one) delete all[path];
  localStorage.setItem(kept, JSON.stringify(all));
  if (!found.length) return;
  const note = form.querySelector("[data-local]");
  const names = [...new Set(found.map(([, one]) => one.label))].slice(0, 6).join("、");
  const words = document.createElement("span");
  words.textContent = say(`本机还有 ${found.length} 项没有存到服务器：${names} `, `${found.length} entries on this computer did not reach the server: ${names} `);
  const button = (label, does) => {
    const made = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-sm", textContent: label });
    made.addEventListener("click", () => ((note.hidden = true), does()));
    return made;
  };
  const restore = () => {
    for (const [path, one] of found) {
      if (!boxAt(path)) revive(path);
      const box = boxAt(path);
      if (!box) continue;
      tokenOf(box).value = `${one.seen}.`; /* as it was when it was typed: a change made since then shows up */
      put(path, one.text);
      before.delete(path);
      change(box);
    }
    send();
  };
  const drop = () => {
    const left = local();
    found.forEach(([path]) => delete left[path]);
    localStorage.setItem(kept, JSON.stringify(left));
  };
  note.replaceChildren(words, button(say("恢复并保存", "Restore and save"), restore), " ", button(say("丢弃", "Drop"), drop));
  note.hidden = false;
};
/* a row that existed on this computer only */
const revive = (path) => {
  const [table, name] = path.split(":");
  const grid = form.querySelector(`[data-table="${CSS.escape(table)}"]`);
  if (!grid?.querySelector("template[data-pattern]")) return;
  const row = addRow(grid);
  row.innerHTML = row.innerHTML.replaceAll(row.dataset.row, name);
  row.dataset.row = name;
};

form.querySelectorAll("[data-path]").forEach((box) => {
  const control = controlOf(box);
  if (!control) return;
  before.set(box.dataset.path, clean(control.value));
  count(box);
});
const tabs = document.querySelector(".ap-tabs ol"); /* lies on its side on a phone: the open section comes into sight */
if (tabs) tabs.scrollLeft = (tabs.querySelector(".is-here")?.offsetLeft || 0) - tabs.clientWidth / 3;
form.querySelectorAll("[data-use], [data-paste-hint]").forEach((one) => (one.hidden = false));
try {
  offer();
} catch {
  /* no local store */
}
