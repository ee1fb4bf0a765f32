// What a visitor allows, kept in a cookie of ours; the notice is there only where something needs it.
const COOKIE = "cookie_choice";
const HALF_A_YEAR = 15552000;

function readChoice() {
  return document.cookie.split("; ").find((part) => part.startsWith(`${COOKIE}=`))?.slice(COOKIE.length + 1) ?? "";
}

function keepChoice(choice) {
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `${COOKIE}=${choice}; Max-Age=${HALF_A_YEAR}; Path=/; SameSite=Lax${secure}`;
}

class AnyConsent extends HTMLElement {
  connectedCallback() {
    this.again = document.querySelector(".consent-again");
    for (const button of this.querySelectorAll("[data-choice]")) {
      button.addEventListener("click", () => this.choose(button.dataset.choice));
    }
    this.again?.querySelector("button").addEventListener("click", () => this.open());
    document.addEventListener("consent-wanted", () => this.choose("yes"));
    this.show(readChoice());
  }

  show(choice) {
    this.hidden = choice !== "";
    if (this.again) this.again.hidden = choice === "";
    if (choice === "yes") document.dispatchEvent(new CustomEvent("consent-given"));
  }

  open() {
    this.hidden = false;
    this.querySelector(".consent__box").focus();
  }

  choose(choice) {
    const before = readChoice();
    keepChoice(choice);
    // What was loaded stays until the page goes: a refusal afterwards loads it anew, without.
    if (before === "yes" && choice === "no") location.reload();
    else this.show(choice);
  }
}
customElements.define("any-consent", AnyConsent);
