// Follows an order while something is still to happen: asks a little later, then less and less often, after five
// minutes once a minute. htmx does the asking (`hx-trigger="check"`); an answer without news is a 204 and changes nothing.
const FIRST_PAUSE = 2000;
const LONGEST_PAUSE = 10000;
const GROWTH = 1.25;
const CALM_PAUSE = 60000;
const CALM_AFTER = 5 * 60 * 1000;

customElements.define(
  "any-order-status",
  class extends HTMLElement {
    #timer = 0;
    #pause = FIRST_PAUSE;
    #since = 0;

    connectedCallback() {
      if (!this.hasAttribute("hx-get")) return;
      this.#since = Date.now();
      document.addEventListener("visibilitychange", this.#onVisible);
      this.#wait();
    }

    disconnectedCallback() {
      clearTimeout(this.#timer);
      document.removeEventListener("visibilitychange", this.#onVisible);
    }

    #wait() {
      clearTimeout(this.#timer);
      const isCalm = Date.now() - this.#since > CALM_AFTER;
      this.#timer = setTimeout(() => this.#check(), isCalm ? CALM_PAUSE : this.#pause);
      this.#pause = Math.min(this.#pause * GROWTH, LONGEST_PAUSE);
    }

    #check() {
      const isBusy = this.querySelector("details[open]") !== null;
      if (!document.hidden && !isBusy) this.dispatchEvent(new CustomEvent("check"));
      this.#wait();
    }

    // Somebody comes back from the provider's page in another tab: they want to know now.
    #onVisible = () => {
      if (document.hidden) return;
      this.#since = Date.now();
      this.#pause = FIRST_PAUSE;
      this.dispatchEvent(new CustomEvent("check"));
      this.#wait();
    };
  },
);
