// What the console's pages do by themselves. Nothing here is needed to use them but the keyboard's shortcuts.
"use strict";

const find = (selector, within = document) => within.querySelector(selector);
const all = (selector, within = document) => [...within.querySelectorAll(selector)];

// Shortcuts of one key, as the dialog #keys lists them. What a key does stands in the page: data-key="f" is clicked, or,
// where it is a field, gets the focus. j and k go through data-row (lists) and data-turn (a conversation).
const shortcuts = {
  stops: () => all("[data-row], [data-turn]"),
  here: null, // the id of the row or turn that was chosen last

  areOn: () => localStorage.getItem("shortcuts") !== "off",

  isTyping: (element) =>
    Boolean(element.closest("select, textarea, [contenteditable], input:not([type=radio], [type=checkbox])")),

  chosen() {
    const stop = document.activeElement.closest("[data-row], [data-turn]");
    return stop || (this.here && document.getElementById(this.here));
  },

  choose(stop) {
    if (!stop) return;
    this.here = stop.id;
    const target = stop.matches("[data-turn]") ? stop : find("a", stop);
    target.focus({ preventScroll: true });
    stop.scrollIntoView({ block: stop.matches("[data-turn]") ? "start" : "nearest" });
  },

  move(by) {
    const stops = this.stops();
    const at = stops.indexOf(this.chosen());
    this.choose(stops[at < 0 ? (by > 0 ? 0 : stops.length - 1) : Math.min(Math.max(at + by, 0), stops.length - 1)]);
  },

  press(element) {
    if (element.matches("textarea, select, input:not([type=radio], [type=checkbox])")) element.focus();
    else if (element.matches("summary")) { element.click(); element.focus(); }
    else {
      const folded = element.closest("details");
      if (folded) folded.open = true;
      element.click();
    }
  },

  // What a key stands for: first in the chosen turn, then in the page around the turns.
  meant(key) {
    const chosen = this.chosen();
    const selector = `[data-key="${CSS.escape(key)}"]`;
    return (chosen && find(selector, chosen)) || all(selector).find((one) => !one.closest("[data-turn]"));
  },

  own: {
    j() { this.move(1); },
    k() { this.move(-1); },
    o() {
      const row = this.chosen();
      const link = row ? row.matches("[data-row]") && find("a", row) : this.meant("o");
      if (link) link.click();
    },
    g() { this.isGoing = true; setTimeout(() => { this.isGoing = false; }, 1500); },
    "?"() { const keys = find("#keys"); if (keys) keys.showModal(); },
  },

  on(event) {
    const isOther = event.ctrlKey || event.altKey || event.metaKey || event.repeat || event.isComposing;
    if (isOther || event.defaultPrevented || !this.areOn() || this.isTyping(event.target) || find("dialog[open]")) return;
    const going = this.isGoing && event.key === "i" && find(".top nav a");
    const act = going ? () => going.click() : this.own[event.key];
    const element = act ? null : /^[a-z0-9]$/.test(event.key) && this.meant(event.key);
    if (act) act.call(this);
    else if (element) this.press(element);
    if (act || element) event.preventDefault();
  },
};
document.addEventListener("keydown", (event) => shortcuts.on(event));
document.addEventListener("focusin", (event) => {
  const stop = event.target.closest("[data-row], [data-turn]");
  if (stop) shortcuts.here = stop.id;
});

const isOn = find("#shortcuts");
if (isOn) {
  isOn.checked = shortcuts.areOn();
  isOn.addEventListener("change", () => localStorage.setItem("shortcuts", isOn.checked ? "on" : "off"));
}

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]");
  if (opener) document.getElementById(opener.dataset.opens).showModal();
  // A turn that is on the page already is gone to without loading the page again.
  const link = event.target.closest("[data-goes-to]");
  const turn = link && document.getElementById(link.dataset.goesTo);
  if (turn) { event.preventDefault(); shortcuts.choose(turn); }
  const announced = event.target.closest("#announcements a[href^='#']");
  if (announced) {
    event.preventDefault();
    shortcuts.choose(document.getElementById(announced.hash.slice(1)));
    announced.parentElement.remove();
  }
});

// Nobody leaves a conversation before what they said of it is saved: a list is saved a moment after the choice, so that
// arrow keys can go through it.
let savingUntil = 0;
const isSaving = () => Date.now() < savingUntil || find(".htmx-request:not([hx-trigger^=every])");
document.addEventListener("change", (event) => {
  if (event.target.matches(".verdict select")) savingUntil = Date.now() + 900;
});
document.addEventListener("click", (event) => {
  const leaving = event.target.closest("[data-leaves]");
  if (!leaving || !isSaving()) return;
  event.preventDefault();
  setTimeout(() => leaving.click(), 100);
});

// Times: how long ago, kept up to date, and the clock of whoever reads. The exact time in UTC stays in the title.
const plural = (count, word) => `${count} ${word}${count > 1 ? "s" : ""}`;
function lasting(minutes) {
  const hours = Math.floor(minutes / 60);
  if (minutes < 1) return "under a minute";
  if (hours >= 24) return plural(Math.floor(hours / 24), "day");
  return hours ? `${hours} h ${minutes % 60} min` : `${minutes} min`;
}
const inHours = (hours) => (hours >= 24 ? plural(Math.floor(hours / 24), "day") : hours ? `${hours} h` : "under 1 h");
const FORMATS = {
  time: { hour: "2-digit", minute: "2-digit" },
  seconds: { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", second: "2-digit" },
  exact: { day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit", second: "2-digit" },
  "": { day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit" },
};
function showTimes() {
  for (const time of all("time[data-waits]")) {
    const minutes = Math.floor((Date.now() - Date.parse(time.dateTime)) / 60000);
    time.textContent = time.dataset.waits === "hours" ? inHours(Math.floor(minutes / 60)) : lasting(minutes);
  }
  for (const time of all("time[data-local]:not([title])")) {
    time.title = time.textContent;
    time.textContent = new Date(time.dateTime).toLocaleString("en-GB", { ...FORMATS[time.dataset.local], hourCycle: "h23" });
  }
}
const clock = find("#clock");
if (clock) clock.textContent = "Times are those of this computer. Pointed at, each says what it is in UTC.";
showTimes();
setInterval(showTimes, 20000);

// The number of unread conversations stands in the title of every page.
function showUnread() {
  const unread = find("#unread")?.dataset.unread;
  const title = document.title.replace(/^\([\d,+]+\) /, "");
  if (unread !== undefined) document.title = unread === "0" ? title : `(${unread}) ${title}`;
}
showUnread();

// A message counts as seen, and the conversation can be said to be reviewed, once its last turn was on the screen.
const seeing = new IntersectionObserver((entries) => {
  if (!entries.some((entry) => entry.isIntersecting)) return;
  for (const field of all("input[name=seen]")) field.value = find("#poll").dataset.seen;
  find("#announcements [data-kind=message]")?.remove();
});
function watchTheEnd() {
  const last = all("#turns [data-turn]").at(-1);
  seeing.disconnect();
  if (last && find("#poll")) seeing.observe(find("header, h2", last) || last);
}

// The list is swapped under the hand of whoever works in it: the same row keeps the focus, or the one in its place.
let placeInList = -1;
document.addEventListener("htmx:beforeSwap", () => {
  placeInList = shortcuts.stops().indexOf(document.activeElement.closest("[data-row]"));
});
document.addEventListener("htmx:afterSettle", () => {
  if (placeInList >= 0 && document.activeElement === document.body) {
    const rows = shortcuts.stops();
    if (rows.length) find("a", rows[Math.min(placeInList, rows.length - 1)]).focus();
  }
  placeInList = -1;
  showTimes();
  showUnread();
  watchTheEnd();
  tidyAnnouncements();
});

// A note that was not written down yet is not lost by the way; but nobody who was signed out is asked.
let isSentAway = false;
document.addEventListener("htmx:beforeOnLoad", (event) => {
  isSentAway ||= ["HX-Redirect", "HX-Refresh"].some((header) => event.detail.xhr.getResponseHeader(header));
});
window.addEventListener("beforeunload", (event) => {
  if (!isSentAway && find("#note")?.value.trim()) event.preventDefault();
});

// Of what is announced the last of each kind stays, so that "saved" does not put away "new emergency".
function tidyAnnouncements() {
  const kinds = new Set();
  for (const one of all("#announcements [data-kind]").reverse()) {
    if (kinds.has(one.dataset.kind)) one.remove();
    kinds.add(one.dataset.kind);
  }
}

// What could not be loaded or saved is said where nobody can overlook it, until it works again.
function warn(kind, words) {
  find(`.lost.${kind}`)?.remove();
  if (!words) return;
  const line = Object.assign(document.createElement("p"), { className: `lost ${kind}`, textContent: words });
  line.setAttribute("role", "alert");
  document.body.append(line);
}
document.addEventListener("htmx:afterRequest", (event) => {
  const isPolling = "X-Polling" in event.detail.requestConfig.headers;
  const words = isPolling
    ? "No connection to the console: what you see may be old."
    : "That was not saved. Load the page again and try once more.";
  warn(isPolling ? "poll" : "act", event.detail.successful ? "" : words);
});
