// What a visitor allows, each purpose by itself, kept in cookies of ours: "counters" is asked about in the
// notice, "comments" where a thread is kept elsewhere. Who needs a purpose listens for "consent-given".
const PURPOSES = ["counters", "comments"];
const HALF_A_YEAR = 15552000;

function readChoice(purpose) {
  const name = `consent_${purpose}=`;
  return document.cookie.split("; ").find((part) => part.startsWith(name))?.slice(name.length) ?? "";
}

function keepChoice(purpose, choice) {
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `consent_${purpose}=${choice}; Max-Age=${HALF_A_YEAR}; Path=/; SameSite=Lax${secure}`;
}

function tell(purpose) {
  if (readChoice(purpose) !== "yes") return;
  document.dispatchEvent(new CustomEvent("consent-given", { detail: { purpose } }));
}

function choose(purpose, choice) {
  const before = readChoice(purpose);
  keepChoice(purpose, choice);
  // What was loaded stays until the page goes: a refusal afterwards loads it anew, without.
  if (before === "yes" && choice === "no") location.reload();
  else tell(purpose);
}

class AnyConsent extends HTMLElement {
  connectedCallback() {
    this.again = document.querySelector(".consent-again");
    for (const button of this.querySelectorAll("[data-choice]")) {
      button.addEventListener("click", () => this.choose(button.dataset.choice));
    }
    this.again.querySelector("button").addEventListener("click", () => this.open());
    this.show();
  }

  show() {
    this.hidden = readChoice("counters") !== "";
    this.again.hidden = !this.hidden;
  }

  open() {
    this.hidden = false;
    this.querySelector(".consent__box").focus();
  }

  choose(choice) {
    choose("counters", choice);
    this.show();
  }
}
customElements.define("any-consent", AnyConsent);

document.addEventListener("consent-chosen", ({ detail }) => choose(detail.purpose, detail.choice));
// Once all scripts have run: those that listen may come after this one.
queueMicrotask(() => PURPOSES.forEach(tell));
