// While there are no figures yet: asks every few seconds how far it is, and opens the page once there are some.
(() => {
  const PAUSE = 3000;
  const PARTS = ["step", "so-far"];

  const look = async () => {
    try {
      const answer = document.hidden ? null : await fetch(location.href);
      if (answer?.ok && show(new DOMParser().parseFromString(await answer.text(), "text/html"))) return;
    } catch {
      // The site is away for a moment: it is asked again.
    }
    setTimeout(look, PAUSE);
  };

  // Whether the figures are there; between two steps nothing is under way, and none are there yet.
  const show = (page) => {
    if (page.getElementById("no-figures")) return false;
    if (!page.getElementById("under-way")) {
      location.reload();
      return true;
    }
    // What says the same stays, or a screen reader would say it again and again.
    for (const id of PARTS) {
      const [shown, found] = [document.getElementById(id), page.getElementById(id)];
      if (shown.innerHTML !== found.innerHTML) shown.innerHTML = found.innerHTML;
    }
    return false;
  };

  setTimeout(look, PAUSE);
})();
