// Remembers in this browser which skills are one's own; without it the address alone keeps them.
(() => {
  const KEY = "upcurrent-skills";
  const chosen = document.getElementById("choice")?.dataset.skills;
  const address = new URL(location.href);
  let stored = null;
  try {
    stored = localStorage.getItem(KEY);
    if (chosen === undefined) return;
    if (!address.searchParams.has("skills")) {
      if (stored) location.replace(`${address.pathname}?skills=${stored}`);
      return;
    }
    // Who came from this very page changed their own choice; a link of somebody else's is not kept.
    const before = document.referrer && new URL(document.referrer);
    const changed = before && before.origin === address.origin && before.pathname === address.pathname;
    if (stored === null || changed) keep();
    else if (stored === chosen) say("kept");
    else offer();
  } catch {
    // A browser that keeps nothing: the address still does.
  }

  function keep() {
    localStorage.setItem(KEY, chosen);
    if (chosen) say("kept");
  }

  function say(id) {
    document.getElementById(id).hidden = false;
  }

  function offer() {
    say("others");
    document.getElementById("show-mine").search = `?skills=${stored}`;
    document.getElementById("add-mine").search = `?skills=${stored},${chosen}`;
    document.getElementById("keep").addEventListener("click", () => {
      keep();
      document.getElementById("others").hidden = true;
    });
  }
})();
