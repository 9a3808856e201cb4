import { createContext, type ReactNode, useContext } from 'react'
import type { FieldError } from '../api/types.ts'
import { valueAt } from './pointer.ts'

/** The document that a form edits, and what is wrong with it. */
export interface FormState {
  document: unknown
  /** as it is stored; undefined: not stored yet */
  stored: unknown
  set(pointer: string, value: unknown): void
  errorsAt(pointer: string): readonly string[]
  /** all places where something is wrong */
  errorPointers(): readonly string[]
  setErrors(errors: readonly FieldError[]): void
}
const Context = createContext<FormState | undefined>(undefined)

export function FormProvider({ form, children }: { form: FormState; children: ReactNode }) {
  return <Context.Provider value={form}>{children}</Context.Provider>
}
export function useForm(): FormState {
  const form = useContext(Context)
  if (form === undefined) throw new Error('outside of FormProvider')
  return form
}
export function useField<T>(pointer: string): { value: T | undefined; stored: unknown; set(value: T | undefined | null): void; errors: readonly string[] } {
  const form = useForm()
  return {
    value: valueAt(form.document, pointer) as T | undefined,
    stored: valueAt(form.stored, pointer),
    set: value => form.set(pointer, value),
    errors: form.errorsAt(pointer),
  }
}
