// Keys and dialogs of the review queue. Without it every button leads to the same forms.

const SETTLED = 200; // milliseconds on a row before it is held: passing by holds nothing
const queue = document.querySelector(".queue");
const form = document.getElementById("decide");
const rows = [...queue.querySelectorAll(".candidate")];
const token = document.querySelector("[name=csrfmiddlewaretoken]").value;

const ticked = () => rows.filter((row) => row.querySelector("[name=candidate]")?.checked);
const isFree = (row) => row.querySelector(".candidate-actions") && !("held" in row.dataset);

// The row that is looked at is held, so that nobody else decides it meanwhile.

let here = null;
let settling = 0;
let submitting = false;

function post(address, answer) {
  const headers = { Accept: "application/json", "X-CSRFToken": token };
  return fetch(address, { method: "POST", headers, keepalive: true }).then(answer, () => {});
}

async function hold(row) {
  const address = row.querySelector("[data-kind=accept]").formAction;
  const answer = await post(address, (response) => response.ok && response.json());
  if (!answer) return;
  const holder = row.querySelector(".holder");
  holder.textContent = answer.said;
  holder.hidden = !answer.said;
  if (answer.said) row.dataset.held = "";
  else delete row.dataset.held;
}

function arrive(row) {
  if (row === here) return;
  here = row;
  clearTimeout(settling);
  if (row.querySelector("[data-kind=accept]")) settling = setTimeout(hold, SETTLED, row);
}

function move(step) {
  const index = here ? rows.indexOf(here) + step : 0;
  rows[Math.min(Math.max(index, 0), rows.length - 1)]?.focus();
}

function follower(decided) {
  const last = rows.indexOf(decided.at(-1));
  const left = (row) => isFree(row) && !decided.includes(row);
  return rows.slice(last + 1).find(left) ?? rows.slice(0, last).findLast(left);
}

// One form with a part for each decision; the dialog shows the part that is asked for.

const dialog = document.createElement("dialog");
const parts = form ? [...form.querySelectorAll("fieldset[data-kind]")] : [];
const bar = document.createElement("div");

function about(decided) {
  const one = decided.length === 1 ? decided[0] : null;
  form.elements.only.value = one ? one.dataset.pk : "";
  form.elements.next.value = follower(decided)?.dataset.pk ?? "";
  form.elements["accept-name"].value = one ? one.dataset.name : "";
  form.elements["accept-name"].disabled = !one;
  form.elements["accept-category"].value = one ? one.dataset.category : "";
  const words = one ? `“${one.dataset.text}”` : `${decided.length} candidates`;
  form.querySelectorAll(".about").forEach((line) => (line.textContent = words));
  nearest(one ? [...one.querySelectorAll("a[data-slug]")] : []);
}

function nearest(links) {
  const choices = links.map((link, index) => {
    const label = document.createElement("label");
    const radio = document.createElement("input");
    Object.assign(radio, { type: "radio", name: "alias-near", value: link.dataset.slug });
    radio.checked = index === 0;
    label.append(radio, ` ${index + 1}  ${link.textContent}`);
    return label;
  });
  form.querySelector(".near").replaceChildren(...choices);
}

function submit(kind) {
  const button = parts.find((part) => part.dataset.kind === kind).querySelector("button");
  parts.forEach((part) => (part.disabled = part.dataset.kind !== kind));
  form.requestSubmit(button);
}

function ask(kind, decided) {
  if (!decided.length) return;
  if (decided.length === 1 && !isFree(decided[0])) return;
  about(decided);
  if (kind === "snooze") return submit(kind);
  for (const part of parts) {
    part.hidden = part.disabled = part.dataset.kind !== kind;
    if (part.hidden) continue;
    dialog.setAttribute("aria-label", part.querySelector("legend").textContent);
  }
  dialog.showModal();
  const part = parts.find((one) => !one.hidden);
  const first = part.querySelector("input[type=radio], input[type=text]:enabled, select");
  first.focus();
  if (first.type === "text") first.select();
}

function chosen() {
  const several = ticked();
  return several.length ? several : here ? [here] : [];
}

function inDialog(event) {
  const part = parts.find((one) => !one.hidden);
  if (event.key === "Enter" && event.target.tagName !== "BUTTON") {
    event.preventDefault();
    submit(part.dataset.kind);
  }
  const radio = part.querySelectorAll("input[type=radio]")[Number(event.key) - 1];
  if (radio && event.target.type === "radio") {
    radio.checked = true;
    radio.focus();
  }
}

async function suggest(event) {
  const asked = { app_label: "trends", model_name: "candidateterm", field_name: "skill" };
  const query = new URLSearchParams({ ...asked, term: event.target.value });
  const response = await fetch(`${form.dataset.named}?${query}`);
  if (!response.ok) return;
  const { results } = await response.json();
  const options = results.map((skill) => new Option(skill.text, skill.text));
  document.getElementById("skills-named").replaceChildren(...options);
}

// The keys.

const help = document.getElementById("help");
const off = document.getElementById("keys-off");
const keys = {
  j: () => move(1),
  k: () => move(-1),
  ArrowDown: () => move(1),
  ArrowUp: () => move(-1),
  a: () => ask("accept", chosen()),
  l: () => ask("alias", chosen()),
  m: () => ask("merge", chosen()),
  r: () => ask("reject", chosen()),
  s: () => ask("snooze", chosen()),
  x: () => here?.querySelector("[name=candidate]")?.click(),
  u: () => document.getElementById("undo-last")?.click(),
  "?": () => help.showModal(),
};

function onKey(event) {
  const writing = event.target.matches("input:not([type=checkbox]), select, textarea");
  const other = event.ctrlKey || event.metaKey || event.altKey || !(event.key in keys);
  if (writing || other || off.checked || document.querySelector("dialog[open]")) return;
  if (event.key.startsWith("Arrow") && !event.target.closest(".candidate")) return;
  event.preventDefault();
  keys[event.key]();
}

function showTicked() {
  const count = ticked().length;
  bar.hidden = count === 0;
  bar.firstChild.textContent = `${count} selected: `;
}

function setUp() {
  dialog.append(form);
  document.getElementById("decide-selected").replaceChildren(bar);
  document.getElementById("decide-selected").removeAttribute("aria-labelledby");
  document.body.append(dialog);
  bar.className = "actions selected-bar";
  bar.append("");
  for (const part of parts) {
    const button = document.createElement("button");
    Object.assign(button, { type: "button", className: "button" });
    button.textContent = part.querySelector("legend").textContent;
    button.addEventListener("click", () => ask(part.dataset.kind, ticked()));
    bar.append(button);
  }
  for (const part of parts) {
    const cancel = document.createElement("button");
    Object.assign(cancel, { type: "button", className: "button", textContent: "Cancel" });
    cancel.addEventListener("click", () => dialog.close());
    part.querySelector(".actions").append(cancel);
  }
  showTicked();
  queue.addEventListener("change", showTicked);
  queue.addEventListener("click", (event) => {
    const button = event.target.closest(".candidate-actions button");
    if (!button) return;
    event.preventDefault();
    ask(button.dataset.kind, [button.closest(".candidate")]);
  });
  dialog.addEventListener("keydown", inDialog);
  form.elements["alias-skill"].addEventListener("input", suggest);
  off.checked = localStorage.getItem("queue-keys") === "off";
  off.addEventListener("change", () =>
    localStorage.setItem("queue-keys", off.checked ? "off" : "on"),
  );
  document.querySelector(".keys-hint").hidden = false;
  document.getElementById("help-open").addEventListener("click", () => help.showModal());
  document.addEventListener("keydown", onKey);
}

// What was decided is said beside the next row, not only at the top of the page.
function say() {
  const said = [...document.querySelectorAll(".messagelist li")].map((one) => one.textContent);
  const status = document.createElement("p");
  status.className = "said";
  status.setAttribute("role", "status");
  document.body.append(status);
  requestAnimationFrame(() => (status.textContent = said.join(" ")));
  setTimeout(() => status.remove(), 8000);
}

if (form) setUp();
else if (document.getElementById("undo-last"))
  document.addEventListener("keydown", (event) => {
    if (event.key === "u" && !event.target.matches("input")) keys.u();
  });
queue.addEventListener("focusin", (event) => {
  const row = event.target.closest(".candidate");
  if (row) arrive(row);
});
document.addEventListener("submit", () => (submitting = true));
window.addEventListener("pagehide", () => {
  if (here && !submitting) post(queue.dataset.release, () => {});
});
if (location.hash.startsWith("#candidate-")) {
  (document.getElementById(location.hash.slice(1)) ?? rows.find(isFree))?.focus();
  if (document.querySelector(".messagelist")) say();
}
