// A select that sends its form when another value is chosen; the button is for those without scripts.
class AnyAutoSubmit extends HTMLElement {
  connectedCallback() {
    this.addEventListener("change", () => this.closest("form")?.requestSubmit());
  }
}
customElements.define("any-auto-submit", AnyAutoSubmit);
