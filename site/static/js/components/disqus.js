// A thread kept at Disqus: nothing of it is loaded before the visitor says so.
class AnyDisqus extends HTMLElement {
  connectedCallback() {
    this.ask = this.querySelector(".disqus__ask");
    this.leave = this.querySelector(".disqus__leave");
    this.ask.hidden = false;
    this.ask.querySelector("button").addEventListener("click", () => this.choose("yes"));
    this.leave.querySelector("button").addEventListener("click", () => this.choose("no"));
    document.addEventListener("consent-given", ({ detail }) => {
      if (detail.purpose === "comments") this.load();
    });
  }

  choose(choice) {
    document.dispatchEvent(new CustomEvent("consent-chosen", { detail: { purpose: "comments", choice } }));
  }

  load() {
    if (this.ask.hidden) return;
    this.ask.hidden = true;
    this.leave.hidden = false;
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
