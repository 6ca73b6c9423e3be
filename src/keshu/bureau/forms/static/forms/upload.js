/* Files in pieces that survive a dropped connection, for <input type="file" data-upload="URL" ...>.

   data-slot   code of the slot            data-types  extensions, as "pdf jpg png"
   data-most   bytes at most               data-into   selector of the element that takes the answer's HTML

   The protocol is told in keshu.bureau.forms.uploads. Without this script the form is posted as it is. A page may listen
   to `upload:done` and `upload:failed` on the input. Files that have arrived are taken out of the input. */
const english = document.documentElement.lang === "en";
const say = (chinese, text) => (english ? text : chinese);
const megabytes = (bytes) => (bytes / 1048576).toFixed(1);
const PAUSES = [1, 2, 4, 8, 15, 30]; /* seconds; the last one again and again */

class Refused extends Error {}

const token = (input) =>
  input.form?.querySelector("[name=csrfmiddlewaretoken]")?.value || document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1] || "";

/* One exchange. A refusal of the server ends the upload; silence, a gateway's page or too many at once do not. */
const ask = async (input, url, options) => {
  const headers = { "X-CSRFToken": token(input), Accept: "application/json", ...options.headers };
  const answer = await fetch(url, { credentials: "same-origin", redirect: "manual", ...options, headers });
  if (answer.ok) return answer.json();
  if (answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403) {
    throw new Refused(say("登录已过期；请重新登录后再选择同一文件，已上传的部分会保留。", "Signed out. Sign in and choose the same file again; what arrived is kept."));
  }
  if (answer.status >= 500 || answer.status === 408 || answer.status === 429) throw new Error(String(answer.status));
  const told = await answer.json().catch(() => ({}));
  throw new Refused(told.message ? `${told.message}${told.remedy || ""}` : say("上传被拒绝；请刷新页面后重试。", "Refused. Reload the page and try again."));
};

const pause = (seconds) =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, seconds * 1000);
    window.addEventListener("online", () => (clearTimeout(timer), resolve()), { once: true });
  });

const patiently = async (attempt, told) => {
  for (let tries = 0; ; tries += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (error instanceof Refused || told.stopped) throw error;
      const seconds = PAUSES[Math.min(tries, PAUSES.length - 1)];
      told.note(say(`连接中断，${seconds} 秒后继续……`, `Connection lost, going on in ${seconds} s …`));
      await pause(seconds);
      if (told.stopped) throw error;
    }
  }
};

const judge = (input, file) => {
  const { types, most } = input.dataset;
  const extension = file.name.includes(".") ? file.name.split(".").pop().toLowerCase() : "";
  if (types && !types.split(/[\s,]+/).includes(extension)) {
    const wanted = types.trim().toUpperCase().split(/[\s,]+/).join("、");
    throw new Refused(say(`“${file.name}”不是这里要求的文件类型；请上传：${wanted}。`, `“${file.name}” is of another type; wanted: ${wanted}.`));
  }
  if (file.size === 0) throw new Refused(say(`“${file.name}”是空文件；请检查原文件。`, `“${file.name}” is empty.`));
  if (most && file.size > Number(most)) {
    throw new Refused(
      say(`“${file.name}”有 ${megabytes(file.size)} MB，超过上限 ${megabytes(most)} MB；请降低扫描分辨率或拆分后再上传。`, `“${file.name}” has ${megabytes(file.size)} MB, more than ${megabytes(most)} MB.`),
    );
  }
};

/* The line under the input: name, progress, words, a button to stop. */
const lineOf = (input, file) => {
  const line = document.createElement("div");
  const bar = document.createElement("progress");
  const words = document.createElement("span");
  const stop = document.createElement("button");
  line.className = "upload-line";
  words.setAttribute("role", "status");
  bar.max = file.size || 1;
  bar.value = 0;
  bar.setAttribute("aria-label", file.name);
  stop.type = "button";
  stop.textContent = say("停止", "Stop");
  line.append(bar, " ", words, " ", stop);
  input.after(line);
  const told = {
    stopped: false,
    note: (text) => (words.textContent = `${file.name} ${text}`),
    at: (bytes) => {
      bar.value = bytes;
      told.note(`${megabytes(bytes)} / ${megabytes(file.size)} MB`);
    },
    end: (text) => {
      bar.remove();
      stop.remove();
      if (!text) return line.remove();
      words.textContent = text;
      line.classList.add("is-bad");
    },
  };
  stop.addEventListener("click", () => (told.stopped = true));
  return told;
};

const send = async (input, file, told) => {
  const base = input.dataset.upload.replace(/\/$/, "");
  const body = JSON.stringify({ slot: input.dataset.slot || input.name, name: file.name, size: file.size });
  const json = { "Content-Type": "application/json" };
  const begun = await patiently(() => ask(input, input.dataset.upload, { method: "POST", body, headers: json }), told);
  let received = begun.received;
  told.at(received);
  while (received < file.size) {
    if (told.stopped) throw new Refused(say("已停止；再次选择同一文件会从断开处继续。", "Stopped. Choose the same file to go on."));
    const piece = file.slice(received, received + begun.chunk);
    const headers = { "Content-Type": "application/octet-stream" };
    const url = `${base}/${begun.id}?offset=${received}`;
    received = (await patiently(() => ask(input, url, { method: "PUT", body: piece, headers }), told)).received;
    told.at(received);
  }
  told.note(say("正在核对……", "checking …"));
  return patiently(() => ask(input, `${base}/${begun.id}/finish`, { method: "POST", headers: json }), told);
};

const place = (input, html) => {
  const into = input.dataset.into && document.querySelector(input.dataset.into);
  if (!into || html === undefined) return;
  into.innerHTML = html;
  window.htmx?.process(into);
};

const upload = async (input) => {
  input.parentElement.querySelectorAll(".upload-line.is-bad").forEach((line) => line.remove());
  for (const file of Array.from(input.files)) {
    const told = lineOf(input, file);
    try {
      judge(input, file);
      const answer = await send(input, file, told);
      told.end("");
      place(input, answer.html);
      input.dispatchEvent(new CustomEvent("upload:done", { bubbles: true, detail: answer }));
    } catch (error) {
      const text = error instanceof Refused ? error.message : say("已停止上传。", "Upload stopped.");
      told.end(text);
      input.dispatchEvent(new CustomEvent("upload:failed", { bubbles: true, detail: text }));
    }
  }
  input.value = ""; /* or the form would send them a second time */
};

/* One listener for the page: inputs that come in later need no setting up. */
document.addEventListener("change", (event) => {
  if (event.target.matches?.("input[type=file][data-upload]")) upload(event.target);
});
