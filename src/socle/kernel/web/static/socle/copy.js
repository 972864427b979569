// Adds a copy button to each code block. Without this script the text is there to be selected.
const words = document.documentElement.lang === "en"
  ? { copy: "Copy", copied: "Copied" }
  : { copy: "Copier", copied: "Copié" };

for (const block of document.querySelectorAll("figure.code")) {
  if (!navigator.clipboard) break;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copy";
  button.textContent = words.copy;
  button.setAttribute("aria-live", "polite");
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(block.querySelector("code").textContent);
    button.textContent = words.copied;
    setTimeout(() => { button.textContent = words.copy; }, 2000);
  });
  block.querySelector("figcaption").append(button);
}
