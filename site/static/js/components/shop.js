// What the server says through htmx headers (HX-Trigger) becomes counts, words and toasts.

const TOAST_MS = 6000;

function announce(message) {
  const region = document.getElementById("status");
  if (!region) return;
  region.textContent = "";
  requestAnimationFrame(() => { region.textContent = message; });
}

function showToast(message, tone = "") {
  const box = document.getElementById("toasts");
  if (!box) return;
  const toast = document.createElement("div");
  toast.className = tone ? `toast toast--${tone}` : "toast";
  toast.textContent = message;
  box.replaceChildren(toast);
  setTimeout(() => toast.remove(), TOAST_MS);
}

function notify({ message, tone }) {
  if (!message) return;
  announce(message);
  showToast(message, tone);
}

for (const name of ["cart-changed", "favorites-changed", "notify"]) {
  document.addEventListener(name, (event) => notify(event.detail ?? {}));
}

// Refusals with a page of their own (409, 422, 429) are shown in place; anything else becomes a sentence.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { status } = event.detail.xhr;
  if ([409, 422, 429].includes(status)) {
    event.detail.shouldSwap = true;
    event.detail.isError = false;
  }
});

function tellFailure() {
  notify({ message: document.body.dataset.failure, tone: "danger" });
}
document.addEventListener("htmx:sendError", tellFailure);
document.addEventListener("htmx:timeout", tellFailure);
document.addEventListener("htmx:responseError", tellFailure);

// A form that has been sent is not sent twice; the page may come back from the back/forward cache.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || form.hasAttribute("hx-post") || event.defaultPrevented) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "1";
  event.submitter?.setAttribute("aria-busy", "true");
});
window.addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    form.querySelector("[aria-busy]")?.removeAttribute("aria-busy");
  }
});

// Wide screens show the filters open; the details element itself stays for phones.
const wide = matchMedia("(width >= 60rem)");
function openFilters() {
  for (const filters of document.querySelectorAll(".filters")) filters.open = wide.matches;
}
wide.addEventListener("change", openFilters);
openFilters();

// The menu on phones closes with Escape and with a click beside it.
const menu = document.querySelector(".header__menu");
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && menu?.open) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});
document.addEventListener("click", (event) => {
  if (menu?.open && !menu.contains(event.target)) menu.open = false;
});
