// Counters of visits: loaded once the visitor agrees, told what is looked at, put in the cart and bought.
const config = JSON.parse(document.getElementById("publicity")?.textContent ?? "{}");
const GOOGLE_EVENTS = { detail: "view_item", add: "add_to_cart", remove: "remove_from_cart", purchase: "purchase" };
let isLoaded = false;

function load(src) {
  const script = document.createElement("script");
  script.async = true;
  script.src = src;
  document.head.append(script);
}

function gtag() {
  window.dataLayer.push(arguments);
}

function start() {
  if (isLoaded || !(config.metrica || config.analytics)) return;
  isLoaded = true;
  window.dataLayer = window.dataLayer || [];
  if (config.metrica) {
    window.ym = window.ym || function () { (window.ym.a = window.ym.a || []).push(arguments); };
    window.ym.l = Date.now();
    load("https://mc.yandex.ru/metrika/tag.js");
    window.ym(Number(config.metrica), "init", { ecommerce: "dataLayer", webvisor: false, clickmap: false, trackLinks: true });
  }
  if (config.analytics) {
    load(`https://www.googletagmanager.com/gtag/js?id=${encodeURIComponent(config.analytics)}`);
    gtag("js", new Date());
    gtag("config", config.analytics);
  }
  tellPage();
}

// What the page itself says, once; a part that htmx brings in may say more.
function tellPage() {
  if (!isLoaded) return;
  for (const block of document.querySelectorAll("script[data-measured]")) {
    block.removeAttribute("data-measured");
    tell(JSON.parse(block.textContent));
  }
}

// A purchase is told once by this browser, however often its page is opened.
function isToldBefore({ event, order }) {
  if (event !== "purchase") return false;
  const key = `told:${order.id}`;
  if (localStorage.getItem(key)) return true;
  localStorage.setItem(key, "1");
  return false;
}

function tell(fact) {
  if (!isLoaded || !fact || isToldBefore(fact)) return;
  const { event, products, order } = fact;
  if (config.metrica) {
    window.dataLayer.push({ ecommerce: { currencyCode: "RUB", [event]: { ...(order && { actionField: order }), products } } });
  }
  if (config.analytics) {
    const items = products.map(({ id, name, category, variant, price, quantity }) => ({
      item_id: id, item_name: name, item_category: category, item_variant: variant, price, quantity,
    }));
    gtag("event", GOOGLE_EVENTS[event], {
      currency: "RUB", items, ...(order && { transaction_id: order.id, value: order.revenue }),
    });
  }
}

document.addEventListener("consent-given", ({ detail }) => {
  if (detail.purpose === "counters") start();
});
document.addEventListener("htmx:afterSettle", tellPage);
document.addEventListener("cart-changed", (event) => tell(event.detail?.measured));
