// The buttons change the number at once and send the form when the thumb rests; zero is sent too.
const REST_MS = 300;

class AnyStepper extends HTMLElement {
  connectedCallback() {
    this.input = this.querySelector("input");
    // From here on a button changes the number and sends nothing by itself: neither when Enter is pressed
    // in the field, nor as the button that htmx saw pressed last. Else the step would be counted twice.
    for (const button of this.querySelectorAll("[name='step']")) button.type = "button";
    this.closest("form")?.addEventListener("htmx:configRequest", (event) => { delete event.detail.parameters.step; });
    this.addEventListener("click", (event) => this.step(event));
    this.input.addEventListener("change", () => this.send(0));
  }

  disconnectedCallback() {
    clearTimeout(this.timer);
  }

  step(event) {
    const button = event.target.closest("[name='step']");
    if (!button) return;
    event.preventDefault();
    const highest = this.input.max === "" ? Infinity : Number(this.input.max);
    const wanted = Number(this.input.value || 0) + Number(button.value);
    const value = Math.max(Number(this.input.min || 0), Math.min(highest, wanted));
    if (value === Number(this.input.value)) return;
    this.input.value = value;
    for (const one of this.querySelectorAll("[name='step']")) {
      one.disabled = one.value === "-1" ? value <= Number(this.input.min || 0) : value >= highest;
    }
    this.send(REST_MS);
  }

  send(delay) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.closest("form")?.requestSubmit(), delay);
  }
}
customElements.define("any-stepper", AnyStepper);
