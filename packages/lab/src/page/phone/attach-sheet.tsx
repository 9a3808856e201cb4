import { useState } from 'react'
import type { MediaAction } from '../commands.ts'
import { pickFiles } from '../compose/file-picker.ts'
import { Sheet } from '../compose/sheet.tsx'
import { Button } from '../controls/button.tsx'
import { Icon, type IconName } from '../controls/icon.tsx'
import { sampleFile } from '../samples/file.ts'
import { samplePhoto } from '../samples/photo.ts'
import type { SendableFile } from '../samples/sample.ts'
import { sampleVideo } from '../samples/video.ts'
import { sampleVoice } from '../samples/voice.ts'
import { usePhoneDeeds } from './phone-actions.tsx'
import type { SheetName } from './sheet.ts'
import { type Staged, stage } from './staging.ts'

interface Kind {
  as: Staged['as']
  name: string
  icon: IconName
  accept: string
  sample: () => SendableFile[] | Promise<SendableFile[]>
}

let photos = 0
const kinds: Kind[] = [
  { as: 'photo', name: 'Photo', icon: 'photo', accept: 'image/*', sample: async () => [await samplePhoto(photos++)] },
  { as: 'album', name: 'Album', icon: 'album', accept: 'image/*,video/*', sample: () => Promise.all([0, 1, 2].map(samplePhoto)) },
  { as: 'video', name: 'Video', icon: 'video', accept: 'video/*', sample: async () => [await sampleVideo()] },
  { as: 'voice', name: 'Voice', icon: 'voice', accept: 'audio/*', sample: () => [sampleVoice()] },
  { as: 'audio', name: 'Audio', icon: 'audio', accept: 'audio/*', sample: () => [sampleVoice(6, 'three-tones.wav')] },
  { as: 'file', name: 'File', icon: 'file', accept: '', sample: () => [sampleFile()] },
]
const forms: { sheet: SheetName; does: 'sticker' | 'location' | 'contact'; name: string; icon: IconName }[] = [
  { sheet: 'sticker', does: 'sticker', name: 'Sticker', icon: 'sticker' },
  { sheet: 'location', does: 'location', name: 'Location', icon: 'location' },
  { sheet: 'contact', does: 'contact', name: 'Contact', icon: 'contact' },
]

/** Everything but text: of one's own, or a sample made on the spot. */
export function AttachSheet({
  onStage,
  onSheet,
  onClose,
}: {
  onStage: (staged: Staged | undefined) => void
  onSheet: (sheet: SheetName) => void
  onClose: () => void
}) {
  const { can } = usePhoneDeeds()
  const [making, setMaking] = useState<string>()
  const [failed, setFailed] = useState<string>()

  async function makeSample(kind: Kind): Promise<void> {
    setMaking(kind.name)
    setFailed(undefined)
    try {
      onStage({ as: kind.as, files: await kind.sample() })
    } catch (error) {
      setFailed(error instanceof Error ? error.message : `The sample could not be made.`)
      setMaking(undefined)
    }
  }
  function choose(kind: Kind): void {
    const wanted: MediaAction | undefined = kind.as === 'album' ? undefined : kind.as
    pickFiles(kind.accept, kind.as === 'album' || kind.as === 'photo', files => onStage(stage(files, can, wanted)))
  }

  return (
    <Sheet title="Send something" onClose={onClose}>
      <ul className="attach-list">
        {kinds
          .filter(kind => can(kind.as))
          .map(kind => (
            <li key={kind.as}>
              <Icon name={kind.icon} />
              <span>{kind.name}</span>
              <Button aria-label={`${kind.name}: choose a file`} onClick={() => choose(kind)}>
                Choose…
              </Button>
              <Button aria-label={`${kind.name}: take a sample`} disabled={making !== undefined} onClick={() => void makeSample(kind)}>
                {making === kind.name ? 'Making…' : 'Sample'}
              </Button>
            </li>
          ))}
      </ul>
      {failed !== undefined && (
        <p className="trouble-line trouble-bad" role="alert">
          <Icon name="failed" small />
          <span>{failed}</span>
        </p>
      )}
      <div className="attach-forms">
        {forms
          .filter(form => can(form.does))
          .map(form => (
            <Button key={form.sheet} icon={form.icon} onClick={() => onSheet(form.sheet)}>
              {form.name}
            </Button>
          ))}
      </div>
    </Sheet>
  )
}
