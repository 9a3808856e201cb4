import type { MediaView } from './body.ts'

/**
 * The REST control API, below `/lab/api` on the Lab's own origin. JSON both ways, no authentication: the Lab listens on the loopback
 * interface unless told otherwise. Writing requests must carry `Content-Type: application/json` (uploads: the file's type), and a browser
 * may send them from the Lab's own origin only.
 *
 * Every answer with a status of 400 or more is a Problem. `:id` is percent-encoded.
 *
 * | Method, path                        | Body, query                       | Answer                          |
 * |-------------------------------------|-----------------------------------|---------------------------------|
 * | GET /info                           |                                   | LabInfo                         |
 * | GET /events                         | `?after=<event id>` or the header | server-sent LabEvents           |
 * | GET /accounts                       |                                   | List<Account>                   |
 * | GET /phones                         | `?limit=` (200)                   | List<Phone>, latest first       |
 * | POST /phones                        | NewPhone                          | 201 Phone (200 when it exists)  |
 * | GET /phones/:id                     | `?limit=` (100)                   | PhoneTimeline                   |
 * | DELETE /phones/:id                  |                                   | 204                             |
 * | POST /phones/:id/actions            | GuestAction                       | 201 GuestActionResult           |
 * | GET /desks                          |                                   | List<Desk>                      |
 * | GET /conversations                  | `?limit=` (200) `?state=open`     | List<Conversation>, latest first|
 * | GET /conversations/:id              | `?limit=` (100)                   | DeskTimeline                    |
 * | POST /conversations/:id/actions     | AgentAction                       | 201 AgentActionResult           |
 * | POST /uploads                       | raw bytes, `?name=photo.jpg`      | 201 Upload                      |
 * | GET /media/:id/:name                |                                   | the bytes (MediaView.url)       |
 * | GET /journeys                       | `?limit=` (50) `?guest=` `?tenantId=` `?message=` `?platformId=` | List<Journey>, latest first |
 * | GET /exchanges                      | `?limit=` (100) `?simulator=`     | List<Exchange>, latest first    |
 * | GET /faults/catalog                 |                                   | List<SimulatorFaults>           |
 * | GET /faults                         |                                   | List<Fault>                     |
 * | POST /faults                        | NewFault                          | 201 Fault                       |
 * | DELETE /faults/:id                  |                                   | 204                             |
 * | DELETE /faults                      | `?simulator=`                     | 204                             |
 * | GET /audit/:simulator               |                                   | Audit                           |
 * | POST /seed                          |                                   | 202 SeedStatus: seeds again     |
 * | POST /reset                         |                                   | 204: forgets phones, conversations, journeys and exchanges; accounts and integrations stay |
 */
export interface List<T> {
  items: T[]
  /** more exist than were answered */
  more: boolean
}

/** RFC 9457, as the product's own API answers. `errors` names each offending field of the body by JSON Pointer. */
export interface Problem {
  type: string
  title: string
  status: number
  code: string
  detail: string
  errors?: { pointer: string; detail: string }[]
}

/** A file that waits to be sent in an action. Unused ones are forgotten when the Lab's store is full, oldest first. */
export interface Upload {
  /** for `upload` of an action */
  id: string
  media: MediaView
}

/** What a simulator counted, for acceptance tests and load tests from outside. */
export interface Audit {
  simulator: string
  counters: Record<string, number>
  /** messages that came more than once, and those that went out more than once; a few of them named */
  repeated: { id: string; times: number }[]
}
