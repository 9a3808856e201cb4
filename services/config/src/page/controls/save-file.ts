/** Hands a text to the browser as a file to keep. */
export function saveFile(name: string, text: string, mime = 'application/json'): void {
  const url = URL.createObjectURL(new Blob([text], { type: mime }))
  const link = document.createElement('a')
  link.href = url
  link.download = fileName(name)
  link.click()
  // the browser has taken it by then
  setTimeout(() => URL.revokeObjectURL(url), 10_000)
}

/** Without what some systems do not allow in the names of files. */
export function fileName(name: string): string {
  return name.replace(/[\\/:*?"<>|]/g, '_')
}
