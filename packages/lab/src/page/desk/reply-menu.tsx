import { Sheet } from '../compose/sheet.tsx'
import { Button } from '../controls/button.tsx'
import { sampleFile } from '../samples/file.ts'
import { samplePhoto } from '../samples/photo.ts'
import type { SendableFile } from '../samples/sample.ts'
import { type ReplyKind, replyKinds } from './reply-kinds.ts'

interface Props {
  onClose: () => void
  onKind: (kind: ReplyKind) => void
  onTyping: () => void
  onSample: (files: SendableFile[]) => void
  onChoose: () => void
}

/** Everything but text that an agent can reply with. */
export function ReplyMenu({ onClose, onKind, onTyping, onSample, onChoose }: Props) {
  return (
    <Sheet title="Reply with" onClose={onClose}>
      <div className="reply-menu">
        <Button icon="attach" onClick={onChoose}>
          Choose a file…
        </Button>
        <Button icon="photo" onClick={() => void samplePhoto(1).then(photo => onSample([photo]))}>
          Sample photo
        </Button>
        <Button icon="file" onClick={() => onSample([sampleFile()])}>
          Sample file
        </Button>
        {replyKinds.map(({ kind, name, icon }) => (
          <Button key={kind} icon={icon} onClick={() => onKind(kind)}>
            {name}
          </Button>
        ))}
        <Button icon="typing" onClick={onTyping}>
          Typing for 5 s
        </Button>
      </div>
    </Sheet>
  )
}
