// Suggestions under the search field: a combobox with a list, as the ARIA Authoring Practices describe it.
// Without script there is the plain form.
const REST_MS = 130;
const FEWEST_LETTERS = 2;
const MOST_KEPT = 50;

class AnySearch extends HTMLElement {
  kept = new Map();

  connectedCallback() {
    this.input = this.querySelector("input");
    this.list = this.querySelector("[role='listbox']");
    this.status = this.querySelector("[role='status']");
    const roles = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": this.list.id, autocomplete: "off" };
    for (const [name, value] of Object.entries(roles)) this.input.setAttribute(name, value);
    this.input.addEventListener("input", () => this.wait());
    this.input.addEventListener("keydown", (event) => this.press(event));
    this.input.addEventListener("focus", () => this.wait(0));
    this.addEventListener("submit", () => this.close());
    // A press on the list leaves the caret in the field. A thumb that only scrolls or hides its keyboard closes
    // nothing: a press elsewhere does, or the focus that goes elsewhere.
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
    for (const name of ["click", "auxclick"]) this.list.addEventListener(name, (event) => this.tell(event));
    this.addEventListener("focusout", ({ relatedTarget }) => { if (relatedTarget && !this.contains(relatedTarget)) this.close(); });
    document.addEventListener("pointerdown", this.leave);
    window.addEventListener("pagehide", this.leave);
  }

  disconnectedCallback() {
    document.removeEventListener("pointerdown", this.leave);
    window.removeEventListener("pagehide", this.leave);
  }

  leave = (event) => { if (!this.contains(event.target)) this.close(); };

  get text() {
    return this.input.value.trim().toLowerCase();
  }

  get options() {
    return [...this.list.querySelectorAll("[role='option']")];
  }

  get isOpen() {
    return !this.list.hidden;
  }

  // What was asked for before is stale from the first new letter on.
  wait(rest = REST_MS) {
    this.forget();
    this.choose();
    if (this.text.length < FEWEST_LETTERS) this.close();
    else this.timer = setTimeout(() => this.ask(), rest);
  }

  forget() {
    clearTimeout(this.timer);
    this.request?.abort();
  }

  async ask() {
    const { text } = this;
    if (!this.kept.has(text)) {
      this.request = new AbortController();
      try {
        const answer = await fetch(`${this.dataset.url}?q=${encodeURIComponent(text)}`, { signal: this.request.signal });
        if (!answer.ok) throw new Error(answer.statusText);
        this.keep(text, await answer.text());
      } catch (error) {
        // Typed on, offline, or a shop in trouble: the form still works, and the next letter asks again.
        if (error.name !== "AbortError") this.close();
        return;
      }
    }
    this.show(text, this.kept.get(text));
  }

  keep(text, html) {
    this.kept.set(text, html);
    if (this.kept.size > MOST_KEPT) this.kept.delete(this.kept.keys().next().value);
  }

  show(text, html) {
    this.choose();
    this.shown = text;
    this.list.innerHTML = html;
    const found = this.options.length > 0 && this.contains(document.activeElement);
    this.list.hidden = !found;
    this.input.setAttribute("aria-expanded", String(found));
    this.status.textContent = this.list.firstElementChild?.dataset.status ?? "";
  }

  close() {
    this.forget();
    this.choose();
    this.shown = null;
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.status.textContent = "";
  }

  choose(option) {
    this.list.querySelector("[aria-selected='true']")?.setAttribute("aria-selected", "false");
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    if (option) this.input.setAttribute("aria-activedescendant", option.id);
    else this.input.removeAttribute("aria-activedescendant");
  }

  // One step on, or to the other end of the list. An arrow waits for no rest: it never steps through the list
  // of letters that were typed on since.
  async move(step) {
    if (this.text && this.shown !== this.text) {
      this.forget();
      await this.ask();
    }
    if (!this.isOpen || this.shown !== this.text) return;
    const { options } = this;
    const place = options.findIndex((option) => option.getAttribute("aria-selected") === "true");
    this.choose(options.at(place < 0 && step < 0 ? -1 : (place + step) % options.length));
  }

  tell(event) {
    const { opened, query } = this.list.firstElementChild?.dataset ?? {};
    tellOpened(event, opened, { q: query, suggested: "1" });
  }

  press(event) {
    const chosen = this.list.querySelector("[aria-selected='true']");
    if (event.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") this.move(event.key === "ArrowDown" ? 1 : -1);
    else if (event.key === "Enter" && chosen) chosen.click();
    else if (event.key === "Escape" && this.isOpen) this.close();
    else {
      // Home, End and the other keys of the field move its caret again.
      if (event.key === "Tab") this.close();
      else if (event.key !== "Shift") this.choose();
      return;
    }
    event.preventDefault();
  }
}
customElements.define("any-search", AnySearch);

// Tells the shop that a page was opened from what it found: the query and the page, nothing of who did it.
function tellOpened(event, url, about) {
  const page = event.target.closest("a[href]")?.closest("[data-page]")?.dataset.page;
  if (page && event.button < 2) navigator.sendBeacon(url, new URLSearchParams({ ...about, page }));
}

class AnyResults extends HTMLElement {
  connectedCallback() {
    const tell = (event) => tellOpened(event, this.dataset.url, { q: this.dataset.query });
    for (const name of ["click", "auxclick"]) this.addEventListener(name, tell);
  }
}
customElements.define("any-results", AnyResults);
