/** Brings what is wrong into view, and the keyboard to it, once it has been drawn. */
export function showFirstError(): void {
  setTimeout(() => {
    const field = document.querySelector<HTMLElement>('main .field-wrong')
    if (field === null) return
    field.scrollIntoView({ block: 'center' })
    field.querySelector<HTMLElement>('input, select, textarea, button')?.focus({ preventScroll: true })
  }, 50)
}
