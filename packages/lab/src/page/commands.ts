import type { AgentActionInput, DeskEntry, Fault, GuestActionInput, NewFaultInput, NewPhone, Phone, PhoneEntry, Upload } from '../protocol.ts'
import type { Answer, LabApi } from './api.ts'
import type { SendableFile } from './samples/sample.ts'
import { accountKey, type LabChange, type LabState } from './state.ts'
import type { Store } from './store.ts'

/** What the guest's phone can send of a file. */
export type MediaAction = 'photo' | 'video' | 'voice' | 'audio' | 'file'

export type Commands = ReturnType<typeof labCommands>

/** What people do on the page. Each answers what became of it; what it changed arrives by the event stream. */
export function labCommands(store: Store<LabState, LabChange>, api: LabApi) {
  /** The phone in hand; a blank phone becomes a new guest's with the first thing that is done on it. */
  async function phoneInHand(): Promise<Answer<string>> {
    const { phone, account, accounts } = store.get()
    if (phone !== undefined) return { ok: true, value: phone }
    const business = account === undefined ? undefined : accounts[account]
    if (business === undefined) {
      return {
        ok: false,
        trouble: { title: 'There is nobody to write to yet', detail: 'Wait until a messaging account exists, or add a tenant on the admin site.' },
      }
    }
    const made = await api.createPhone({ platform: business.platform, account: business.id })
    if (!made.ok) return made
    store.dispatch({ type: 'phoneMade', phone: made.value, of: accountKey(business.platform, business.id) })
    return { ok: true, value: made.value.id }
  }

  async function createPhone(phone: NewPhone): Promise<Answer<Phone>> {
    const made = await api.createPhone(phone)
    if (made.ok) store.dispatch({ type: 'phoneMade', phone: made.value })
    return made
  }

  /** What one person does happens one after the other, in the order of doing: also the upload of a file before the text that was typed behind it. */
  let lastDeed: Promise<unknown> = Promise.resolve()
  function inTurn<T>(deed: () => Promise<T>): Promise<T> {
    const done = lastDeed.then(deed)
    lastDeed = done
    return done
  }

  async function act(action: GuestActionInput): Promise<Answer<PhoneEntry[]>> {
    const phone = await phoneInHand()
    if (!phone.ok) return phone
    const done = await api.actAsGuest(phone.value, action)
    if (!done.ok) return done
    store.dispatch({ type: 'acted', phoneEntries: done.value.entries })
    return { ok: true, value: done.value.entries }
  }

  async function answer(conversation: string, action: AgentActionInput): Promise<Answer<DeskEntry[]>> {
    const done = await api.actAsAgent(conversation, action)
    if (!done.ok) return done
    store.dispatch({ type: 'acted', deskEntries: done.value.entries })
    return { ok: true, value: done.value.entries }
  }

  function upload(file: SendableFile): Promise<Answer<Upload>> {
    return api.upload(file.blob, file.name)
  }

  async function guestFile(kind: MediaAction, file: SendableFile, caption: string): Promise<Answer<PhoneEntry[]>> {
    const stored = await upload(file)
    if (!stored.ok) return stored
    const { durationSeconds } = file
    return act({
      do: kind,
      upload: stored.value.id,
      ...(caption === '' ? {} : { caption }),
      ...(durationSeconds === undefined ? {} : { durationSeconds }),
    })
  }

  async function guestAlbum(files: readonly SendableFile[], caption: string): Promise<Answer<PhoneEntry[]>> {
    const uploads: string[] = []
    for (const file of files) {
      const stored = await upload(file)
      if (!stored.ok) return stored
      uploads.push(stored.value.id)
    }
    return act({ do: 'album', uploads, ...(caption === '' ? {} : { caption }) })
  }

  async function agentFile(conversation: string, file: SendableFile, text: string): Promise<Answer<DeskEntry[]>> {
    const stored = await upload(file)
    if (!stored.ok) return stored
    return answer(conversation, { do: 'attachment', upload: stored.value.id, ...(text === '' ? {} : { text }) })
  }

  async function forgetPhone(id: string): Promise<Answer<void>> {
    const done = await api.removePhone(id)
    if (done.ok) store.dispatch({ type: 'events', events: [{ type: 'phoneRemoved', phone: id }] })
    return done
  }

  /** Faults are few and their list is small: it is read again after each change rather than guessed. */
  async function readFaults(): Promise<Answer<Fault[]>> {
    const read = await api.faults()
    if (!read.ok) return read
    store.dispatch({ type: 'faultsRead', faults: read.value.items })
    return { ok: true, value: read.value.items }
  }
  async function addFault(fault: NewFaultInput): Promise<Answer<Fault>> {
    const added = await api.addFault(fault)
    if (added.ok) await readFaults()
    return added
  }
  async function removeFaults(ids: readonly string[]): Promise<Answer<void>> {
    let outcome: Answer<void> = { ok: true, value: undefined }
    for (const id of ids) {
      const removed = await api.removeFault(id)
      if (!removed.ok) outcome = removed
    }
    // One that has ended by itself meanwhile cannot be removed any more: then the list tells that it is gone.
    const left = await readFaults()
    return left.ok && !left.value.some(fault => ids.includes(fault.id)) ? { ok: true, value: undefined } : outcome
  }

  async function removeAllFaults(): Promise<Answer<void>> {
    const removed = await api.removeAllFaults()
    if (removed.ok) await readFaults()
    return removed
  }

  return {
    guest: (action: GuestActionInput) => inTurn(() => act(action)),
    guestFile: (kind: MediaAction, file: SendableFile, caption: string) => inTurn(() => guestFile(kind, file, caption)),
    guestAlbum: (files: readonly SendableFile[], caption: string) => inTurn(() => guestAlbum(files, caption)),
    agent: (conversation: string, action: AgentActionInput) => inTurn(() => answer(conversation, action)),
    /** out of turn: it must not hold up the words that follow */
    agentTypes: (conversation: string, durationMs: number) => api.actAsAgent(conversation, { do: 'typing', durationMs }),
    agentFile: (conversation: string, file: SendableFile, text: string) => inTurn(() => agentFile(conversation, file, text)),
    upload,
    createPhone,
    forgetPhone,
    addFault,
    removeFaults,
    removeAllFaults,
    seed: () => api.seed(),
    reset: () => api.reset(),
    /** whom the phone writes to, as a key of `accounts` */
    accountOf: (phone: Phone) => accountKey(phone.platform, phone.account),
  }
}
