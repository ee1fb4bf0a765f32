// Follows a mailing while it is sent: every three seconds, as long as the server says that it goes on.
const INTERVAL = 3000;
const MOST_FAULTS = 5;

const box = document.querySelector("[data-progress]");
let faults = 0;

async function look() {
  try {
    const answer = await fetch(box.dataset.progress, { headers: { "X-Requested-With": "XMLHttpRequest" } });
    if (!answer.ok) {
      throw new Error(`${answer.status}`);
    }
    const hadButtons = goesOn();
    box.innerHTML = await answer.text();
    faults = 0;
    if (hadButtons && !goesOn()) {
      window.location.reload(); // other buttons fit now
    }
  } catch {
    faults += 1;
  }
  if (goesOn() && faults < MOST_FAULTS) {
    setTimeout(look, INTERVAL);
  }
}

function goesOn() {
  return box.querySelector("[data-goes-on]") !== null;
}

if (box && goesOn()) {
  setTimeout(look, INTERVAL);
}
