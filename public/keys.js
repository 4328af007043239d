// Copies a new key; without this script it can still be selected and copied by hand.
for (const button of document.querySelectorAll("[data-copies]")) {
  const field = document.getElementById(button.dataset.copies)
  field.addEventListener("focus", () => field.select())
  button.addEventListener("click", async () => {
    field.select()
    try {
      await navigator.clipboard.writeText(field.value)
    } catch {
      document.execCommand("copy")
    }
    button.textContent = button.dataset.done
  })
}
