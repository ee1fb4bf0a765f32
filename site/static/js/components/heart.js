// The heart answers the thumb at once and takes it back if the server refuses.
class AnyHeart extends HTMLElement {
  connectedCallback() {
    this.addEventListener("htmx:beforeRequest", () => this.flip());
    this.addEventListener("htmx:responseError", () => this.flip());
    this.addEventListener("htmx:sendError", () => this.flip());
    if (AnyHeart.last === this.id) {
      AnyHeart.last = null;
      this.querySelector("button").focus({ preventScroll: true });
    }
  }

  flip() {
    const button = this.querySelector("button");
    const pressed = button.getAttribute("aria-pressed") === "true";
    button.setAttribute("aria-pressed", String(!pressed));
    button.classList.toggle("heart--pop", !pressed);
    AnyHeart.last = this.id;
  }
}
customElements.define("any-heart", AnyHeart);
