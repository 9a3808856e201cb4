/**
 * The contract between the Lab's server and its page (and anyone else who drives the Lab from outside): REST control API, server-sent events,
 * and the platform-neutral form in which phones, desks, journeys and faults are shown. Types, and zod schemas for what is sent to the Lab.
 * Nothing here imports anything but zod; `import type` keeps it out of a bundle altogether.
 */
export * from './protocol/index.ts'
