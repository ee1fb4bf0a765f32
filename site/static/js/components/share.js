// The device's own share dialog where there is one; a copied link everywhere.
class AnyShare extends HTMLElement {
  connectedCallback() {
    const { url, title } = this.dataset;
    const own = this.querySelector(".share__own");
    if (navigator.share) {
      own.hidden = false;
      own.addEventListener("click", () => this.share({ url, title }));
    }
    this.querySelector(".share__copy").addEventListener("click", (event) => this.copy(url, event.currentTarget));
  }

  async share(what) {
    try {
      await navigator.share(what);
    } catch (error) {
      if (error.name !== "AbortError") throw error;
    }
  }

  async copy(url, button) {
    await navigator.clipboard.writeText(url);
    this.dispatchEvent(new CustomEvent("notify", { bubbles: true, detail: { message: button.dataset.copied } }));
  }
}
customElements.define("any-share", AnyShare);
