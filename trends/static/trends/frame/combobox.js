// Suggests skills while somebody types, as the combobox pattern of WAI-ARIA. Without it the field is a field.

// As long as a fast typist needs for the next letter.
const PAUSE = 120;

function suggest(box) {
  const field = box.querySelector("input");
  const list = document.createElement("ul");
  const status = document.createElement("p");
  list.id = `${field.id}-suggestions`;
  list.className = "suggestions";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", box.dataset.listLabel);
  status.className = "hidden";
  status.setAttribute("role", "status");
  box.append(list, status);
  field.setAttribute("role", "combobox");
  field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-controls", list.id);
  field.setAttribute("aria-expanded", "false");

  let active = -1;
  let typed = field.value;
  let asked = null;
  let pause = 0;
  const isOpen = () => !list.hidden;

  const choose = (place) => {
    active = place;
    [...list.children].forEach((option, number) => {
      option.setAttribute("aria-selected", String(number === place));
    });
    const option = list.children[place];
    if (option) {
      field.setAttribute("aria-activedescendant", option.id);
      field.value = option.dataset.name;
      option.scrollIntoView({ block: "nearest" });
    } else {
      field.removeAttribute("aria-activedescendant");
      field.value = typed;
    }
  };

  const close = () => {
    clearTimeout(pause);
    asked?.abort();
    list.hidden = true;
    active = -1;
    status.textContent = "";
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
  };

  const take = (name) => {
    field.value = typed = name;
    close();
    field.form.requestSubmit();
  };

  const show = (skills) => {
    list.replaceChildren(
      ...skills.map((skill, number) => {
        const option = document.createElement("li");
        const category = document.createElement("span");
        option.id = `${list.id}-${number}`;
        option.dataset.name = skill.name;
        option.setAttribute("role", "option");
        option.setAttribute("aria-selected", "false");
        category.className = "muted";
        category.textContent = skill.category;
        option.append(skill.name, " ", category);
        return option;
      }),
    );
    active = -1;
    field.removeAttribute("aria-activedescendant");
    list.hidden = !skills.length;
    field.setAttribute("aria-expanded", String(skills.length > 0));
    const { found, none } = box.dataset;
    status.textContent = skills.length ? found.replace("{n}", skills.length) : none;
  };

  const ask = async () => {
    asked?.abort();
    const asking = (asked = new AbortController());
    try {
      const address = `${box.dataset.suggestions}?q=${encodeURIComponent(typed)}`;
      const answer = await fetch(address, { signal: asking.signal });
      if (!answer.ok) return;
      const { suggestions } = await answer.json();
      if (asked === asking && document.activeElement === field) show(suggestions);
    } catch {
      // Another letter was typed, or the network is away: what is typed can still be searched for.
    }
  };

  field.addEventListener("input", () => {
    typed = field.value;
    clearTimeout(pause);
    asked?.abort();
    if (typed.trim()) pause = setTimeout(ask, PAUSE);
    else close();
  });

  field.addEventListener("keydown", (event) => {
    const count = list.children.length;
    if (event.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!isOpen()) {
        if (typed.trim()) ask();
        return;
      }
      // One place more than there are options: the last is what was typed.
      const step = event.key === "ArrowDown" ? 1 : -1;
      const next = (active + 1 + step + count + 1) % (count + 1);
      choose(next - 1);
    } else if (event.key === "Escape" && isOpen()) {
      event.preventDefault();
      choose(-1);
      close();
    } else if (event.key === "Enter" && isOpen() && active >= 0) {
      event.preventDefault();
      take(list.children[active].dataset.name);
    } else if (event.key === "Tab") {
      close();
    }
  });

  // Before the field loses the focus, which closes the list.
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) take(option.dataset.name);
  });
  field.addEventListener("blur", close);

  // What somebody typed before this script came.
  if (document.activeElement === field && typed !== field.defaultValue) ask();
}

document.querySelectorAll(".combobox").forEach(suggest);
