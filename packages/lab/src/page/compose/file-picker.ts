/** Opens the browser's file dialog. `accept` as of `<input type=file>`; nothing happens when the person cancels. */
export function pickFiles(accept: string, multiple: boolean, onFiles: (files: File[]) => void): void {
  const input = document.createElement('input')
  input.type = 'file'
  input.accept = accept
  input.multiple = multiple
  input.addEventListener('change', () => {
    const files = [...(input.files ?? [])]
    if (files.length > 0) onFiles(files)
  })
  input.click()
}
