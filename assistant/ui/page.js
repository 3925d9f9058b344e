// What the scripts of the tabs share.
const assistant = {
  phone: matchMedia("(max-width: 800px)"), // the width at which the page becomes one column
  // A command to the server, by the unseen component with this id (`command_channel` in parts.py).
  send(id, command) {
    document.querySelector(`#${id} .prose`)?.dispatchEvent(new CustomEvent("command", { detail: command }));
  },
};
