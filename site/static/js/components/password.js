// Shows and hides a password; always hidden again when the form is sent, so that it is not remembered as text.
class AnyPassword extends HTMLElement {
  connectedCallback() {
    this.input = this.querySelector("input");
    this.button = this.querySelector("button");
    this.button.addEventListener("click", () => this.show(this.input.type === "password", true));
    this.input.form?.addEventListener("submit", () => this.show(false, false));
  }

  show(visible, aloud) {
    const { show, hide, shown, hidden } = this.button.dataset;
    this.input.type = visible ? "text" : "password";
    this.button.setAttribute("aria-pressed", String(visible));
    this.button.textContent = visible ? hide : show;
    const region = document.getElementById("status");
    if (aloud && region) region.textContent = visible ? shown : hidden;
  }
}
customElements.define("any-password", AnyPassword);
