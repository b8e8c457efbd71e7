/*
 * <hbv-chat lang="en|zh">       a button that opens the chat in a panel
 * <hbv-chat page>               the chat in place, as on /chat
 * <hbv-chat src="https://…">    the same on another website; src is the origin of the gateway
 *
 * Everything that is shown comes from the server; this script keeps no message anywhere. What was
 * written while there is no connection waits in memory and is sent once, in order. Text enters the
 * page as text, never as HTML.
 */
"use strict";

(() => {
  const LONGEST = 2000;
  const COUNT_FROM = 1800;
  const PATIENCE = 20_000;
  const SILENCE = 45_000; // the server says something every fifteen seconds
  const SLOWEST_RETRY = 20_000;
  const HOLD = 2_000;
  const UNSEEN = 60_000;
  const NEAR = 60;
  const UNAVAILABLE = [0, 502, 503, 504];
  const REFUSED = [400, 403, 404, 413, 422];

  const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

  /** Make an element: its properties (attributes if the name has a dash or is a role), its children. */
  function make(tag, properties = {}, ...children) {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(properties)) {
      if (name.includes("-") || name === "role" || name === "for") node.setAttribute(name, value);
      else node[name] = value;
    }
    node.append(...children.filter((child) => child !== null && child !== undefined));
    return node;
  }

  /** The way to the server: who we are, requests, and the stream of events. No element here. */
  class Gateway {
    constructor(origin) {
      this.origin = origin;
      this.isForeign = origin !== location.origin;
      this.place = `hbv-chat ${origin}`;
      this.token = this.kept();
      this.beginning = null;
    }

    kept() {
      try {
        return sessionStorage.getItem(this.place);
      } catch {
        return null; // the browser allows no storage: the token lives as long as the page
      }
    }

    keep(token) {
      this.token = token;
      try {
        if (token) sessionStorage.setItem(this.place, token);
        else sessionStorage.removeItem(this.place);
      } catch { /* as above */ }
    }

    ask(path, { method = "GET", data, body, headers = {}, signal } = {}) {
      const all = new Headers(headers);
      if (this.token) all.set("Authorization", `Bearer ${this.token}`);
      if (data) all.set("Content-Type", "application/json");
      return fetch(this.origin + path, {
        method, signal, headers: all,
        body: data ? JSON.stringify(data) : body,
        cache: "no-store",
        referrerPolicy: "no-referrer",
        credentials: this.isForeign || this.token ? "omit" : "same-origin",
      });
    }

    /** Ask; begin a conversation if there is none yet, and ask again. */
    async askAsPerson(path, options) {
      const first = await this.ask(path, { ...options, signal: AbortSignal.timeout(PATIENCE) });
      if (first.status !== 401) return first;
      this.beginning ??= this.begin().finally(() => { this.beginning = null; });
      await this.beginning;
      return this.ask(path, { ...options, signal: AbortSignal.timeout(PATIENCE) });
    }

    async begin() {
      this.keep(null);
      if (!this.isForeign) {
        await this.newToken(false);
        if ((await this.ask("/chat/messages?after=999999999999")).ok) return;
      }
      this.keep(await this.newToken(true)); // another website, or the cookie was not accepted
    }

    async newToken(inHeader) {
      const answer = await this.ask("/chat/conversations", { method: "POST", data: { in_header: inHeader } });
      if (!answer.ok) throw new Error(`begin: ${answer.status}`);
      return (await answer.json()).token;
    }

    /** Yield every event after a number, until the stream ends or breaks. */
    async *events(after, control) {
      const headers = after ? { "Last-Event-ID": String(after) } : {};
      let watch = setTimeout(() => control.abort(), PATIENCE);
      try {
        const answer = await this.ask("/chat/events", { headers, signal: control.signal });
        if (!answer.ok) throw Object.assign(new Error("events"), { status: answer.status });
        const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
        let rest = "";
        for (;;) {
          clearTimeout(watch);
          watch = setTimeout(() => control.abort(), SILENCE);
          const { value, done } = await reader.read();
          if (done) return;
          const blocks = (rest + value).replaceAll("\r\n", "\n").split("\n\n");
          rest = blocks.pop();
          for (const block of blocks) {
            const event = readEvent(block);
            if (event) yield event;
          }
        }
      } finally {
        clearTimeout(watch);
      }
    }
  }

  /** Return the name, number and data of one event; null for a comment. */
  function readEvent(block) {
    const fields = {};
    for (const line of block.split("\n")) {
      const [, name, value] = /^([^:]+): ?(.*)$/s.exec(line) ?? [];
      if (name) fields[name] = name in fields ? `${fields[name]}\n${value}` : value;
    }
    return fields.data === undefined ? null
      : { name: fields.event ?? "message", id: Number(fields.id) || 0, data: JSON.parse(fields.data) };
  }

  let common = null;

  /** Fetch the words and the styles, once for all chats of a page; try again until they are here. */
  async function fetchCommon(gateway) {
    for (let wait = 1000; ; wait = Math.min(wait * 2, SLOWEST_RETRY)) {
      try {
        const [words, styles] = await Promise.all([gateway.ask("/chat/words"), gateway.ask("/static/hbv-chat.css")]);
        if (words.ok && styles.ok) {
          const sheet = new CSSStyleSheet();
          sheet.replaceSync(await styles.text());
          return { words: await words.json(), sheet };
        }
      } catch { /* no connection yet: what stands in the page stays */ }
      await pause(wait);
    }
  }

  class HbvChat extends HTMLElement {
    static observedAttributes = ["lang"];

    constructor() {
      super();
      this.labels = []; // [node, name of the phrase, attribute or null, values]
      this.queue = []; // what waits to be sent, in order
      this.shown = new Map(); // number of a message: its element
      this.confirmed = new Map(); // number of a message that was sent from here: what was queued
      this.last = 0;
      this.isFollowing = true; // the transcript goes along with what is new
      this.placed = 0; // where we put the log; anywhere else is where the person went
    }

    async connectedCallback() {
      if (this.isBuilt) return;
      this.isBuilt = true;
      this.gateway = new Gateway(new URL(this.getAttribute("src") || "/", location.href).origin);
      common ??= fetchCommon(this.gateway);
      const { words, sheet } = await common;
      this.words = words;
      const root = this.attachShadow({ mode: "open" });
      root.adoptedStyleSheets = [sheet];
      this.build(root);
      this.text.value = this.querySelector("textarea")?.value ?? ""; // what was typed while this loaded
      this.replaceChildren();
      this.listen();
      if (this.isPage) this.open();
    }

    disconnectedCallback() {
      this.isOpen = false;
      this.control?.abort();
    }

    attributeChangedCallback() {
      if (this.words) this.relabel();
    }

    get isPage() {
      return this.hasAttribute("page");
    }

    get language() {
      const wanted = this.lang || document.documentElement.lang;
      return wanted.toLowerCase().startsWith("zh") ? "zh" : "en";
    }

    // ---- words ----

    say(name, values = {}) {
      const phrase = this.words[this.language][name] ?? "";
      return phrase.replace(/\{(\w+)\}/g, (_, key) => values[key] ?? "");
    }

    /** Give an element a phrase, and the same phrase in the other language when that is chosen. */
    label(node, name, attribute = null, values = {}) {
      this.labels.push([node, name, attribute, values]);
      return this.putLabel(node, name, attribute, values);
    }

    putLabel(node, name, attribute, values) {
      const phrase = this.say(name, values);
      if (attribute) node.setAttribute(attribute, phrase);
      else node.textContent = phrase;
      return node;
    }

    relabel() {
      this.labels = this.labels.filter(([node]) => node.isConnected);
      for (const label of this.labels) this.putLabel(...label);
      this.frame.lang = this.language === "zh" ? "zh-CN" : "en";
      if (this.languageButton) this.languageButton.lang = this.language === "zh" ? "en" : "zh-CN";
      this.tellStatus();
      this.count();
    }

    // ---- building ----

    build(root) {
      this.log = make("div", { className: "log", tabIndex: 0, role: "log", "aria-labelledby": "log-name", "aria-live": "off" });
      this.intro = make("div", { className: "intro" },
        this.label(make("p"), "about_text"),
        make("p", {}, this.label(make("span"), "begin"), " ", this.label(make("span"), "message_hint")),
        this.isPage ? "" : this.label(make("p"), "leave_note"));
      this.list = make("ol", { className: "transcript" });
      this.log.append(this.intro, this.list);
      this.frame = make(this.isPage ? "div" : "section", { className: this.isPage ? "chat page" : "chat" });
      this.frame.append(
        ...(this.isPage ? [] : [this.buildBar()]),
        this.buildTools(), this.buildMenu(), this.buildEmergency(),
        this.label(make("h2", { id: "log-name", className: "unseen" }), "transcript"),
        this.log, this.buildFoot(),
      );
      this.buildConfirm();
      if (this.isPage) {
        root.append(this.frame, this.confirm);
      } else {
        this.launcher = this.label(this.button("", () => this.open(), "launcher main"), "open_chat");
        this.launcher.setAttribute("aria-haspopup", "dialog");
        this.panel = make("dialog", { className: "panel", "aria-labelledby": "name" }, this.frame, this.confirm);
        this.panel.addEventListener("close", () => this.closed());
        root.append(this.launcher, this.panel);
      }
      this.relabel();
    }

    button(name, action, className = "") {
      const node = make("button", { type: "button", className });
      if (name) this.label(node, name);
      node.addEventListener("click", action);
      return node;
    }

    buildBar() {
      this.name = this.label(make("h2", { id: "name", tabIndex: -1 }), "chat_title");
      this.languageButton = this.button("language_other", () => { this.lang = this.language === "zh" ? "en" : "zh"; });
      return make("header", { className: "bar" }, this.name, this.languageButton,
        this.button("close_chat", () => this.panel.close()));
    }

    buildTools() {
      const size = this.button("text_size", () => {
        size.setAttribute("aria-pressed", String(this.classList.toggle("larger")));
        this.follow();
      });
      size.setAttribute("aria-pressed", "false");
      this.menuButton = this.button("my_data", () => this.showMenu(this.menu.hidden));
      this.menuButton.setAttribute("aria-expanded", "false");
      this.menuButton.setAttribute("aria-controls", "menu");
      const tools = make("div", { className: "tools", role: "group" });
      // The page has its own links for leaving and for the language, in its head.
      if (!this.isPage) tools.append(this.button("leave", () => this.leave()));
      tools.append(size, this.menuButton);
      return this.label(tools, "tools", "aria-label");
    }

    buildMenu() {
      const summary = this.label(make("a", { className: "button", href: `${this.gateway.origin}/chat/summary`, target: "_blank", rel: "noopener" }), "summary");
      summary.addEventListener("click", (event) => {
        if (!this.gateway.token) return; // the cookie goes along with the link
        event.preventDefault();
        this.openSummary();
      });
      this.menu = make("div", { id: "menu", className: "menu", hidden: true }, summary,
        this.button("export", () => this.export()),
        this.button("erase", () => this.confirm.showModal()));
      return this.menu;
    }

    buildEmergency() {
      const signs = [1, 2, 3, 4, 5].map((place) => this.label(make("li"), `emergency_${place}`));
      this.emergency = make("details", { className: "care emergency" },
        this.label(make("summary"), "emergency_title"),
        this.label(make("p"), "emergency_if"), make("ul", {}, ...signs));
      return this.emergency;
    }

    buildUpload() {
      this.file = make("input", { type: "file", hidden: true, accept: ".txt,.csv,.json,.hl7,.pdf,image/*" });
      const hint = this.label(make("span", { id: "upload-hint", hidden: true }), "upload_hint");
      const button = this.button("upload", () => this.file.click());
      button.setAttribute("aria-describedby", hint.id);
      return make("span", {}, button, this.file, hint);
    }

    buildFoot() {
      this.status = make("p", { className: "status", role: "status", "aria-atomic": "true" });
      this.newer = this.button("new_messages", () => this.toNewest(), "newer");
      this.newer.hidden = true;
      this.text = make("textarea", { id: "text", rows: 1, "aria-describedby": "hint count" });
      this.counter = make("span", { id: "count", className: "count" });
      this.form = make("form", { className: "write", noValidate: true },
        make("div", { className: "line head" }, this.label(make("label", { for: "text" }), "message"), this.buildUpload()),
        this.label(make("p", { id: "hint", className: "unseen" }), "message_hint"),
        make("div", { className: "line" }, this.text, this.label(make("button", { className: "main" }), "send")));
      return make("div", { className: "foot" },
        make("div", { className: "line head" }, this.status, this.counter, this.newer), this.form);
    }

    buildConfirm() {
      const no = this.button("erase_no", () => this.confirm.close());
      no.autofocus = true;
      this.confirm = make("dialog", { className: "confirm", "aria-labelledby": "erase-name", "aria-describedby": "erase-text" },
        this.label(make("h2", { id: "erase-name" }), "erase_title"),
        this.label(make("p", { id: "erase-text" }), "erase_text"),
        make("div", { className: "row" }, no, this.button("erase_yes", () => this.erase(), "danger")));
      this.confirm.addEventListener("close", () => this.menuButton.focus());
    }

    listen() {
      this.form.addEventListener("submit", (event) => { event.preventDefault(); this.sendText(); });
      this.text.addEventListener("keydown", (event) => {
        if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
        event.preventDefault();
        this.sendText();
      });
      this.text.addEventListener("input", () => this.count());
      this.text.addEventListener("pointerdown", () => { this.text.inputMode = "text"; });
      this.file.addEventListener("change", () => this.upload());
      this.log.addEventListener("scroll", () => this.scrolled());
      addEventListener("online", () => this.wakeUp());
      addEventListener("offline", () => { this.control?.abort(); this.setOnline(false); });
      addEventListener("beforeunload", (event) => { if (this.queue.length && !isLeaving) event.preventDefault(); });
      document.addEventListener("visibilitychange", () => this.looked());
      new ResizeObserver(() => this.follow()).observe(this.log);
      if (this.isPage) this.fit();
    }

    /** Let the chat of the page end where the window ends. */
    fit() {
      const measure = () => {
        const above = this.getBoundingClientRect().top + scrollY + 16;
        this.frame.style.setProperty("--above", `${Math.round(above)}px`);
      };
      measure();
      addEventListener("resize", measure);
    }

    // ---- opening and closing ----

    open() {
      this.isOpen = true;
      if (this.panel) {
        this.panel.showModal();
        this.launcher.hidden = true;
        if (matchMedia("(pointer: coarse)").matches) this.name.focus();
        else this.text.focus();
      }
      this.stayConnected();
      this.placed = this.log.scrollTop; // a closed dialog may have forgotten it
      this.follow();
    }

    closed() {
      this.isOpen = false;
      this.control?.abort();
      this.wakeUp();
      this.launcher.hidden = false;
      this.launcher.focus();
    }

    showMenu(isShown) {
      this.menu.hidden = !isShown;
      this.menuButton.setAttribute("aria-expanded", String(isShown));
    }

    /** Blank the page, then go to a neutral one that takes its place in the history. */
    leave() {
      leaveTo(this.say("leave_to"));
    }

    // ---- the connection ----

    /** Follow the conversation for as long as the chat is open. */
    async stayConnected() {
      if (this.isConnecting) return;
      this.isConnecting = true;
      let wait = 1000;
      while (this.isOpen && this.isConnected && !this.isAsleep) {
        this.control = new AbortController();
        try {
          for await (const event of this.gateway.events(this.last, this.control)) {
            wait = 1000;
            this.setOnline(true);
            await this.take(event);
          }
        } catch (error) {
          if (error.status === 401) {
            this.clear(); // no conversation, or it was erased elsewhere
            this.ready();
            this.setOnline(true);
            break;
          }
          if (!this.control.signal.aborted) this.setOnline(false);
        }
        if (!this.isOpen) break;
        await Promise.race([pause(wait * (0.8 + 0.4 * Math.random())), new Promise((wake) => { this.wake = wake; })]);
        wait = Math.min(wait * 2, SLOWEST_RETRY);
      }
      this.isConnecting = false;
    }

    /** Try again now: the network is back, the page is looked at again, or something was sent. */
    wakeUp() {
      this.wake?.();
      if (this.isOpen) this.stayConnected();
      this.flush();
    }

    /** A tab that nobody looks at lets go of its connection; browsers allow few to one server. */
    looked() {
      clearTimeout(this.nap);
      if (document.hidden) {
        this.nap = setTimeout(() => { this.isAsleep = true; this.control?.abort(); }, UNSEEN);
      } else {
        this.isAsleep = false;
        this.wakeUp();
      }
    }

    setOnline(isOnline) {
      const wasOnline = this.isOnline ?? true;
      this.isOnline = isOnline;
      if (isOnline && !wasOnline) {
        this.tellStatus("back_online");
        this.flush();
      } else if (isOnline !== wasOnline) this.tellStatus();
    }

    async take({ name, id, data }) {
      if (name === "status") {
        this.isWorking = data.working;
        this.ready();
        this.tellStatus();
      } else if (name === "erased") {
        this.forget();
      } else {
        // What is being sent from here comes back from the server too: wait to know which it is.
        if (data.from === "person" && this.posting) await Promise.race([this.posting, pause(HOLD)]);
        this.last = Math.max(this.last, id);
        this.show(data);
      }
    }

    /** The past is here: from now on what arrives is read aloud. */
    ready() {
      if (this.isReady) return;
      this.isReady = true;
      this.emergency.open = !this.shown.size && !this.queue.length;
      this.follow();
      requestAnimationFrame(() => this.log.removeAttribute("aria-live"));
    }

    /** Say what is going on; something that just happened stays for a moment. */
    tellStatus(moment = null, ms = 4000) {
      clearTimeout(this.momentary);
      if (moment) {
        this.moment = moment;
        this.momentary = setTimeout(() => { this.moment = null; this.tellStatus(); }, ms);
      }
      const waiting = this.queue.length;
      let phrase = "";
      if (this.isOnline === false) phrase = waiting ? this.say("waiting_offline", { count: waiting }) : this.say("offline");
      else if (this.moment) phrase = this.say(this.moment);
      else if (this.isWorking) phrase = this.say("working");
      else if (this.queue.some((item) => item.state === "sending")) phrase = this.say("sending");
      if (this.status.textContent !== phrase) this.status.textContent = phrase;
      this.status.classList.toggle("working", phrase === this.say("working"));
    }

    // ---- sending ----

    sendText() {
      const text = this.text.value.trim();
      if (!text) {
        this.text.focus();
        return;
      }
      this.text.value = "";
      this.count();
      this.send({ text });
    }

    /** Put a message at the end of what waits, show it, and send what waits. */
    send(message) {
      const item = { clientId: crypto.randomUUID?.() ?? randomId(), body: message.button ? { button: message.button } : { text: message.text } };
      item.node = this.element({ from: "person", kind: "text", text: message.text, buttons: [] });
      item.stateLine = make("p", { className: "state", "aria-live": "off" });
      item.node.append(item.stateLine);
      item.node.classList.add("pending");
      item.text = message.text;
      this.queue.push(item);
      this.setState(item, this.isOnline === false ? "queued" : "sending");
      this.retire(message.text);
      this.list.append(item.node);
      this.emergency.open = false;
      this.intro.hidden = true;
      this.isFollowing = true;
      this.newer.hidden = true;
      this.follow();
      this.flush();
    }

    setState(item, state) {
      this.scrolled();
      item.state = state;
      item.node.classList.toggle("failed", state === "not_sent" || state === "refused");
      item.stateLine.replaceChildren(this.label(make("span"), state));
      if (state === "not_sent") item.stateLine.append(this.button("try_again", () => this.retry(item)));
      if (state === "refused") item.stateLine.append(this.button("write_again", () => this.rewrite(item)));
      this.follow();
    }

    retry(item) {
      this.text.focus();
      this.setState(item, "sending");
      this.flush();
    }

    rewrite(item) {
      this.text.value = item.text;
      item.node.remove();
      this.count();
      this.text.focus();
    }

    /** Send what waits, one after the other; stop at the first that cannot be sent now. */
    async flush() {
      clearTimeout(this.again);
      if (this.isFlushing) return;
      this.isFlushing = true;
      try {
        while (this.queue.length && this.queue[0].state !== "not_sent") {
          const item = this.queue[0];
          this.setState(item, "sending");
          this.tellStatus();
          this.posting = this.deliver(item);
          if (!(await this.posting)) break;
        }
      } finally {
        this.posting = null;
        this.isFlushing = false;
      }
      this.tellStatus();
    }

    /** Send one message; tell whether the next may follow. */
    async deliver(item) {
      let status = 0;
      let seq = 0;
      try {
        const answer = await this.gateway.askAsPerson("/chat/messages", { method: "POST", data: { client_id: item.clientId, ...item.body } });
        status = answer.status;
        if (answer.ok) ({ seq } = await answer.json());
      } catch {
        status = 0;
      }
      if (seq) {
        this.queue.shift();
        this.numbered(item, seq);
        this.setOnline(true);
        this.stayConnected();
        return true;
      }
      if (REFUSED.includes(status)) {
        this.queue.shift();
        this.setState(item, "refused");
        return true;
      }
      if (UNAVAILABLE.includes(status) || status === 429) {
        this.setState(item, "queued");
        if (status !== 429) this.setOnline(false);
        this.wait = Math.min((this.wait ?? 1000) * 2, SLOWEST_RETRY);
        this.again = setTimeout(() => this.flush(), this.wait);
        return false;
      }
      this.setState(item, "not_sent");
      return false;
    }

    /** A message has its number: it is what the server shows under that number, once. */
    numbered(item, seq) {
      this.wait = 1000;
      this.list.querySelectorAll(".state.sent").forEach((line) => line.remove());
      if (this.shown.has(seq)) {
        item.node.remove();
        return;
      }
      this.confirmed.set(seq, item);
      this.setState(item, "sent");
      item.stateLine.classList.add("sent");
    }

    async upload() {
      const [file] = this.file.files;
      this.file.value = "";
      if (!file) return;
      const body = new FormData();
      body.append("file", file);
      body.append("lang", this.language);
      this.tellStatus("sending", PATIENCE);
      try {
        const answer = await this.gateway.askAsPerson("/chat/reports", { method: "POST", body });
        this.tellStatus(answer.ok ? "sent" : "not_sent", 8000);
        this.stayConnected();
      } catch {
        this.tellStatus("not_sent", 8000);
      }
      this.intro.hidden = true;
      this.text.focus();
    }

    // ---- own data ----

    async export() {
      const answer = await this.gateway.ask("/chat/export").catch(() => null);
      if (!answer?.ok) return this.tellStatus(answer?.status === 401 ? "begin" : "error_title");
      const link = make("a", { href: URL.createObjectURL(await answer.blob()), download: "my-data.json" });
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), PATIENCE);
    }

    /** Open the summary where no cookie tells the server who asks. */
    async openSummary() {
      const page = open("", "_blank");
      const answer = await this.gateway.ask("/chat/summary", { headers: { Accept: "text/html" } }).catch(() => null);
      if (!answer?.ok || !page) return this.tellStatus("error_title");
      const html = (await answer.text()).replace("<head>", `<head><base href="${this.gateway.origin}/">`);
      page.location.replace(URL.createObjectURL(new Blob([html], { type: "text/html" })));
    }

    async erase() {
      this.confirm.close();
      const answer = await this.gateway.ask("/chat", { method: "DELETE" }).catch(() => null);
      if (!answer || !(answer.ok || answer.status === 401)) return this.tellStatus("error_title", 8000);
      this.forget();
    }

    /** Everything about the person is erased: show nothing of it any longer. */
    forget() {
      this.gateway.keep(null);
      this.clear();
      this.control?.abort();
      this.showMenu(false);
      this.isWorking = false;
      this.tellStatus("erased", 60_000);
    }

    clear() {
      for (const node of this.shown.values()) node.remove();
      for (const item of this.confirmed.values()) item.node.remove();
      this.shown.clear();
      this.confirmed.clear();
      this.last = 0;
      this.intro.hidden = this.queue.length > 0;
      this.newer.hidden = true;
    }

    // ---- showing messages ----

    show(message) {
      if (this.shown.has(message.seq)) return;
      this.scrolled();
      const item = this.confirmed.get(message.seq);
      if (message.from === "person") this.retire(message.text);
      const node = item?.node ?? this.element(message);
      node.classList.remove("pending");
      this.shown.set(message.seq, node);
      this.confirmed.delete(message.seq);
      if (!item) this.list.insertBefore(node, this.list.querySelector(".pending"));
      this.intro.hidden = true;
      if (this.isReady) this.arrived(message);
    }

    element(message) {
      const node = make("li", { className: `message ${message.from} ${message.kind}` });
      if (message.question) node.dataset.question = message.question;
      node.append(this.label(make("p", { className: "who" }), message.from === "person" ? "you" : "assistant"));
      const content = message.kind === "card" ? card(message.card) : message.kind === "alert" ? alarm(message) : make("p", { className: "text" }, message.text);
      if (message.lang) content.lang = message.lang === "zh" ? "zh-CN" : "en";
      node.append(content);
      if (message.buttons.length) node.append(message.choose === "ticks" ? this.ticks(message) : this.choices(message));
      return node;
    }

    choices(message) {
      const group = this.label(make("div", { className: "choices", role: "group", lang: content(message) }), "choices", "aria-label");
      group.dataset.choose = message.choose;
      for (const { id, title } of message.buttons) group.append(this.choice(title, () => this.send({ button: id, text: title })));
      return group;
    }

    choice(title, send) {
      const node = make("button", { type: "button", textContent: title });
      node.addEventListener("click", () => {
        if (node.getAttribute("aria-disabled") === "true") return;
        this.focusText();
        send();
      });
      return node;
    }

    /** All that applies is ticked and sent together; the last button says that nothing does. */
    ticks(message) {
      const group = make("fieldset", { className: "choices" }, this.label(make("legend"), "tick"));
      const options = message.buttons.slice(0, -1);
      const none = message.buttons.at(-1);
      const boxes = options.map(({ title }) => make("input", { type: "checkbox", value: title }));
      boxes.forEach((box) => {
        box.addEventListener("click", (event) => { if (box.getAttribute("aria-disabled") === "true") event.preventDefault(); });
        group.append(make("label", { className: "tick", lang: content(message) }, box, make("span", { textContent: box.value })));
      });
      const ready = this.label(make("button", { type: "button", className: "main" }), "send_ticked");
      ready.addEventListener("click", () => {
        if (ready.getAttribute("aria-disabled") === "true") return;
        const ticked = boxes.filter((box) => box.checked).map((box) => box.value);
        if (!ticked.length) return this.tellStatus("tick_first");
        this.focusText();
        this.send({ text: ticked.join(message.lang === "zh" ? "；" : "; ") });
      });
      const last = this.choice(none.title, () => this.send({ button: none.id, text: none.title }));
      last.lang = content(message);
      group.append(make("div", { className: "row" }, ready, last));
      return group;
    }

    /** An answer was given: what could be chosen before cannot be chosen any longer. */
    retire(text) {
      for (const node of this.list.querySelectorAll(".choices :is(button, input)")) {
        const isValue = node.closest("[data-choose=each]");
        const isChosen = node.textContent === text;
        if (isChosen && node.getAttribute("aria-disabled") !== "true") node.classList.add("chosen");
        if (isValue && !isChosen) continue;
        node.setAttribute("aria-disabled", "true");
        node.tabIndex = -1;
      }
    }

    /** Move the focus to the field after a choice, without the keyboard of a phone over the answer. */
    focusText() {
      if (matchMedia("(pointer: coarse)").matches) this.text.inputMode = "none";
      this.text.focus({ preventScroll: true });
    }

    count() {
      this.text.style.height = "auto";
      this.text.style.height = `${this.text.scrollHeight + 4}px`;
      const left = LONGEST - [...this.text.value].length;
      const isOver = left < 0;
      this.counter.classList.toggle("over", isOver);
      if (left > LONGEST - COUNT_FROM) this.counter.textContent = "";
      else this.counter.textContent = this.say(isOver ? "too_long" : "characters_left", { count: Math.abs(left) });
      if (isOver && !this.wasOver) this.tellStatus("too_long_now");
      this.wasOver = isOver;
    }

    // ---- scrolling ----

    get bottom() {
      return Math.max(0, this.log.scrollHeight - this.log.clientHeight);
    }

    arrived(message) {
      this.follow();
      if (message.from === "assistant" && this.bottom - this.log.scrollTop > NEAR) this.newer.hidden = false;
    }

    /** Go along to the end, but keep the start of the answer in view; a danger before all else. */
    follow() {
      if (!this.isFollowing) return;
      const own = [...this.list.querySelectorAll(":scope > .person")].at(-1);
      const danger = own && [...this.list.querySelectorAll(".message .emergency_now")]
        .find((node) => own.compareDocumentPosition(node) & Node.DOCUMENT_POSITION_FOLLOWING);
      const first = danger ?? own;
      const top = first ? first.getBoundingClientRect().top - this.log.getBoundingClientRect().top + this.log.scrollTop - 8
        : this.list.children.length ? this.bottom : 0;
      this.log.scrollTop = this.isReady ? Math.min(this.bottom, top) : this.bottom;
      this.placed = this.log.scrollTop;
    }

    /** Notice where the person went. Its event comes a frame late, so what moves the log looks here first. */
    scrolled() {
      if (!this.log.clientHeight || Math.abs(this.log.scrollTop - this.placed) < 2) return;
      const isAtEnd = this.bottom - this.log.scrollTop < NEAR;
      this.isFollowing = isAtEnd;
      if (isAtEnd) this.newer.hidden = true;
    }

    toNewest() {
      this.isFollowing = true;
      this.log.scrollTop = this.placed = this.bottom;
      this.newer.hidden = true;
      this.log.focus({ preventScroll: true });
    }
  }

  const content = (message) => (message.lang === "zh" ? "zh-CN" : "en");

  function listOf(items) {
    return make("ul", {}, ...items.map((item) => make("li", { textContent: item })));
  }

  /** A card of the rulebook: what to do first, the reasons on demand. */
  function card(data) {
    const sections = data.sections.map(({ title, items }) => make("details", {}, make("summary", { textContent: title }), listOf(items)));
    return make("article", { className: `care ${data.level}`, "data-decision": data.decision },
      make("h3", {}, make("span", { className: "level", textContent: data.heading }), make("span", { textContent: ` ${data.summary}` })),
      data.detail ? make("p", { textContent: data.detail }) : null,
      data.points.length ? listOf(data.points) : null,
      ...sections,
      data.note ? make("p", { className: "note", textContent: data.note }) : null);
  }

  function alarm(message) {
    return make("article", { className: `care ${message.level}` },
      make("h3", {}, make("span", { className: "level", textContent: message.heading })),
      make("p", { className: "text", textContent: message.text }));
  }

  function randomId() {
    return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  let isLeaving = false;

  function leaveTo(address) {
    isLeaving = true; // nothing may ask whether it is meant
    document.title = "";
    document.body.replaceChildren();
    location.replace(address);
  }

  // Shift, three times within two seconds and nothing between, leaves as well.
  let shifts = [];
  addEventListener("keydown", (event) => {
    if (event.key !== "Shift" || event.isComposing) shifts = [];
    else if (!event.repeat) shifts = [...shifts, Date.now()].slice(-3);
    const chat = document.querySelector("hbv-chat");
    if (shifts.length === 3 && shifts[2] - shifts[0] < 2000 && chat?.words) chat.leave();
  });
  addEventListener("click", (event) => {
    const link = event.target.closest?.("a[data-leave]");
    if (!link) return;
    event.preventDefault();
    leaveTo(link.href);
  });

  customElements.define("hbv-chat", HbvChat);
})();
