/** Copies the code of the figure it stands in and says so for two seconds. */
export class CopyCode extends HTMLElement {
  connectedCallback(): void {
    const button = this.querySelector('button')
    if (!button) return
    const label = button.textContent
    button.addEventListener('click', async () => {
      const code = this.closest('figure')?.querySelector('code')
      if (!code) return
      await navigator.clipboard.writeText(code.textContent)
      button.textContent = this.dataset.copied ?? label
      setTimeout(() => {
        button.textContent = label
      }, 2000)
    })
  }
}
