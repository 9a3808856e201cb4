import { type DragEvent, useRef, useState } from 'react'

/** Files dropped on an element. `over`: something is being held above it. */
export function useDropFiles(onFiles: (files: File[]) => void) {
  const [over, setOver] = useState(false)
  // Entering a child fires before leaving its parent, hence a count.
  const depth = useRef(0)
  const holdsFiles = (event: DragEvent) => event.dataTransfer.types.includes('Files')
  return {
    over,
    handlers: {
      onDragEnter(event: DragEvent) {
        if (!holdsFiles(event)) return
        depth.current += 1
        setOver(true)
      },
      onDragOver(event: DragEvent) {
        if (holdsFiles(event)) event.preventDefault()
      },
      onDragLeave(event: DragEvent) {
        if (!holdsFiles(event)) return
        depth.current = Math.max(0, depth.current - 1)
        if (depth.current === 0) setOver(false)
      },
      onDrop(event: DragEvent) {
        if (!holdsFiles(event)) return
        event.preventDefault()
        depth.current = 0
        setOver(false)
        const files = [...event.dataTransfer.files]
        if (files.length > 0) onFiles(files)
      },
    },
  }
}
