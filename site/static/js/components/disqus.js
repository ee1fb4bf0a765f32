// A thread kept at Disqus: nothing of it is loaded before the visitor says so.
class AnyDisqus extends HTMLElement {
  connectedCallback() {
    const ask = this.querySelector(".disqus__ask");
    ask.hidden = false;
    ask.querySelector("button").addEventListener("click", () => document.dispatchEvent(new CustomEvent("consent-wanted")));
    document.addEventListener("consent-given", () => this.load(), { once: true });
  }

  load() {
    this.querySelector(".disqus__ask").hidden = true;
    const { shortname, identifier, url, title } = this.dataset;
    window.disqus_config = function () {
      Object.assign(this.page, { url, identifier, title });
    };
    const script = document.createElement("script");
    script.src = `https://${shortname}.disqus.com/embed.js`;
    script.async = true;
    script.dataset.timestamp = String(Date.now());
    document.body.append(script);
  }
}
customElements.define("any-disqus", AnyDisqus);
