// What the scripts of the tabs share.
const assistant = (() => {
  const channels = new Map(); // by id: how a command leaves the page, once its component is there
  const waiting = new Map(); // by id: commands given before that
  const listeners = new Map();
  const heard = new Map(); // by id: the last message that came
  let saying = 0; // the timer of the line that is said

  return {
    phone: matchMedia("(max-width: 800px)"), // the width at which the page becomes one column

    // A command to the server, by the unseen component with this id (`command_channel` in parts.py).
    send(id, command) {
      const channel = channels.get(id);
      if (channel) channel(command);
      else waiting.set(id, [...(waiting.get(id) ?? []), command]);
    },
    connect(id, channel) {
      channels.set(id, channel);
      for (const command of waiting.get(id) ?? []) channel(command);
      waiting.delete(id);
    },

    // `listener` gets what the server says in the unseen component with this id (`message_html` in parts.py).
    listen(id, listener) {
      listeners.set(id, [...(listeners.get(id) ?? []), listener]);
    },
    hear() {
      for (const [id, those] of listeners) {
        const message = document.querySelector(`#${id} [data-message]`)?.dataset.message;
        if (!message || message === heard.get(id)) continue;
        heard.set(id, message);
        for (const listener of those) listener(JSON.parse(message));
      }
    },

    // An element with these properties and children; text stays text.
    element(tag, properties = {}, ...children) {
      const made = Object.assign(document.createElement(tag), properties);
      made.append(...children);
      return made;
    },

    // A line at the foot of the window, for a while.
    say(text) {
      let line = document.getElementById("said");
      if (!line) document.body.append((line = assistant.element("p", { id: "said", role: "status" })));
      line.textContent = text;
      line.hidden = false;
      clearTimeout(saying);
      saying = setTimeout(() => (line.hidden = true), 8000);
    },

    answering: () => Boolean(document.querySelector("#live .turn.pending")),
    typing: () => Boolean(document.activeElement?.closest?.("input, textarea, select, [contenteditable]")),
    // Scrolls `box` alone: scrollIntoView would move the page under its header as well.
    bringUp(box, target, above = 20) {
      if (!target) return;
      box.scrollTo({ top: target.getBoundingClientRect().top - box.getBoundingClientRect().top + box.scrollTop - above });
    },
  };
})();
new MutationObserver(assistant.hear).observe(document.documentElement, { childList: true, subtree: true });
