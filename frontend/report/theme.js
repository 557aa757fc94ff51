// Light or dark: the system's choice, until the reader presses the button. Nothing is stored.
const system = matchMedia("(prefers-color-scheme: dark)");

export const isDark = () => {
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === "dark" : system.matches;
};

export function watchTheme(button, changed) {
  const show = () => {
    button.setAttribute("aria-pressed", String(isDark()));
    changed(isDark());
  };
  button.hidden = false;
  button.addEventListener("click", () => {
    document.documentElement.dataset.theme = isDark() ? "light" : "dark";
    show();
  });
  system.addEventListener("change", show);
  show();
}
