// Takes the focus when the page comes back with errors; its links lead to the controls, not just to the place.
class AnyErrorSummary extends HTMLElement {
  connectedCallback() {
    this.querySelector(".error-summary").focus();
    this.addEventListener("click", (event) => {
      const link = event.target.closest("a[href^='#']");
      const place = link && document.getElementById(link.hash.slice(1));
      if (!place) return;
      event.preventDefault();
      const control = place.matches("input, select, textarea") ? place : place.querySelector("input, select, textarea");
      (control ?? place).focus();
      place.scrollIntoView({ block: "center" });
    });
  }
}
customElements.define("any-error-summary", AnyErrorSummary);
