// What the rooms about goods do better with a script: more rows without sending the form, moving lines of a menu,
// fields that matter only for one choice. Without it everything is sent to the server and comes back.

// One more option: the last row again, empty, under the next number.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-add-row]");
  if (!button) return;
  const rows = button.closest("[data-group]").querySelector("[data-rows]");
  const last = rows.querySelector("[data-row]:last-of-type");
  if (!last) return;
  event.preventDefault();
  const fresh = last.cloneNode(true);
  const before = Number(last.querySelector("[name*='-o']").name.match(/-o(\d+)-/)[1]);
  const renumber = (text) => text.replace(`-o${before}-`, `-o${before + 1}-`);
  fresh.querySelectorAll("input[type='hidden'], .off, .err").forEach((element) => element.remove());
  fresh.classList.remove("bad");
  fresh.querySelectorAll("[name]").forEach((input) => {
    input.name = renumber(input.name);
    if (input.type === "checkbox") input.checked = false;
    else input.value = "";
    input.removeAttribute("aria-invalid");
    input.removeAttribute("autofocus");
  });
  fresh.querySelectorAll("[id]").forEach((element) => (element.id = renumber(element.id)));
  fresh.querySelectorAll("[for]").forEach((label) => (label.htmlFor = renumber(label.htmlFor)));
  fresh.querySelectorAll("details").forEach((details) => (details.open = false));
  const legend = fresh.querySelector("legend");
  if (legend) legend.textContent = legend.textContent.replace(/\d+/, (number) => Number(number) + 1);
  last.after(fresh);
  fresh.querySelector("input").focus();
});

// Lines of a menu move up and down; their numbers say where they stand.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-move]");
  if (!button) return;
  const line = button.closest("[data-place]");
  const other = button.dataset.move < 0 ? line.previousElementSibling : line.nextElementSibling;
  if (!other) return;
  if (button.dataset.move < 0) other.before(line);
  else other.after(line);
  const places = [...line.parentElement.querySelectorAll("[data-place] .placing input")];
  const first = Math.min(...places.map((input) => Number(input.value) || 1));
  places.forEach((input, at) => (input.value = first + at));
  button.focus();
});

// What matters only for one choice is hidden for the others: data-when="effect=amount,fixed_price".
const chosen = (form, name) => {
  const input = [...form.elements].filter((one) => one.name === name || one.name?.endsWith(`-${name}`));
  return (input.find((one) => one.checked) || input.find((one) => one.tagName === "SELECT"))?.value ?? "";
};
const settle = (form) => {
  form.querySelectorAll("[data-when]").forEach((part) => {
    const [name, values] = part.dataset.when.split("=");
    part.hidden = !values.split(",").includes(chosen(form, name));
  });
  form.querySelectorAll("[data-when-open]").forEach((part) => {
    const [name, value] = part.dataset.whenOpen.split("=");
    if (chosen(form, name) === value) part.open = true;
  });
};
document.querySelectorAll("form:has([data-when], [data-when-open])").forEach(settle);
document.addEventListener("change", (event) => {
  const form = event.target.form;
  if (form?.querySelector("[data-when], [data-when-open]")) settle(form);
});

// All touchpoints of a list at once.
document.addEventListener("change", (event) => {
  if (!event.target.matches("[data-all]")) return;
  document.querySelectorAll(event.target.dataset.all).forEach((box) => (box.checked = event.target.checked));
});
