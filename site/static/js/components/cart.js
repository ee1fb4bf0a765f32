// The cart is drawn anew after each change; the control that was pressed keeps the focus.
class AnyCart extends HTMLElement {
  connectedCallback() {
    this.addEventListener("htmx:beforeSwap", () => {
      const active = this.contains(document.activeElement) ? document.activeElement : null;
      if (!active) return;
      AnyCart.line = active.closest(".cart-line")?.id ?? "";
      AnyCart.control = active.name ? `[name="${active.name}"]${active.name === "step" ? `[value="${active.value}"]` : ""}` : "";
      AnyCart.isWaiting = true;
    });
    if (!AnyCart.isWaiting) return;
    AnyCart.isWaiting = false;
    const line = AnyCart.line ? this.querySelector(`#${AnyCart.line}`) : null;
    const control = line && AnyCart.control && line.querySelector(`${AnyCart.control}:not(:disabled)`);
    (control || line?.querySelector("input[type='number']") || this.querySelector(".cart-line--removed button") || document.getElementById("main")).focus({ preventScroll: true });
  }
}
customElements.define("any-cart", AnyCart);
