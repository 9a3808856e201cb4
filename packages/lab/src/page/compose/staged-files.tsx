import { useEffect, useState } from 'react'
import { IconButton } from '../controls/button.tsx'
import { Icon, type IconName } from '../controls/icon.tsx'
import { inOrder } from '../controls/in-order.ts'
import { sizeInWords } from '../message/media.tsx'
import type { SendableFile } from '../samples/sample.ts'

/** Files that go with the next Send. */
export function StagedFiles({ files, word, onDrop }: { files: readonly SendableFile[]; word: string; onDrop: () => void }) {
  const [first] = files
  if (first === undefined) return null
  const size = files.reduce((sum, file) => sum + file.blob.size, 0)
  return (
    <div className="staged">
      <div className="staged-previews">
        {inOrder(files.slice(0, 4)).map(({ key, item: file }) => (
          <Preview key={key} file={file} />
        ))}
      </div>
      <p className="staged-text">
        <strong>{files.length === 1 ? first.name : `${files.length} files`}</strong>
        <span>
          {word} · {sizeInWords(size)}
        </span>
      </p>
      <IconButton icon="cross" label="Do not send it" onClick={onDrop} />
    </div>
  )
}

const icons: [start: string, icon: IconName][] = [
  ['video/', 'video'],
  ['audio/', 'audio'],
]

function Preview({ file }: { file: SendableFile }) {
  const [url, setUrl] = useState<string>()
  useEffect(() => {
    if (!file.blob.type.startsWith('image/')) return
    const made = URL.createObjectURL(file.blob)
    setUrl(made)
    return () => URL.revokeObjectURL(made)
  }, [file])
  if (url !== undefined) return <img className="staged-preview" src={url} alt="" width={40} height={40} />
  return (
    <span className="staged-preview">
      <Icon name={icons.find(([start]) => file.blob.type.startsWith(start))?.[1] ?? 'file'} />
    </span>
  )
}
