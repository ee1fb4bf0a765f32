// The phone's own share sheet where there is one, else a copied link.
class AnyShare extends HTMLElement {
  connectedCallback() {
    this.querySelector(".share__copy").addEventListener("click", (event) => this.share(event.currentTarget));
  }

  async share(button) {
    const { url, title } = this.dataset;
    const touch = matchMedia("(pointer: coarse)").matches;
    if (touch && navigator.share) {
      try {
        await navigator.share({ url, title });
      } catch (error) {
        if (error.name !== "AbortError") throw error;
      }
      return;
    }
    await navigator.clipboard.writeText(url);
    this.dispatchEvent(new CustomEvent("notify", { bubbles: true, detail: { message: button.dataset.copied } }));
  }
}
customElements.define("any-share", AnyShare);
