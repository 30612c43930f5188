// Crosshair, readout and arrow keys for the weekly chart. Without it every mark still has its title.

function explore(chart) {
  const marks = [...chart.querySelectorAll(".mark")];
  const cross = chart.querySelector(".cross");
  const dot = chart.querySelector(".cross-dot");
  if (!marks.length) return;

  // The readout replaces the marks' own titles, which would otherwise cover it as tooltips.
  const words = marks.map((mark) => {
    const title = mark.querySelector("title");
    title.remove();
    return title.textContent;
  });
  const readout = document.createElement("p");
  readout.className = "readout";
  readout.textContent =
    chart.dataset.hint ?? "Point at the chart, or use the arrow keys, to read a week.";
  chart.querySelector("svg").after(readout);

  let week = marks.length - 1;
  const show = (index) => {
    week = Math.min(Math.max(index, 0), marks.length - 1);
    const mark = marks[week];
    const x = `${parseFloat(mark.getAttribute("x")) + parseFloat(mark.getAttribute("width")) / 2}%`;
    cross.setAttribute("x1", x);
    cross.setAttribute("x2", x);
    dot.setAttribute("cx", x);
    dot.setAttribute("cy", mark.dataset.y ?? -100);
    chart.classList.add("exploring");
    chart.setAttribute("aria-valuenow", week + 1);
    chart.setAttribute("aria-valuetext", words[week]);
    readout.textContent = words[week];
  };

  const keys = {
    ArrowLeft: () => week - 1,
    ArrowDown: () => week - 1,
    ArrowRight: () => week + 1,
    ArrowUp: () => week + 1,
    PageDown: () => week - 4,
    PageUp: () => week + 4,
    Home: () => 0,
    End: () => marks.length - 1,
  };
  chart.setAttribute("role", "slider");
  chart.setAttribute("tabindex", "0");
  chart.setAttribute("aria-label", chart.dataset.name ?? "Week shown");
  chart.setAttribute("aria-valuemin", 1);
  chart.setAttribute("aria-valuemax", marks.length);
  chart.setAttribute("aria-valuenow", marks.length);
  chart.setAttribute("aria-valuetext", words.at(-1));
  chart.addEventListener("focus", () => show(week));
  chart.addEventListener("keydown", (event) => {
    if (!(event.key in keys)) return;
    event.preventDefault();
    show(keys[event.key]());
  });
  marks.forEach((mark, index) => mark.addEventListener("pointerenter", () => show(index)));
  chart.addEventListener("pointerleave", () => chart.classList.remove("exploring"));
  chart.addEventListener("blur", () => chart.classList.remove("exploring"));
}

document.querySelectorAll("[data-trend]").forEach(explore);
