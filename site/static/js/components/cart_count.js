// The number of packs in the cart, in the header. Takes over what `cart-changed` says.
class AnyCartCount extends HTMLElement {
  connectedCallback() {
    this.listen = (event) => this.show(event.detail ?? {});
    document.addEventListener("cart-changed", this.listen);
  }

  disconnectedCallback() {
    document.removeEventListener("cart-changed", this.listen);
  }

  show({ count, label }) {
    if (count === undefined) return;
    const number = document.createElement("span");
    number.className = "cart-count cart-count--tick";
    number.setAttribute("aria-hidden", "true");
    number.textContent = count > 99 ? "99+" : count;
    this.replaceChildren(...(count > 0 ? [number] : []));
    if (label) this.closest("a")?.setAttribute("aria-label", label);
  }
}
customElements.define("any-cart-count", AnyCartCount);
