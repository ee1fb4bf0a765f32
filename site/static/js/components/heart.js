// The heart answers the thumb at once and takes it back if the server refuses.
class AnyHeart extends HTMLElement {
  connectedCallback() {
    this.addEventListener("htmx:beforeRequest", () => this.flip());
    this.addEventListener("htmx:responseError", () => this.flip());
    this.addEventListener("htmx:sendError", () => this.flip());
    if (AnyHeart.last === this.dataset.berry) {
      AnyHeart.last = null;
      this.press(this.isPressed);
      this.querySelector("button").focus({ preventScroll: true });
    }
  }

  get isPressed() {
    return this.querySelector("button").getAttribute("aria-pressed") === "true";
  }

  flip() {
    AnyHeart.last = this.dataset.berry;
    this.press(!this.isPressed);
  }

  // The same berry may stand on the page twice: all its hearts beat alike.
  press(pressed) {
    for (const button of document.querySelectorAll(`any-heart[data-berry="${this.dataset.berry}"] button`)) {
      const changes = button.getAttribute("aria-pressed") !== String(pressed);
      button.setAttribute("aria-pressed", String(pressed));
      if (changes) button.classList.toggle("heart--pop", pressed);
    }
  }
}
customElements.define("any-heart", AnyHeart);
