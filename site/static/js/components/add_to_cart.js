// A berry drops into the cart when one was added. The form itself is htmx's work.
const calm = matchMedia("(prefers-reduced-motion: reduce)");

class AnyAddToCart extends HTMLElement {
  connectedCallback() {
    this.addEventListener("htmx:beforeRequest", () => { this.start = this.querySelector("button")?.getBoundingClientRect(); });
    this.addEventListener("htmx:beforeSwap", (event) => {
      const added = event.target === this && event.detail.xhr.status < 300 && !this.querySelector("any-stepper");
      if (added && !calm.matches) this.drop();
    });
    // Swapped in after a click on "Add": keep the focus where the thumb is.
    if (AnyAddToCart.last === this.dataset.pack) {
      AnyAddToCart.last = null;
      this.tellTwins();
      const next = this.querySelector("[name='step'][value='1']:not(:disabled)") ?? this.querySelector("button:not(:disabled)");
      next?.focus({ preventScroll: true });
    }
    this.addEventListener("submit", () => { AnyAddToCart.last = this.dataset.pack; });
  }

  // The same pack may stand on the page twice: both say how many are in the cart.
  tellTwins() {
    for (const twin of document.querySelectorAll(`any-add-to-cart[data-pack="${this.dataset.pack}"]`)) {
      if (twin === this) continue;
      twin.replaceChildren(...this.cloneNode(true).childNodes);
      htmx.process(twin);
    }
  }

  drop() {
    const target = [...document.querySelectorAll("any-cart-count")].find((count) => count.parentElement.offsetParent);
    if (!target || !this.start) return;
    const end = target.getBoundingClientRect();
    const berry = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    berry.setAttribute("class", "icon add-to-cart__drop");
    const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
    use.setAttribute("href", document.querySelector(".logo__mark use").getAttribute("href"));
    berry.append(use);
    document.body.append(berry);
    const from = { x: this.start.left + this.start.width / 2, y: this.start.top };
    const middle = { x: (from.x + end.left) / 2, y: Math.min(from.y, end.top) - 40 };
    const frames = [from, middle, { x: end.left, y: end.top }].map(({ x, y }, step) => ({
      transform: `translate(${x}px, ${Math.max(y, 0)}px) scale(${1 - step * 0.2})`,
      opacity: step === 2 ? 0.3 : 1,
    }));
    berry.animate(frames, { duration: 400, easing: "ease-in-out" }).finished.finally(() => berry.remove());
  }
}
customElements.define("any-add-to-cart", AnyAddToCart);
